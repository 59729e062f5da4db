import { afterAll, beforeAll, expect, test } from 'vitest';
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
    expect(await countSessions('drill_reader')).toBe(3);
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

test('a session is ended by the server: DatabaseUnreachable', async () => {
  await withReader(postgres.openReader(), async (reader) => {
    await postgres.asOwner(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'drill_reader'`,
    );
    await until(
      () => countSessions('drill_reader'),
      (count) => count === 0,
    );
    await expect(reader.listTables()).rejects.toMatchObject({ name: 'DatabaseUnreachable' });
  });
});

test('a session is ended in the middle of a question: DatabaseUnreachable', async () => {
  await withReader(postgres.openReader(), async (reader) => {
    const asked = reader.runQuery('select pg_sleep(50)').catch((error: unknown) => error);
    await until(
      async () =>
        (
          await postgres.asOwner(`select pg_terminate_backend(pid) from pg_stat_activity
          where usename = 'drill_reader' and wait_event = 'PgSleep'`)
        ).length,
      (ended) => ended === 1,
    );
    expect(await asked).toMatchObject({ name: 'DatabaseUnreachable' });
  });
});
