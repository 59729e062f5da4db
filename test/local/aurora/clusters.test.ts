import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../../../local/faults/catalog.ts';
import { connectAsOwner } from '../../../local/sources/postgres.ts';
import type { CopyRequest } from '../../../shared/aurora/port.ts';
import { addSeconds } from '../../../shared/instants.ts';
import { startTestWorld, type TestWorld, until } from '../world.ts';

let world: TestWorld;

beforeAll(async () => {
  world = await startTestWorld();
});
afterAll(() => world?.keeper.close());

const latest = () => world.source.latestRestorableTime();

const request = (target: string, restoreTo: string): CopyRequest<'point-in-time'> => ({
  kind: 'point-in-time',
  source: 'prod-shop',
  target,
  restoreTo,
  port: 5432,
  subnetGroup: null,
  securityGroups: [],
  parameterGroup: null,
  capacity: null,
  tags: { owner: target },
});

const writer = (cluster: string) => ({
  cluster,
  identifier: `${cluster}-writer`,
  engine: 'aurora-postgresql',
  instanceClass: 'db.serverless',
  parameterGroup: null,
  tags: {},
});

const restore = async (target: string, restoreTo: string) => {
  await world.aurora.restoreCluster(request(target, restoreTo));
  return until(
    () => world.aurora.findCluster(target),
    (cluster) => cluster?.status !== 'creating',
  );
};

const addWriter = async (target: string) => {
  await world.aurora.addWriter(writer(target));
  await until(
    () => world.aurora.listInstances(target),
    ([instance]) => instance?.status !== 'creating',
  );
};

const remove = async (target: string) => {
  for (const { identifier } of await world.aurora.listInstances(target))
    await world.aurora.deleteInstance(identifier);
  await world.aurora.deleteCluster(target);
  await until(
    () => world.aurora.findCluster(target),
    (cluster) => cluster === undefined,
  );
};

const countOrders = async (port: number, where = 'true'): Promise<number> => {
  const client = await connectAsOwner(port, 'shop', world.password);
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from orders where ${where}`,
  );
  await client.end();
  return rows[0]?.count ?? Number.NaN;
};

test('rows committed before and after the asked second: the copy has the first and lacks the second', async () => {
  const client = await world.source.connect();
  await client.query(`insert into orders values (1001, 'before')`);
  const { rows } = await client.query<{ second: Date }>(
    `select date_trunc('second', clock_timestamp()) + interval '1 second' as second, pg_sleep(1.1)`,
  );
  await client.query(`insert into orders values (1002, 'after')`);
  await client.end();
  const restoreTo = (rows[0]?.second ?? new Date(0)).toISOString();
  await until(
    async () => latest(),
    (time) => Date.parse(time) > Date.parse(restoreTo),
  );

  const cluster = await restore('drill-exact', restoreTo);
  expect(cluster?.status).toBe('available');
  await addWriter('drill-exact');
  expect(await countOrders(cluster?.port ?? 0, 'id = 1001')).toBe(1);
  expect(await countOrders(cluster?.port ?? 0, 'id = 1002')).toBe(0);
  await remove('drill-exact');
});

test('restored cluster without an instance: nobody can connect', async () => {
  const cluster = await restore('drill-no-instance', addSeconds(latest(), -1));
  expect(cluster?.status).toBe('available');
  await expect(countOrders(cluster?.port ?? 0)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await remove('drill-no-instance');
});

test('restored cluster: its own tags, and no restorable times', async () => {
  const cluster = await restore('drill-tags', addSeconds(latest(), -1));
  expect(cluster).toMatchObject({ tags: { owner: 'drill-tags' }, latestRestorableTime: null });
  await remove('drill-tags');
});

test('source: LatestRestorableTime moves on by itself', async () => {
  const before = latest();
  await until(
    async () => latest(),
    (time) => time > before,
  );
});

describe('refusals', () => {
  test.each([
    ['later than', 3600],
    ['earlier than', -3600],
  ])('time %s the restorable window: RequestRefused, and nothing is made', async (words, offset) => {
    const asked = world.aurora.restoreCluster(request('drill-window', addSeconds(latest(), offset)));
    await expect(asked).rejects.toMatchObject({
      name: 'RequestRefused',
      message: expect.stringContaining(words),
    });
    expect(await world.aurora.findCluster('drill-window')).toBeUndefined();
  });

  test('exactly LatestRestorableTime: refused, as RDS does', async () => {
    const asked = world.aurora.restoreCluster(request('drill-window', latest()));
    await expect(asked).rejects.toMatchObject({ name: 'RequestRefused' });
  });

  test('unknown source: ClusterNotFound', async () => {
    const asked = world.aurora.restoreCluster({ ...request('drill-x', latest()), source: 'nobody' });
    await expect(asked).rejects.toMatchObject({ name: 'ClusterNotFound' });
  });

  test('identifier taken: TargetNameTaken for cluster and instance', async () => {
    await restore('drill-taken', addSeconds(latest(), -1));
    const again = world.aurora.restoreCluster(request('drill-taken', addSeconds(latest(), -1)));
    await expect(again).rejects.toMatchObject({ name: 'TargetNameTaken' });
    await addWriter('drill-taken');
    await expect(world.aurora.addWriter(writer('drill-taken'))).rejects.toMatchObject({
      name: 'TargetNameTaken',
    });
    await remove('drill-taken');
  });

  test('instance before the cluster is available: InvalidClusterState', async () => {
    await world.aurora.restoreCluster(request('drill-early', addSeconds(latest(), -1)));
    await expect(world.aurora.addWriter(writer('drill-early'))).rejects.toMatchObject({
      name: 'InvalidClusterState',
    });
    await remove('drill-early');
  });

  test('cluster with an instance: it cannot be deleted until the instance is being deleted', async () => {
    await restore('drill-order', addSeconds(latest(), -1));
    await addWriter('drill-order');
    await expect(world.aurora.deleteCluster('drill-order')).rejects.toMatchObject({
      name: 'InvalidClusterState',
    });
    await remove('drill-order');
    expect(await world.aurora.listInstances('drill-order')).toEqual([]);
  });

  test('what is gone or never was: ClusterNotFound', async () => {
    await expect(world.aurora.deleteCluster('drill-none')).rejects.toMatchObject({ name: 'ClusterNotFound' });
    await expect(world.aurora.deleteInstance('drill-none')).rejects.toMatchObject({
      name: 'ClusterNotFound',
    });
  });

  test('source: it is protected from deletion', async () => {
    await expect(world.aurora.deleteCluster('prod-shop')).rejects.toMatchObject({ name: 'RequestRefused' });
  });
});

describe('with log missing from the archive', () => {
  let broken: TestWorld;

  beforeAll(async () => {
    broken = await startTestWorld({ fault: faults.find(({ name }) => name === 'restore-failed') as never });
  });
  afterAll(() => broken?.keeper.close());

  test('recovery does not reach its target: incompatible-restore, and an event that says why', async () => {
    const restoreTo = addSeconds(broken.source.latestRestorableTime(), -1);
    await broken.aurora.restoreCluster(request('drill-broken', restoreTo));
    const cluster = await until(
      () => broken.aurora.findCluster('drill-broken'),
      (found) => found?.status !== 'creating',
    );
    expect(cluster?.status).toBe('incompatible-restore');
    expect(broken.events.join('\n')).toContain('FATAL');
  });
});

test('one log segment missing in the middle: incompatible-restore, never a copy that ends too early', async () => {
  const { segments } = world.source.archive;
  const start = latest();
  await until(
    async () => latest(),
    (time) => Date.parse(time) > Date.parse(start) + 2000,
  );
  const archived = (await readdir(segments)).filter((name) => !name.startsWith('.')).sort();
  await rm(join(segments, archived.at(-3) ?? ''));
  const cluster = await restore('drill-gap', addSeconds(latest(), -1));
  expect(cluster?.status).toBe('incompatible-restore');
  await remove('drill-gap');
});
