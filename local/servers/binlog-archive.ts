import { createReadStream } from 'node:fs';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type mysql from 'mysql2/promise';
import { toIso } from '../../shared/instants.ts';
import { reachesSecond } from './binlog-events.ts';
import type { RestorePoint, ServerPlace } from './cluster.ts';
import { feedSql, type Mariadb, startMariadb } from './mariadb.ts';
import { runAsServer } from './program.ts';

/** The backups of one source: a base backup that a server can start on, and the binary logs after it. */
export type BinlogArchive = {
  base: string;
  logs: string;
  /** The first place in the log that the base backup lacks. */
  start: BinlogPlace;
  earliestRestorableTime: string;
};

/** The log holds whole rows, so that a replay depends on nothing else. */
export const archiveSettings = ['--log-bin=binlog', '--binlog-format=ROW', '--server-id=1'];

const readEpoch = async (connection: mysql.Connection): Promise<number> => {
  const [[clock]] = await connection.query<mysql.RowDataPacket[]>('select unix_timestamp(now(6)) as epoch');
  return Number(clock?.epoch);
};

/** Takes a base backup of a running server, and turns it into a data folder that a server can start on. */
export const takeBaseBackup = async (
  mariadb: Mariadb,
  connection: mysql.Connection,
  source: ServerPlace,
  archive: { base: string; logs: string },
): Promise<BinlogArchive> => {
  await backUp(mariadb, source, archive.base);
  const ended = await readEpoch(connection);
  const start = await prepareBackup(mariadb, archive.base);
  return { ...archive, start, earliestRestorableTime: toIso(new Date(Math.ceil(ended) * 1000)) };
};

/** Copies a running server's files. @param base a new folder */
export const backUp = (mariadb: Mariadb, running: ServerPlace, base: string): Promise<void> =>
  runAsServer(mariadb, 'mariadb-backup', [
    `--defaults-file=${mariadb.signInFile}`,
    '--backup',
    '--host=127.0.0.1',
    `--port=${running.port}`,
    `--datadir=${running.data}`,
    `--target-dir=${base}`,
  ]);

/** Makes the files consistent, so that a server can start on them. @returns the first place in the log that they lack */
export const prepareBackup = async (mariadb: Mariadb, base: string): Promise<BinlogPlace> => {
  await runAsServer(mariadb, 'mariadb-backup', ['--no-defaults', '--prepare', `--target-dir=${base}`]);
  return readStart(base);
};

/** MariaDB 11.1 renamed the file that says where the log goes on. */
const readStart = async (base: string): Promise<BinlogPlace> => {
  const read = (name: string) => readFile(join(base, name), 'utf8').catch(() => null);
  const text = (await read('mariadb_backup_binlog_info')) ?? (await read('xtrabackup_binlog_info')) ?? '';
  const [file, position] = text.split(/\s+/);
  if (file === undefined || !/^\d+$/.test(position ?? '')) {
    throw new Error(`the base backup does not say where its log goes on: "${text}"`);
  }
  return { file, position: Number(position) };
};

/** An instant at which every transaction is whole: the end of a log. `bytes` were archived since the one before. */
export type LogEnd = { at: string; place: BinlogPlace; bytes: number };

/**
 * Makes everything up to now restorable: closes the binary log and moves the closed ones to the archive.
 * The server writes its clock to the end of the log that it closes. So for every second up to `latest`, the archive has
 * an event of that second or a later one, after everything committed before it.
 */
export const archiveUntilNow = async (
  mariadb: Mariadb,
  connection: mysql.Connection,
  data: string,
  logs: string,
): Promise<{ latest: string; end: LogEnd }> => {
  const epoch = await readEpoch(connection);
  await connection.query('flush binary logs');
  const closedAt = toIso(new Date());
  const [rows] = await connection.query<mysql.RowDataPacket[]>('show binary logs');
  const names = rows.map(({ Log_name: name }) => String(name));
  const current = names.pop();
  const end = await copyLogs(mariadb, data, logs, names, closedAt);
  await connection.query('purge binary logs to ?', [current]);
  return { latest: toIso(new Date(Math.floor(epoch) * 1000)), end };
};

/** Archives what a server wrote before it was stopped. */
export const archiveStopped = async (
  mariadb: Mariadb,
  data: string,
  logs: string,
  stoppedAt: string,
): Promise<LogEnd> => {
  const names = (await readdir(data)).filter((name) => /^binlog\.\d+$/.test(name)).toSorted();
  return copyLogs(mariadb, data, logs, names, stoppedAt);
};

/** @param names closed logs, in order */
const copyLogs = async (
  mariadb: Mariadb,
  data: string,
  logs: string,
  names: string[],
  closedAt: string,
): Promise<LogEnd> => {
  // Logs appear in the archive in order, each whole or not at all.
  const copy =
    'from=$1; to=$2; shift 2; for f; do cp "$from/$f" "$to/.$f" && mv "$to/.$f" "$to/$f" || exit; done';
  await runAsServer(mariadb, 'sh', ['-ec', copy, 'archive', data, logs, ...names]);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(logs, name))).size));
  return {
    at: closedAt,
    place: { file: names.at(-1) ?? '', position: sizes.at(-1) ?? 0 },
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
};

/** Has the server written anything since it was started on a new log? */
export const hasWritten = async (connection: mysql.Connection): Promise<boolean> => {
  const [[row]] = await connection.query<mysql.RowDataPacket[]>('select @@gtid_binlog_pos as last');
  return row?.last !== '';
};

/** The same of a server that was stopped, which leaves its last position in a file. */
export const hadWritten = async (data: string): Promise<boolean> =>
  (await readFile(join(data, 'binlog.state'), 'utf8')).trim() !== '';

const nameAfter = (file: string): string =>
  file.replace(/\d+$/, (number) => String(Number(number) + 1).padStart(number.length, '0'));

/**
 * The logs from the base backup to the first that reaches the end of the replay.
 * @throws Error when one is missing: without it a replay would silently end too early, or leave something out
 */
const listLogs = async (
  { logs, start }: BinlogArchive,
  end: string,
  reachesEnd: (path: string) => Promise<boolean>,
): Promise<string[]> => {
  const found: string[] = [];
  for (let file = start.file; ; file = nameAfter(file)) {
    const path = join(logs, file);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (!exists) throw new Error(`recovery ended before ${end}: the archive lacks ${file}`);
    found.push(path);
    if (await reachesEnd(path)) return found;
  }
};

/** A place in the binary log. */
export type BinlogPlace = { file: string; position: number };

/** Where the log ends now. It must be archived before a recovery to that place. */
export const readPlace = async (connection: mysql.Connection): Promise<BinlogPlace> => {
  const [[status]] = await connection.query<mysql.RowDataPacket[]>('show master status');
  return { file: String(status?.File), position: Number(status?.Position) };
};

/** The logs that a replay needs, and where it ends in the last one. Null for a snapshot, which needs none. */
const planReplay = async (
  archive: BinlogArchive,
  point: RestorePoint<BinlogPlace>,
): Promise<{ logs: string[]; until: string } | null> => {
  switch (point.kind) {
    case 'point-in-time': {
      const second = Date.parse(point.restoreTo) / 1000;
      const logs = await listLogs(archive, point.restoreTo, (path) => reachesSecond(path, second));
      return { logs, until: `--stop-datetime=${point.restoreTo.slice(0, 19).replace('T', ' ')}` };
    }
    case 'clone': {
      const { file, position } = point.place;
      const logs = await listLogs(archive, `${file}:${position}`, async (path) => basename(path) === file);
      return { logs, until: `--stop-position=${position}` };
    }
    case 'snapshot':
      return null;
    default:
      return point satisfies never;
  }
};

/**
 * Recovers a copy of the base backup to the point. Nobody can connect in the meantime.
 * For an instant, mariadb-binlog stops at the first event of that second. An event's time is when its statement began,
 * never after its place in the log, so nothing committed before that second is missed.
 * @throws Error when the archive does not reach that point
 */
export const recoverTo = async (
  mariadb: Mariadb,
  archive: BinlogArchive,
  point: RestorePoint<BinlogPlace>,
  data: string,
): Promise<void> => {
  const plan = await planReplay(archive, point);
  await runAsServer(mariadb, 'cp', ['-a', archive.base, data]);
  if (plan === null) return;
  const replay = join(data, '..', 'replay.sql');
  // To a file first, so that nothing of an unreadable log is replayed.
  await runAsServer(mariadb, 'mariadb-binlog', [
    '--no-defaults',
    '--verify-binlog-checksum',
    `--start-position=${archive.start.position}`,
    plan.until,
    `--result-file=${replay}`,
    ...plan.logs,
  ]);
  const server = await startMariadb(mariadb, data, null, ['--skip-log-bin']);
  try {
    await feedSql(mariadb, data, createReadStream(replay));
  } finally {
    await server.stop();
  }
  await runAsServer(mariadb, 'rm', [replay]);
};
