import { expect, test } from 'vitest';
import { listAskedTables, parseExtractInput } from '../../../shared/extraction/input.ts';

const startedAt = '2026-11-20T03:00:07.250Z';
const least = { restoreTo: '26h ago', tables: ['public.orders'] };
const defaults = { where: {}, withParents: false, dryRun: false };
const parse = (input: unknown) => parseExtractInput(input, startedAt);

const problemsOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    expect(error).toMatchObject({ name: 'InvalidInput' });
    return (error as { summary: string }).summary;
  }
  return 'none';
};

test('a time and a table: all of its rows, without parents, into the only sandbox', () => {
  expect(parse(least)).toEqual({ ...least, ...defaults, restoreTo: '2026-11-19T01:00:07Z' });
});

test.each([
  ['an instant', '2026-11-19T16:00:00Z', '2026-11-19T16:00:00Z'],
  ['the latest time', 'latest', null],
])('restoreTo, %s: read as a recovery reads it', (_, restoreTo, expected) => {
  expect(parse({ ...least, restoreTo }).restoreTo).toBe(expected);
});

test('every key: taken as it is', () => {
  const input = {
    plan: 'shop',
    restoreTo: '2026-11-19T16:00:00Z',
    tables: ['orders', 'public."order.items"'],
    where: { orders: 'tenant_id = 7' },
    sandbox: 'dev',
    withParents: true,
    reason: 'ticket 12',
    dryRun: true,
  };
  expect(parse(input)).toEqual(input);
});

test.each([
  ['no tables', { restoreTo: 'latest' }, 'tables: expected a list of tables as schema.table'],
  ['an empty list', { ...least, tables: [] }, 'tables: expected at least one table'],
  ['one text', { ...least, tables: 'public.orders' }, 'tables: expected a list'],
  ['a name of three parts', { ...least, tables: ['a.b.c'] }, 'tables[0]: expected a table as schema.table'],
  [
    'too many',
    { ...least, tables: Array.from({ length: 101 }, (_, n) => `t${n}`) },
    'expected 100 tables at most',
  ],
  ['no time', { tables: ['orders'] }, 'restoreTo: expected latest'],
  ['a time to come', { ...least, restoreTo: '2027-01-01T00:00:00Z' }, 'expected a time before the start'],
  [
    'too long a condition',
    { ...least, where: { 'public.orders': 'x'.repeat(2001) } },
    'expected a condition of 2000',
  ],
  ['a condition of no table', { ...least, where: { 'a.b.c': 'true' } }, 'expected a table as schema.table'],
  ['an unknown key', { ...least, to: 'dev' }, 'to: unknown key'],
])('%s: InvalidInput that names it', (_, input, problem) => {
  expect(problemsOf(() => parse(input))).toContain(problem);
});

const inPostgres = { dialect: 'postgres', defaultSchema: 'public' } as const;
const inMysql = { dialect: 'mysql', defaultSchema: 'shop' } as const;

test('names without a schema: that of the engine, and each with its condition', () => {
  const asked = { tables: ['orders', 'audit.log'], where: { orders: 'tenant_id = 7' } };
  expect(listAskedTables(asked, inPostgres)).toEqual([
    { table: 'public.orders', where: 'tenant_id = 7' },
    { table: 'audit.log', where: null },
  ]);
  expect(listAskedTables(asked, inMysql)[0]?.table).toBe('shop.orders');
});

test('a table twice, a condition twice, of no table, and one that is refused: all named at once', () => {
  const asked = {
    tables: ['orders', 'public.orders', 'audit.log'],
    where: { orders: 'true', 'public.orders': 'true', users: 'true', 'audit.log': 'true; drop table log' },
  };
  expect(problemsOf(() => listAskedTables(asked, inPostgres)).split('\n')).toEqual([
    'the execution input is wrong:',
    '  tables: expected public.orders once',
    '  where: expected public.orders once',
    '  where["public.users"]: expected a table that is listed in tables',
    '  where["audit.log"]: expected one statement, and there are several',
  ]);
});

test('tables of one name in two schemas: InvalidInput, since they keep their names in one schema', () => {
  const asked = { tables: ['orders', 'audit.orders', 'audit.log'], where: {} };
  expect(
    problemsOf(() => listAskedTables(asked, inPostgres))
      .split('\n')
      .slice(1),
  ).toEqual(['  tables: expected one table called orders: both would go into one schema']);
});
