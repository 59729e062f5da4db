import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Reader } from '../../../../shared/database/port.ts';
import { formatTableName, type Table } from '../../../../shared/database/tables.ts';
import { countRows, type PostgresFixture, startPostgres } from './fixture.ts';

let postgres: PostgresFixture;
let reader: Reader;
let tables: Map<string, Table>;

beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.asOwner(`
    create table plain (id integer not null, note varchar(10), amount numeric(10, 2), "Tags" text[]);
    insert into plain select n from generate_series(1, 7) n;
    alter table plain add gone integer, add late boolean;
    alter table plain drop gone;
    create table "Mixed Case" ("Id" integer);
    insert into "Mixed Case" values (1), (2);
    create schema "odd ""schema.";
    create table "odd ""schema."."a.b""c'd; drop" ("x"";" integer primary key);
    insert into "odd ""schema."."a.b""c'd; drop" values (1);
    create table parts (id integer primary key, note text) partition by range (id);
    create table parts_low partition of parts for values from (0) to (10);
    create table parts_high partition of parts for values from (10) to (30) partition by range (id);
    create table parts_high_all partition of parts_high for values from (10) to (30);
    insert into parts select n from generate_series(0, 19) n;
    create table parent (id integer);
    create table child () inherits (parent);
    insert into parent values (1);
    insert into child values (2), (3);
    create table no_columns ();
    insert into no_columns default values;
    create view seen as select * from plain;
    create materialized view kept as select * from plain;
    create materialized view kept_empty as select * from plain with no data;
    create unlogged table quick (id integer);
    create foreign data wrapper nowhere;
    create server elsewhere foreign data wrapper nowhere;
    create foreign table afar (id integer) server elsewhere;
    create temporary table passing (id integer);

    create table owners (id integer primary key, code text unique, email text);
    create unique index on owners (lower(email));
    create table pets (
      owner integer references owners on delete cascade, name text, age integer check (age >= 0), born date,
      constraint one_name unique (owner, name));
    create index pets_born on pets (born) where born is not null;
    insert into pets values (null, 'a', 1), (null, 'a', 2);
    analyze parts`);
  await postgres.asOwner(`
    create type "it's order(a b" as enum ('one');
    create type "order" as enum ('one');
    create table by_odd_type (id "it's order(a b" primary key, words "order")`);
  // Fails, and leaves an invalid index behind.
  await postgres.asOwner('create unique index concurrently pets_name on pets (name)').catch(() => {});
  await postgres.asOwner(`
    create table by_unique (a integer not null, b integer not null, c integer not null, unique (a, b), unique (c));
    create table by_nullable (a integer unique);
    create table by_partial (a integer not null);
    create unique index on by_partial (a) where a > 0;
    create table by_expression (a integer not null);
    create unique index on by_expression ((a + 1));
    create table by_mixture (a integer not null, b integer not null);
    create unique index on by_mixture (a, (b + 1));
    create table by_deferrable (a integer not null unique deferrable);
    create table by_including (a integer not null, b integer);
    create unique index on by_including (a) include (b);
    create table by_ordinary (a integer not null);
    create index on by_ordinary (a);
    create table by_both (a integer not null unique, c text, b text, primary key (b, c));
    create table by_invalid (a integer not null);
    insert into by_invalid values (1), (1)`);
  await postgres.asOwner('create unique index concurrently on by_invalid (a)').catch(() => {});
  // An index may say NOT NULL before its rows do (PostgreSQL 18).
  await postgres.asOwner(`
    create table by_promise (a integer);
    insert into by_promise values (null);
    create unique index on by_promise (a);
    alter table by_promise add constraint promise not null a not valid`);
  reader = await postgres.openReader({ sessions: 2 });
  tables = new Map((await reader.listTables()).map((table) => [formatTableName(table), table]));
});
afterAll(async () => {
  await reader?.close();
  await postgres?.close();
});

const find = (name: string): Table => {
  const table = tables.get(`public.${name}`);
  if (table === undefined) throw new Error(`there is no table ${name}`);
  return table;
};

test('tables: each once, in order, and materialized views; no other views, foreign, unlogged or temporary tables, no single partitions', () => {
  const names = [...tables.keys()].filter((name) => !/by_|owners|pets/.test(name));
  expect(names).toEqual([
    '"odd ""schema."."a.b""c\'d; drop"',
    'public.Mixed Case',
    'public.child',
    'public.kept',
    'public.kept_empty',
    'public.no_columns',
    'public.parent',
    'public.parts',
    'public.plain',
  ]);
});

test('materialized views: told from tables, with whether they hold rows', () => {
  expect([find('plain').isPopulated, find('kept').isPopulated, find('kept_empty').isPopulated]).toEqual([
    null,
    true,
    false,
  ]);
  expect(find('kept').columns).toEqual(
    find('plain').columns.map((column) => column.replace(' not null', '')),
  );
});

test('columns: name, type and not null, in their order, without those that were dropped', () => {
  expect(find('plain').columns).toEqual([
    'id integer not null',
    'note character varying(10)',
    'amount numeric(10,2)',
    '"Tags" text[]',
    'late boolean',
  ]);
  expect(find('Mixed Case').columns).toEqual(['"Id" integer']);
  expect(find('no_columns').columns).toEqual([]);
  expect(tables.get('"odd ""schema."."a.b""c\'d; drop"')?.columns).toEqual(['"x"";" integer not null']);
});

test('rows: exact for any name; partitions count once, inherited rows only in the child', async () => {
  const counts: Record<string, number> = {};
  const filled = [...tables.values()].filter(({ isPopulated }) => isPopulated !== false);
  for (const table of filled) counts[table.table] = await countRows(reader, table);
  expect(counts).toMatchObject({
    'a.b"c\'d; drop': 1,
    'Mixed Case': 2,
    child: 2,
    no_columns: 1,
    parent: 1,
    parts: 20,
    plain: 7,
  });
});

test('estimated rows: of all partitions; 100 a page where the server knows nothing yet', () => {
  expect(find('parts').estimatedRows).toBe(20);
  expect(find('plain').estimatedRows).toBe(100);
});

describe('objects', () => {
  const objectsOf = (name: string) => find(name).objects.toSorted();

  test('keys, checks, references and indexes: each with its definition', () => {
    expect(objectsOf('pets')).toEqual([
      'CREATE INDEX pets_born ON public.pets USING btree (born) WHERE (born IS NOT NULL)',
      'one_name UNIQUE (owner, name)',
      'pets_age_check CHECK ((age >= 0))',
      'pets_owner_fkey FOREIGN KEY (owner) REFERENCES public.owners(id) ON DELETE CASCADE',
    ]);
    expect(objectsOf('owners')).toEqual([
      'CREATE UNIQUE INDEX owners_lower_idx ON public.owners USING btree (lower(email))',
      'owners_code_key UNIQUE (code)',
      'owners_pkey PRIMARY KEY (id)',
    ]);
  });

  test('an index that is not valid: left out, though the server has it', async () => {
    const [index] = await postgres.asOwner(
      `select indisvalid from pg_index where indexrelid = 'pets_name'::regclass`,
    );
    expect(index).toEqual({ indisvalid: false });
    expect(objectsOf('pets').join()).not.toContain('pets_name');
  });

  test('columns that are not null: no objects of their own, in PostgreSQL 18 too', () => {
    expect(objectsOf('plain')).toEqual([]);
    expect(objectsOf('by_promise')).toEqual([
      'CREATE UNIQUE INDEX by_promise_a_idx ON public.by_promise USING btree (a)',
    ]);
  });

  test('of the database: its extensions with their versions', async () => {
    const before = await reader.listObjects();
    expect(before).toEqual([expect.stringMatching(/^extension plpgsql \d/)]);
    await postgres.asOwner('create extension citext');
    await reader.openSnapshot(0);
    expect((await reader.listObjects()).toSorted()).toEqual([
      expect.stringMatching(/^extension citext \d/),
      ...before,
    ]);
  });
});

test.each([
  ['a primary key of one column', 'owners', ['id']],
  ['a primary key of two, in its own order, though a shorter unique one is there', 'by_both', ['b', 'c']],
  ['a primary key of a type of any name', 'by_odd_type', ['id']],
  ['a primary key of a partitioned table', 'parts', ['id']],
  ['unique indexes without NULLs: the shortest', 'by_unique', ['c']],
  ['a unique index that carries a further column: without it', 'by_including', ['a']],
  ['a unique column that may be NULL: none', 'by_nullable', []],
  ['a unique index over NULLs that a promise of NOT NULL does not rule out: none', 'by_promise', []],
  ['a unique index of some rows: none', 'by_partial', []],
  ['a unique index of an expression: none', 'by_expression', []],
  ['a unique index of a column and an expression: none', 'by_mixture', []],
  ['a unique constraint that may be violated for a while: none', 'by_deferrable', []],
  ['a unique index that is not valid: none', 'by_invalid', []],
  ['an index that is not unique: none', 'by_ordinary', []],
  ['no index: none', 'plain', []],
])('key: %s', (_, name, key) => {
  expect(find(name).key).toEqual(key);
});
