import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SideEffects } from '../../../../shared/database/port.ts';
import { until } from '../../../local/world.ts';
import { type PostgresFixture, password, startPostgres, withReader } from './fixture.ts';

let publisher: PostgresFixture;
let server: PostgresFixture;
beforeAll(async () => {
  publisher = await startPostgres({ settings: { wal_level: 'logical', max_wal_senders: '4' } });
  server = await startPostgres();
  await publisher.asOwner(
    'create table orders (id integer primary key); create publication shop for all tables',
  );
  await server.asOwner(`create table orders (id integer primary key);
    create role ordinary login password '${password}';
    create role superreader superuser login password '${password}'`);
});
afterAll(async () => {
  await server?.close();
  await publisher?.close();
});

const look = (user?: string): Promise<SideEffects> =>
  withReader(server.openReader(user === undefined ? {} : { user }), (reader) => reader.listSideEffects());

test('server without any of them, seen by a user who may read settings: nothing is found, nothing is unknown', async () => {
  expect(await look('superreader')).toEqual({ found: [], unseen: [] });
});

test('a second database: what may be in it is named as not known, once for each kind', async () => {
  await server.asOwner('create database reporting');
  expect(await look('superreader')).toEqual({ found: [], unseen: [] });
  expect((await look('ordinary')).unseen).toEqual([
    { kind: 'pg_cron job', reason: 'those in another database (reporting) are not seen from here' },
    {
      kind: 'pglogical subscription',
      reason: 'those in other databases (reporting) are not seen from here',
    },
  ]);
  await server.asOwner('drop database reporting');
});

test('an enabled subscription to a real publisher: found by an ordinary user, and the publisher keeps its slot', async () => {
  await server.asOwner(`create subscription "App_orders"
    connection 'host=127.0.0.1 port=${publisher.address.port} dbname=postgres user=postgres password=${password}'
    publication shop with (slot_name = 'app_orders')`);
  // The first copy of each table has a slot of its own, for a moment.
  const slot = `select active, active_pid from pg_replication_slots where slot_name = 'app_orders'`;
  const [before] = await until(
    () => publisher.asOwner<{ active: boolean; active_pid: number }>(slot),
    ([row]) => row?.active === true,
  );
  expect((await look('ordinary')).found).toEqual([{ kind: 'subscription', name: 'postgres."App_orders"' }]);
  expect(await publisher.asOwner(slot)).toEqual([before]);
  await publisher.asOwner('insert into orders values (1)');
  await until(
    () => server.asOwner<{ id: number }>('select id from orders'),
    (rows) => rows.length === 1,
  );
});

test('a subscription that is disabled: a copy of it does nothing, so it is not found', async () => {
  await server.asOwner('alter subscription "App_orders" disable');
  expect((await look()).found).toEqual([]);
  await server.asOwner('drop subscription "App_orders"');
});

test('a foreign server: found once somebody has a mapping, without its options', async () => {
  await server.asOwner(`create foreign data wrapper elsewhere;
    create server billing foreign data wrapper elsewhere options (host 'billing.internal')`);
  expect((await look('ordinary')).found).toEqual([]);
  await server.asOwner(`create user mapping for ordinary server billing options (password 'secret')`);
  expect((await look()).found).toEqual([{ kind: 'foreign server', name: 'billing (elsewhere)' }]);
  await server.asOwner('drop foreign data wrapper elsewhere cascade');
});

/** As pg_cron and pglogical make them. Their libraries are not on this machine. */
const extensionTables = `
  create schema cron;
  create table cron.job (jobid bigint primary key, schedule text, command text, active boolean, jobname text,
    username text default current_user);
  alter table cron.job enable row level security;
  create policy cron_job_policy on cron.job using (username = current_user);
  grant usage on schema cron to public; grant select on cron.job to public;
  insert into cron.job values (1, '0 3 * * *', 'delete from orders', true, 'nightly purge'),
    (2, '0 4 * * *', 'vacuum', true, null), (3, '0 5 * * *', 'vacuum', false, 'paused');
  create schema pglogical;
  create table pglogical.subscription (sub_id oid primary key, sub_name name, sub_enabled boolean);
  insert into pglogical.subscription values (1, 'from_erp', true), (2, 'paused', false)`;

test('jobs of pg_cron and subscriptions of pglogical: the active ones are found, by a user who may read all rows', async () => {
  await server.asOwner(extensionTables);
  expect(await look()).toEqual({
    found: [
      { kind: 'pg_cron job', name: 'job 1 (nightly purge)' },
      { kind: 'pg_cron job', name: 'job 2' },
      { kind: 'pglogical subscription', name: 'from_erp' },
    ],
    unseen: [],
  });
});

test('a user whom row security or a missing right keeps from them: they are named as not known', async () => {
  expect(await look('ordinary')).toEqual({
    found: [],
    unseen: [
      { kind: 'pg_cron job', reason: 'the user may not read all rows of cron.job' },
      {
        kind: 'pglogical subscription',
        reason: 'the user may not read all rows of pglogical.subscription',
      },
    ],
  });
});
