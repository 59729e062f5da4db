import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { archiveSettings, type BinlogArchive, recoverTo } from '../servers/binlog-archive.ts';
import { clusterServers, type RestorePoint } from '../servers/cluster.ts';
import type { Located } from '../servers/history.ts';
import { findMariadb, initMariadb, type Mariadb, mariadbOwner, startMariadb } from '../servers/mariadb.ts';
import { startReplica } from '../servers/replica.ts';
import { startMariadbSandbox } from '../servers/sandbox-mariadb.ts';
import { findFreePort, makeServerFolder, writeSecretFile } from '../servers/user.ts';
import { keepMysqlServer } from './mysql-server.ts';
import { writeToMysqlSample } from './sample-mysql.ts';
import {
  type Engine,
  keepArchiving,
  keepBases,
  type Rewinding,
  type Source,
  type SourceOptions,
} from './source.ts';

export type MysqlSource = Source & {
  archive: BinlogArchive;
  rewinding: Rewinding;
  connect(): Promise<mysql.Connection>;
};

/** A new, empty database, and how to reach it. */
export type NewMysqlDatabase = {
  mariadb: Mariadb;
  data: string;
  database: string;
  connection: mysql.Connection;
};

export type MysqlLoad = (target: NewMysqlDatabase) => Promise<void>;

/** Signs in as the owner: for loading data and for faults, never for checks. */
export const connectAsOwner = async (
  port: number,
  database: string,
  password: string,
): Promise<mysql.Connection> => {
  const connection = await mysql.createConnection({
    host: '127.0.0.1',
    port,
    database,
    user: mariadbOwner,
    password,
    timezone: 'Z',
    multipleStatements: true,
  });
  connection.on('error', () => {});
  return connection;
};

export const mysqlEngine = (load: MysqlLoad): Engine<MysqlSource> => ({
  name: 'mysql',
  startSource: (options) => startMysqlSource(options, load),
});

const startMysqlSource = async (options: SourceOptions, load: MysqlLoad): Promise<MysqlSource> => {
  const { keeper, database, password } = options;
  const mariadb = await findMariadb(keeper, password);
  const folder = await makeServerFolder(mariadb, 'source');
  const data = join(folder, 'data');
  await initMariadb(mariadb, data);

  const port = await findFreePort();
  const createdAt = new Date().toISOString();
  // Run before anybody can connect.
  const firstStatements = await writeSecretFile(mariadb, 'first.sql', firstSql(options));
  const server = await startMariadb(mariadb, data, port, [
    ...archiveSettings,
    `--init-file=${firstStatements}`,
  ]);
  await rm(firstStatements);
  const connectOwner = (ownPort: number) => connectAsOwner(ownPort, database, password);
  const connect = () => connectOwner(port);
  await withConnection(connect, async (connection) => {
    await load({ mariadb, data, database, connection });
    // A dump of all databases brings its own users. After a restart there would be no others.
    await connection.query(`flush privileges; ${firstSql(options)}`);
  });

  const kept = await keepMysqlServer({ mariadb, folder, running: { port, data }, server, connect });
  const archive = kept.first;
  const bases = keepBases(archive.base);
  const archiving = await keepArchiving(kept.archiveNext, archive.earliestRestorableTime);
  const locate = (point: RestorePoint): Located => {
    switch (point.kind) {
      case 'point-in-time':
        return kept.locate(point.restoreTo);
      case 'clone':
        // This source marked the place, so it has this type.
        return point.place as Located;
      case 'snapshot':
        return { archive: { ...archive, base: bases.find(point) }, point };
      default:
        return point satisfies never;
    }
  };
  return {
    port,
    archive,
    createdAt,
    snapshotTimes: bases.snapshotTimes,
    latestRestorableTime: archiving.latestRestorableTime,
    isArchiving: archiving.isArchiving,
    takeSnapshot: async () => {
      const base = join(folder, `base-${bases.snapshotTimes.length + 1}`);
      await kept.backUp(base);
      return bases.add(base);
    },
    markPlace: kept.markPlace,
    stopArchiving: archiving.stop,
    runAsOwner: (sql) =>
      withConnection(connect, async (connection) => {
        const [answers] = await connection.query<mysql.ResultSetHeader | mysql.ResultSetHeader[]>(sql);
        return [answers].flat().at(-1)?.affectedRows ?? 0;
      }),
    startWriteLoad: async () => writeToMysqlSample(await connect()),
    startSandbox: (sandbox) => startMariadbSandbox(mariadb, sandbox, password),
    makeServers: (identifier, fault) =>
      clusterServers(
        identifier,
        {
          engine: 'mysql',
          owner: mariadb,
          password,
          earliestRestorableTime: archive.earliestRestorableTime,
          recover: (point, copy, log) => {
            const { archive: from, point: there } = locate(point);
            return recoverTo(mariadb, { ...from, logs: log ?? from.logs }, there, copy);
          },
          // With a log, which readers follow.
          startServer: (copy, copyPort, instance) =>
            startMariadb(mariadb, copy, copyPort, [...archiveSettings, `--report-host=${instance}`]),
          startReader: (writer, reader) =>
            startReplica(mariadb, { password, connect: connectOwner }, writer, reader),
          changePassword: (copyPort, from, to) =>
            withConnection(
              () => connectAsOwner(copyPort, database, from),
              async (connection) => {
                for (const host of ['localhost', '127.0.0.1']) {
                  await connection.query('alter user ?@? identified by ?', [mariadbOwner, host, to]);
                }
              },
            ),
          damage: async ({ damage }, copyPort) => {
            if (damage?.mysql === undefined) return;
            await withConnection(() => connectOwner(copyPort), damage.mysql);
          },
        },
        fault,
      ),
    rewinding: kept,
    connect,
  };
};

/** With BINLOG ADMIN, the reader's sessions need not keep the locks of what they have read. */
const readerRights = 'select, show view, binlog admin';

/** One statement a line, as the server wants it. There are two owners: by the socket, and from 127.0.0.1. */
const firstSql = ({ database, readerUser, password }: SourceOptions): string => {
  const identified = `identified by ${mysql.escape(password)}`;
  const reader = `${mysql.escape(readerUser)}@'127.0.0.1'`;
  return [
    `create or replace user ${mariadbOwner}@localhost ${identified}`,
    `grant all on *.* to ${mariadbOwner}@localhost with grant option`,
    `create or replace user ${mariadbOwner}@'127.0.0.1' ${identified}`,
    `grant all on *.* to ${mariadbOwner}@'127.0.0.1' with grant option`,
    `create database if not exists ${mysql.escapeId(database, true)}`,
    ...(readerUser === mariadbOwner
      ? []
      : [`create or replace user ${reader} ${identified}`, `grant ${readerRights} on *.* to ${reader}`]),
  ]
    .map((statement) => `${statement};\n`)
    .join('');
};

const withConnection = async <Answer>(
  connect: () => Promise<mysql.Connection>,
  work: (connection: mysql.Connection) => Promise<Answer>,
): Promise<Answer> => {
  const connection = await connect();
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
};
