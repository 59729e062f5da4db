import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
import { listWorlds } from '../command.ts';
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

    const readMarks = async (port: number | undefined): Promise<string[]> =>
      (await side.run('select mark from marks order by mark', port)).map((row) => row.mark);

    /** Adds an instance, the first as the writer, and waits until it is made. */
    const addInstance = async (target: string, identifier: string): Promise<void> => {
      const { aurora } = side.world;
      const { engine = '' } = (await aurora.findCluster(target)) ?? {};
      const instance = { cluster: target, identifier, engine, instanceClass: 'db.serverless' };
      await aurora.addWriter({ ...instance, parameterGroup: null, tags: {} });
      const made = await until(
        async () => (await aurora.listInstances(target)).find((one) => one.identifier === identifier),
        (found) => found?.status !== 'creating',
      );
      expect([made?.status, side.world.events]).toEqual(['available', []]);
    };

    /** Asks for a copy. `read` waits until its writer answers, and returns its marks. */
    const copy = async (origin: CopyOrigin) => {
      const { aurora } = side.world;
      copies += 1;
      const target = `drill-copy-${copies}`;
      await aurora.restoreCluster(request(origin, target));
      return {
        target,
        read: async (): Promise<string[]> => {
          const isMade = await until(
            () => aurora.findCluster(target),
            (cluster) => cluster?.status !== 'creating',
          );
          expect([isMade?.status, side.world.events]).toEqual(['available', []]);
          await addInstance(target, `${target}-writer`);
          const port = isMade?.port;
          const marks = await readMarks(port);
          // Each transaction of the write load keeps three lines per order.
          const torn = await side.run(
            `select 'torn' as mark from (select count(*) as n from orders) o, (select count(*) as n from order_lines) l
              where l.n <> 3 * o.n`,
            port,
          );
          return [...torn.map((row) => row.mark), ...marks];
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

    test('readers of a copy: each answers, refuses to write and follows its writer, and goes without a trace', async () => {
      const { aurora, keeper, listReaders } = side.world;
      const { target, read } = await copy({ kind: 'clone', source: 'prod-shop' });
      const marks = await read();
      const { port } = (await aurora.findCluster(target)) ?? {};
      await addInstance(target, `${target}-one`);
      await addInstance(target, `${target}-two`);
      const readers = listReaders(target);
      expect(readers.map(({ identifier }) => identifier)).toEqual([`${target}-one`, `${target}-two`]);
      const [one, two] = readers.map((reader) => reader.port);

      expect(await readMarks(one)).toEqual(marks);
      await expect(side.run(`insert into marks values ('x on a reader')`, one)).rejects.toThrow('read-only');
      await side.run(`insert into marks values ('y on the writer')`, port);
      for (const reader of [one, two]) {
        await until(
          () => readMarks(reader),
          (found) => found.includes('y on the writer'),
        );
      }

      const listLeft = async (name: string) =>
        (await listWorlds(dirname(keeper.folder))).filter((line) => line.includes(name));
      const instancesAre = (count: number) =>
        until(
          () => aurora.listInstances(target),
          (all) => all.length === count,
        );
      await aurora.deleteInstance(`${target}-one`);
      await instancesAre(2);
      await expect(readMarks(one)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      expect(await listLeft(`${target}-one`)).toEqual([]);
      expect(await readdir(join(keeper.folder, target))).not.toContain(`reader-${target}-one`);
      expect(await readMarks(two)).toEqual(await readMarks(port));
      expect(listReaders(target)).toMatchObject([{ port: two }]);

      await aurora.deleteInstance(`${target}-writer`);
      await aurora.deleteInstance(`${target}-two`);
      await aurora.deleteCluster(target);
      await until(
        () => aurora.findCluster(target),
        (cluster) => cluster === undefined,
      );
      for (const gone of [port, two]) {
        await expect(readMarks(gone)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      }
      expect(await listLeft(target)).toEqual([]);
      expect(await readdir(keeper.folder)).not.toContain(target);
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
