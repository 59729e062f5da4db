import { join } from 'node:path';
import pg from 'pg';
import { clusterServers, type RestorePoint } from '../servers/cluster.ts';
import { copySettings, startHotStandby } from '../servers/hot-standby.ts';
import { findPostgres, initDatabase, startServer } from '../servers/postgres.ts';
import { startPostgresSandbox } from '../servers/sandbox-postgres.ts';
import { findFreePort, makeServerFolder } from '../servers/user.ts';
import {
  archiveSettings,
  archiveUntilNow,
  markPlace,
  recoverTo,
  takeBaseBackup,
  type WalArchive,
} from '../servers/wal-archive.ts';
import { writeToPostgresSample } from './sample-postgres.ts';
import { type Engine, keepArchiving, keepBases, type Source, type SourceOptions } from './source.ts';

export type PostgresSource = Source & { archive: WalArchive; connect(): Promise<pg.Client> };

export type PostgresLoad = (client: pg.Client) => Promise<void>;

export const superuser = 'postgres';

/** Signs in as the owner: for loading data and for faults, never for checks. */
export const connectAsOwner = async (
  port: number,
  database: string,
  password: string,
): Promise<pg.Client> => {
  const client = new pg.Client({ host: '127.0.0.1', port, database, user: superuser, password });
  client.on('error', () => {});
  await client.connect();
  return client;
};

export const postgresEngine = (load: PostgresLoad): Engine<PostgresSource> => ({
  name: 'postgres',
  startSource: (options) => startPostgresSource(options, load),
});

const startPostgresSource = async (options: SourceOptions, load: PostgresLoad): Promise<PostgresSource> => {
  const { keeper, database, readerUser, password } = options;
  const postgres = await findPostgres(keeper);
  const folder = await makeServerFolder(postgres, 'source');
  const data = join(folder, 'data');
  await initDatabase(postgres, data, superuser, password);

  const port = await findFreePort();
  const segments = join(keeper.folder, 'archive');
  const createdAt = new Date().toISOString();
  await startServer(postgres, data, port, {
    ...archiveSettings(segments),
    max_wal_senders: '0',
    max_connections: '30',
  });
  await createDatabase(await connectAsOwner(port, 'postgres', password), { database, readerUser, password });
  const connect = () => connectAsOwner(port, database, password);
  await withClient(connect, load);

  await makeServerFolder(postgres, 'archive');
  const backup = await connect();
  const archive = await takeBaseBackup(postgres, backup, data, { base: join(folder, 'base'), segments });
  const bases = keepBases(archive.base);
  const archiving = await keepArchiving(() => archiveUntilNow(backup), archive.earliestRestorableTime);
  return {
    port,
    archive,
    createdAt,
    snapshotTimes: bases.snapshotTimes,
    latestRestorableTime: archiving.latestRestorableTime,
    isArchiving: archiving.isArchiving,
    takeSnapshot: async () => {
      const base = join(folder, `base-${bases.snapshotTimes.length + 1}`);
      await withClient(connect, async (client) => {
        await takeBaseBackup(postgres, client, data, { base, segments });
        // Archives the backup's own log. Without archiving, the snapshot cannot be restored.
        if (archiving.isArchiving()) await archiveUntilNow(client);
      });
      return bases.add(base);
    },
    markPlace: () => withClient(connect, markPlace),
    stopArchiving: async () => {
      await archiving.stop();
      await withClient(connect, async (client) => {
        await client.query(`alter system set archive_command = 'false'`);
        await client.query('select pg_reload_conf()');
      });
    },
    runAsOwner: (sql) =>
      withClient(connect, async (client) => {
        const answers = [await client.query(sql)].flat();
        return answers.at(-1)?.rowCount ?? 0;
      }),
    startWriteLoad: async () => writeToPostgresSample(await connect()),
    startSandbox: (sandbox) =>
      startPostgresSandbox(postgres, sandbox, {
        name: superuser,
        password,
        connect: (ownPort, name) => connectAsOwner(ownPort, name, password),
      }),
    makeServers: (identifier, fault) =>
      clusterServers(
        identifier,
        {
          engine: 'postgres',
          owner: postgres,
          password,
          earliestRestorableTime: archive.earliestRestorableTime,
          recover: (point, copy, log) => {
            const from = { ...archive, base: bases.find(point), segments: log ?? segments };
            // This source marked the place, so it has this type.
            return recoverTo(postgres, from, point as RestorePoint<string>, copy);
          },
          startServer: (copy, copyPort, instance) =>
            startServer(postgres, copy, copyPort, { ...copySettings, cluster_name: instance }),
          startReader: (writer, reader) =>
            withClient(
              () => connectAsOwner(writer.port, database, password),
              (client) => startHotStandby(postgres, client, password, writer, reader),
            ),
          changePassword: (copyPort, from, to) =>
            withClient(
              () => connectAsOwner(copyPort, database, from),
              async (client) => {
                await client.query(`alter role ${superuser} password ${pg.escapeLiteral(to)}`);
              },
            ),
          damage: async ({ damage }, copyPort) => {
            if (damage?.postgres === undefined) return;
            await withClient(() => connectAsOwner(copyPort, database, password), damage.postgres);
          },
        },
        fault,
      ),
    connect,
  };
};

const createDatabase = async (
  client: pg.Client,
  { database, readerUser, password }: { database: string; readerUser: string; password: string },
): Promise<void> => {
  const user = pg.escapeIdentifier(readerUser);
  if (database !== 'postgres')
    await client.query(`create database ${pg.escapeIdentifier(database)} strategy file_copy`);
  if (readerUser !== superuser) {
    await client.query(`create role ${user} login password ${pg.escapeLiteral(password)}`);
    await client.query(`grant pg_read_all_data to ${user}`);
    await client.query(`alter role ${user} bypassrls`);
  }
  await client.end();
};

const withClient = async <Answer>(
  connect: () => Promise<pg.Client>,
  work: (client: pg.Client) => Promise<Answer>,
): Promise<Answer> => {
  const client = await connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};
