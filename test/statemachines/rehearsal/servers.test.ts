import type mysql2 from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reachLocalClone } from '../../../local/aurora/clone.ts';
import { type RehearsalWorld, startRehearsal } from '../../../local/machine/rehearse.ts';
import { systemClock } from '../../../shared/clock.ts';
import { resolveAll } from '../../../shared/database/resolved-host.ts';
import type { Message } from '../../../shared/messages/message.ts';
import { realTime } from '../../functions/rehearse/fake-clone.ts';
import { hasMariadb } from '../../local/mariadb.ts';
import {
  type MysqlTestWorld,
  plansText,
  startMysqlTestWorld,
  startTestWorld,
  type TestWorld,
} from '../../local/world.ts';
import { testPrices } from '../../shared/result/prices-fixture.ts';

let world: TestWorld;

beforeAll(async () => {
  world = await startTestWorld();
});
afterAll(() => world?.keeper.close());

const rehearse = async (
  name: string,
  input: object,
  parts: Partial<RehearsalWorld> = {},
  { aurora, database }: Pick<TestWorld, 'aurora' | 'database'> = world,
) => {
  const messages: Message[] = [];
  const execution = await startRehearsal({
    name,
    input,
    waitMs: 20,
    world: {
      aurora,
      database,
      notify: async (message) => void messages.push(message),
      readPlans: async () => plansText,
      placeOf: () => 'rehearsals/report.html',
      file: async () => {},
      prices: () => testPrices,
      teardownMinutes: 60,
      now: systemClock,
      pause: async () => {},
      warn: () => {},
      scripts: { read: () => Promise.reject(new Error('there are no scripts here')) },
      secret: () => 'only-for-this-test',
      resolve: resolveAll,
      reach: reachLocalClone,
      mostMs: 60_000,
      time: realTime,
      ...parts,
    },
  });
  const ended = await execution.finished;
  const { clusters } = await aurora.listClusters();
  return { ...ended, messages, standing: clusters.map(({ identifier }) => identifier) };
};

/** What production has, whatever was rehearsed. */
const readProduction = async () => {
  const client = await world.source.connect();
  const { rows } = await client.query(
    `select column_name from information_schema.columns where table_name = 'orders' order by 1`,
  );
  const roles = await client.query(`select 1 from pg_roles where rolname = 'aurora_drills_rehearsed'`);
  await client.end();
  return { columns: rows.map(({ column_name: name }) => name), marks: roles.rowCount };
};

test('a column with a volatile default, on real servers: a rewrite that blocks is unsafe; the same with a lock timeout and no default is safe; production has neither', async () => {
  const unsafe = await rehearse('local-volatile', {
    change: ['alter table orders add column token uuid default gen_random_uuid()'],
    contenderSeconds: 0,
  });
  expect(unsafe.result).toMatchObject({ verdict: 'unsafe', failure: { error: 'ChangeUnsafe' } });
  const [statement] = unsafe.result.measured?.statements ?? [];
  expect(statement).toMatchObject({
    error: null,
    locks: expect.arrayContaining([
      expect.objectContaining({ relation: 'public.orders', mode: 'AccessExclusiveLock' }),
    ]),
    tables: [{ table: 'public.orders', isRewritten: true }],
  });

  const safe = await rehearse('local-nullable', {
    change: ["set lock_timeout = '200ms'", 'alter table orders add column token uuid'],
    contenderSeconds: 0,
  });
  expect([safe.result.failure, safe.result.verdict, safe.hasSucceeded]).toEqual([null, 'safe', true]);

  expect([unsafe.standing, safe.standing]).toEqual([['prod-shop'], ['prod-shop']]);
  expect(await readProduction()).toEqual({ columns: ['id', 'item'], marks: 0 });
});

test('the password of a clone works there, as its master user, and nowhere else', async () => {
  const seen: { port: number; password: string }[] = [];
  const reach: RehearsalWorld['reach'] = (password) => {
    const { identities, probing } = reachLocalClone(password);
    const open = async (target: Parameters<typeof identities.open>[0]) => {
      seen.push({ port: target.port, password });
      return identities.open(target);
    };
    return { identities: { open }, probing };
  };
  const change = ["set lock_timeout = '200ms'", 'create table notes (id integer)'];
  const { result } = await rehearse('local-password', { change, contenderSeconds: 0 }, { reach });
  expect(result.failure).toBeNull();
  expect(seen).toHaveLength(1);
  expect(seen[0]?.port).not.toBe(world.source.port);
  const client = new pg.Client({
    host: '127.0.0.1',
    port: world.source.port,
    database: 'shop',
    user: 'postgres',
    password: seen[0]?.password ?? '',
  });
  await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
  await client.end();
});

test('production answers at the address of the clone: it says no name of a clone, and nothing is run there', async () => {
  // Production itself, behind the name, the address and the password that the clone should have.
  const reach: RehearsalWorld['reach'] = () => {
    const { identities, probing } = reachLocalClone(world.password);
    const port = world.source.port;
    return {
      identities: { open: (target) => identities.open({ ...target, port }) },
      probing: { open: (target) => probing.open({ ...target, port }) },
    };
  };
  const change = ["set lock_timeout = '200ms'", 'drop table orders'];
  const { result, standing } = await rehearse('local-swapped', { change, contenderSeconds: 0 }, { reach });
  expect(result.failure).toMatchObject({
    phase: 'RehearseChange',
    error: 'NotTheClone',
    cause: expect.stringContaining('does not say which instance it is'),
  });
  expect(standing).toEqual(['prod-shop']);
  expect(await readProduction()).toEqual({ columns: ['id', 'item'], marks: 0 });
});

test('a statement that sleeps past the time: cancelled, and neither a session nor the clone stays', async () => {
  const { result, standing, messages } = await rehearse(
    'local-sleeps',
    { change: ['do $$ begin perform pg_sleep(60); end $$'], contenderSeconds: 0 },
    { mostMs: 1500 },
  );
  expect(result.measured).toMatchObject({ isFinished: false, statements: [{ isCancelled: true }] });
  expect(result.failure).toMatchObject({ error: 'ChangeUnsafe' });
  expect(messages).toHaveLength(1);
  expect(standing).toEqual(['prod-shop']);
});

describe.skipIf(!hasMariadb)('MariaDB is installed', () => {
  let mysql: MysqlTestWorld;

  beforeAll(async () => {
    mysql = await startMysqlTestWorld(async ({ connection }) => {
      await connection.query('create table orders (id int primary key, item text not null)');
      await connection.query('insert into orders select seq, concat("item ", seq) from seq_1_to_2000');
    });
  });
  afterAll(() => mysql?.keeper.close());

  test('a table that is copied is unsafe; a column that is added at once, with a lock timeout, is safe; production has neither', async () => {
    const limits = { blockedReadMs: 1000, blockedWriteMs: 1000 };
    const copied = await rehearse(
      'local-mysql-copied',
      { change: ['alter table orders modify id bigint not null'], contenderSeconds: 0, limits },
      {},
      mysql,
    );
    expect(copied.result).toMatchObject({ verdict: 'unsafe', failure: { error: 'ChangeUnsafe' } });
    expect(copied.result.measured?.statements).toMatchObject([
      { error: null, algorithm: { took: 'COPY' }, tables: [{ table: 'shop.orders', isRewritten: true }] },
    ]);

    const added = await rehearse(
      'local-mysql-added',
      {
        change: [
          'set session lock_wait_timeout = 1',
          'alter table orders add column note text, algorithm=instant',
        ],
        contenderSeconds: 0,
        limits,
      },
      {},
      mysql,
    );
    expect([added.result.failure, added.result.verdict]).toEqual([null, 'safe']);
    expect([copied.standing, added.standing]).toEqual([['prod-shop'], ['prod-shop']]);

    const connection = await mysql.source.connect();
    const [columns] = await connection.query<mysql2.RowDataPacket[]>('show columns from orders');
    const [marks] = await connection.query<mysql2.RowDataPacket[]>("show databases like 'aurora_drills%'");
    await connection.end();
    expect(columns.map(({ Field, Type }) => [Field, Type])).toEqual([
      ['id', 'int(11)'],
      ['item', 'text'],
    ]);
    expect(marks).toEqual([]);
  });
});
