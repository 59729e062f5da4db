import { beforeAll, describe, expect, test } from 'vitest';
import { mysqlDatabase } from '../../../../shared/database/mysql/reader.ts';
import type { Bucket, DigestRequest, Reader } from '../../../../shared/database/port.ts';
import type { Table } from '../../../../shared/database/tables.ts';
import { describeMariadb, type TestMariadb, testDatabase } from './fixture.ts';

let server: TestMariadb;

const whole: DigestRequest = {
  content: 'values',
  ranges: { kind: 'bounds', bounds: [] },
  fine: [],
  resolution: 1,
  only: null,
};

const findTable = async (reader: Reader, name: string): Promise<Table> => {
  const found = (await reader.listTables()).find(({ table }) => table === name);
  if (found === undefined) throw new Error(`${name} is not listed`);
  return found;
};

const countRows = (buckets: Bucket[]): number => buckets.reduce((sum, { rows }) => sum + rows, 0);

/** Slow even without load on the machine. */
const endless = 'select count(*) from seq_1_to_1000000000 a where sqrt(a.seq) < 0';

describeMariadb('MariaDB', (start) => {
  beforeAll(async () => {
    server = await start();
    await server.run(`
      create table orders (id int primary key auto_increment, item varchar(20) not null, paid_at timestamp(6) null,
                           shipped_at datetime(3), day date, index (paid_at));
      insert into orders (item) select concat('item ', seq) from seq_1_to_100;
      create table dates (id int primary key, shipped_at datetime(3), paid_at timestamp(6) null, day date);
      insert into dates values
        (1, '2026-03-01 10:00:00.500', '2026-03-01 10:00:00.250', '2026-03-01'),
        (2, '2026-03-01 12:00:00', '2026-03-01 12:00:00', '2026-03-02'),
        (3, '9999-12-31 23:59:59', '2037-01-01 00:00:00', '9999-12-31'),
        (4, null, null, null);
      set sql_mode = '';
      create table zero (id int primary key, day datetime);
      insert into zero values (1, '0000-00-00');
      -- A foreign key moves values on without the counter.
      create table parent (id int primary key);
      create table late (id int primary key auto_increment, foreign key (id) references parent (id) on update cascade);
      insert into parent values (1), (2);
      insert into late values (1), (2);
      update parent set id = 40 where id = 2;
      create table sold_out (id tinyint primary key auto_increment);
      insert into sold_out values (127);`);
  });

  describe('sessions', () => {
    test('wrong password: DatabaseDenied that names what was asked, where, and the error', async () => {
      const wrong = mysqlDatabase(async () => ({ password: 'wrong', ssl: false }));
      await expect(
        wrong.open(server.address, { sessions: 1, remainingMs: () => 1000 }),
      ).rejects.toMatchObject({
        name: 'DatabaseDenied',
        summary: expect.stringMatching(
          /^connect to database shop on 127\.0\.0\.1:\d+ as drill_reader: Access denied .* \(error 1045, SQLSTATE 28000\)$/,
        ),
      });
    });

    test('database that is not there: DatabaseFailure with a hint at the plan', async () => {
      const address = { ...server.address, database: 'nowhere' };
      await expect(
        testDatabase.open(address, { sessions: 1, remainingMs: () => 1000 }),
      ).rejects.toMatchObject({
        name: 'DatabaseFailure',
        hint: expect.stringContaining('database.name'),
      });
    });

    test('nobody listens: DatabaseUnreachable', async () => {
      const address = { ...server.address, port: 1 };
      await expect(
        testDatabase.open(address, { sessions: 2, remainingMs: () => 1000 }),
      ).rejects.toMatchObject({
        name: 'DatabaseUnreachable',
      });
    });

    test('TLS asked of a server without it: refused, the password is not sent', async () => {
      const secure = mysqlDatabase(async () => ({ password: 'x', ssl: { rejectUnauthorized: true } }));
      await expect(
        secure.open(server.address, { sessions: 1, remainingMs: () => 1000 }),
      ).rejects.toMatchObject({
        name: 'DatabaseUnreachable',
        summary: expect.stringContaining('secure connection'),
      });
    });

    test('killed between two questions: the next one is DatabaseBusy, and so is every other until a new snapshot', async () => {
      const reader = await server.open({ sessions: 1 });
      const [row] = await reader.runQuery('select connection_id()');
      await server.run(`kill ${row?.[0]}`);
      await expect(reader.runQuery('select 1')).rejects.toMatchObject({ name: 'DatabaseBusy' });
      await expect(reader.runQuery('select 1')).rejects.toMatchObject({
        name: 'DatabaseBusy',
        summary: 'none of 1 session is left in the snapshot',
      });
      await reader.openSnapshot(0);
      expect(await reader.runQuery('select 1')).toEqual([['1']]);
      await reader.close();
    });

    test('one of two sessions is killed: one question fails, the others are asked of the other session', async () => {
      const reader = await server.open({ sessions: 2 });
      const [row] = await reader.runQuery('select connection_id()');
      await server.run(`kill ${row?.[0]}`);
      const ask = () => reader.runQuery('select 1').catch(({ name }) => name);
      const answers = await Promise.all(Array.from({ length: 6 }, ask));
      expect(answers.filter((answer) => answer === 'DatabaseBusy')).toHaveLength(1);
      expect(answers.filter((answer) => Array.isArray(answer))).toHaveLength(5);
    });

    test('open sessions say who they are and that they are read-only, and are gone once closed', async () => {
      const reader = await testDatabase.open(server.address, { sessions: 3, remainingMs: () => 1000 });
      await reader.openSnapshot(0);
      const sessions = `select count(*) as found from information_schema.processlist where user = 'drill_reader'`;
      const before = await server.run(sessions);
      const settings = await reader.runQuery(
        'select @@tx_isolation, @@tx_read_only, @@time_zone, @@lock_wait_timeout',
      );
      expect(settings).toEqual([['REPEATABLE-READ', '1', '+00:00', '5']]);
      await reader.close();
      await expect
        .poll(async () => Number((await server.run(sessions))[0]?.found))
        .toBe(Number(before[0]?.found) - 3);
    });

    test('whoever reads keys stops early: the session is as fit as before', async () => {
      const reader = await server.open({ sessions: 1 });
      const table = await findTable(reader, 'orders');
      const request = { ...whole, content: 'values' as const, range: 0, buckets: null, packs: 64 };
      for await (const _ of reader.readRows(table, request)) break;
      await expect(reader.runQuery('select nothing from orders')).rejects.toMatchObject({
        name: 'InvalidPlan',
      });
    });
  });

  describe('time', () => {
    test('no time left: OutOfTime before the server is asked', async () => {
      let left = 60_000;
      const reader = await server.open({ remainingMs: () => left });
      left = 0;
      await expect(reader.runQuery('select 1')).rejects.toMatchObject({ name: 'OutOfTime' });
      await expect(reader.listTables()).rejects.toMatchObject({ name: 'OutOfTime' });
    });

    test('a statement runs longer than what is left: OutOfTime, and the session and its snapshot live on', async () => {
      let left = 60_000;
      const reader = await server.open({ sessions: 1, remainingMs: () => left });
      const count = 'select count(*) from orders';
      const before = await reader.runQuery(count);
      left = 100;
      await expect(reader.runQuery(endless)).rejects.toMatchObject({ name: 'OutOfTime' });
      left = 60_000;
      await server.run(`insert into orders (item) values ('later')`);
      expect(await reader.runQuery(count)).toEqual(before);
    });

    test('snapshot asked for later: taken no sooner, and the clock told is that of the server', async () => {
      const reader = await server.open({ sessions: 3 });
      const wanted = (await reader.readClock()) + 300;
      const taken = await reader.openSnapshot(wanted);
      expect(taken).toBeGreaterThanOrEqual(wanted);
      expect(await reader.readClock()).toBeGreaterThanOrEqual(taken);
      expect(Math.abs(taken - Date.now())).toBeLessThan(5000);
    });

    test('MariaDB is no Aurora reader: no lag', async () => {
      expect(await (await server.open()).readLag()).toBe(0);
    });
  });

  describe('snapshots', () => {
    test('rows committed later are seen by no session, until the next snapshot', async () => {
      const reader = await server.open({ sessions: 2 });
      const table = await findTable(reader, 'orders');
      const read = () => Promise.all([1, 2, 3, 4].map(() => reader.readDigest(table, whole)));
      const [first, ...others] = await read();
      await server.run(
        `insert into orders (item) values ('new'); update orders set item = 'changed' where id = 7`,
      );
      for (const other of [...others, ...(await read())]) expect(other).toEqual(first);
      await reader.openSnapshot(0);
      const [next] = await read();
      expect(countRows(next ?? [])).toBe(countRows(first ?? []) + 1);
      expect(next?.[0]?.hash).not.toBe(first?.[0]?.hash);
    });

    test('a table that was read can be altered while the snapshot is open, and is DatabaseBusy after that', async () => {
      await server.run('create table altered (id int primary key); insert into altered values (1)');
      const reader = await server.open({ sessions: 1 });
      const table = await findTable(reader, 'altered');
      expect(countRows(await reader.readDigest(table, whole))).toBe(1);
      await server.run(
        'set lock_wait_timeout = 2; alter table altered add column more int, algorithm = copy',
      );
      await expect(reader.readDigest(table, whole)).rejects.toMatchObject({ name: 'DatabaseBusy' });
      await server.run('drop table altered');
      await expect(reader.readDigest(table, whole)).rejects.toMatchObject({ name: 'DatabaseBusy' });
    });

    test('a table that was never listed: DatabaseBusy', async () => {
      const reader = await server.open();
      const table = { ...(await findTable(reader, 'orders')), table: 'unheard_of' };
      await expect(reader.readDigest(table, whole)).rejects.toMatchObject({ name: 'DatabaseBusy' });
    });
  });

  describe('queries of a plan', () => {
    test('values as the database writes them; columns may share a name', async () => {
      const reader = await server.open();
      const sql = `select 1, 1, 12345678901234567890, 1.50, 1e20, x'00ff', null, 'é😀', date '2026-01-02', time '01:02:03.5',
                          cast('{"a": 1}' as char), b'101'`;
      expect(await reader.runQuery(sql)).toEqual([
        [
          '1',
          '1',
          '12345678901234567890',
          '1.50',
          '1e20',
          '00ff',
          null,
          'é😀',
          '2026-01-02',
          '01:02:03.5',
          '{"a": 1}',
          '05',
        ],
      ]);
    });

    test('100 rows are answered, 101 are refused, and later questions have no limit', async () => {
      const reader = await server.open({ sessions: 1 });
      expect(await reader.runQuery('select seq from seq_1_to_100')).toHaveLength(100);
      await expect(reader.runQuery('select seq from seq_1_to_101')).rejects.toMatchObject({
        name: 'InvalidPlan',
      });
      await expect(reader.runQuery('select seq from seq_1_to_500 limit 200')).rejects.toMatchObject({
        name: 'InvalidPlan',
      });
      const bounds = Array.from({ length: 99 }, (_, index) => String(index + 2));
      const orders = await findTable(reader, 'orders');
      const many = await reader.readDigest(orders, {
        ...whole,
        ranges: { kind: 'bounds', bounds: [...bounds, '101'] },
      });
      expect(many.length).toBeGreaterThanOrEqual(100);
    });

    test.each([
      ['a write', 'with a as (select 1) delete from orders', 'InvalidPlan'],
      ['two statements', 'select 1; select 2', 'InvalidPlan'],
      ['the end of the transaction', 'commit', 'InvalidPlan'],
      ['what the server runs of a comment', 'select 1 /*! into @x */', 'InvalidPlan'],
      ['a wrong column', 'select nothing from orders', 'InvalidPlan'],
      ['a wrong table', 'select 1 from nowhere', 'InvalidPlan'],
    ])('%s: refused as %s', async (_, sql, name) => {
      const reader = await server.open({ sessions: 1 });
      await expect(reader.runQuery(sql)).rejects.toMatchObject({ name });
    });

    test('the owner himself cannot write through a reader', async () => {
      const reader = await testDatabase.open(
        { ...server.address, user: 'root' },
        { sessions: 1, remainingMs: () => 9000 },
      );
      await server.run(`create or replace function shop.leave_trace() returns int modifies sql data
        begin insert into shop.orders (item) values ('trace'); return 1; end`);
      await expect(reader.runQuery('select leave_trace()')).rejects.toMatchObject({
        summary: expect.stringContaining('READ ONLY'),
      });
      await reader.openSnapshot(0);
      await expect(reader.runQuery('select leave_trace()')).rejects.toMatchObject({
        summary: expect.stringContaining('READ ONLY'),
      });
      await reader.close();
    });
  });

  describe('newest times', () => {
    const moment = { utc: '2026-03-01T11:00:00.000Z', wallClock: '2026-03-01 12:00:00' };

    test.each([
      ['paid_at', { text: '2026-03-01T10:00:00.250000Z', isZoned: true }],
      ['shipped_at', { text: '2026-03-01 12:00:00.000', isZoned: false }],
      ['day', { text: '2026-03-01 00:00:00', isZoned: false }],
      ['PAID_AT', { text: '2026-03-01T10:00:00.250000Z', isZoned: true }],
    ])('%s: the newest that is not after the instant, by its own kind of clock', async (column, newest) => {
      const reader = await server.open();
      expect(await reader.readNewest(await findTable(reader, 'dates'), column, moment)).toEqual(newest);
    });

    test('no time at all, or the day 0000-00-00: none', async () => {
      const reader = await server.open();
      expect(await reader.readNewest(await findTable(reader, 'orders'), 'paid_at', moment)).toBeNull();
      expect(await reader.readNewest(await findTable(reader, 'zero'), 'day', moment)).toBeNull();
    });

    test('a column that is missing, or no time: ColumnNotFound that says which', async () => {
      const reader = await server.open();
      const table = await findTable(reader, 'orders');
      await expect(reader.readNewest(table, 'nothing', moment)).rejects.toMatchObject({
        name: 'ColumnNotFound',
        summary: 'shop.orders: nothing: there is no such column',
      });
      await expect(reader.readNewest(table, 'item', moment)).rejects.toMatchObject({
        name: 'ColumnNotFound',
      });
    });
  });

  test('AUTO_INCREMENT whose next value its column has: told, and no other', async () => {
    const reader = await server.open();
    expect(await reader.listLateCounters()).toEqual([
      { name: 'shop.late.id', table: 'shop.late', next: '3', highest: '40' },
    ]);
  });

  test('every page of a table: NotSupported', async () => {
    const reader = await server.open();
    const table = await findTable(reader, 'orders');
    await expect(reader.checkIntegrity(table)).rejects.toMatchObject({ name: 'NotSupported' });
  });
});
