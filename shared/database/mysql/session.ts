import { connect } from 'node:net';
import mysql from 'mysql2/promise';
import { DrillError, isDrillError } from '../../errors.ts';
import type { DatabaseAddress } from '../port.ts';
import type { SignIn } from '../sign-in.ts';
import { fromMysqlError } from './errors.ts';

/** Aurora MySQL is a MySQL, and MariaDB runs on this machine. Some names differ. */
export type Flavour = 'mysql' | 'mariadb';

/** One session. Every statement goes through it, so that each error says what was asked and where. */
export type MysqlSession = {
  flavour: Flavour;
  query<Row extends object>(what: string, sql: string): Promise<Row[]>;
  /** Like query, with rows as arrays, so that columns may share a name. */
  queryRows(what: string, sql: string): Promise<(string | null)[][]>;
  /** Runs questions in the snapshot, each statement within the time that is left. */
  ask<Answer>(what: string, questions: () => Promise<Answer>): Promise<Answer>;
  close(): Promise<void>;
};

/**
 * A session cannot hurt production: it cannot write, waits at most 5 s for a lock, and ends by itself. It may idle as long
 * as a function lives, since sessions with a snapshot wait for the others. The rest fixes how values look as text.
 */
const sessionSettings: Record<string, string> = {
  time_zone: `'+00:00'`,
  // No modes that change how quotes are read, or pad what is selected.
  sql_mode: `''`,
  lock_wait_timeout: '5',
  innodb_lock_wait_timeout: '5',
  wait_timeout: '900',
  group_concat_max_len: '1048576',
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

/** ER_SP_DOES_NOT_EXIST: a deadlock with DDL has ended the transaction, and its snapshot. */
const isSnapshotGone = (error: unknown): boolean =>
  isDrillError(error) && (error.cause as { errno?: number } | undefined)?.errno === 1305;

/** @param address `ip` is one server, the name may mean several */
export const openMysqlSession = async (
  address: DatabaseAddress & { ip: string },
  signIn: SignIn,
  remainingMs: () => number,
): Promise<MysqlSession> => {
  const { host, ip, port, database, user } = address;
  const where = `database ${database} on ${host}:${port} as ${user}`;
  const run = async <Answer>(what: string, statement: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await statement();
    } catch (error) {
      throw fromMysqlError(`${what} in ${where}`, error);
    }
  };

  const { password, ssl } = await signIn(address);
  let connection: mysql.Connection;
  try {
    connection = await mysql.createConnection({
      // TLS verifies the name, not the IP address.
      host,
      stream: () => connect({ host: ip, port, noDelay: true, keepAlive: true }),
      database,
      user,
      password,
      // An IAM token is sent in clear text (Aurora User Guide, "Connecting using IAM authentication"), so only inside TLS.
      ...(ssl === false
        ? {}
        : { ssl: { ...ssl, verifyIdentity: true } as mysql.SslOptions, enableCleartextPlugin: true }),
      charset: 'utf8mb4',
      connectTimeout: 10_000,
      connectAttributes: { program_name: 'aurora-drills' },
      multipleStatements: false,
      typeCast: asText,
    });
  } catch (error) {
    throw fromMysqlError(`connect to ${where}`, error);
  }
  // A connection may break between two queries. The next query fails with the error.
  connection.on('error', () => {});

  const query = <Row extends object>(what: string, sql: string): Promise<Row[]> =>
    run(what, async () => (await connection.query<mysql.RowDataPacket[]>(sql))[0] as Row[]);

  const flavour = await setUpSession(query).catch((error) => {
    connection.destroy();
    throw error;
  });

  return {
    flavour,
    query,
    queryRows: (what, sql) =>
      run(what, async () => {
        const asked = { sql, rowsAsArray: true };
        return (await connection.query<mysql.RowDataPacket[]>(asked))[0] as unknown as (string | null)[][];
      }),
    ask: async (what, questions) => {
      const left = remainingMs();
      if (left <= 0) throw new DrillError('OutOfTime', `${what} in ${where}: no time was left`);
      await query(what, `set session ${timeLimit[flavour](left)}`);
      try {
        const answer = await questions();
        await query(what, endQuestionSql).catch((error) => {
          throw isSnapshotGone(error)
            ? new DrillError('DatabaseBusy', `${what} in ${where}: the snapshot is gone`, { cause: error })
            : error;
        });
        return answer;
      } catch (error) {
        await query(what, endQuestionSql).catch(() => {});
        throw error;
      }
    },
    close: () => connection.end().catch(() => connection.destroy()),
  };
};

type Query = MysqlSession['query'];

const setUpSession = async (query: Query): Promise<Flavour> => {
  const what = 'set up a session';
  const [row] = await query<{ version: string }>(what, 'select version() as version');
  const flavour = row?.version.includes('MariaDB') ? 'mariadb' : 'mysql';
  const settings = Object.entries({ ...sessionSettings, ...flavourSettings[flavour] });
  await query(what, 'set names utf8mb4');
  await query(what, `set ${settings.map(([name, value]) => `session ${name} = ${value}`).join(', ')}`);
  await query(what, 'set session transaction isolation level repeatable read, read only');
  return flavour;
};

/** Every value as the server writes it, and bytes that are no text in hexadecimal digits. */
const asText: mysql.TypeCast = (field, next) => {
  switch (field.type) {
    case 'JSON':
      return field.string('utf8');
    case 'BIT':
    case 'GEOMETRY':
    case 'VECTOR':
      return field.buffer()?.toString('hex') ?? null;
    case 'STRING':
    case 'VAR_STRING':
    case 'VARCHAR':
    case 'TINY_BLOB':
    case 'BLOB':
    case 'MEDIUM_BLOB':
    case 'LONG_BLOB': {
      // mysql2 would parse MariaDB's JSON, which is a text.
      if (field.extendedFormat === 'json') return field.string();
      const value = next();
      return Buffer.isBuffer(value) ? value.toString('hex') : value;
    }
    default:
      return field.string();
  }
};
