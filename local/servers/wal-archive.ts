import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { toIso } from '../../shared/instants.ts';
import type { RestorePoint } from './cluster.ts';
import { type Postgres, startServer } from './postgres.ts';
import { ProgramFailed, runAsServer } from './program.ts';

/** The backups of one source: a base backup and the archived log after it. */
export type WalArchive = { base: string; segments: string; earliestRestorableTime: string };

/** A segment appears in the archive whole or not at all. Before the folder is there, none is kept: no backup needs it. */
export const archiveSettings = (segments: string): Record<string, string> => ({
  archive_mode: 'on',
  archive_command: `test ! -d ${segments} || { cp %p ${segments}/.%f && mv ${segments}/.%f ${segments}/%f; }`,
});

/** Takes a base backup of a running server. */
export const takeBaseBackup = async (
  postgres: Postgres,
  client: pg.Client,
  data: string,
  archive: { base: string; segments: string },
): Promise<WalArchive> => {
  const ended = await copyRunning(postgres, client, data, archive.base);
  const wholeSecond = Math.ceil(ended.getTime() / 1000) * 1000;
  return { ...archive, earliestRestorableTime: toIso(new Date(wholeSecond)) };
};

/**
 * Copies a running server without its log, through SQL, by PostgreSQL's low-level API (manual, "Making a Base Backup
 * Using the ..."). Whoever starts the copy has to give it the log.
 * @returns when the copy ended
 */
export const copyRunning = async (
  postgres: Postgres,
  client: pg.Client,
  data: string,
  copy: string,
): Promise<Date> => {
  await client.query(`select pg_backup_start('aurora-drills', fast => true)`);
  await copyFolder(postgres, data, copy);
  const { rows } = await client.query<{ labelfile: string; ended: Date }>(
    `select labelfile, clock_timestamp() as ended from pg_backup_stop(wait_for_archive => false)`,
  );
  const [stop] = rows;
  // The copied pg_wal is incomplete. The server has to own its label, which a standby opens to write.
  const complete = 'rm -rf "$0"/pg_wal/* "$0"/postmaster.*; cat > "$0"/backup_label';
  await runAsServer(postgres, 'sh', ['-c', complete, copy], {
    input: Readable.from([stop?.labelfile ?? '']),
  });
  return stop?.ended ?? new Date(0);
};

/** PostgreSQL's manual: a file that vanishes while it is copied is no error. */
const copyFolder = async (postgres: Postgres, from: string, to: string): Promise<void> => {
  try {
    await runAsServer(postgres, 'cp', ['-a', from, to]);
  } catch (error) {
    if (!(error instanceof ProgramFailed)) throw error;
    const complaints = error.stderr.trim().split('\n');
    if (!complaints.every((line) => line.includes('No such file or directory'))) throw error;
  }
};

/** A segment takes milliseconds. A full disk takes forever. */
const archivePatienceMs = 60_000;

/**
 * Makes everything up to now restorable: commits once more, ends the log segment and waits until it is archived.
 * @returns a whole second: a restore to any time before it finds a later commit, and so reaches its target
 */
export const archiveUntilNow = async (client: pg.Client): Promise<string> => {
  const { rows } = await client.query<{ epoch: number }>(
    `select extract(epoch from clock_timestamp())::double precision as epoch, pg_current_xact_id()`,
  );
  const { rows: switched } = await client.query<{ segment: string }>(
    `select pg_walfile_name(pg_switch_wal()) as segment`,
  );
  const segment = switched[0]?.segment ?? '';
  const deadline = Date.now() + archivePatienceMs;
  for (;;) {
    const { rows: archiver } = await client.query<{ last: string | null; failures: string }>(
      `select last_archived_wal as last, failed_count::text as failures from pg_stat_archiver`,
    );
    // Segments are archived in order, and their names sort in that order.
    if ((archiver[0]?.last ?? '') >= segment) break;
    if (Date.now() > deadline) {
      throw new Error(
        `cannot archive log segment ${segment}, ${archiver[0]?.failures} failures: is the disk full?`,
      );
    }
    await sleep(20);
  }
  return toIso(new Date(Math.floor(rows[0]?.epoch ?? 0) * 1000));
};

/** Where the log ends now. Everything before it is archived on return. */
export const markPlace = async (client: pg.Client): Promise<string> => {
  const { rows } = await client.query<{ place: string }>('select pg_current_wal_insert_lsn()::text as place');
  await archiveUntilNow(client);
  return rows[0]?.place ?? '';
};

/** Where a recovery ends (PostgreSQL manual, "Recovery Target"). A snapshot is a backup with only its own log. */
const targetSettings = (point: RestorePoint<string>): Record<string, string> => {
  switch (point.kind) {
    case 'point-in-time':
      // A numeric offset, since this is read before names of time zones are known.
      return { recovery_target_time: point.restoreTo.replace('Z', '+00') };
    case 'clone':
      // Inclusive would add the record that begins there.
      return { recovery_target_lsn: point.place, recovery_target_inclusive: 'off' };
    case 'snapshot':
      return { recovery_target: 'immediate' };
    default:
      return point satisfies never;
  }
};

/**
 * Recovers a copy of the base backup to exactly this point. Nobody can connect in the meantime.
 * @throws Error with the server's log when the archive does not reach that point: PostgreSQL then refuses to end
 */
export const recoverTo = async (
  postgres: Postgres,
  archive: WalArchive,
  point: RestorePoint<string>,
  data: string,
): Promise<void> => {
  await copyFolder(postgres, archive.base, data);
  await writeFile(join(data, 'recovery.signal'), '');
  const server = await startServer(postgres, data, null, {
    hot_standby: 'off',
    // A subscription of the source must not act in its copy.
    max_logical_replication_workers: '0',
    restore_command: `cp ${archive.segments}/%f %p`,
    ...targetSettings(point),
    recovery_target_action: 'promote',
  });
  await server.stop();
};
