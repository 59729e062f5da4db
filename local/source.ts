import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isAfter } from '../shared/instants.ts';
import {
  findFreePort,
  initDatabase,
  makeServerFolder,
  type Postgres,
  startServer,
} from './postgres-server.ts';
import { archiveSettings, archiveUntilNow, takeBaseBackup, type WalArchive } from './wal-archive.ts';

/** The production cluster of this machine: a PostgreSQL that archives its log, as Aurora's storage does. */
export type Source = {
  port: number;
  archive: WalArchive;
  /** Moves on while the source runs. */
  latestRestorableTime(): string;
  createdAt: string;
  /** When each of its automated snapshots was taken, the first one at its start. */
  snapshotTimes: string[];
  takeSnapshot(): Promise<void>;
  /** From then on the log is no longer archived, and the latest restorable time stands still. */
  stopArchiving(): Promise<void>;
  isArchiving(): boolean;
  connect(): Promise<pg.Client>;
};

export type SourceOptions = {
  database: string;
  readerUser: string;
  password: string;
  /** Fills the new database; the source is backed up for the first time after that. */
  load: (client: pg.Client) => Promise<void>;
};

const superuser = 'postgres';
/** How often the log is archived: Aurora's LatestRestorableTime moves too, some minutes behind. */
const archiveEveryMs = 500;

/** How the owner of a local database signs in: for loading data and for faults, never for checks. */
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

export const startSource = async (postgres: Postgres, options: SourceOptions): Promise<Source> => {
  const { database, readerUser, password } = options;
  const folder = await makeServerFolder(postgres, 'source');
  const data = join(folder, 'data');
  await initDatabase(postgres, data, superuser, password);

  const port = await findFreePort();
  const segments = await makeServerFolder(postgres, 'archive');
  const createdAt = new Date().toISOString();
  await startServer(postgres, data, port, {
    ...archiveSettings(segments),
    max_wal_senders: '0',
    max_connections: '30',
  });
  await createDatabase(await connectAsOwner(port, 'postgres', password), { database, readerUser, password });
  const connect = () => connectAsOwner(port, database, password);
  await loadWith(await connect(), options.load);

  const backup = await connect();
  const archive = await takeBaseBackup(postgres, backup, data, { base: join(folder, 'base'), segments });
  const snapshotTimes = [new Date().toISOString()];
  let latest = await archiveUntilNow(backup);
  // A window that ends before it begins would be no window; Aurora's is never seen so young.
  while (!isAfter(latest, archive.earliestRestorableTime)) {
    await sleep(100);
    latest = await archiveUntilNow(backup);
  }
  let isArchiving = true;
  const archiving = (async () => {
    while (isArchiving) {
      await sleep(archiveEveryMs);
      latest = await archiveUntilNow(backup);
    }
  })();
  // A source that dies takes its connection along; the drill then sees a LatestRestorableTime that stands still.
  archiving.catch(() => {});
  return {
    port,
    archive,
    latestRestorableTime: () => latest,
    createdAt,
    snapshotTimes,
    takeSnapshot: async () => {
      const client = await connect();
      const base = join(folder, `base-${snapshotTimes.length + 1}`);
      await takeBaseBackup(postgres, client, data, { base, segments });
      snapshotTimes.push(new Date().toISOString());
      await client.end();
    },
    stopArchiving: async () => {
      isArchiving = false;
      const client = await connect();
      await client.query(`alter system set archive_command = 'false'`);
      await client.query('select pg_reload_conf()');
      await client.end();
    },
    isArchiving: () => isArchiving,
    connect,
  };
};

const createDatabase = async (
  client: pg.Client,
  { database, readerUser, password }: { database: string; readerUser: string; password: string },
): Promise<void> => {
  const user = pg.escapeIdentifier(readerUser);
  if (database !== 'postgres') await client.query(`create database ${pg.escapeIdentifier(database)}`);
  if (readerUser !== superuser) {
    await client.query(`create role ${user} login password ${pg.escapeLiteral(password)}`);
    await client.query(`grant pg_read_all_data to ${user}`);
    await client.query(`alter role ${user} bypassrls`);
  }
  await client.end();
};

const loadWith = async (client: pg.Client, load: SourceOptions['load']): Promise<void> => {
  try {
    await load(client);
  } finally {
    await client.end();
  }
};
