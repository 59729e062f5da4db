import type mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { automatedSnapshot } from '../../../local/aurora/descriptions.ts';
import * as mysqlSource from '../../../local/sources/mysql.ts';
import * as postgresSource from '../../../local/sources/postgres.ts';
import { loadMysqlSample } from '../../../local/sources/sample-mysql.ts';
import { loadPostgresSample } from '../../../local/sources/sample-postgres.ts';
import type { WriteLoad } from '../../../local/sources/write-load.ts';
import type { CopyOrigin, CopyRequest } from '../../../shared/aurora/port.ts';
import { addSeconds } from '../../../shared/instants.ts';
import { hasMariadb } from '../mariadb.ts';
import { startMysqlTestWorld, startTestWorld, until } from '../world.ts';

type Rows = { mark: string }[];
/** A world of one engine. Statements go to its source, or to a copy on another port. */
type Side = {
  world: Awaited<ReturnType<typeof startTestWorld>> | Awaited<ReturnType<typeof startMysqlTestWorld>>;
  run: (sql: string, port?: number) => Promise<Rows>;
};

const startPostgres = async (): Promise<Side> => {
  const world = await startTestWorld({ load: loadPostgresSample });
  const run = async (sql: string, port = world.source.port): Promise<Rows> => {
    const client = await postgresSource.connectAsOwner(port, 'shop', world.password);
    try {
      return (await client.query<{ mark: string }>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  return { world, run };
};

const startMysql = async (): Promise<Side> => {
  const world = await startMysqlTestWorld(({ connection }) => loadMysqlSample(connection));
  const run = async (sql: string, port = world.source.port): Promise<Rows> => {
    const connection = await mysqlSource.connectAsOwner(port, 'shop', world.password);
    try {
      const [rows] = await connection.query<mysql.RowDataPacket[]>(sql);
      return rows as Rows;
    } finally {
      await connection.end();
    }
  };
  return { world, run };
};

const engines: [string, boolean, () => Promise<Side>][] = [
  ['postgres', true, startPostgres],
  ['mysql', hasMariadb, startMysql],
];

describe.each(engines)('copies of a source under write load, %s', (_, isInstalled, start) => {
  describe.skipIf(!isInstalled)('its server is installed', () => {
    let side: Side;
    let load: WriteLoad;
    let copies = 0;

    beforeAll(async () => {
      side = await start();
      await side.run('create table marks (mark varchar(40) primary key)');
      load = await side.world.source.startWriteLoad();
    });
    afterAll(async () => {
      await load?.stop();
      await side?.world.keeper.close();
    });

    const mark = (text: string) => side.run(`insert into marks values ('${text}')`);

    const request = (origin: CopyOrigin, target: string): CopyRequest => ({
      ...origin,
      target,
      port: 5432,
      subnetGroup: null,
      securityGroups: [],
      parameterGroup: null,
      capacity: null,
      tags: {},
    });

    /** Asks for a copy. `read` waits until its writer answers, and returns its marks. */
    const copy = async (origin: CopyOrigin) => {
      const { aurora } = side.world;
      copies += 1;
      const target = `drill-copy-${copies}`;
      await aurora.restoreCluster(request(origin, target));
      return {
        read: async (): Promise<string[]> => {
          const isMade = await until(
            () => aurora.findCluster(target),
            (cluster) => cluster?.status !== 'creating',
          );
          expect([isMade?.status, side.world.events]).toEqual(['available', []]);
          const [engine, parameterGroup] = [isMade?.engine ?? '', null];
          const writer = { cluster: target, identifier: `${target}-writer`, engine, parameterGroup };
          await aurora.addWriter({ ...writer, instanceClass: 'db.serverless', tags: {} });
          await until(
            () => aurora.listInstances(target),
            ([instance]) => instance?.status === 'available',
          );
          const { port } = (await aurora.findCluster(target)) ?? {};
          const rows = await side.run('select mark from marks order by mark', port);
          // Each transaction of the write load keeps three lines per order.
          const torn = await side.run(
            `select 'torn' as mark from (select count(*) as n from orders) o, (select count(*) as n from order_lines) l
              where l.n <> 3 * o.n`,
            port,
          );
          return [...torn, ...rows].map((row) => row.mark);
        },
      };
    };

    test('a clone: what the source has when it is asked for, and nothing of later', async () => {
      await mark('a before the clone');
      const clone = await copy({ kind: 'clone', source: 'prod-shop' });
      await mark('b after the clone');
      expect(await clone.read()).toEqual(['a before the clone']);
    });

    test('a clone of a moment later: has that too', async () => {
      const clone = await copy({ kind: 'clone', source: 'prod-shop' });
      expect(await clone.read()).toEqual(['a before the clone', 'b after the clone']);
    });

    test('a snapshot: what the source had when it was taken, and nothing of the log behind it', async () => {
      await mark('c before the snapshot');
      const { source, aurora } = side.world;
      await source.takeSnapshot();
      await mark('d after the snapshot');
      const at = source.snapshotTimes.at(-1) ?? '';
      const { engine = '', engineVersion = '' } = (await aurora.findCluster('prod-shop')) ?? {};
      const snapshot = automatedSnapshot({ identifier: 'prod-shop', engine, engineVersion }, at).identifier;
      const restored = await copy({ kind: 'snapshot', snapshot, engine, engineVersion });
      expect(await restored.read()).toEqual([
        'a before the clone',
        'b after the clone',
        'c before the snapshot',
      ]);
    });

    test('a point in time behind them all: everything', async () => {
      await mark('e before the instant');
      const { source } = side.world;
      const restoreTo = `${addSeconds(new Date().toISOString(), 1).slice(0, 19)}Z`;
      await until(
        async () => source.latestRestorableTime(),
        (latest) => Date.parse(latest) > Date.parse(restoreTo),
      );
      const restored = await copy({ kind: 'point-in-time', source: 'prod-shop', restoreTo });
      expect(await restored.read()).toHaveLength(5);
    });

    test.each([
      [
        'a clone of an unknown source',
        { kind: 'clone', source: 'nobody' },
        'ClusterNotFound',
        'DBClusterNotFoundFault',
      ],
      [
        'an unknown snapshot',
        { kind: 'snapshot', snapshot: 'rds:nobody', engine: 'aurora-mysql', engineVersion: '8' },
        'SnapshotNotFound',
        'DBClusterSnapshotNotFoundFault',
      ],
    ] as const)('%s: refused by name', async (_, origin, name, fault) => {
      await expect(copy(origin)).rejects.toMatchObject({ name, message: expect.stringContaining(fault) });
    });

    test('one name asked for twice at once: one clone, and TargetNameTaken', async () => {
      const { aurora } = side.world;
      const ask = () => aurora.restoreCluster(request({ kind: 'clone', source: 'prod-shop' }, 'drill-twice'));
      const ends = await Promise.allSettled([ask(), ask()]);
      const refused = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason);
      expect(refused).toMatchObject([{ name: 'TargetNameTaken' }]);
    });

    test('the source behind all these copies: has every mark and goes on writing', async () => {
      expect(await side.run('select mark from marks')).toHaveLength(5);
      const before = load.rowsWritten();
      await until(
        async () => load.rowsWritten(),
        (now) => now > before,
      );
    });
  });
});
