import { expect, test } from 'vitest';
import type { Checks } from '../../../shared/plan/plans.ts';
import type { Comparability } from '../../../shared/truth/checks.ts';
import type { BaselineFigures } from '../../../shared/truth/figures.ts';
import { listPlannedChecks } from '../../../shared/truth/planned-checks.ts';
import { at, makeChecks, makeFigures, makeTableFigures } from '../drill/state-fixture.ts';

const users = makeTableFigures('public.users', 1200);
const orders = makeTableFigures('public.orders', 48_000);
const freshness = { column: 'at', within: '15m', timeZone: 'UTC' };

const plan = (
  checks: Partial<Checks>,
  figures: BaselineFigures = makeFigures(users, orders),
  kind: Comparability = 'same-instant',
) =>
  listPlannedChecks(figures, {
    kind,
    checks: makeChecks(checks),
    defaultSchema: 'public',
    restoreTo: at('08:00:04'),
    reason: 'dry run',
  });
const namesOf = (checks: Partial<Checks>, figures?: BaselineFigures) =>
  plan(checks, figures).map(({ name }) => name);

const whole = ['database', 'sequences'];

test('the shortest plan: schema and rows of each table, then the database as a whole', () => {
  expect(namesOf({})).toEqual([
    'schema public.users',
    'rows public.users',
    'schema public.orders',
    'rows public.orders',
    ...whole,
  ]);
});

test('a plan with everything: each table has what the plan wants of it, and queries come last', () => {
  const checks = {
    checksum: 'full',
    integrity: 'amcheck',
    queries: [{ name: 'revenue', sql: 'select 1', expect: 'same' }],
    overrides: { orders: { checksum: 'none', freshness } },
  } satisfies Partial<Checks>;
  expect(namesOf(checks)).toEqual([
    'schema public.users',
    'rows public.users',
    'checksum public.users',
    'integrity public.users',
    'schema public.orders',
    'rows public.orders',
    'freshness public.orders',
    'integrity public.orders',
    ...whole,
    'query revenue',
  ]);
});

test('any check planned: skipped with the reason, and with what production has', () => {
  const overrides = { users: { tolerance: '1%', freshness } };
  const seen = plan({ overrides }, makeFigures(users));
  expect(seen).toMatchObject([
    { kind: 'schema', table: 'public.users', expected: '2 columns, 1 object', actual: null },
    { kind: 'rows', table: 'public.users', expected: 1200, actual: null, tolerance: '1%' },
    { kind: 'freshness', table: 'public.users', expected: `within 15m of ${at('08:00:04')}`, actual: null },
    { kind: 'schema', table: null, expected: '1 object', actual: null },
    { kind: 'schema', table: null, actual: null },
  ]);
  for (const { verdict, reason } of seen) expect([verdict, reason]).toEqual(['skipped', 'dry run']);
});

test('a table that could not be read in time: its rows and values say so', () => {
  const unread = { ...users, rows: null, keys: null, unread: 'no time was left' };
  const reasons = plan({ checksum: 'full' }, makeFigures(unread)).map(({ kind, reason }) => [kind, reason]);
  expect(reasons.slice(0, 3)).toEqual([
    ['schema', 'dry run'],
    ['rows', 'no time was left'],
    ['checksum', 'no time was left'],
  ]);
});

test('settled rows: planned only if the start named its own time', () => {
  const settled = { users: { column: 'at', margin: '15m', deletes: 'never', timeZone: 'UTC' } } as const;
  expect(namesOf({ settled })).not.toContain('settled public.users');
  const planned = plan({ settled }, makeFigures(users, orders), 'none');
  expect(planned.map(({ name }) => name).slice(4)).toEqual([
    'settled public.users',
    'restored time',
    ...whole,
  ]);
  expect(planned[4]).toMatchObject({ kind: 'rows', tolerance: 'within 15m not judged', verdict: 'skipped' });
});
