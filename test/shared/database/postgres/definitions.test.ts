import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Definition } from '../../../../shared/database/port.ts';
import {
  definitionStatements,
  listPostgresDefinitions,
} from '../../../../shared/database/postgres/definitions.ts';
import { openPostgresSession, type PostgresSession } from '../../../../shared/database/postgres/session.ts';
import { pack } from '../../../../shared/job/packing.ts';
import { summarizeDefinitions } from '../../../../shared/truth/definition-checks.ts';
import { maxFiguresBytes } from '../../../../shared/truth/room-in-state.ts';
import { damages, everyKindSql, rolesSql } from './definitions-damages.ts';
import { type PostgresFixture, password, remainingMs, signIn, startPostgres } from './fixture.ts';

let postgres: PostgresFixture;
/** The superuser, in a session like those of checks. */
let session: PostgresSession;

const openSession = (user = 'postgres', database = 'postgres'): Promise<PostgresSession> => {
  const { address } = postgres;
  return openPostgresSession({ ...address, ip: address.host, user, database }, signIn, remainingMs);
};

const withSession = async <Answer>(
  opening: Promise<PostgresSession>,
  use: (session: PostgresSession) => Promise<Answer>,
): Promise<Answer> => {
  const opened = await opening;
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
};

const list = ({ query }: PostgresSession): Promise<Definition[]> => listPostgresDefinitions(query);

/** The list after statements that are rolled back. */
const listAfter = async (sql: string): Promise<Definition[]> => {
  await session.query('begin', 'begin read write; set local search_path = app');
  try {
    await session.query('change', sql);
    await session.query('go on as checks do', `set local search_path = ''`);
    return await list(session);
  } finally {
    await session.query('undo', 'rollback');
  }
};

const kinds = definitionStatements.flatMap((statement) => statement.kinds);

/** The kinds whose definitions are not the same. */
const findChangedKinds = (before: Definition[], after: Definition[]): string[] => {
  const of = (definitions: Definition[], wanted: string) =>
    JSON.stringify(definitions.filter(({ kind }) => kind === wanted));
  return kinds.filter((kind) => of(before, kind) !== of(after, kind));
};

let all: Definition[];

beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.asOwner(`${rolesSql} create role reader login password '${password}';
    grant pg_read_all_data to reader; create role newcomer login password '${password}'`);
  await postgres.asOwner('create database second');
  session = await openSession();
  await session.query('make', `set default_transaction_read_only = off; set client_min_messages = error`);
  await session.query('make', everyKindSql);
  await session.query('make', `set search_path = ''`);
  all = await list(session);
});
afterAll(async () => {
  await session?.close();
  await postgres?.close();
});

describe('the list', () => {
  test('a database with objects of every kind: all kinds, each object once', () => {
    expect([...new Set(all.map(({ kind }) => kind))].sort()).toEqual([...kinds].sort());
    const names = all.map(({ kind, name }) => `${kind}: ${name}`);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  test('asked again: the same, in the same order', async () => {
    expect(await list(session)).toEqual(all);
  });

  test('another database that was made by the same statements: the same', async () => {
    await withSession(openSession('postgres', 'second'), async (second) => {
      await second.query('make', `set default_transaction_read_only = off; set client_min_messages = error`);
      // Other oids than in the first database.
      await second.query('make', 'create table public.passing (id serial); drop table public.passing');
      await second.query('make', everyKindSql);
      await second.query('make', `set search_path = ''`);
      expect(await list(second)).toEqual(all);
    });
  });

  test.each(['reader', 'newcomer'])('read by %s, who is no superuser: the same', async (user) => {
    await withSession(openSession(user), async (reading) => expect(await list(reading)).toEqual(all));
  });

  test('passwords of subscriptions and user mappings: not in it', () => {
    expect(JSON.stringify(all)).not.toContain('secret-of');
    expect(all).toContainEqual({
      kind: 'foreign objects',
      name: 'user mapping for clerk on elsewhere',
      text: '',
    });
  });

  test('some texts: as people know them', () => {
    const textOf = (kind: string, name: string) =>
      all.find((one) => one.kind === kind && one.name === name)?.text;
    expect(textOf('types', 'app.mood')).toBe(`enum 'sad', 'fine', 'glad'`);
    expect(textOf('types', 'app.price')).toBe(
      `domain over numeric(10,2)\ndefault 1\npositive CHECK ((VALUE > (0)::numeric))`,
    );
    expect(textOf('columns', 'app.owners.code')).toBe(
      `collate pg_catalog."C"\ndefault 'none'::text\noptions n_distinct=5`,
    );
    expect(textOf('sequences', 'app.pets_id_seq')).toBe(
      'as integer, start 1, increment 1, from 1 to 2147483647, cache 1, owned by app.pets.id',
    );
    expect(textOf('storage options', 'app.parts_high')).toBe(
      'child of app.parts\nFOR VALUES FROM (10) TO (20)',
    );
    expect(textOf('publications', 'whole')).toContain('tables app.pets (id, note) where (id > 1), app.plain');
    expect(textOf('publications', 'of_schema')).toContain('schemas spare');
    expect(textOf('grants', 'column app.owners.code')).toBe('clerk=a*/postgres');
    expect(textOf('settings', 'database')).toBe('app.level=2\nwork_mem=5MB');
  });
});

describe('damage', () => {
  test.each(damages)('%s: told by its own kind alone', async (_title, sql, expected) => {
    expect(findChangedKinds(all, await listAfter(sql))).toEqual(expected);
  });

  test('all kinds: some damage is tried', () => {
    expect([...new Set(damages.flatMap(([, , expected]) => expected))].sort()).toEqual([...kinds].sort());
  });
});

test.each([
  [
    'rows, numbers of sequences, statistics',
    `insert into pets (note) values ('a'); select nextval('counter'); analyze`,
  ],
  ['extensions', 'create extension amcheck schema app'],
  [
    'temporary objects',
    `create temporary table passing (id serial primary key, note text default 'x' collate "C");
     create temporary view passing_view as select * from passing;
     create function pg_temp.passing() returns integer language sql as 'select 1';
     grant select on passing to clerk; comment on table passing is 'x'; comment on column passing.id is 'x'`,
  ],
])('%s: not in the list', async (_title, sql) => {
  expect(await listAfter(sql)).toEqual(all);
});

const doomedSql = `
  create schema doomed; set search_path = doomed;
  create table t (id integer primary key, note text default 'x', check (id > 0)) partition by range (id);
  create table t_low partition of t for values from (0) to (10);
  create index on t (note); create index on t_low (note);
  create function f() returns trigger language plpgsql as 'begin return new; end';
  create aggregate a (integer) (sfunc = int4pl, stype = integer);
  create type pair as (a integer, b text); create domain d as integer default 1 check (value > 0);
  create trigger tr before insert on t_low for each row execute function f();
  create rule ru as on delete to t_low do instead nothing;
  create policy p on t using (id > 0); create statistics s on id, note from t_low;
  create view v as select * from t; create materialized view m as select * from t; create index on m (id);
  comment on view v is 'x'; comment on function f is 'x'; grant select on v to clerk; create sequence q;
  create foreign table ft (id integer check (id > 0)) server elsewhere; create operator <<<< (leftarg = integer,
    rightarg = text, function = app.same_number); create publication doomed_publication for table t where (id > 1)
    with (publish_via_partition_root);
  reset search_path`;

test('objects that are dropped after the snapshot: no failure', async () => {
  await postgres.asOwner(doomedSql);
  await withSession(openSession('reader'), async (reading) => {
    await reading.query('snap', 'begin transaction isolation level repeatable read; select 1 from pg_class');
    await postgres.asOwner(
      'set client_min_messages = error; drop schema doomed cascade; drop publication doomed_publication',
    );
    expect((await list(reading)).length).toBeGreaterThan(all.length);
  });
  expect(await list(session)).toEqual(all);
});

test('two thousand views and functions: no more statements than for a few, in two seconds, and they fit the state data', async () => {
  const many = `do $$ begin for n in 1..2000 loop
    execute format('create view many_reports_of_month_%s as select p.id, o.code from pets p join owners o on o.id = p.owner where p.id > %s', n, n);
    execute format('create function many_sums_of_invoice_%s(a integer) returns integer language sql as ''select a + %s''', n, n);
  end loop; end $$`;
  let statements = 0;
  await session.query('change', `begin read write; set local search_path = app; ${many}`);
  await session.query('go on as checks do', `set local search_path = ''`);
  const start = performance.now();
  const definitions = await listPostgresDefinitions((what, sql) => {
    statements++;
    return session.query(what, sql);
  });
  const took = performance.now() - start;
  await session.query('undo', 'rollback');
  expect(took).toBeLessThan(2000);
  expect(pack(summarizeDefinitions(definitions, definitions)).length).toBeLessThan(maxFiguresBytes / 2);
  expect(definitions.filter(({ name }) => /^app\.many_/.test(name))).toHaveLength(4000);
  expect(statements).toBeLessThanOrEqual(6);
});
