import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { mysqlProbing } from '../../../../shared/probing/mysql/server.ts';
import { describeMariadb, type TestMariadb, testPassword } from '../../database/mysql/fixture.ts';
import { statementOf, tableOf } from '../postgres/fixture.ts';
import { rehearse, settings } from './fixture.ts';

const users = ['shop.users'];

/** What a busy machine adds to a wait. */
const expectAbout = (seen: number, ms: number): void => {
  expect(seen).toBeGreaterThan(ms * 0.8);
  expect(seen).toBeLessThan(ms * 1.2 + 100);
};

describeMariadb('a change of MariaDB, under probes', (start) => {
  let server: TestMariadb;

  beforeAll(async () => {
    server = await start(settings);
    await server.run(`
      create table users (id int primary key, name varchar(50) not null, visits int);
      insert into users select seq, concat('user ', seq), seq from seq_1_to_20000;
      create table quiet (id int primary key)`);
  });

  const columnsOf = async (table: string): Promise<string[]> =>
    (await server.run(`show columns from ${table}`)).map(({ Field }) => Field);
  /** What sessions are left of a rehearsal, beside the one that asks. */
  const sessionsOf = async (): Promise<unknown[]> =>
    server.run(
      `select id, info from information_schema.processlist where user = 'root' and id <> connection_id()`,
    );

  test('a lock that keeps everybody out for 40 ms: seen, with its name', async () => {
    const seen = await rehearse(server, [
      { sql: 'lock tables users write', tables: users },
      { sql: 'do sleep(0.04)', tables: users },
      { sql: 'unlock tables', tables: users },
    ]);
    const waits = seen.statements.map((one) => tableOf(one, 'shop.users').blockedRead.longestMs);
    expect(Math.max(...waits)).toBeGreaterThan(20);
    const locks = seen.statements.flatMap((one) => one.locks);
    expect(locks.map(({ relation, mode }) => `${mode} of ${relation}`)).toContain('EXCLUSIVE of shop.users');
  });

  describe('behind a transaction of 2 s that has read the table', () => {
    const contenderSeconds = 2;

    test('a column that is there at once: everybody waits for 2 s, nearly all of it in the queue', async () => {
      const change = [{ sql: 'alter table users add note text', tables: users }];
      const seen = await rehearse(server, change, { contenderSeconds });
      const statement = statementOf(seen, 1);
      const table = tableOf(statement, 'shop.users');
      expectAbout(table.blockedRead.longestMs, 2000);
      expectAbout(table.blockedWrite.longestMs, 2000);
      expectAbout(table.queuedMs, 2000);
      expectAbout(statement.lockWaitMs, 2000);
      expect(statement.algorithm).toEqual({ took: 'INSTANT', wouldTake: 'INSTANT' });
      expect(seen.contender).toEqual({ seconds: 2, tables: users });
    });

    test('the same with a lock timeout of 1 s: they wait that long, and it is done at its second try', async () => {
      const change = [
        { sql: 'set lock_wait_timeout = 1' },
        { sql: 'alter table users add late text', tables: users },
      ];
      const seen = await rehearse(server, change, { contenderSeconds });
      const statement = statementOf(seen, 2);
      expectAbout(tableOf(statement, 'shop.users').blockedRead.longestMs, 1000);
      expect(statement).toMatchObject({ lockTimeouts: 1, error: null });
      expect(statement.toMs - statement.fromMs).toBeLessThan(700);
      expect(seen.isFinished).toBe(true);
      expect(await columnsOf('users')).toContain('late');
    });
  });

  test('a copy keeps writes out for as long as it takes, and reads hardly', async () => {
    const seen = await rehearse(server, [
      { sql: 'alter table users modify visits bigint, algorithm=copy', tables: users },
    ]);
    const statement = statementOf(seen, 1);
    const tookMs = statement.toMs - statement.fromMs;
    const { blockedRead, blockedWrite, isRewritten } = tableOf(statement, 'shop.users');
    expect(blockedWrite.longestMs).toBeGreaterThan(tookMs / 2);
    expect(blockedRead.longestMs).toBeLessThan(tookMs / 2);
    expect(isRewritten).toBe(true);
    expect(statement.locks).toContainEqual(
      expect.objectContaining({ relation: 'shop.users', mode: 'SHARED_NO_WRITE' }),
    );
    expect(statement.algorithm).toEqual({ took: 'COPY', wouldTake: 'COPY' });
    expect(statement.logBytes).toBeGreaterThan(100_000);
  });

  test('a copy that the script asks for, though it could be had at once: both are told', async () => {
    const change = [{ sql: 'alter table users add needless int, algorithm = copy', tables: users }];
    const seen = statementOf(await rehearse(server, change), 1);
    expect(seen.algorithm).toEqual({ took: 'COPY', wouldTake: 'INSTANT' });
  });

  test('rows that are changed keep writers of the same rows out until the commit, and readers never', async () => {
    const seen = await rehearse(server, [
      { sql: 'begin' },
      { sql: 'update users set visits = visits + 1', tables: users },
      { sql: 'do sleep(0.3)', tables: users },
      { sql: 'commit' },
    ]);
    const { blockedRead, blockedWrite } = tableOf(statementOf(seen, 2), 'shop.users');
    expect(blockedWrite.longestMs).toBeGreaterThan(250);
    expect(blockedRead.longestMs).toBe(0);
    expect(statementOf(seen, 2).locks).toMatchObject([{ relation: 'shop.users', mode: 'SHARED_WRITE' }]);
  });

  test('an error in a transaction: rolled back, and what was done before it stays', async () => {
    const seen = await rehearse(server, [
      { sql: 'insert into quiet values (1)', tables: ['shop.quiet'] },
      { sql: 'begin' },
      { sql: 'insert into quiet values (2)', tables: ['shop.quiet'] },
      { sql: 'insert into quiet values (1)', tables: ['shop.quiet'] },
      { sql: 'commit' },
    ]);
    expect(statementOf(seen, 4).error).toEqual({
      message: "Duplicate entry '1' for key 'PRIMARY'",
      code: '1062',
      doneBefore: 'statement 1 stays done; what statements 2 to 3 did, in its transaction, was rolled back',
    });
    expect(seen.statements.length).toBe(4);
    expect(await server.run('select id from quiet')).toEqual([{ id: 1 }]);
  });

  test('a definition that fails in a transaction: what came before it was committed by it', async () => {
    const seen = await rehearse(server, [
      { sql: 'begin' },
      { sql: 'insert into quiet values (3)', tables: ['shop.quiet'] },
      { sql: 'alter table users add name text', tables: users },
      { sql: 'commit' },
    ]);
    expect(statementOf(seen, 3).error).toMatchObject({
      code: '1060',
      doneBefore: 'what statements 1 to 2 did stays done',
    });
    expect(await server.run('select id from quiet where id = 3')).toEqual([{ id: 3 }]);
  });

  describe('the time is up', () => {
    test('the statement is cancelled, what follows is not run, and no session is left', async () => {
      const change = [
        { sql: 'select sleep(60)', tables: users },
        { sql: 'drop table users', tables: users },
      ];
      const seen = await rehearse(server, change, { deadlineMs: 2000, contenderSeconds: 60 });
      expect(seen.isFinished).toBe(false);
      expect(seen.statements.length).toBe(1);
      expectAbout(statementOf(seen, 1).toMs, 2000);
      await vi.waitFor(async () => expect(await sessionsOf()).toEqual([]));
    });

    test('a definition is cancelled too, and the table is as it was', async () => {
      const other = [{ sql: 'alter table users add never text', tables: users }];
      const seen = await rehearse(server, other, { deadlineMs: 1500, contenderSeconds: 60 });
      expect(seen.statements).toMatchObject([{ isCancelled: true, error: null }]);
      expect(await columnsOf('users')).not.toContain('never');
    });
  });

  test('a session that somebody ends: told, and no further statement', async () => {
    const running = rehearse(server, [
      { sql: 'select sleep(60)', tables: users },
      { sql: 'drop table users', tables: users },
    ]);
    while ((await endSleepers()) === 0) await sleep(20);
    const seen = await running;
    expect(seen.isFinished).toBe(false);
    expect(seen.statements).toMatchObject([{ logBytes: null }]);
    expect(statementOf(seen, 1).notMeasured.join()).toContain('what it left could not be seen');
  });

  const endSleepers = async (): Promise<number> => {
    const found = await server.run(
      `select id from information_schema.processlist where info = 'select sleep(60)' and id <> connection_id()`,
    );
    for (const { id } of found) await server.run(`kill ${id}`);
    return found.length;
  };

  test('triggers: no probe fires one', async () => {
    await server.run(`
      create table fired (id int);
      create trigger users_gone before delete on users for each row insert into fired values (1);
      create trigger users_changed before update on users for each row insert into fired values (2)`);
    await rehearse(server, [{ sql: 'do sleep(0.3)', tables: users }]);
    expect(await server.run('select * from fired')).toEqual([]);
    await server.run('drop trigger users_gone; drop trigger users_changed');
  });

  test('a probe that somebody else keeps waiting: ended all the same, and none of its sessions stays', async () => {
    const probing = mysqlProbing(async () => ({ password: testPassword, ssl: false }));
    const probed = await probing.open({ ...server.address, user: 'root', ip: server.address.host });
    const probe = await probed.openProbe('shop.users', 'read');
    await server.run('lock tables users write');
    try {
      const attempt = probe?.attempt();
      const ended = expect(attempt).rejects.toThrow();
      await probe?.close();
      await ended;
      await probed.close();
    } finally {
      await server.run('unlock tables');
    }
    await vi.waitFor(async () => expect(await sessionsOf()).toEqual([]));
  });
});
