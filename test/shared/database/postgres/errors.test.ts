import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Reader } from '../../../../shared/database/port.ts';
import { fromPostgresError, isReplayConflict } from '../../../../shared/database/postgres/errors.ts';
import { postgresDatabase } from '../../../../shared/database/postgres/reader.ts';
import { until } from '../../../local/world.ts';
import {
  countRows,
  type PostgresFixture,
  password,
  remainingMs,
  signIn,
  startPostgres,
  tableOf,
  withReader,
} from './fixture.ts';

let postgres: PostgresFixture;

beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.asOwner(`
    create table plain (id integer primary key);
    insert into plain values (1), (2);
    create table secret (id integer);
    insert into secret values (1), (2);
    create role limited login password '${password}';
    grant select on secret to limited;
    alter table secret enable row level security;
    create policy few on secret using (id = 1);
    create role newcomer login password '${password}' connection limit 2`);
});
afterAll(() => postgres?.close());

const database = postgresDatabase(signIn);
const options = { sessions: 1, remainingMs };

const countSessions = async (user: string): Promise<number> => {
  const sql = `select count(*) from pg_stat_activity where usename = '${user}'`;
  const [row] = await postgres.asOwner<{ count: string }>(sql);
  return Number(row?.count);
};

test('nobody listens: DatabaseUnreachable, with the address', async () => {
  await expect(database.open({ ...postgres.address, port: 1 }, options)).rejects.toMatchObject({
    name: 'DatabaseUnreachable',
    message: expect.stringContaining('database postgres on 127.0.0.1:1 as drill_reader'),
  });
});

test('no such host: DatabaseUnreachable, with its name', async () => {
  const address = { ...postgres.address, host: 'no host has spaces' };
  await expect(database.open(address, options)).rejects.toMatchObject({
    name: 'DatabaseUnreachable',
    message: expect.stringContaining('look up no host has spaces'),
  });
});

test('wrong password: DatabaseDenied', async () => {
  const wrong = postgresDatabase(async () => ({ password: 'wrong', ssl: false }));
  await expect(wrong.open(postgres.address, options)).rejects.toMatchObject({ name: 'DatabaseDenied' });
});

test('no such database: DatabaseFailure that says where to correct it', async () => {
  await expect(database.open({ ...postgres.address, database: 'nope' }, options)).rejects.toMatchObject({
    name: 'DatabaseFailure',
    hint: expect.stringContaining('database.name'),
  });
});

test('the server has room for fewer sessions than asked for: DatabaseUnreachable, and none is left open', async () => {
  const opening = database.open({ ...postgres.address, user: 'newcomer' }, { sessions: 3, remainingMs });
  await expect(opening).rejects.toMatchObject({
    name: 'DatabaseUnreachable',
    message: expect.stringContaining('53300'),
  });
  await until(
    () => countSessions('newcomer'),
    (count) => count === 0,
  );
});

test('a reader that is closed: none of its sessions is left open', async () => {
  await withReader(postgres.openReader({ sessions: 3 }), async () => {
    // One more keeps the snapshot.
    expect(await countSessions('drill_reader')).toBe(4);
  });
  await until(
    () => countSessions('drill_reader'),
    (count) => count === 0,
  );
});

test('no privilege on a table: DatabaseDenied that names the table', async () => {
  await withReader(postgres.openReader({ user: 'newcomer' }), async (reader) => {
    await expect(countRows(reader, await tableOf(reader, 'public.plain'))).rejects.toMatchObject({
      name: 'DatabaseDenied',
      message: expect.stringContaining('public.plain'),
    });
  });
});

test('a policy of row security hides rows: DatabaseDenied, not a smaller count', async () => {
  await withReader(postgres.openReader({ user: 'limited' }), async (reader) => {
    await expect(countRows(reader, await tableOf(reader, 'public.secret'))).rejects.toMatchObject({
      name: 'DatabaseDenied',
    });
  });
});

test('a table is locked: DatabaseBusy after 5 s and not before, and other tables are answered', async () => {
  await postgres.asOwner('create table locked (id integer)');
  const holder = await postgres.connectAsOwner();
  try {
    await withReader(postgres.openReader(), async (reader) => {
      const locked = await tableOf(reader, 'public.locked');
      const plain = await tableOf(reader, 'public.plain');
      await holder.query('begin; lock table locked in access exclusive mode');
      const began = Date.now();
      await expect(countRows(reader, locked)).rejects.toMatchObject({
        name: 'DatabaseBusy',
        message: expect.stringContaining('SQLSTATE 55P03'),
      });
      expect(Date.now() - began).toBeGreaterThan(4500);
      expect(await countRows(reader, plain)).toBe(2);
    });
  } finally {
    await holder.end();
  }
});

test('a table is dropped after it was listed: DatabaseBusy, which takes the snapshot again', async () => {
  await postgres.asOwner('create table passing (id integer)');
  await withReader(postgres.openReader(), async (reader) => {
    const passing = await tableOf(reader, 'public.passing');
    await postgres.asOwner('drop table passing');
    await expect(countRows(reader, passing)).rejects.toMatchObject({ name: 'DatabaseBusy' });
  });
});

test('a table that another reader knows and this one does not: DatabaseBusy that names it', async () => {
  await withReader(postgres.openReader(), async (early) => {
    await early.listTables();
    await postgres.asOwner('create table late (id integer)');
    await withReader(postgres.openReader(), async (later) => {
      await expect(early.chooseBounds(await tableOf(later, 'public.late'), 4)).rejects.toMatchObject({
        name: 'DatabaseBusy',
        message: expect.stringContaining('public.late'),
      });
    });
  });
});

test.each([
  ['57014', 'canceling statement due to conflict with recovery', 'DatabaseBusy', true],
  ['40001', 'terminating connection due to conflict with recovery', 'DatabaseBusy', true],
  ['40P01', 'canceling statement due to conflict with recovery', 'DatabaseBusy', true],
  ['40P01', 'deadlock detected', 'DatabaseBusy', false],
  ['57014', 'canceling statement due to statement timeout', 'OutOfTime', false],
] as const)('SQLSTATE %s, %s: %s', (code, message, name, isConflict) => {
  const refused = Object.assign(new pg.DatabaseError(message, 0, 'error'), { code });
  const error = fromPostgresError('count a', refused);
  expect(error).toMatchObject({ name, summary: `count a: ${message} (SQLSTATE ${code})` });
  expect(isReplayConflict(error)).toBe(isConflict);
});

describe('sessions that end', () => {
  const pidOf = async (reader: Reader): Promise<string> =>
    (await reader.runQuery('select pg_backend_pid()'))[0]?.[0] ?? '';
  /** Ends the reader's sessions of which this holds. */
  const endSessions = (condition: string) =>
    postgres.asOwner(
      `select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = 'drill_reader' and ${condition}`,
    );
  /** A reader that knows a table of two rows, which then gets a third one. */
  const withGrowingTable = async (
    sessions: number,
    use: (reader: Reader, count: () => Promise<number>) => Promise<void>,
  ): Promise<void> => {
    await postgres.asOwner('create table growing as select * from plain');
    try {
      await withReader(postgres.openReader({ sessions }), async (reader) => {
        const growing = await tableOf(reader, 'public.growing');
        await postgres.asOwner('insert into growing values (3)');
        await use(reader, () => countRows(reader, growing));
      });
    } finally {
      await postgres.asOwner('drop table growing');
    }
  };

  test('one between two questions: the next is answered by a new session in the same snapshot', async () => {
    await withGrowingTable(1, async (reader, count) => {
      const pid = await pidOf(reader);
      await endSessions(`pid = ${pid}`);
      expect(await count()).toBe(2);
      expect(await pidOf(reader)).not.toBe(pid);
      expect(await countSessions('drill_reader')).toBe(2);
    });
  });

  test('one in the middle of a question: it is asked again in the same snapshot', async () => {
    await withGrowingTable(1, async (reader) => {
      await postgres.asOwner('select pg_advisory_lock(1)');
      const asked = reader.runQuery('select count(*), pg_advisory_xact_lock_shared(1) from growing');
      const endWaiting = () => endSessions(`wait_event = 'advisory'`);
      await until(endWaiting, (ended) => ended.length === 1);
      await postgres.asOwner('select pg_advisory_unlock(1)');
      expect((await asked)[0]?.[0]).toBe('2');
    });
  });

  test('the one that keeps the snapshot, then others: new ones join those that live', async () => {
    await withGrowingTable(2, async (reader, count) => {
      const pid = await pidOf(reader);
      await endSessions(`pid <> ${pid}`);
      expect(await Promise.all([count(), count(), count()])).toEqual([2, 2, 2]);
      await endSessions(`pid = ${pid}`);
      expect(await Promise.all([count(), count(), count()])).toEqual([2, 2, 2]);
    });
  });

  test('all at once: DatabaseBusy that says so, until a new snapshot is taken', async () => {
    await withGrowingTable(2, async (reader, count) => {
      await endSessions('true');
      const busy = {
        name: 'DatabaseBusy',
        summary: expect.stringMatching(
          /^the snapshot is gone with what held it: .* due to administrator command$/,
        ),
      };
      await expect(count()).rejects.toMatchObject(busy);
      await expect(count()).rejects.toMatchObject(busy);
      await reader.openSnapshot(0);
      expect(await count()).toBe(3);
    });
  });

  test('the one of a question, each time it is asked: DatabaseBusy, and the others are answered', async () => {
    await withGrowingTable(1, async (reader, count) => {
      await expect(reader.runQuery('select pg_terminate_backend(pg_backend_pid())')).rejects.toMatchObject({
        name: 'DatabaseBusy',
        summary: expect.stringMatching(/^run a query of the plan .* it failed 3 times in a row$/),
      });
      expect(await count()).toBe(2);
    });
  });

  test('by closing the reader, with a question under way: its error, and none is opened again', async () => {
    const reader = await postgres.openReader();
    const asked = reader.runQuery('select pg_sleep(50)').catch((error: unknown) => error);
    const countAsleep = () => postgres.asOwner(`select from pg_stat_activity where wait_event = 'PgSleep'`);
    await until(countAsleep, (asleep) => asleep.length === 1);
    await reader.close();
    expect(await asked).toMatchObject({ name: 'DatabaseUnreachable' });
    await endSessions('true');
    expect(await countSessions('drill_reader')).toBe(0);
  });

  test('and the role has no connection left: DatabaseBusy, and answered once it has', async () => {
    await withReader(postgres.openReader({ user: 'newcomer' }), async (reader) => {
      const pid = await pidOf(reader);
      await postgres.asOwner(
        `alter role newcomer connection limit 1; select pg_terminate_backend(${pid}, 10000)`,
      );
      await expect(reader.listObjects()).rejects.toMatchObject({
        name: 'DatabaseBusy',
        summary: expect.stringContaining('53300'),
      });
      await postgres.asOwner('alter role newcomer connection limit 2');
      expect(await reader.listObjects()).not.toEqual([]);
    });
  });
});
