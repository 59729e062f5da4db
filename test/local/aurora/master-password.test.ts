import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reachLocalClone } from '../../../local/aurora/clone.ts';
import { loadMysqlSample } from '../../../local/sources/sample-mysql.ts';
import type { Aurora, Cluster } from '../../../shared/aurora/port.ts';
import type { SignIn } from '../../../shared/database/sign-in.ts';
import { mysqlIdentities } from '../../../shared/probing/mysql/identity.ts';
import { postgresIdentities } from '../../../shared/probing/postgres/identity.ts';
import { hasMariadb } from '../mariadb.ts';
import { startMysqlTestWorld, startTestWorld, until } from '../world.ts';

const engines = [
  ['postgres', true, () => startTestWorld(), postgresIdentities],
  [
    'mysql',
    hasMariadb,
    () => startMysqlTestWorld(({ connection }) => loadMysqlSample(connection)),
    mysqlIdentities,
  ],
] as const;

const [cluster, writer] = ['drill-prod-shop-1', 'drill-prod-shop-1-writer'];

const makeClone = async (aurora: Aurora): Promise<void> => {
  await aurora.restoreCluster({
    kind: 'clone',
    source: 'prod-shop',
    target: cluster,
    port: 0,
    subnetGroup: null,
    securityGroups: [],
    parameterGroup: null,
    capacity: null,
    tags: {},
  });
  const find = () => aurora.findCluster(cluster);
  await until(find, (found) => found?.status === 'available');
  await aurora.addWriter({
    cluster,
    identifier: writer,
    engine: '',
    instanceClass: 'db.serverless',
    parameterGroup: null,
    tags: {},
  });
  await until(
    () => aurora.listInstances(cluster),
    ([one]) => one?.status === 'available',
  );
};

describe.each(engines)('the master user of a clone, %s', (_, isInstalled, start, aurorasOwn) => {
  describe.skipIf(!isInstalled)('its server is installed', () => {
    let world: Awaited<ReturnType<typeof start>>;

    beforeAll(async () => {
      world = await start();
      await makeClone(world.aurora);
    });
    afterAll(() => world?.keeper.close());

    const targetOf = ({ engine, port, masterUser }: Pick<Cluster, 'engine' | 'port' | 'masterUser'>) => ({
      engine,
      host: '127.0.0.1',
      ip: '127.0.0.1',
      port,
      database: 'shop',
      user: masterUser ?? '',
    });
    const find = async (identifier: string): Promise<Cluster> => {
      const found = await world.aurora.findCluster(identifier);
      if (found === undefined) throw new Error(`there is no ${identifier}`);
      return found;
    };
    const setPassword = async (password: string): Promise<void> => {
      await world.aurora.setMasterPassword({ identifier: cluster, password });
      expect(await find(cluster)).toMatchObject({ status: 'resetting-master-credentials' });
      await until(
        () => find(cluster),
        ({ status }) => status === 'available',
      );
    };

    test('it gets another password, and another again; the old one and production are as they were', async () => {
      const target = targetOf(await find(cluster));
      const open = (password: string, at = target) => reachLocalClone(password).identities.open(at);
      for (const [old, password] of [
        [world.password, 'first-of-this-test'],
        ['first-of-this-test', 'second-of-this-test'],
      ] as const) {
        await setPassword(password);
        await (await open(password)).close();
        await expect(open(old)).rejects.toMatchObject({ name: 'DatabaseDenied' });
      }
      const production = targetOf(await find('prod-shop'));
      await expect(open('second-of-this-test', production)).rejects.toMatchObject({ name: 'DatabaseDenied' });
    });

    test('the clone says that it is its writer, production says nothing; a mark is left once', async () => {
      await setPassword('third-of-this-test');
      const identity = await reachLocalClone('third-of-this-test').identities.open(
        targetOf(await find(cluster)),
      );
      expect(await identity.readName()).toBe(writer);
      expect([await identity.begin(), await identity.begin()]).toEqual([true, false]);
      await identity.close();

      const production = await reachLocalClone(world.password).identities.open(
        targetOf(await find('prod-shop')),
      );
      expect(await production.readName()).toBeNull();
      await production.close();
    });

    test('a server that is no Aurora does not know what Aurora is asked: it says nothing', async () => {
      const signIn: SignIn = async () => ({ password: world.password, ssl: false });
      const identity = await aurorasOwn(signIn).open(targetOf(await find('prod-shop')));
      expect(await identity.readName()).toBeNull();
      await identity.close();
    });

    test('a cluster that is not available: refused', async () => {
      await world.aurora.setMasterPassword({ identifier: cluster, password: 'fourth-of-this-test' });
      const again = world.aurora.setMasterPassword({ identifier: cluster, password: 'fifth-of-this-test' });
      await expect(again).rejects.toMatchObject({ name: 'InvalidClusterState' });
    });
  });
});
