import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectAsOwner } from '../../local/source.ts';
import type { DatabaseAddress, Session } from '../../shared/database.ts';
import { postgresDatabase } from '../../shared/database-postgres.ts';
import { formatTableName } from '../../shared/tables.ts';
import { startTestWorld, type TestWorld } from '../local/world.ts';

const load = async (client: pg.Client): Promise<void> => {
  await client.query(`
    create table plain (id integer not null, note varchar(10), amount numeric(10, 2));
    insert into plain select n from generate_series(1, 7) n;
    create table "Mixed Case" ("Id" integer);
    insert into "Mixed Case" values (1), (2);
    create schema "odd ""schema.";
    create table "odd ""schema."."a.b""c'd; drop" (x integer);
    insert into "odd ""schema."."a.b""c'd; drop" values (1);
    create table parts (id integer) partition by range (id);
    create table parts_low partition of parts for values from (0) to (10);
    create table parts_high partition of parts for values from (10) to (20);
    insert into parts select n from generate_series(0, 19) n;
    create table parent (id integer);
    create table child () inherits (parent);
    insert into parent values (1);
    insert into child values (2), (3);
    create table no_columns ();
    create view seen as select * from plain;
    create materialized view kept as select * from plain;
    create unlogged table quick (id integer);
    create foreign data wrapper nowhere;
    create server elsewhere foreign data wrapper nowhere;
    create foreign table afar (id integer) server elsewhere;
    create table secret (id integer);
    insert into secret values (1), (2);
    create role limited login password 'only-for-this-test';
    grant select on secret to limited;
    alter table secret enable row level security;
    create policy few on secret using (id = 1);`);
};

let world: TestWorld;
let address: DatabaseAddress;
let session: Session;

beforeAll(async () => {
  world = await startTestWorld({ load });
  address = { host: '127.0.0.1', port: world.source.port, database: 'shop', user: 'drill_reader' };
  session = await world.database.open(address);
  await session.openSnapshot({ atWholeSecond: false });
});
afterAll(async () => {
  await session?.close();
  await world?.keeper.close();
});

const asOwner = async (sql: string): Promise<void> => {
  const client = await connectAsOwner(world.source.port, 'shop', world.password);
  await client.query(sql);
  await client.end();
};

test('tables: every user table once; no views, foreign or unlogged tables, no single partitions', async () => {
  const names = (await session.listTables()).map(formatTableName);
  expect(names).toEqual([
    '"odd ""schema."."a.b""c\'d; drop"',
    'public.Mixed Case',
    'public.child',
    'public.no_columns',
    'public.parent',
    'public.parts',
    'public.plain',
    'public.secret',
  ]);
});

test('columns: name, type and not null, in their order', async () => {
  const tables = new Map((await session.listTables()).map((table) => [table.table, table.columns]));
  expect(tables.get('plain')).toEqual([
    'id integer not null',
    'note character varying(10)',
    'amount numeric(10,2)',
  ]);
  expect(tables.get('Mixed Case')).toEqual(['"Id" integer']);
  expect(tables.get('no_columns')).toEqual([]);
});

test('rows: exact for any name; partitions count once, inherited rows only in the child', async () => {
  const counts: Record<string, number> = {};
  for (const table of await session.listTables()) counts[table.table] = await session.countRows(table);
  expect(counts).toEqual({
    'a.b"c\'d; drop': 1,
    'Mixed Case': 2,
    child: 2,
    no_columns: 0,
    parent: 1,
    parts: 20,
    plain: 7,
    secret: 2,
  });
});

test('rows written after the snapshot: not seen', async () => {
  const plain = (await session.listTables()).find(({ table }) => table === 'plain');
  await asOwner('insert into plain values (8)');
  expect(plain && (await session.countRows(plain))).toBe(7);
  await asOwner('delete from plain where id = 8');
});

test('snapshots at a whole second: by the server clock, and all of them soon after it', async () => {
  const before = Date.now();
  const snapshots = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const own = await world.database.open(address);
      const snapshot = await own.openSnapshot({ atWholeSecond: true });
      await own.close();
      return snapshot;
    }),
  );
  for (const { second, delayMs } of snapshots) {
    expect(Date.parse(second)).toBeGreaterThan(before);
    expect(Date.parse(second) + delayMs).toBeLessThanOrEqual(Date.now());
    // Without the wait each delay would lie anywhere below 1,000.
    expect(delayMs).toBeLessThan(600);
  }
});

describe('errors', () => {
  test('nobody listens: DatabaseUnreachable, with the address', async () => {
    await expect(world.database.open({ ...address, port: 1 })).rejects.toMatchObject({
      name: 'DatabaseUnreachable',
      message: expect.stringContaining('shop on 127.0.0.1:1 as drill_reader'),
    });
  });

  test('wrong password: DatabaseDenied', async () => {
    const database = postgresDatabase(async () => ({ password: 'wrong', ssl: false }));
    await expect(database.open(address)).rejects.toMatchObject({ name: 'DatabaseDenied' });
  });

  test('no such database: DatabaseFailure that says where to correct it', async () => {
    await expect(world.database.open({ ...address, database: 'nope' })).rejects.toMatchObject({
      name: 'DatabaseFailure',
      hint: expect.stringContaining('database.name'),
    });
  });

  test('no privilege on a table: DatabaseDenied that names the table', async () => {
    await asOwner(`create role newcomer login password '${world.password}'`);
    const own = await world.database.open({ ...address, user: 'newcomer' });
    await own.openSnapshot({ atWholeSecond: false });
    const plain = (await own.listTables()).find(({ table }) => table === 'plain');
    const counted = plain && own.countRows(plain);
    await expect(counted).rejects.toMatchObject({
      name: 'DatabaseDenied',
      message: expect.stringContaining('public.plain'),
    });
    await own.close();
  });

  test('a row security policy hides rows: an error, not a smaller count', async () => {
    const own = await world.database.open({ ...address, user: 'limited' });
    await own.openSnapshot({ atWholeSecond: false });
    const secret = (await own.listTables()).find(({ table }) => table === 'secret');
    await expect(secret && own.countRows(secret)).rejects.toMatchObject({ name: 'DatabaseDenied' });
    await own.close();
  });

  test('a table is locked: DatabaseBusy, which is retried', async () => {
    // Made after the other session's snapshot, which holds a lock on all that it counted.
    await asOwner('create table locked (id integer)');
    const holder = await connectAsOwner(world.source.port, 'shop', world.password);
    await holder.query('begin; lock table locked in access exclusive mode');
    const own = await world.database.open(address);
    await own.openSnapshot({ atWholeSecond: false });
    const locked = (await own.listTables()).find(({ table }) => table === 'locked');
    await expect(locked && own.countRows(locked)).rejects.toMatchObject({ name: 'DatabaseBusy' });
    await holder.end();
    await own.close();
  });

  test('server goes away in the middle: DatabaseUnreachable', async () => {
    const own = await world.database.open(address);
    await own.openSnapshot({ atWholeSecond: false });
    await asOwner(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'aurora-drills' and xact_start is not null
         and pid = (select max(pid) from pg_stat_activity where application_name = 'aurora-drills')`,
    );
    await expect(own.listTables()).rejects.toMatchObject({ name: 'DatabaseUnreachable' });
    await own.close();
  });
});
