import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  canonicalName,
  compareRows,
  compareSchema,
  toleranceOf,
  unexpectedTable,
} from '../../shared/checks.ts';
import type { Checks } from '../../shared/plan.ts';
import { allowedRows } from '../../shared/tolerance.ts';

const columns = ['id bigint not null', 'name text', 'updated_at timestamp'];
const users = { table: 'public.users', columns, rows: 1000 };
const checks: Checks = { tables: 'all', tolerance: '0.1%', overrides: {}, queries: [] };

test('the same columns in the same order: the schema check passes', () => {
  expect(compareSchema(users, { ...users }, 'same-instant')).toMatchObject({
    name: 'schema public.users',
    kind: 'schema',
    expected: '3 columns',
    actual: '3 columns',
    verdict: 'passed',
  });
});

test.each([
  ['a column is missing', ['id bigint not null', 'name text'], 'lacks updated_at timestamp'],
  ['a column is new', [...columns, 'age integer'], 'has age integer'],
  [
    'a type differs',
    ['id integer not null', ...columns.slice(1)],
    'lacks id bigint not null and has id integer not null',
  ],
  ['the order differs', columns.toReversed(), 'in another order'],
  ['all columns are gone', [], 'lacks id bigint not null, name text, updated_at timestamp'],
])('%s: the schema check fails and says so', (_, restored, reason) => {
  const check = compareSchema(users, { ...users, columns: restored }, 'same-instant');
  expect(check.verdict).toBe('failed');
  expect(check.reason).toContain(reason);
});

test('table missing from the restored copy: the schema check fails, the rows are skipped', () => {
  expect(compareSchema(users, undefined, 'same-instant')).toMatchObject({
    verdict: 'failed',
    actual: 'no table',
  });
  expect(compareRows(users, undefined, '0.1%', 4)).toMatchObject({ verdict: 'skipped', actual: null });
});

test('table that production did not have: a failed check that names it', () => {
  expect(unexpectedTable({ ...users, columns: ['id integer'] }, 'same-instant')).toMatchObject({
    kind: 'schema',
    table: 'public.users',
    expected: 'no table',
    actual: '1 column',
    verdict: 'failed',
  });
});

test.each([
  ['another column', compareSchema(users, { ...users, columns: ['id integer'] }, 'none')],
  ['no such table', compareSchema(users, undefined, 'none')],
  ['a table more', unexpectedTable(users, 'none')],
])(
  'no baseline of that instant, and %s in the copy: skipped, since production may have changed since',
  (_, check) => {
    expect(check).toMatchObject({
      verdict: 'skipped',
      reason: expect.stringContaining('with production now'),
    });
  },
);

test('no baseline of that instant, and the same columns as now: passed, and the reason says so', () => {
  const check = compareSchema(users, users, 'none');
  expect(check).toMatchObject({ verdict: 'passed', reason: expect.stringContaining('as in production now') });
});

test('a wide table that changed altogether: a reason of a few columns and a number', () => {
  const wide = { ...users, columns: Array.from({ length: 900 }, (_, index) => `c${index} integer`) };
  const { reason } = compareSchema(wide, { ...users, columns: [] }, 'same-instant');
  expect(reason).toContain('c4 integer and 895 more');
});

test.each([
  ['equal', 1000, 0, 'passed', 'the counts are equal'],
  ['as many missing as allowed', 999, '0.1%', 'passed', '1 row missing, 1 allowed'],
  [
    'one missing too many',
    998,
    '0.1%',
    'failed',
    '2 rows missing, 1 allowed; production was counted 4 ms after the instant',
  ],
  ['as many added as allowed', 1001, '0.1%', 'passed', '1 row too many, 1 allowed'],
  [
    'one added too many',
    1002,
    1,
    'failed',
    '2 rows too many, 1 allowed; production was counted 4 ms after the instant',
  ],
  [
    'one missing and none allowed',
    999,
    0,
    'failed',
    '1 row missing, 0 allowed; production was counted 4 ms after the instant',
  ],
  [
    'all missing',
    0,
    '0.1%',
    'failed',
    '1000 rows missing, 1 allowed; production was counted 4 ms after the instant',
  ],
] as const)('rows %s: %i of 1000 with tolerance %s %s', (_, rows, tolerance, verdict, reason) => {
  expect(compareRows(users, { ...users, rows }, tolerance, 4)).toMatchObject({ verdict, reason });
});

test('empty in production and in the copy: the rows pass; empty in production only: they fail', () => {
  const empty = { ...users, rows: 0 };
  expect(compareRows(empty, empty, '0.1%', 4).verdict).toBe('passed');
  expect(compareRows(empty, { ...users, rows: 1 }, '0.1%', 4).verdict).toBe('failed');
});

test('production not counted at that instant: the rows are skipped, and what was restored is shown', () => {
  const check = compareRows({ ...users, rows: null }, users, '0.1%', 4);
  expect(check).toMatchObject({ kind: 'rows', verdict: 'skipped', expected: null, actual: 1000 });
});

test('any two counts: the rows pass if and only if the difference is within the tolerance', () => {
  const tolerance = fc.oneof(
    fc.nat({ max: 50 }),
    fc.nat({ max: 100 }).map((percent) => `${percent}%`),
  );
  fc.assert(
    fc.property(fc.nat({ max: 200 }), fc.nat({ max: 200 }), tolerance, (expected, rows, allowance) => {
      const { verdict } = compareRows({ ...users, rows: expected }, { ...users, rows }, allowance, 4);
      const isWithin = Math.abs(expected - rows) <= allowedRows(allowance, expected);
      expect(verdict).toBe(isWithin ? 'passed' : 'failed');
    }),
  );
});

test.each(['audit_log', 'public.audit_log', '"public"."audit_log"', 'public."audit_log"'])(
  'override written as %s: found for public.audit_log',
  (written) => {
    const plan = { ...checks, overrides: { [written]: { tolerance: 0 } } };
    expect(toleranceOf(plan, 'public.audit_log')).toBe(0);
  },
);

test('table without an override of its own: the tolerance of the plan', () => {
  const plan = { ...checks, overrides: { 'public.audit_log': { tolerance: 0 }, users: {} } };
  expect(toleranceOf(plan, 'public.orders')).toBe('0.1%');
  expect(toleranceOf(plan, 'archive.audit_log')).toBe('0.1%');
  expect(toleranceOf(plan, 'public.users')).toBe('0.1%');
});

test.each([
  ['users', 'public.users'],
  ['"users"', 'public.users'],
  ['Public."order.items"', 'Public."order.items"'],
  ['a.b.c', 'a.b.c'],
])('%s: the canonical name is %s', (written, canonical) => {
  expect(canonicalName(written)).toBe(canonical);
});
