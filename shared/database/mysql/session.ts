import type { Connection as PlainConnection } from 'mysql2';
import type mysql from 'mysql2/promise';
import { DrillError, describeError, isDrillError } from '../../errors.ts';
import type { SignIn } from '../sign-in.ts';
import { connectMysql, describeAddress, type MysqlAddress } from './connection.ts';
import { fromMysqlError } from './errors.ts';

/** Aurora MySQL is a MySQL, and MariaDB runs on this machine. Some names differ. */
export type Flavour = 'mysql' | 'mariadb';

/** One session. Every statement goes through it, so that each error says what was asked and where. */
export type MysqlSession = {
  flavour: Flavour;
  query<Row extends object>(what: string, sql: string): Promise<Row[]>;
  /** How long a statement may run, and wait for each lock, until the next question sets its own limits. */
  setLimits(what: string, ms: number, lockSeconds: number): Promise<void>;
  /** Like query, with rows as arrays, so that columns may share a name. */
  queryRows(what: string, sql: string): Promise<(string | null)[][]>;
  /** Like queryRows, row by row, as fast as they are taken. */
  streamRows(what: string, sql: string, take: (row: (string | null)[]) => Promise<void>): Promise<void>;
  /**
   * Runs questions in the snapshot, each statement within the time that is left. DatabaseBusy if the snapshot is gone: a
   * deadlock ended its transaction, or the connection broke.
   */
  ask<Answer>(what: string, questions: () => Promise<Answer>): Promise<Answer>;
  /** False once the snapshot is gone. Other sessions cannot lend theirs, so only a new one helps. */
  hasSnapshot(): boolean;
  /** Makes it fit for a new snapshot, with a new connection where it has lost its own. */
  renew(): Promise<void>;
  close(): Promise<void>;
};

/** What the catalog is asked through. */
export type CatalogSession = Pick<MysqlSession, 'flavour' | 'query'>;

export const lockWaitSeconds = 5;

/** Each is a pack of some kilobytes. */
const rowsAhead = 64;

/**
 * A session cannot hurt production: it cannot write, waits at most 5 s for a lock, and ends by itself. It may idle as long
 * as a function lives, since sessions with a snapshot wait for the others. The rest fixes how values look as text.
 */
const sessionSettings: Record<string, string> = {
  time_zone: `'+00:00'`,
  // No modes that change how quotes are read, or pad what is selected.
  sql_mode: `''`,
  innodb_lock_wait_timeout: String(lockWaitSeconds),
  wait_timeout: '900',
  // All rows of a table without a key that are the same come in one pack.
  group_concat_max_len: '16777216',
  // Warnings say what the catalog left out.
  max_error_count: '65535',
};

/** By default MySQL 8.0 caches AUTO_INCREMENT values of information_schema for a day (information_schema_stats_expiry). */
const flavourSettings: Record<Flavour, Record<string, string>> = {
  mysql: { information_schema_stats_expiry: '0' },
  mariadb: {},
};

const timeLimit: Record<Flavour, (ms: number) => string> = {
  mysql: (ms) => `max_execution_time = ${Math.ceil(ms)}`,
  mariadb: (ms) => `max_statement_time = ${ms / 1000}`,
};

/** A session can be asked nothing before its first snapshot. */
export const openSnapshotSql = 'start transaction with consistent snapshot, read only';
/**
 * After each question the session goes back to this point, as mysqldump --single-transaction does. The snapshot stays.
 * The metadata locks go: an ALTER TABLE, and everything behind it, would wait for them.
 */
export const beginQuestionSql = 'savepoint question';
const endQuestionSql = 'rollback to savepoint question';

/**
 * A MariaDB with a binary log keeps these locks all the same, unless the session logs nothing, for which a user needs BINLOG
 * ADMIN. MySQL does not (its bug 71017).
 */
const logNothingSql = 'set session sql_log_bin = 0';

export const openMysqlSession = async (
  address: MysqlAddress,
  signIn: SignIn,
  remainingMs: () => number,
): Promise<MysqlSession> => {
  const where = describeAddress(address);
  let connection: mysql.Connection;
  let isConnected = false;
  let isSnapshotGone = false;

  const run = async <Answer>(what: string, statement: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await statement();
    } catch (error) {
      const named = fromMysqlError(`${what} in ${where}`, error);
      if (isDrillError(named, 'DatabaseUnreachable')) isConnected = false;
      throw named;
    }
  };
  const query = <Row extends object>(what: string, sql: string): Promise<Row[]> =>
    run(what, async () => (await connection.query<mysql.RowDataPacket[]>(sql))[0] as Row[]);

  const open = async (): Promise<Flavour> => {
    connection = await connectMysql(address, signIn);
    isConnected = true;
    // A connection may break between two queries. The next query fails with the error.
    connection.on('error', () => {
      isConnected = false;
    });
    return setUpSession(query).catch((error) => {
      connection.destroy();
      throw error;
    });
  };
  const flavour = await open();

  const setLimits = async (what: string, ms: number, lockSeconds: number): Promise<void> => {
    await query(what, `set session ${timeLimit[flavour](ms)}, session lock_wait_timeout = ${lockSeconds}`);
  };

  return {
    flavour,
    query,
    setLimits,
    queryRows: (what, sql) =>
      run(what, async () => {
        const asked = { sql, rowsAsArray: true };
        return (await connection.query<mysql.RowDataPacket[]>(asked))[0] as unknown as (string | null)[][];
      }),
    streamRows: async (what, sql, take) => {
      // What `take` throws says nothing of the connection.
      const refusals: unknown[] = [];
      await run(what, async () => {
        // The promises of mysql2 keep all rows. Only the connection beneath them streams.
        const { connection: plain } = connection as unknown as { connection: PlainConnection };
        const rows = plain.query({ sql, rowsAsArray: true }).stream({ highWaterMark: rowsAhead });
        // When the connection breaks, mysql2 does not end the stream.
        const breakOff = (error: Error): unknown => rows.destroy(error);
        plain.on('error', breakOff);
        try {
          for await (const row of rows) {
            await take(row as (string | null)[]).catch((error: unknown) => refusals.push(error));
            if (refusals.length > 0) return;
          }
        } finally {
          plain.off('error', breakOff);
          // What nobody takes any more must not stay in the way of the next answer.
          plain.resume();
        }
      });
      if (refusals.length > 0) throw refusals[0];
    },
    ask: async (what, questions) => {
      const left = remainingMs();
      if (left <= 0) throw new DrillError('OutOfTime', `${what} in ${where}: no time was left`);
      const [asked] = await Promise.allSettled([setLimits(what, left, lockWaitSeconds).then(questions)]);
      const [ended] = await Promise.allSettled([query(what, endQuestionSql)]);
      isSnapshotGone = ended.status === 'rejected';
      if (asked.status === 'rejected') throw isConnected ? asked.reason : explainLoss(asked.reason);
      if (ended.status === 'rejected') throw explainLoss(ended.reason);
      return asked.value;
    },
    hasSnapshot: () => !isSnapshotGone,
    renew: async () => {
      if (isConnected) return;
      connection.destroy();
      await open();
    },
    close: () => connection.end().catch(() => connection.destroy()),
  };
};

/** Others in the snapshot may go on, so it is no reason to end everything. */
const explainLoss = (error: unknown): DrillError =>
  new DrillError('DatabaseBusy', `${describeError(error)}; the snapshot of this session is gone`, {
    cause: error,
  });

type Query = MysqlSession['query'];

const setUpSession = async (query: Query): Promise<Flavour> => {
  const what = 'set up a session';
  const [row] = await query<{ version: string }>(what, 'select version() as version');
  const flavour = row?.version.includes('MariaDB') ? 'mariadb' : 'mysql';
  const settings = Object.entries({ ...sessionSettings, ...flavourSettings[flavour] });
  await query(what, 'set names utf8mb4');
  await query(what, `set ${settings.map(([name, value]) => `session ${name} = ${value}`).join(', ')}`);
  if (flavour === 'mariadb') await logNothing(query);
  await query(what, 'set session transaction isolation level repeatable read, read only');
  return flavour;
};

const logNothing = async (query: Query): Promise<void> => {
  try {
    await query('log nothing', logNothingSql);
  } catch (error) {
    if (!isDrillError(error, 'DatabaseDenied')) throw error;
  }
};
