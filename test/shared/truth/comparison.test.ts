import { expect, test } from 'vitest';
import type { Reader } from '../../../shared/database/port.ts';
import { isDrillError } from '../../../shared/errors.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { assertConclusive, compareRestored, type Expectation } from '../../../shared/truth/comparison.ts';
import { failWith, makeDatabase, makeTable } from '../../functions/fakes.ts';
import {
  at,
  makeCheck,
  makeChecks,
  makeDigest,
  makeFigures,
  makePassedDrill,
  makeTableFigures,
} from '../drill/state-fixture.ts';

const { baselineAddress } = makePassedDrill().PrepareDrill;
const rows = { 'public.users': 1200, 'public.orders': 48_000 };
const users = makeTableFigures('public.users', 1200);
const orders = makeTableFigures('public.orders', 48_000);

/** Compares a copy with production, which had only these two tables. */
const compare = async (copy: Partial<Reader>, changes: Partial<Expectation> = {}): Promise<CheckResult[]> => {
  const { database } = makeDatabase(rows, copy);
  const reader = await database.open(baselineAddress, { sessions: 1, remainingMs: () => 1000 });
  const expectation: Expectation = {
    kind: 'same-instant',
    restoreTo: at('08:00:04'),
    bracket: { instant: at('08:00:04'), beforeMs: 36, afterMs: 254 },
    figures: makeFigures(users, orders),
    checks: makeChecks(),
    defaultSchema: 'public',
    ...changes,
  };
  const checks: CheckResult[] = [];
  for await (const check of compareRestored(reader, expectation)) checks.push(check);
  return checks;
};

const findingsOf = (checks: CheckResult[]) =>
  checks
    .filter(({ verdict }) => verdict !== 'passed')
    .map(({ name, verdict, reason }) => [name, verdict, reason]);

const query = { name: 'revenue', sql: 'select sum(amount) from orders;', expect: 'same' };

test('a copy like production: every check passes, tables first, then the whole, then the queries', async () => {
  const figures = {
    ...makeFigures(users, orders),
    queries: [{ name: 'revenue', before: [['1']], after: [['1']] }],
  };
  const checks = await compare({}, { figures, checks: makeChecks({ queries: [query] }) });
  expect(checks.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['schema public.users', 'passed'],
    ['rows public.users', 'passed'],
    ['schema public.orders', 'passed'],
    ['rows public.orders', 'passed'],
    ['database', 'passed'],
    ['sequences', 'passed'],
    ['query revenue', 'passed'],
  ]);
});

test('a query that ends with a semicolon: asked without it, since it stands inside another statement', async () => {
  const asked: string[] = [];
  const runQuery = async (sql: string) => {
    asked.push(sql);
    return [['1']];
  };
  await compare({ runQuery }, { checks: makeChecks({ queries: [query] }) });
  expect(asked).toEqual(['select sum(amount) from orders']);
});

test('a query that was not compared in production, expecting the same: skipped', async () => {
  const checks = await compare({}, { checks: makeChecks({ queries: [query] }) });
  expect(findingsOf(checks)).toEqual([
    ['query revenue', 'skipped', 'production can no longer be read at the time restored to'],
  ]);
});

test("a start that names its own time: production's answer of now says nothing about then", async () => {
  const figures = { ...makeFigures(users), queries: [{ name: 'revenue', before: [['2']], after: [['2']] }] };
  const options = {
    kind: 'none',
    bracket: null,
    figures,
    checks: makeChecks({ tables: ['users'], queries: [query] }),
  } as const;
  expect((await compare({}, options)).at(-1)).toMatchObject({ name: 'query revenue', verdict: 'skipped' });
});

const view = { ...makeTable('public.seen', 3), isPopulated: true };

test('a materialized view that no plan names: not an unexpected table', async () => {
  const listTables = async () => [makeTable('public.users', 1200), makeTable('public.orders', 48_000), view];
  expect(findingsOf(await compare({ listTables }))).toEqual([]);
});

test.each([
  ['production neither', { rows: null, unread: 'the materialized view is not populated' }, {}],
  ['and the start names its own time', { rows: null }, { kind: 'none', bracket: null } as const],
])(
  'a materialized view of the copy is not populated, %s: its rows are skipped',
  async (_, changes, options) => {
    const figures = makeFigures(makeTableFigures('public.seen', 3, { keys: null, ...changes }));
    const checks = makeChecks({ tables: ['seen'] });
    const listTables = async () => [{ ...view, isPopulated: false }];
    const found = await compare(
      { listTables, readDigest: failWith('DatabaseFailure') },
      { figures, checks, ...options },
    );
    expect(findingsOf(found)).toContainEqual([
      'rows public.seen',
      'skipped',
      'the materialized view is not populated',
    ]);
    expect(found.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
  },
);

test.each([
  ['it does not tell what is fresh (MySQL)', undefined, 'skipped'],
  ['the table is fresh', true, 'skipped'],
  ['the table is not fresh', false, 'failed'],
])(
  'production changed some definition, and %s (isFresh: %s): a table too many is %s',
  async (_, isFresh, verdict) => {
    const passing = { ...makeTable('public.passing', 10), ...(isFresh === undefined ? {} : { isFresh }) };
    const listTables = async () => [
      makeTable('public.users', 1200),
      makeTable('public.orders', 48_000),
      passing,
    ];
    const figures = { ...makeFigures(users, orders), changes: { has: true, mayHave: true } };
    const found = await compare({ listTables }, { figures });
    expect(found.find(({ name }) => name === 'schema public.passing')?.verdict).toBe(verdict);
  },
);

test('production changed some definition of MySQL: a table missing from the copy fails all the same', async () => {
  const figures = { ...makeFigures(users, orders), changes: { has: true, mayHave: true } };
  const found = await compare({ listTables: async () => [makeTable('public.users', 1200)] }, { figures });
  expect(found.find(({ name }) => name === 'schema public.orders')?.verdict).toBe('failed');
});

test('a table missing from the copy: its rows and its checksum are skipped with the reason', async () => {
  const values = makeTableFigures('public.users', 1200, {
    keys: null,
    values: makeDigest(1200, { content: 'values' }),
  });
  const checks = await compare(
    { listTables: async () => [makeTable('public.orders', 48_000)] },
    {
      figures: makeFigures(values, orders),
      checks: makeChecks({ overrides: { users: { checksum: 'full' } } }),
    },
  );
  expect(findingsOf(checks)).toEqual([
    ['schema public.users', 'failed', 'the table is missing from the restored copy'],
    ['rows public.users', 'skipped', 'the table is missing'],
    ['checksum public.users', 'skipped', 'the table is missing'],
  ]);
});

test.each([
  ['database', 'listObjects'],
  ['sequences', 'listLateCounters'],
] as const)('%s of the copy cannot be read: a failed check says so', async (name, verb) => {
  const checks = await compare({ [verb]: failWith('DatabaseFailure') });
  expect(findingsOf(checks)).toEqual([[name, 'failed', 'it cannot be read: injected DatabaseFailure']]);
});

test('counters behind in production too: passed', async () => {
  const late = { name: 'public.users_id_seq', table: 'public.users', next: '7', highest: '12' };
  const listLateCounters = async () => [late];
  const figures = { ...makeFigures(users, orders), lateCounters: [late.name] };
  expect(findingsOf(await compare({ listLateCounters }, { figures }))).toEqual([]);
  expect(findingsOf(await compare({ listLateCounters }))).toHaveLength(1);
});

test('the connection breaks at the last table: thrown after the checks before it, and nothing is left unhandled', async () => {
  const reading = compare({
    readDigest: async ({ table }) =>
      table === 'orders'
        ? failWith('DatabaseUnreachable')()
        : [{ range: 0, bucket: 0, rows: 1200, hash: 1200n }],
    listObjects: failWith('DatabaseUnreachable'),
  });
  await expect(reading).rejects.toMatchObject({ name: 'DatabaseUnreachable' });
});

test('settled rows: a check of their own, after the tables, if the start named its own time; else none', async () => {
  const settled = { users: { column: 'at', margin: '15m', deletes: 'never', timeZone: 'UTC' } } as const;
  const checks = makeChecks({ settled });
  expect((await compare({}, { checks })).map(({ name }) => name)).not.toContain('settled public.users');
  const found = await compare({}, { checks, kind: 'none', bracket: null });
  expect(found.map(({ name }) => name).slice(3, 6)).toEqual([
    'rows public.orders',
    'settled public.users',
    'database',
  ]);
  expect(found[4]).toMatchObject({ verdict: 'skipped', reason: 'nobody may ask production' });
});

/** The name and message of its error, if any. */
const conclude = (kind: Expectation['kind'], checks: CheckResult[]): string => {
  try {
    assertConclusive(kind, checks);
    return 'conclusive';
  } catch (error) {
    return isDrillError(error) ? `${error.name}: ${error.summary}` : String(error);
  }
};

const schema = makeCheck({ name: 'schema public.users', kind: 'schema' });
const skipped = makeCheck({ verdict: 'skipped', reason: 'no time was left', actual: null });
const nothing = 'NothingVerified: no rows of any table could be compared; no time was left';

test.each([
  ['rows that passed', [schema, makeCheck(), skipped], 'conclusive'],
  ['rows that failed', [makeCheck({ verdict: 'failed' })], 'conclusive'],
  ['a checksum that failed', [skipped, makeCheck({ kind: 'checksum', verdict: 'failed' })], 'conclusive'],
  [
    'every table missing from the copy',
    [
      { ...schema, verdict: 'failed' as const },
      { ...skipped, reason: 'the table is missing' },
    ],
    'conclusive',
  ],
  ['integrity alone', [skipped, makeCheck({ kind: 'checksum', name: 'integrity public.users' })], nothing],
  ['tables without a row', [skipped, makeCheck({ expected: 0, actual: 0 })], nothing],
  ['rows that were all skipped', [schema, skipped], nothing],
  [
    'a freshness and a query alone',
    [skipped, makeCheck({ kind: 'freshness' }), makeCheck({ kind: 'query' })],
    nothing,
  ],
])('with a baseline, %s: %s', (_, checks, outcome) => {
  expect(conclude('same-instant', checks)).toBe(outcome);
});

const empty = 'ChecksFailed: the restored copy has no row in any table that is checked';

test.each([
  [
    'rows in some table',
    [
      { ...skipped, actual: 0 },
      { ...skipped, actual: 1 },
    ],
    'conclusive',
  ],
  ['no rows', [schema, { ...skipped, actual: 0 }], empty],
  [
    'no rows, where settled rows say that there should be some',
    [{ ...skipped, actual: 0 }, makeCheck({ name: 'settled public.users', verdict: 'failed', actual: 0 })],
    'conclusive',
  ],
  [
    'settled rows that could not be compared',
    [makeCheck({ name: 'settled public.users', verdict: 'skipped', actual: 0 })],
    empty,
  ],
  ['tables that could not be counted', [schema, skipped], empty],
])('without a baseline, %s: %s', (_, checks, outcome) => {
  expect(conclude('none', checks)).toBe(outcome);
});

const lacking = (...tables: string[]): CheckResult[] =>
  tables.map((table) => makeCheck({ ...schema, name: `schema ${table}`, table, actual: 'no table' }));

test.each([
  ['half of the tables', [schema, ...lacking('a')], 'conclusive'],
  [
    'more than half of the tables, though there are rows',
    [schema, ...lacking('a', 'b')],
    'ChecksFailed: 2 of 3 tables of production are missing from the restored copy: a, b',
  ],
])('without a baseline, the copy lacks %s: %s', (_, checks, outcome) => {
  expect(conclude('none', [...checks, { ...skipped, actual: 1 }])).toBe(outcome);
});

const repeat = (check: CheckResult): CheckResult[] => Array.from({ length: 2000 }, () => check);

test('more findings than the state data holds: ChecksFailed with their number and the first that failed', () => {
  const failed = makeCheck({ name: 'rows public.orders', verdict: 'failed', reason: 'x'.repeat(100) });
  const outcome = conclude('same-instant', [makeCheck(), skipped, ...repeat(failed)]);
  expect(outcome).toMatch(
    /^ChecksFailed: 2000 of 2002 checks failed, too many to list; rows public.orders: xxx/,
  );
});

test('more skipped checks than the state data holds: BaselineTooLarge with the first of them', () => {
  const outcome = conclude('same-instant', [makeCheck(), ...repeat(skipped)]);
  expect(outcome).toBe(
    'BaselineTooLarge: 0 of 2001 checks failed, too many to list; rows public.users: no time was left',
  );
});
