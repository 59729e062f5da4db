import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresProbing } from '../../../../shared/probing/postgres/server.ts';
import type { Catalog } from '../../../../shared/rehearsal/catalog.ts';
import { type PostgresFixture, password, signIn, startPostgres } from '../../database/postgres/fixture.ts';
import { rehearse, sessionsOf, statementOf, tableOf } from './fixture.ts';

let postgres: PostgresFixture;
let catalog: Catalog;

beforeAll(async () => {
  postgres = await startPostgres({ settings: { max_connections: '100' } });
  await postgres.asOwner(`
    create type mood as enum ('well');
    create domain code as text;
    create table accounts (id integer primary key);
    create table users (id serial primary key, account integer references accounts, state mood, codes code[]);
    create index users_account on users (account);
    create view seen as select u.id from users u join accounts a on a.id = u.account;
    create view seen_again as select id from seen;
    create materialized view kept as select id from users;
    create table parts (id integer) partition by range (id);
    create table parts_low partition of parts for values from (0) to (10);
    create table log (id integer);
    create function note() returns trigger language plpgsql as 'begin insert into log values (1); return null; end';
    create trigger noted after insert on accounts for each row execute function note();
    create function look() returns bigint language plpgsql as 'begin return (select count(*) from seen); end';
    create schema "odd ""schema.";
    create table "odd ""schema."."a.b""c'd; drop" ("x"";" integer primary key);
    insert into "odd ""schema."."a.b""c'd; drop" values (1)`);
  const server = await postgresProbing(signIn).open({
    ...postgres.address,
    user: 'postgres',
    ip: '127.0.0.1',
  });
  catalog = server.catalog;
  await server.close();
});
afterAll(() => postgres?.close());

const odd = '"odd ""schema."."a.b""c\'d; drop"';

test('tables: each with rows that somebody reads, under the name that a plan would give it', () => {
  expect(catalog.tables).toEqual([
    odd,
    'public.accounts',
    'public.kept',
    'public.log',
    'public.parts',
    'public.parts_low',
    'public.users',
  ]);
  expect(catalog.searchPath).toEqual(['public']);
});

test.each([
  ['an index: its table', 'public.users_account', ['public.users']],
  ['a sequence: the table that owns it', 'public.users_id_seq', ['public.users']],
  ['a view: all that it reads', 'public.seen', ['public.accounts', 'public.users']],
  ['a view of a view: what that reads', 'public.seen_again', ['public.accounts', 'public.users']],
  ['a function: what its text names', 'public.note', ['public.log']],
  ['an enum: where it is a column', 'public.mood', ['public.users']],
  ['a domain: where an array of it is a column', 'public.code', ['public.users']],
])('names of others: %s', (_, name, tables) => {
  expect(catalog.others.find((other) => other.name === name)?.tables.toSorted()).toEqual(tables);
});

test('triggers: what they touch when rows of their table change', () => {
  expect(catalog.triggered).toEqual([{ table: 'public.accounts', tables: ['public.log'] }]);
});

test('views: who reads them, and whose text names them', () => {
  expect(catalog.views).toEqual([
    { name: 'public.seen', readBy: ['public.seen_again'], namedBy: ['public.look'] },
    { name: 'public.seen_again', readBy: [], namedBy: [] },
  ]);
});

test('partitions and foreign keys: from whom to whom', () => {
  expect(catalog.partitions).toEqual([{ parent: 'public.parts', partition: 'public.parts_low' }]);
  expect(catalog.foreignKeys).toEqual([{ child: 'public.users', parent: 'public.accounts' }]);
});

test('a table of any name: probed and measured', async () => {
  const sql = `do $$ begin lock table "odd ""schema."."a.b""c'd; drop" in access exclusive mode; perform pg_sleep(0.3); end $$`;
  const seen = await rehearse(postgres, [{ sql, tables: [odd] }], { contenderSeconds: 0.1 });
  const { blockedRead, isRewritten } = tableOf(statementOf(seen, 1), odd);
  expect(blockedRead.longestMs).toBeGreaterThan(200);
  expect(isRewritten).toBe(false);
  expect(seen.contender?.tables).toEqual([odd]);
  expect(statementOf(seen, 1).notMeasured).toEqual([]);
});

describe('a user who may not do everything', () => {
  beforeAll(() =>
    postgres.asOwner(`
      create role migrator login password '${password}';
      grant usage, create on schema public to migrator;
      create table own (id integer);
      alter table own owner to migrator;
      revoke execute on function pg_current_wal_insert_lsn() from public`),
  );

  test('what cannot be measured is said, with the words of the server, and the rest is measured', async () => {
    const tables = ['public.own', 'public.accounts'];
    const change = [{ sql: 'alter table own add note text', tables }];
    const seen = await rehearse(postgres, change, { user: 'migrator', contenderSeconds: 0.2 });
    const statement = statementOf(seen, 1);
    expect(statement).toMatchObject({ error: null, logBytes: null });
    expect(tableOf(statement, 'public.own').blockedRead.longestMs).toBeGreaterThan(100);
    expect(seen.contender?.tables).toEqual(['public.own']);
    const denied = 'permission denied for';
    expect(statement.notMeasured.toSorted()).toEqual([
      expect.stringMatching(`^blocked reads of public.accounts were not measured to the end: .*${denied}`),
      expect.stringMatching(`^blocked writes of public.accounts were not measured to the end: .*${denied}`),
      expect.stringMatching(`^blocked writes of single rows of public.accounts .*${denied}`),
      expect.stringMatching(`^bytes of log are not known: .*${denied}`),
    ]);
  });

  test('nobody who may sign in: DatabaseDenied, and no session is left', async () => {
    await expect(rehearse(postgres, [], { user: 'nobody' })).rejects.toThrow(
      expect.objectContaining({ name: 'DatabaseDenied' }),
    );
    expect(await sessionsOf(postgres)).toEqual([]);
  });
});
