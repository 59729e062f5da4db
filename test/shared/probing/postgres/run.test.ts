import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresFixture, startPostgres } from '../../database/postgres/fixture.ts';
import { rehearse, sessionsOf, statementOf, tableOf } from './fixture.ts';

let postgres: PostgresFixture;

beforeAll(async () => {
  postgres = await startPostgres({ settings: { max_connections: '100' } });
  await postgres.asOwner(`
    create table users (id bigint generated always as identity primary key, name text not null, visits integer);
    insert into users (name, visits) select 'user ' || n, n from generate_series(1, 20000) n;
    create table quiet (id integer)`);
});
afterAll(() => postgres?.close());

const users = ['public.users'];

/** Takes no longer than it says, but for what a busy machine adds. */
const about = (ms: number) => ({ least: ms * 0.8, most: ms * 1.2 + 100 });
const expectAbout = (seen: number, ms: number): void => {
  expect(seen).toBeGreaterThan(about(ms).least);
  expect(seen).toBeLessThan(about(ms).most);
};

test('a lock of 20 ms that keeps everybody out: seen ten times of ten, and by its name', async () => {
  const short = [
    { sql: 'begin' },
    { sql: 'lock table users in access exclusive mode', tables: users },
    { sql: 'select pg_sleep(0.02)' },
    { sql: 'commit' },
  ];
  for (let round = 0; round < 10; round++) {
    const statement = statementOf(await rehearse(postgres, short), 2);
    const { blockedRead, blockedWrite } = tableOf(statement, 'public.users');
    expect(Math.max(blockedRead.longestMs, blockedWrite.longestMs)).toBeGreaterThanOrEqual(8);
    expect(statement.locks).toMatchObject([{ relation: 'public.users', mode: 'AccessExclusiveLock' }]);
  }
});

test('a short lock outside of a transaction that could be looked into: seen too', async () => {
  const sql = 'do $$ begin lock table users in access exclusive mode; perform pg_sleep(0.04); end $$';
  const [statement] = (await rehearse(postgres, [{ sql, tables: users }])).statements;
  expect(statement?.locks).toMatchObject([{ mode: 'AccessExclusiveLock' }]);
  expect(statement?.tables[0]?.blockedRead.longestMs).toBeGreaterThan(15);
});

describe('behind a transaction of 2 s that has read the table', () => {
  const contenderSeconds = 2;

  test('a column that takes 1 ms: everybody waits for 2 s, nearly all of it in the queue', async () => {
    const change = [{ sql: 'alter table users add note text', tables: users }];
    const seen = await rehearse(postgres, change, { contenderSeconds });
    const statement = statementOf(seen, 1);
    const table = tableOf(statement, 'public.users');
    expectAbout(table.blockedRead.longestMs, 2000);
    expectAbout(table.blockedWrite.longestMs, 2000);
    expectAbout(table.queuedMs, 2000);
    expectAbout(statement.lockWaitMs, 2000);
    const held = statement.locks.find(({ mode }) => mode === 'AccessExclusiveLock');
    expect((held?.toMs ?? Infinity) - (held?.fromMs ?? 0)).toBeLessThan(150);
    expect(seen.contender).toEqual({ seconds: 2, tables: users });
  });

  test('the same with a lock timeout of 200 ms: they wait that long, and it is done at its second try', async () => {
    const change = [
      { sql: "set lock_timeout = '200ms'" },
      { sql: 'alter table users add late text', tables: users },
    ];
    const seen = await rehearse(postgres, change, { contenderSeconds });
    const statement = statementOf(seen, 2);
    expectAbout(tableOf(statement, 'public.users').blockedRead.longestMs, 200);
    expect(statement).toMatchObject({ lockTimeouts: 1, error: null });
    expect(statement.toMs - statement.fromMs).toBeLessThan(200);
    expect(seen.isFinished).toBe(true);
    expect(await columnsOf('users')).toContain('late');
  });

  test('in a transaction: run once more from its beginning', async () => {
    const change = [
      { sql: 'begin' },
      { sql: "set local lock_timeout = '100ms'" },
      { sql: 'insert into quiet values (1)', tables: ['public.quiet'] },
      { sql: 'alter table users add later text', tables: users },
      { sql: 'commit' },
    ];
    const { statements } = await rehearse(postgres, change, { contenderSeconds: 0.5 });
    expect(statements.map(({ number, lockTimeouts }) => [number, lockTimeouts])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 1],
      [5, 0],
    ]);
    expect(await postgres.asOwner('select id from quiet')).toEqual([{ id: 1 }]);
  });
});

const columnsOf = async (table: string): Promise<string[]> =>
  (
    await postgres.asOwner<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = '${table}'::regclass and attnum > 0`,
    )
  ).map(({ name }) => name);

test('a lock timeout that somebody else causes each time: the error, and nothing after it is run', async () => {
  const other = await postgres.connectAsOwner();
  await other.query('begin; select from users limit 1');
  try {
    const seen = await rehearse(postgres, [
      { sql: "set lock_timeout = '50ms'" },
      { sql: 'alter table users add never text', tables: users },
      { sql: 'drop table quiet', tables: ['public.quiet'] },
    ]);
    expect(seen.statements.length).toBe(2);
    expect(statementOf(seen, 2)).toMatchObject({
      lockTimeouts: 6,
      error: { code: '55P03', doneBefore: 'statement 1 stays done' },
    });
  } finally {
    await other.end();
  }
});

test('in a transaction: who took the lock is to blame, and not who runs while others wait for it', async () => {
  const seen = await rehearse(postgres, [
    { sql: 'begin' },
    { sql: 'update users set visits = visits + 1', tables: users },
    { sql: 'alter table users alter visits set default 0', tables: users },
    { sql: 'select pg_sleep(0.3)', tables: users },
    { sql: 'commit' },
  ]);
  const feltAt = (number: number) => tableOf(statementOf(seen, number), 'public.users');
  // Rows that are changed keep writers out, and readers never.
  expect(feltAt(2).blockedWrite.longestMs).toBeGreaterThan(300);
  expect(feltAt(2).blockedRead.longestMs).toBe(0);
  expectAbout(feltAt(3).blockedRead.longestMs, 320);
  expect(feltAt(4)).toMatchObject({ blockedRead: { longestMs: 0 }, blockedWrite: { longestMs: 0 } });
  const held = statementOf(seen, 3).locks.find(({ mode }) => mode === 'AccessExclusiveLock');
  expectAbout((held?.toMs ?? 0) - (held?.fromMs ?? 0), 320);
});

test('an index made concurrently: nobody waits; one that fails says that it stays, invalid', async () => {
  const seen = await rehearse(
    postgres,
    [
      { sql: 'create index concurrently on users (visits)', tables: users },
      { sql: "update users set name = 'twice' where id <= 2", tables: users },
      { sql: 'create unique index concurrently names on users (name)', tables: users },
    ],
    { contenderSeconds: 0.3 },
  );
  const first = statementOf(seen, 1);
  expect(first.locks).toMatchObject([{ mode: 'ShareUpdateExclusiveLock' }]);
  expect(tableOf(first, 'public.users')).toMatchObject({
    blockedRead: { longestMs: 0 },
    blockedWrite: { longestMs: 0 },
    isRewritten: false,
    rowsScanned: 40_000,
  });
  expect(statementOf(seen, 3)).toMatchObject({
    leftInvalid: ['index public.names of public.users'],
    error: { code: '23505', doneBefore: 'what statements 1 to 2 did stays done' },
  });
  await postgres.asOwner('drop index names');
});

test('an error in a transaction: rolled back, and what was done before it stays', async () => {
  const seen = await rehearse(postgres, [
    { sql: 'insert into quiet values (2)', tables: ['public.quiet'] },
    { sql: 'begin' },
    { sql: 'insert into quiet values (3)', tables: ['public.quiet'] },
    { sql: 'alter table users add name text', tables: users },
    { sql: 'commit' },
  ]);
  expect(statementOf(seen, 4).error).toEqual({
    message: 'column "name" of relation "users" already exists',
    code: '42701',
    doneBefore: 'statement 1 stays done; what statements 2 to 3 did, in its transaction, was rolled back',
  });
  expect(seen.statements.length).toBe(4);
  expect(await postgres.asOwner('select id from quiet order by id')).toEqual([{ id: 1 }, { id: 2 }]);
});

test('an error that only the commit tells: it is of the statement, and nothing of it stays', async () => {
  await postgres.asOwner(`
    create table later (id integer unique deferrable initially deferred);
    insert into later values (1)`);
  const seen = await rehearse(postgres, [{ sql: 'insert into later values (1)', tables: ['public.later'] }]);
  expect(statementOf(seen, 1).error).toMatchObject({
    code: '23505',
    doneBefore: 'nothing was done before it',
  });
});

describe('the time is up', () => {
  test('the statement is cancelled, what follows is not run, and no session is left', async () => {
    const change = [
      { sql: 'select pg_sleep(60)', tables: users },
      { sql: 'drop table users', tables: users },
    ];
    const seen = await rehearse(postgres, change, { deadlineMs: 2000, contenderSeconds: 60 });
    expect(seen.isFinished).toBe(false);
    expect(seen.statements).toMatchObject([{ isCancelled: true, error: null }]);
    expectAbout(statementOf(seen, 1).toMs, 2000);
    expect(await sessionsOf(postgres)).toEqual([]);
  });

  test('between two statements: the next is not begun', async () => {
    const change = [{ sql: 'select pg_sleep(0.2)' }, { sql: 'select 1' }];
    const seen = await rehearse(postgres, change, { deadlineMs: 100 });
    expect(seen.statements.length).toBe(1);
    expect(seen.isFinished).toBe(false);
  });
});

test('a session that somebody ends: told, and no further statement', async () => {
  const running = rehearse(postgres, [{ sql: 'select pg_sleep(60)', tables: users }, { sql: 'select 1' }]);
  while ((await endSleepers()) === 0) await sleep(20);
  const seen = await running;
  expect(seen.isFinished).toBe(false);
  expect(seen.statements).toMatchObject([{ error: { code: '57P01' }, logBytes: null }]);
  expect(statementOf(seen, 1).notMeasured.join()).toContain('its session ended');
});

const endSleepers = async (): Promise<number> =>
  (
    await postgres.asOwner(`
      select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'aurora-drills' and query = 'select pg_sleep(60)' and state = 'active'`)
  ).length;

test('triggers: no probe fires one, of a row or of a statement', async () => {
  await postgres.asOwner(`
    create table fired (at timestamptz);
    create function fire() returns trigger language plpgsql as 'begin insert into fired values (now()); return null; end';
    create trigger each_statement before insert or update or delete or truncate on users execute function fire();
    create trigger each_row after insert or update or delete on users for each row execute function fire()`);
  await rehearse(postgres, [{ sql: 'select pg_sleep(0.3)', tables: users }]);
  expect(await postgres.asOwner('select * from fired')).toEqual([]);
  await postgres.asOwner('drop trigger each_statement on users; drop trigger each_row on users');
});

test('more tables than are probed: named, with the reason', async () => {
  const names = Array.from({ length: 9 }, (_, index) => `many_${index}`);
  await postgres.asOwner(names.map((name) => `create table ${name} (id integer)`).join(';'));
  const tables = names.map((name) => `public.${name}`);
  const seen = await rehearse(postgres, [{ sql: 'select 1', tables }]);
  expect(statementOf(seen, 1).notMeasured).toEqual([
    'blocked reads and writes of public.many_8 were not measured: 8 tables are probed at most',
  ]);
  const incomplete = statementOf(seen, 1).tables.filter(({ isIncomplete }) => isIncomplete);
  expect(incomplete.map(({ table }) => table)).toEqual(['public.many_8']);
});

describe('statements that hide what they do', () => {
  test.each([
    ['in code', `do $$ begin execute 'alter table us' || 'ers add hidden integer'; end $$`],
    ['in a function', 'select alter_hidden()'],
  ])('%s: the lock is seen, and the table told to be measured in part', async (_, sql) => {
    await postgres.asOwner(`
      alter table users drop column if exists hidden;
      create or replace function alter_hidden() returns void language plpgsql
        as 'begin execute ''alter table us'' || ''ers add hidden integer''; end'`);
    const statement = statementOf(await rehearse(postgres, [{ sql }]), 1);
    expect(statement.locks).toContainEqual(expect.objectContaining({ mode: 'AccessExclusiveLock' }));
    expect(tableOf(statement, 'public.users')).toMatchObject({ isIncomplete: true });
  });

  test('a procedure that commits: runs outside of any transaction', async () => {
    await postgres.asOwner(
      `create procedure commits() language plpgsql as 'begin insert into quiet values (77); commit; end'`,
    );
    const statement = statementOf(await rehearse(postgres, [{ sql: 'call commits()' }]), 1);
    expect(statement.error).toBeNull();
    expect(await postgres.asOwner('select id from quiet where id = 77')).toHaveLength(1);
  });

  test('several in one text, by strings that are read in another way: none is run', async () => {
    const change = [
      { sql: 'set standard_conforming_strings = off' },
      { sql: `select '\\'' ; create table hidden (); --'` },
    ];
    const { error } = statementOf(await rehearse(postgres, change), 2);
    expect(error?.message).toMatch(/multiple commands/);
  });
});
