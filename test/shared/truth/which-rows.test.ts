import { expect, test } from 'vitest';
import type { Ranges, Reader } from '../../../shared/database/port.ts';
import { encodeValue } from '../../../shared/database/row-lines.ts';
import { byName } from '../../../shared/database/tables.ts';
import { DrillError } from '../../../shared/errors.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { readBracketed } from '../../../shared/truth/digest-reading.ts';
import { lendProduction } from '../../../shared/truth/production.ts';
import { describeDamaged, nameRows, type Suspicion } from '../../../shared/truth/which-rows.ts';
import { failWith } from '../../functions/fakes.ts';
import { makeCheck } from '../drill/state-fixture.ts';
import { makeSimulatedTable, type Row, readerOf } from './simulated-table.ts';

const numbers = Array.from({ length: 400 }, (_, index) => index + 1);
const then: Row[] = numbers.map((id) => ({ key: [id], value: `value ${id}` }));

/** Rows with other values for some keys. null: the row is gone. */
const change = (rows: readonly Row[], values: Record<number, string | null>): Row[] => [
  ...rows.flatMap((row) => {
    const value = values[row.key[0] ?? 0];
    return value === null ? [] : [{ ...row, value: value ?? row.value }];
  }),
  ...Object.entries(values).flatMap(([id, value]) =>
    value === null || rows.some(({ key }) => key[0] === Number(id)) ? [] : [{ key: [Number(id)], value }],
  ),
];

const keyless = (rows: readonly Row[]): Row[] => rows.map((row) => ({ ...row, key: [] }));

const bounds: Ranges = { kind: 'bounds', bounds: ['101', '201', '301'] };
const samples: Ranges = { kind: 'samples', samples: [{ from: ['101'], to: ['201'] }] };

type World = {
  base?: Row[];
  copy: Row[];
  now: Row[];
  /** What production had when it was read the second time. */
  later?: Row[];
  ranges?: Ranges;
  content?: 'keys' | 'values';
  only?: number[];
  table?: ReturnType<typeof makeSimulatedTable>;
  nowTable?: ReturnType<typeof makeSimulatedTable> | null;
  production?: Partial<Reader>;
};

const check = makeCheck({ name: 'checksum public.items', verdict: 'failed', reason: 'values differ' });

const collect = async (checks: AsyncIterable<CheckResult>): Promise<CheckResult[]> => {
  const all: CheckResult[] = [];
  for await (const one of checks) all.push(one);
  return all;
};

/** What a failed check of the table says in the end. */
const nameIn = async (world: World, checks: CheckResult[] = [check]): Promise<CheckResult[]> => {
  const {
    base = then,
    copy,
    now,
    later = base,
    ranges = bounds,
    content = 'values',
    only = [0, 1, 2, 3],
  } = world;
  const table = world.table ?? makeSimulatedTable();
  const [before, after] = [await readerOf(base), await readerOf(later)];
  const room = { mostMoved: () => 1000, spendMoved: () => {} };
  const wanted = { content, ranges, seed: null, room };
  const { figures } = await readBracketed({ before: before.reader, after: after.reader }, table, wanted);
  const { reader } = await readerOf(copy);
  const nowTable = world.nowTable === undefined ? table : world.nowTable;
  const production = await readerOf(now, {
    listTables: async () => (nowTable === null ? [] : [nowTable]),
    ...world.production,
  });
  const suspicions: Suspicion[] = checks.map(({ name }) => ({
    check: name,
    table: 'public.items',
    figures,
    ranges: only.filter((range) => range < figures.parts.length),
  }));
  const looking = {
    copy: { reader, tables: byName([table]) },
    production: lendProduction(async () => production.reader),
    suspicions,
  };
  const each = async function* () {
    yield* checks;
  };
  return collect(nameRows(each(), looking));
};

const wordsIn = async (world: World): Promise<string | undefined> =>
  (await nameIn(world))[0]?.reason.replace(/^values differ; |; values differ$/, '');

const asNow = 'compared with production as it is now, so rows written since may be among them';

test.each<[string, World, string]>([
  [
    'nothing was written since: rows of each kind, with their keys and the column',
    { copy: change(then, { 7: 'x', 150: 'x', 200: null, 999: 'x' }), now: then },
    '2 rows differ, in value: id 7, 150; 1 row is only in production: id 200; 1 row is only in the copy: id 999',
  ],
  [
    'other ranges were written to since: the damaged rows alone',
    { copy: change(then, { 7: 'x' }), now: change(then, { 150: 'y', 350: null, 500: 'y' }) },
    '1 row differs, in value: id 7',
  ],
  [
    'rows of another kind were written since in the same range: the damaged ones alone',
    { copy: change(then, { 7: 'x', 8: 'x' }), now: change(then, { 20: null, 21: null }) },
    '2 rows differ, in value: id 7, 8',
  ],
  [
    'many rows of the same kind were written since, a few are damaged: the damaged ones alone',
    {
      copy: change(then, { 7: 'x', 50: 'x', 99: 'x' }),
      now: change(then, Object.fromEntries(numbers.slice(9, 40).map((id) => [id, 'y']))),
    },
    '3 rows differ, in value: id 7, 50, 99',
  ],
  [
    'a damaged row was written since, too: all that differ, and why that may be too many',
    { copy: change(then, { 7: 'x', 8: 'x' }), now: change(then, { 8: 'y', 9: 'y' }) },
    `3 rows differ, in value: id 7, 8, 9; ${asNow}`,
  ],
  [
    'rows that moved during the instant: not among them',
    {
      copy: change(then, { 7: 'x', 30: 'later' }),
      now: change(then, { 30: 'even later' }),
      later: change(then, { 30: 'later' }),
    },
    '1 row differs, in value: id 7',
  ],
  [
    'samples: only what they hold',
    { copy: change(then, { 7: 'x', 150: 'x' }), now: change(then, { 8: 'y' }), ranges: samples },
    '1 row differs, in value: id 150',
  ],
  [
    'keys alone were compared: rows that are missing, and no changed ones',
    { copy: change(then, { 7: null, 9: 'x' }), now: change(then, { 8: 'y' }), content: 'keys' },
    '1 row is only in production: id 7',
  ],
  [
    'a table without a key: counts, and why there is no more',
    {
      base: keyless(then),
      copy: keyless(change(then, { 7: 'x', 8: null })),
      now: keyless(then),
      table: makeSimulatedTable({ key: [] }),
      ranges: { kind: 'bounds', bounds: [] },
    },
    '2 rows are only in production; 1 row is only in the copy; rows of a table without a key cannot be named',
  ],
  [
    'production was changed in the same way: said',
    { copy: change(then, { 7: 'x' }), now: change(then, { 7: 'x' }) },
    'by now, production has the same rows there as the copy',
  ],
  [
    'production dropped the table',
    { copy: change(then, { 7: 'x' }), now: then, nowTable: null },
    'which rows is not known: production no longer has the table',
  ],
  [
    'production added a column',
    { copy: change(then, { 7: 'x' }), now: then, nowTable: makeSimulatedTable({ hashing: 'more' }) },
    'which rows is not known: the table has other columns or another key in production now',
  ],
  [
    'production cannot be reached',
    { copy: then, now: then, production: { openSnapshot: failWith('DatabaseUnreachable') } },
    'which rows is not known: injected DatabaseUnreachable',
  ],
  [
    'no time is left',
    { copy: then, now: then, production: { readDigest: failWith('OutOfTime') } },
    'which rows is not known: injected OutOfTime',
  ],
])('%s', async (_, world, words) => {
  expect(await wordsIn(world)).toBe(words);
});

test('production has a bug of ours: thrown, since nothing else would tell', async () => {
  const readDigest = () => Promise.reject(new TypeError('not a function'));
  await expect(nameIn({ copy: then, now: then, production: { readDigest } })).rejects.toThrow(TypeError);
});

test('the copy itself cannot be read: said, and the finding stands', async () => {
  const production = {
    readRows: () => {
      throw new DrillError('DatabaseFailure', 'invalid page in block 3');
    },
  };
  const [named] = await nameIn({ copy: change(then, { 7: 'x' }), now: then, production });
  expect(named).toEqual({
    ...check,
    reason: 'values differ; which rows is not known: invalid page in block 3',
  });
});

test('checks that passed or were not suspected: as they were, all in their order', async () => {
  const others = [
    makeCheck({ name: 'first', verdict: 'passed' }),
    check,
    makeCheck({ name: 'last', verdict: 'skipped' }),
  ];
  const named = await nameIn({ copy: change(then, { 7: 'x' }), now: then }, others);
  expect(named.map(({ name }) => name)).toEqual(['first', 'checksum public.items', 'last']);
  expect([named[0], named[2]]).toEqual([others[0], others[2]]);
  expect(named[1]?.reason).toBe('1 row differs, in value: id 7; values differ');
});

test('a later check throws: the checks before it are told as they are, and it is thrown', async () => {
  const told: CheckResult[] = [];
  const broken = async function* () {
    yield check;
    throw new DrillError('DatabaseUnreachable', 'gone');
  };
  const suspicions = [{ check: check.name, table: 'public.items', figures: {} as never, ranges: [0] }];
  const looking = { copy: {} as never, production: {} as never, suspicions };
  const telling = async () => {
    for await (const one of nameRows(broken(), looking)) told.push(one);
  };
  await expect(telling()).rejects.toThrow('gone');
  expect(told).toEqual([check]);
});

test('six findings: five are looked into, and the sixth says so', async () => {
  const checks = Array.from({ length: 6 }, (_, index) => ({ ...check, name: `checksum ${index}` }));
  const named = await nameIn({ copy: change(then, { 7: 'x' }), now: then }, checks);
  const isNamed = named.map(({ reason }) => reason.includes('id 7'));
  expect(isNamed).toEqual([true, true, true, true, true, false]);
  expect(named[5]?.reason).toBe('values differ; which rows is not known: only 5 findings are looked into');
});

test('each look has 30 seconds, for production and the copy', async () => {
  const limits: (number | undefined)[] = [];
  const ask = async (_: unknown, mostMs?: number) => {
    limits.push(mostMs);
    return { unread: 'no time was left' };
  };
  const suspicions = [{ check: check.name, table: 'public.items', figures: {} as never, ranges: [0] }];
  const production = { ask, close: async () => {} };
  const copy = { reader: {} as Reader, tables: new Map() };
  const one = async function* () {
    yield check;
  };
  await collect(nameRows(one(), { copy, production, suspicions }));
  expect(limits).toEqual([30_000]);
});

test.each([
  ['short', 'values differ', 600],
  ['long', 'r'.repeat(590), 792],
])('a lot to say beside a %s reason: cut, so that the finding stays small', async (_, reason, most) => {
  const openSnapshot = () => Promise.reject(new DrillError('DatabaseUnreachable', 'no host '.repeat(500)));
  const [named] = await nameIn({ copy: then, now: then, production: { openSnapshot } }, [
    { ...check, reason },
  ]);
  expect(named?.reason).toMatch(/; which rows is not known: no host .*\.\.\.$/);
  expect([most - 20 < (named?.reason.length ?? 0), (named?.reason.length ?? 0) <= most]).toEqual([
    true,
    true,
  ]);
});

test('long keys: each is cut, and fewer are listed', () => {
  const none = { rows: 0, keys: [] };
  const texts = Array.from({ length: 10 }, (_, index) => `${index} ${'<b>'.repeat(200)}`);
  const keys = texts.map(encodeValue);
  const kinds = { different: { rows: 10, keys }, onlyLeft: none, onlyRight: none };
  const words = describeDamaged(['name'], { kinds, isCertain: true, isExact: true, margin: 0 }, []);
  const listed = texts.slice(0, 3).map((text) => `${text.slice(0, 40)}…`);
  expect(words).toBe(`10 rows differ: name ${listed.join(', ')} and 7 more`);
});

test('an estimate: about how many, give or take, with a few keys', () => {
  const none = { rows: 0, keys: [] };
  const kinds = { different: { rows: 1_200_000, keys: ['4', '7'] }, onlyLeft: none, onlyRight: none };
  const columns = ['a', 'b', 'c', 'd'].map((column) => ({ column, rows: 2 }));
  expect(describeDamaged(['id'], { kinds, isCertain: false, isExact: false, margin: 5200 }, columns)).toBe(
    `about 1,200,000 rows differ, in a, b, c and 1 more: id 4, 7 and 1,199,998 more; estimated from a sample, each give or take 5,200; ${asNow}`,
  );
});
