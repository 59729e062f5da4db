import type mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectAsOwner } from '../../../../local/sources/mysql.ts';
import {
  beginQuestionSql,
  type MysqlSession,
  openMysqlSession,
  openSnapshotSql,
} from '../../../../shared/database/mysql/session.ts';
import type { DigestRequest } from '../../../../shared/database/port.ts';
import { describeMariadb, type TestMariadb, testPassword } from './fixture.ts';

/** A source has a binary log, and with it MariaDB keeps more locks. */
const settings = ['--log-bin=binlog', '--binlog-format=ROW', '--server-id=1'];

const counting: DigestRequest = {
  content: 'rows',
  ranges: { kind: 'bounds', bounds: [] },
  fine: [],
  resolution: 1,
  only: null,
};

let server: TestMariadb;
const opened: MysqlSession[] = [];
const connections: mysql.Connection[] = [];

const connect = async (): Promise<mysql.Connection> => {
  const connection = await connectAsOwner(server.address.port, 'shop', testPassword);
  connections.push(connection);
  return connection;
};

const openSession = async (): Promise<MysqlSession> => {
  const session = await openMysqlSession(
    { ...server.address, ip: server.address.host },
    async () => ({ password: testPassword, ssl: false }),
    () => 60_000,
  );
  opened.push(session);
  await session.query('begin', openSnapshotSql);
  await session.query('begin', beginQuestionSql);
  return session;
};

/** Renames tables, and resolves once the server waits for a lock in the midst of it. */
const beginRenaming = async (sql: string): Promise<{ ends: Promise<unknown> }> => {
  const ends = (await connect()).query(sql);
  const waiting = `select count(*) as found from information_schema.processlist where state like '%metadata lock%'`;
  await vi.waitFor(async () => expect(Number((await server.run(waiting))[0]?.found)).toBeGreaterThan(0));
  return { ends };
};

describeMariadb('MariaDB with a binary log', (start) => {
  beforeAll(async () => {
    server = await start(settings);
    await server.run(
      ['a_locked', 'b_locked', 'looked_at', 'quiet', 'first', 'second']
        .map((name) => `create table ${name} (id int primary key, v int); insert into ${name} values (1, 1);`)
        .join(' '),
    );
    await server.run('create view seen as select * from a_locked');
  });
  afterAll(async () => {
    await Promise.all([...opened.map((one) => one.close()), ...connections.map((one) => one.end())]);
  });

  test('a table that was read can be altered while the snapshot is open', async () => {
    const reader = await server.open({ sessions: 1 });
    const table = (await reader.listTables()).find((one) => one.table === 'looked_at');
    if (table === undefined) throw new Error('it is not listed');
    await reader.readDigest(table, counting);
    await server.run(
      'set lock_wait_timeout = 2; alter table looked_at add column more int, algorithm = copy',
    );
  });

  test('a deadlock with DDL ends the transaction: DatabaseBusy, and the session has no snapshot', async () => {
    const session = await openSession();
    let renaming: { ends: Promise<unknown> } | undefined;
    const asked = session.ask('read both', async () => {
      await session.query('read', 'select * from second');
      renaming = await beginRenaming('rename table first to third, second to fourth');
      return session.query('read', 'select * from first');
    });
    await expect(asked).rejects.toMatchObject({
      name: 'DatabaseBusy',
      summary: expect.stringContaining('1213'),
    });
    expect(session.hasSnapshot()).toBe(false);
    await renaming?.ends;
  });

  test('the connection breaks in the middle of rows: an error by name, not an endless wait', {
    timeout: 15_000,
  }, async () => {
    const session = await openSession();
    const [row] = await session.queryRows('ask', 'select connection_id()');
    let taken = 0;
    const asked = session.ask('read on', () =>
      session.streamRows('read rows', "select repeat('x', 60000) from seq_1_to_10000", async () => {
        taken += 1;
        if (taken === 1) await server.run(`kill ${row?.[0]}`);
      }),
    );
    await expect(asked).rejects.toMatchObject({
      name: 'DatabaseBusy',
      summary: expect.stringContaining('read rows'),
    });
    expect(taken).toBeLessThan(10_000);
    expect(session.hasSnapshot()).toBe(false);
  });

  describe('tables that are held exclusively', () => {
    let ends: Promise<unknown>;
    let holder: mysql.Connection;
    beforeAll(async () => {
      holder = await connect();
      await holder.query('start transaction; select * from quiet');
      // Holds the first two, and waits for the third.
      ({ ends } = await beginRenaming(
        'rename table a_locked to a_moved, b_locked to b_moved, quiet to quiet_moved',
      ));
    });
    afterAll(async () => {
      await holder.query('rollback');
      await ends;
    });

    test('they are listed without columns, with another version at each look, and cannot be read; others are whole', async () => {
      const reader = await server.open({ sessions: 1 });
      const look = async () => (await reader.listTables()).filter(({ table }) => /locked|quiet/.test(table));
      const [tables, again] = [await look(), await look()];
      expect(tables.map(({ table, columns }) => [table, columns.length])).toEqual([
        ['a_locked', 0],
        ['b_locked', 0],
        ['quiet', 2],
      ]);
      const changed = tables.filter(({ version }, index) => version !== again[index]?.version);
      expect(changed.map(({ table }) => table)).toEqual(expect.arrayContaining(['a_locked', 'b_locked']));
      const [locked] = tables;
      if (locked === undefined) throw new Error('none is listed');
      await expect(reader.readDigest(locked, counting)).rejects.toMatchObject({
        name: 'DatabaseBusy',
        summary: 'shop.a_locked was locked when the tables were listed',
      });
    });

    test('definitions and counters: DatabaseBusy instead of an answer that lacks them', async () => {
      const reader = await server.open({ sessions: 1 });
      await expect(reader.listDefinitions()).rejects.toMatchObject({ name: 'DatabaseBusy' });
      await expect(reader.listLateCounters()).rejects.toMatchObject({ name: 'DatabaseBusy' });
    });
  });

  test('a table was just made: another version at each look, and the same once it is older than a second', async () => {
    await server.run('create table made (id int primary key)');
    const reader = await server.open({ sessions: 1 });
    const look = async () => (await reader.listTables()).find(({ table }) => table === 'made')?.version;
    expect(await look()).not.toBe(await look());
    await expect.poll(look, { timeout: 5000 }).toMatch(/^[\d-]+ [\d:]+$/);
  });
});
