import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Reader } from '../../../../shared/database/port.ts';
import { type PostgresFixture, startPostgres, tableOf, withReader } from './fixture.ts';

let postgres: PostgresFixture;
let reader: Reader;

beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.asOwner(`
    create table orders (id serial primary key, amount numeric(10, 2), paid timestamptz);
    insert into orders (amount, paid) values (10, '2026-11-16 09:00:00+01'), (null, null);
    create schema drill_reader;
    create table drill_reader.own (id integer);
    insert into drill_reader.own values (7);
    create table times (
      zoned timestamptz, plain timestamp, day date, "Odd ""one" timestamptz, words text, clock time, empty timestamptz);
    insert into times values
      ('2026-11-16 08:00:00.5+00', '2026-11-16 08:00:00.5', '2026-11-15', '2026-01-01 00:00+00', 'x', '08:00'),
      ('2026-11-16 08:00:01+00', '2026-11-16 08:00:01', '2026-11-16', '2025-01-01 00:00+00', 'x', '09:00'),
      ('2026-11-17 00:00+00', '2026-11-17 00:00', '2026-11-17', null, 'x', '10:00'),
      ('infinity', 'infinity', 'infinity', null, 'x', '11:00'),
      (null, null, null, null, null, null);
    create domain moment as timestamptz;
    create table parts (id integer, at moment) partition by range (id);
    create table parts_low partition of parts for values from (0) to (10);
    create table parts_high partition of parts for values from (10) to (20);
    insert into parts values (1, '2026-11-01 00:00+00'), (11, '2026-11-02 00:00+00');
    create table parent (at timestamptz);
    create table child () inherits (parent);
    insert into parent values ('2026-11-01 00:00+00');
    insert into child values ('2026-11-02 00:00+00');
    grant all on all tables in schema public to drill_reader;
    grant all on all sequences in schema public to drill_reader`);
  reader = await postgres.openReader();
  await reader.listTables();
});
afterAll(async () => {
  await reader?.close();
  await postgres?.close();
});

describe('query of a plan', () => {
  test('answers: every value as text in UTC, NULL as null, in the order of the query', async () => {
    const answer = await reader.runQuery('select id, amount, paid, amount > 5 from orders order by id');
    expect(answer).toEqual([
      ['1', '10.00', '2026-11-16 08:00:00+00', 't'],
      ['2', null, null, null],
    ]);
  });

  test.each([
    ['WITH', 'with ones as (select 1 as one) select one from ones', [['1']]],
    [
      'VALUES',
      'values (1, 2), (3, 4)',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['TABLE', 'table own', [['7']]],
    ['two columns of one name', 'select 1 as a, 2 as a', [['1', '2']]],
    ['no rows', 'select 1 where false', []],
    ['no columns', 'select from orders', [[], []]],
    ['a semicolon in a text', `select ';'`, [[';']]],
  ])('%s: answered', async (_, sql, answer) => {
    expect(await reader.runQuery(sql)).toEqual(answer);
  });

  test('names without a schema: found in public and in the schema of the user', async () => {
    expect(await reader.runQuery('select count(*) from orders, own')).toEqual([['2']]);
  });

  test('search_path: empty again after a query, and after one that fails', async () => {
    const before = await reader.listTables();
    await reader.runQuery('select 1');
    expect(await reader.listTables()).toEqual(before);
    await expect(reader.runQuery('select 1 / 0')).rejects.toMatchObject({ name: 'DatabaseFailure' });
    expect(await reader.listTables()).toEqual(before);
    // With public in the path, the type would have no schema.
    expect(before.flatMap(({ columns }) => columns)).toContain('at public.moment');
  });

  test('100 rows: answered; 101: InvalidPlan that says so', async () => {
    const first = await reader.runQuery('select generate_series(1, 100)');
    expect(first).toHaveLength(100);
    await expect(reader.runQuery('select generate_series(1, 101)')).rejects.toMatchObject({
      name: 'InvalidPlan',
      message: expect.stringContaining('more than 100 rows'),
    });
    expect(await reader.runQuery('select 1')).toEqual([['1']]);
  });

  test('endless rows: InvalidPlan at once, since no more are fetched', async () => {
    const endless = 'with recursive n as (select 1 as i union all select i + 1 from n) select i from n';
    await expect(reader.runQuery(endless)).rejects.toMatchObject({ name: 'InvalidPlan' });
  });

  test('a table that is not there: InvalidPlan, not an error that a retry may cure', async () => {
    await expect(reader.runQuery('select * from nowhere')).rejects.toMatchObject({
      name: 'InvalidPlan',
      message: expect.stringContaining('nowhere'),
    });
  });

  test.each([
    ['two statements', 'select 1; delete from orders', '42601'],
    ['the end of the transaction in between', 'select 1; commit; delete from orders', '42601'],
    ['a statement that writes', 'delete from orders returning id', '42601'],
  ])('%s: InvalidPlan, no SQL to the server, and nothing is written', async (_, sql, state) => {
    await expect(reader.runQuery(sql)).rejects.toMatchObject({
      name: 'InvalidPlan',
      message: expect.stringContaining(`SQLSTATE ${state}`),
    });
    expect(await postgres.asOwner('select count(*)::int from orders')).toEqual([{ count: 2 }]);
    expect(await reader.runQuery('select count(*) from orders')).toEqual([['2']]);
  });

  // If let through, each would write, or end the read-only transaction.
  test.each([
    ['a WITH that writes', 'with gone as (delete from orders returning id) select * from gone', '0A000'],
    ['a function that writes', `select nextval('orders_id_seq')`, '25006'],
    ['a lock on rows', 'select * from orders for update', '25006'],
    ['the way back to writing', `select set_config('transaction_read_only', 'off', false)`, '25001'],
    ['a large object', 'select lo_create(4711)', '25006'],
  ])('%s: DatabaseFailure, refused by the server, and nothing is written', async (_, sql, state) => {
    await expect(reader.runQuery(sql)).rejects.toMatchObject({
      name: 'DatabaseFailure',
      message: expect.stringContaining(`SQLSTATE ${state}`),
    });
    expect(await postgres.asOwner('select count(*)::int from orders')).toEqual([{ count: 2 }]);
    expect(await reader.runQuery('select count(*) from orders')).toEqual([['2']]);
  });
});

describe('newest time', () => {
  const instant = { utc: '2026-11-16T08:00:01Z', wallClock: '2026-11-16 08:00:00' };
  const readNewest = async (column: string, table = 'public.times') =>
    reader.readNewest(await tableOf(reader, table), column, instant);

  test('timestamptz: in UTC, up to the instant and with it', async () => {
    expect(await readNewest('zoned')).toEqual({ text: '2026-11-16 08:00:01+00', isZoned: true });
  });

  test('timestamp: up to what the clock on the wall showed then', async () => {
    const moment = { ...instant, wallClock: '2026-11-16 08:00:00.5' };
    const newest = await reader.readNewest(await tableOf(reader, 'public.times'), 'plain', moment);
    expect(newest).toEqual({ text: '2026-11-16 08:00:00.5', isZoned: false });
    expect(await readNewest('plain')).toBeNull();
  });

  test('date: its midnight, up to the day of the clock on the wall', async () => {
    expect(await readNewest('day')).toEqual({ text: '2026-11-16 00:00:00', isZoned: false });
  });

  test('a column of any name: read', async () => {
    expect(await readNewest('Odd "one')).toEqual({ text: '2026-01-01 00:00:00+00', isZoned: true });
  });

  test('a partitioned table and a domain: the newest of all partitions', async () => {
    expect(await readNewest('at', 'public.parts')).toEqual({ text: '2026-11-02 00:00:00+00', isZoned: true });
  });

  test('a table that others inherit from: its own rows only', async () => {
    expect(await readNewest('at', 'public.parent')).toEqual({
      text: '2026-11-01 00:00:00+00',
      isZoned: true,
    });
  });

  test('only NULL, or only times after the instant: null', async () => {
    expect(await readNewest('empty')).toBeNull();
    const early = { utc: '2020-01-01T00:00:00Z', wallClock: '2020-01-01 00:00:00' };
    expect(await reader.readNewest(await tableOf(reader, 'public.times'), 'zoned', early)).toBeNull();
  });

  test.each([
    ['a column that is not there', 'nope', 'there is no such column'],
    ['a column in another case', 'Zoned', 'there is no such column'],
    ['text', 'words', 'no date and no timestamp'],
    ['a time of day', 'clock', 'no date and no timestamp'],
  ])('%s: ColumnNotFound that names it', async (_, column, seen) => {
    await expect(readNewest(column)).rejects.toMatchObject({
      name: 'ColumnNotFound',
      message: expect.stringMatching(`public.times: ${column}: .*${seen}`),
    });
  });
});

test('an index on the column: the newest time is found without reading the table', async () => {
  await postgres.asOwner(`create table long (at timestamptz);
    insert into long select 'epoch'::timestamptz + n * interval '1 minute' from generate_series(1, 100000) n;
    create index on long (at)`);
  await postgres.asOwner('vacuum analyze long');
  const scanned = async () => {
    await postgres.asOwner('select pg_stat_force_next_flush()');
    const [row] = await postgres.asOwner<{ reads: string }>(
      `select seq_tup_read as reads from pg_stat_user_tables where relname = 'long'`,
    );
    return Number(row?.reads);
  };
  const before = await scanned();
  await withReader(postgres.openReader(), async (own) => {
    const moment = { utc: '2030-01-01T00:00:00Z', wallClock: '2030-01-01 00:00:00' };
    expect(await own.readNewest(await tableOf(own, 'public.long'), 'at', moment)).not.toBeNull();
  });
  expect(await scanned()).toBe(before);
});
