import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectAsOwner } from '../../local/sources/mysql.ts';
import { hasMariadb } from '../local/mariadb.ts';
import {
  type MysqlTestWorld,
  startMysqlTestWorld,
  startTestWorld,
  type TestWorld,
  until,
} from '../local/world.ts';
import { type PostgresFixture, password, startPostgres } from '../shared/database/postgres/fixture.ts';
import { databaseWith, runDrill } from './run-drill.ts';

let publisher: PostgresFixture;
let world: TestWorld;
beforeAll(async () => {
  publisher = await startPostgres({ settings: { wal_level: 'logical', max_wal_senders: '4' } });
  await publisher.asOwner(`create table prices (id integer primary key);
    insert into prices values (1); create publication shop for all tables`);
  world = await startTestWorld({
    load: async (client) => {
      await client.query('create table prices (id integer primary key)');
      await client.query(`create subscription prices
        connection 'host=127.0.0.1 port=${publisher.address.port} dbname=postgres user=postgres password=${password}'
        publication shop`);
    },
  });
  await waitForRows(1);
});
afterAll(async () => {
  await world?.keeper.close();
  await publisher?.close();
});

type Slot = { slot_name: string; active_pid: number };
/** Who reads the slot. Another process would be another connection: somebody took it. */
const readSlots = () =>
  publisher.asOwner<Slot>(
    `select slot_name, active_pid from pg_replication_slots where slot_name = 'prices'`,
  );

const waitForRows = async (rows: number): Promise<void> => {
  const client = await world.source.connect();
  try {
    await until(
      async () => (await client.query('select 1 from prices')).rowCount,
      (count) => count === rows,
    );
  } finally {
    await client.end();
  }
};

const workersSql = `select pg_catalog.current_setting('max_logical_replication_workers')`;

/** The groups of a cluster that nobody made quiet. */
const loudGroups = { listClusterParameters: async () => [] };
const plans = (more: string) =>
  `plans: { shop: { source: prod-shop, database: { name: shop, user: drill_reader }, checks: { bracketMs: 0 }${more} } }`;

test.each([
  ['drill', {}],
  ['dry run', { dryRun: true }],
])(
  'production subscribes to another server, %s: refused before a restore, and the slot stays with production',
  async (_, input) => {
    const slots = await readSlots();
    const { result, states } = await runDrill(world, { input, plans: plans(''), aurora: loudGroups });
    expect(result).toMatchObject({
      verdict: 'failed',
      failure: {
        phase: 'CaptureBaseline',
        error: 'SideEffects',
        cause: 'a copy of prod-shop would act by itself: 1 subscription (shop.prices)',
        hint: expect.stringContaining('max_logical_replication_workers = 0'),
      },
      teardown: { status: 'not-needed' },
      resources: [],
    });
    expect(states).not.toContain('RestoreCluster');
    expect(await readSlots()).toEqual(slots);
  },
);

test.each([
  ['the groups keep it quiet', '', {}],
  ['the plan accepts it', ', sideEffects: accepted', loudGroups],
])(
  'production subscribes to another server, %s: drilled, and what is published goes to production',
  async (_, more, aurora) => {
    const slots = await readSlots();
    const [next] = await publisher.asOwner<{ id: number }>(
      'insert into prices select max(id) + 1 from prices returning id',
    );
    await waitForRows(next?.id ?? 0);
    const workers: unknown[] = [];
    // The third reader reads the copy.
    const database = databaseWith(
      world,
      (reader) => ({
        openSnapshot: async (notBeforeMs) => {
          const takenMs = await reader.openSnapshot(notBeforeMs);
          workers.push(await reader.runQuery(workersSql));
          return takenMs;
        },
      }),
      3,
    );
    const { result, hasSucceeded } = await runDrill(world, { plans: plans(more), aurora, database });
    expect({ failure: result.failure, hasSucceeded }).toEqual({ failure: null, hasSucceeded: true });
    // Here the server of a copy is started so, whatever the plan says.
    expect(workers).toEqual([[['0']]]);
    await publisher.asOwner('insert into prices select max(id) + 1 from prices');
    await waitForRows((next?.id ?? 0) + 1);
    expect(await readSlots()).toEqual(slots);
  },
);

describe.skipIf(!hasMariadb)('production has an event, on MariaDB', () => {
  let mysql: MysqlTestWorld;
  beforeAll(async () => {
    mysql = await startMysqlTestWorld(async ({ connection }) => {
      await connection.query('create table carts (id integer primary key)');
      await connection.query('insert into carts values (1), (2)');
      await connection.query('create event cleaning on schedule every 1 day do delete from carts');
    });
    const owner = await connectAsOwner(mysql.source.port, 'shop', mysql.password);
    await owner.query('grant event, replica monitor on *.* to drill_reader@`127.0.0.1`');
    await owner.end();
  });
  afterAll(() => mysql?.keeper.close());

  test('a drill: refused before a restore', async () => {
    const { result, states } = await runDrill(mysql, { plans: plans(''), aurora: loudGroups });
    expect(result).toMatchObject({
      failure: {
        error: 'SideEffects',
        cause: 'a copy of prod-shop would act by itself: 1 event (shop.cleaning)',
        hint: expect.stringContaining('event_scheduler = OFF'),
      },
      resources: [],
    });
    expect(states).not.toContain('RestoreCluster');
  });

  test.each([
    ['the groups keep it quiet', '', {}, []],
    [
      'the plan accepts it',
      ', sideEffects: accepted',
      loudGroups,
      ['acts in the copy, as the plan accepts: 1 event (shop.cleaning)'],
    ],
  ])('%s: drilled, and the result says what acts in the copy', async (_, more, aurora, told) => {
    const { result } = await runDrill(mysql, { plans: plans(more), aurora });
    expect(result.failure).toBeNull();
    const sideEffects = result.checks.filter(({ name }) => name === 'side effects');
    expect(sideEffects.map(({ reason }) => reason)).toEqual(told);
  });
});
