import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import type { ServerPlace } from './cluster.ts';
import { type Postgres, startServer } from './postgres.ts';
import type { RunningServer } from './process.ts';
import { copyRunning } from './wal-archive.ts';

/** Of a copy's writer and its readers: a hot standby may have no less than its primary (PostgreSQL manual, "Hot Standby"). */
export const copySettings: Record<string, string> = {
  // A subscription of the source must not act in its copy.
  max_logical_replication_workers: '0',
  // Aurora has up to 15 readers.
  max_wal_senders: '15',
  // How far a reader may fall behind. It has no slot, so that its writer forgets it once it is gone.
  wal_keep_size: '256MB',
};

/** It takes a second. Without a writer, it would wait for one forever. */
const patienceMs = 60_000;

/**
 * Starts a reader that follows the writer over a connection. It is ready once it has replayed what was written while it was
 * copied, which it can only have from the writer.
 * @param client signed in to the writer, as one who may replicate
 * @param password of this user
 */
export const startHotStandby = async (
  postgres: Postgres,
  client: pg.Client,
  password: string,
  writer: ServerPlace,
  reader: ServerPlace,
): Promise<RunningServer> => {
  await copyRunning(postgres, client, writer.data, reader.data);
  await writeFile(join(reader.data, 'standby.signal'), '');
  // Everybody can read a process's command line, and only its user its environment.
  const environment = { ...postgres.environment, PGPASSWORD: password };
  const settings = {
    ...copySettings,
    primary_conninfo: `host=127.0.0.1 port=${writer.port} user=${client.user}`,
  };
  return startServer({ ...postgres, environment }, reader.data, reader.port, settings, patienceMs);
};
