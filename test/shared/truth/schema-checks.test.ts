import { expect, test } from 'vitest';
import { compareObjects, compareSchema, unexpectedTable } from '../../../shared/truth/schema-checks.ts';
import { canonicalName, defaultSchemaOf, wantedOf } from '../../../shared/truth/wanted.ts';
import { makeChecks, makePassedDrill } from '../drill/state-fixture.ts';

const columns = ['id bigint not null', 'name text', 'updated_at timestamp'];
const objects = ['primary key (id)', 'index users_name_idx (name)'];
const users = { table: 'public.users', columns, objects };

test('the same columns in the same order, and the same objects in any: the schema check passes', () => {
  const restored = { ...users, objects: objects.toReversed() };
  expect(compareSchema(users, restored, { baseline: 'same-instant' })).toMatchObject({
    name: 'schema public.users',
    kind: 'schema',
    expected: '3 columns, 2 objects',
    actual: '3 columns, 2 objects',
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
  const check = compareSchema(users, { ...users, columns: restored }, { baseline: 'same-instant' });
  expect(check.verdict).toBe('failed');
  expect(check.reason).toContain(reason);
});

test.each([
  ['a key is missing', objects.slice(1), 'the restored table lacks primary key (id)'],
  ['an index is new', [...objects, 'check (a > 0)'], 'the restored table also has check (a > 0)'],
  [
    'an index is another one',
    [...objects.slice(0, 1), 'index users_name_idx (id)'],
    'the restored table lacks index users_name_idx (name) and has index users_name_idx (id)',
  ],
])('%s: the schema check fails and says so', (_, restored, reason) => {
  const check = compareSchema(users, { ...users, objects: restored }, { baseline: 'same-instant' });
  expect(check).toMatchObject({ verdict: 'failed', reason });
});

test('table missing from the restored copy: the schema check fails', () => {
  expect(compareSchema(users, undefined, { baseline: 'same-instant' })).toMatchObject({
    verdict: 'failed',
    actual: 'no table',
    reason: 'the table is missing from the restored copy',
  });
});

test('table that production did not have: a failed check that names it', () => {
  expect(
    unexpectedTable({ ...users, columns: ['id integer'], objects: [] }, { baseline: 'same-instant' }),
  ).toMatchObject({
    kind: 'schema',
    table: 'public.users',
    expected: 'no table',
    actual: '1 column',
    verdict: 'failed',
  });
});

test.each([
  ['another column', compareSchema(users, { ...users, columns: ['id integer'] }, { baseline: 'none' })],
  ['no such table', compareSchema(users, undefined, { baseline: 'none' })],
  ['a table more', unexpectedTable(users, { baseline: 'none' })],
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
  const check = compareSchema(users, users, { baseline: 'none' });
  expect(check).toMatchObject({ verdict: 'passed', reason: expect.stringContaining('as in production now') });
});

test('a wide table that changed altogether: a reason of a few columns and a number', () => {
  const wide = { ...users, columns: Array.from({ length: 900 }, (_, index) => `c${index} integer`) };
  const { reason } = compareSchema(wide, { ...users, columns: [] }, { baseline: 'same-instant' });
  expect(reason).toContain('c4 integer and 895 more');
});

const extensions = ['pg_trgm 1.6', 'plpgsql 1.0'];

test('the same extensions in another order: they pass', () => {
  expect(compareObjects(extensions, extensions.toReversed(), 'same-instant')).toMatchObject({
    name: 'database',
    table: null,
    expected: '2 objects',
    actual: '2 objects',
    verdict: 'passed',
  });
});

test.each([
  ['one is missing', ['plpgsql 1.0'], 'the restored copy lacks pg_trgm 1.6'],
  ['one is new', [...extensions, 'citext 1.6'], 'the restored copy also has citext 1.6'],
  [
    'one has another version',
    ['pg_trgm 1.5', 'plpgsql 1.0'],
    'the restored copy lacks pg_trgm 1.6 and has pg_trgm 1.5',
  ],
])('extensions, %s: failed, and skipped without a baseline of that instant', (_, actual, reason) => {
  expect(compareObjects(extensions, actual, 'same-instant')).toMatchObject({ verdict: 'failed', reason });
  expect(compareObjects(extensions, actual, 'none')).toMatchObject({
    verdict: 'skipped',
    reason: `${reason}, compared with production now, not at the time restored to`,
  });
});

test.each(['audit_log', 'public.audit_log', '"public"."audit_log"', 'public."audit_log"'])(
  'override written as %s: found for public.audit_log',
  (written) => {
    const plan = makeChecks({ overrides: { [written]: { tolerance: 0 } } });
    expect(wantedOf(plan, 'public.audit_log', 'public').tolerance).toBe(0);
  },
);

test('table alone in an override, in MySQL: a table of the database that the plan names', () => {
  const plan = makeChecks({ overrides: { audit_log: { tolerance: 0 } } });
  expect(wantedOf(plan, 'shop.audit_log', 'shop').tolerance).toBe(0);
  expect(wantedOf(plan, 'public.audit_log', 'shop').tolerance).toBe('auto');
});

const freshness = { column: 'at', within: '15m', timeZone: 'UTC' };

test('table without words of its own: those of the plan', () => {
  const plan = makeChecks({
    tolerance: '0.1%',
    checksum: 'sampled',
    overrides: { 'public.audit_log': { tolerance: 0, checksum: 'full', freshness }, users: {} },
  });
  const general = { tolerance: '0.1%', checksum: 'sampled', freshness: null };
  expect(wantedOf(plan, 'public.orders', 'public')).toEqual(general);
  expect(wantedOf(plan, 'archive.audit_log', 'public')).toEqual(general);
  expect(wantedOf(plan, 'public.users', 'public')).toEqual(general);
  expect(wantedOf(plan, 'public.audit_log', 'public')).toEqual({ tolerance: 0, checksum: 'full', freshness });
});

test.each([
  ['users', 'public.users'],
  ['"users"', 'public.users'],
  ['Public."order.items"', 'Public."order.items"'],
  ['a.b.c', 'a.b.c'],
])('%s: the canonical name is %s', (written, canonical) => {
  expect(canonicalName(written, 'public')).toBe(canonical);
});

test('a name without a schema: public in PostgreSQL, the database in MySQL', () => {
  const { baselineAddress } = makePassedDrill().PrepareDrill;
  expect(defaultSchemaOf(baselineAddress)).toBe('public');
  expect(defaultSchemaOf({ ...baselineAddress, engine: 'aurora-mysql' })).toBe('app');
});
