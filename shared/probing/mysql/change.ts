import type { Connection as PlainConnection, ResultSetHeader } from 'mysql2';
import type mysql from 'mysql2/promise';
import { DrillError } from '../../errors.ts';
import type { ChangeSession, Concluded, Refusal, Statement } from '../port.ts';
import type { Algorithms, Tell } from './algorithms.ts';
import { withoutComments } from './definition.ts';
import type { Looks } from './looks.ts';

/** ER_LOCK_WAIT_TIMEOUT, of a table or of a row. */
const lockTimeout = 1205;
/** SERVER_STATUS_IN_TRANS of the protocol. */
const inTransaction = 1;

/** These locks last beyond the statement, and beyond its transaction. */
const locksTables = /^(lock\s+tables?|flush\s+tables\b[\s\S]*\s(with\s+read\s+lock|for\s+export))\b/i;
const unlocksTables = /^(unlock\s+tables?|begin|start\s+transaction)\b/i;

/** It locks rows until its transaction ends. */
export const changesRows = (sql: string): boolean =>
  /^(call|delete|insert|load|replace|update|with)\b/i.test(withoutComments(sql));

/** What a session that tries the same statement elsewhere must share with it. */
const settingsSql = `
  select concat('foreign_key_checks = ', @@foreign_key_checks, ', sql_mode = ', quote(@@sql_mode)) as settings`;

/** The session of the change. Others look and try for it, so that it runs what a client of production would, and little more. */
export const changeOn = (client: mysql.Connection, looks: Looks, algorithms: Algorithms): ChangeSession => {
  const { connection: plain } = client as unknown as { connection: PlainConnection };
  let statement: Statement;
  let tell: Tell;
  let affectedRows = 0;
  let hasFailed = false;
  let isOpen = false;
  let hasLockedTables = false;

  const readSettings = async (): Promise<string> => {
    const [rows] = await client.query<mysql.RowDataPacket[]>(settingsSql);
    return (rows[0] as { settings: string }).settings;
  };
  const conclude = async (): Promise<Concluded> => {
    // Most errors end a statement alone. Whoever runs a change would end there.
    if (hasFailed) await client.query('rollback');
    const [{ serverStatus = 0 }] = await client.query<ResultSetHeader & { serverStatus?: number }>('do 0');
    isOpen = (serverStatus & inTransaction) !== 0;
    const sql = withoutComments(statement.sql);
    if (!hasFailed && locksTables.test(sql)) hasLockedTables = true;
    if (unlocksTables.test(sql)) hasLockedTables = false;
    const look = await looks.look(statement);
    const told = hasFailed ? { algorithm: null, notMeasured: [] } : tell(affectedRows);
    return { look, refusal: null, ...told };
  };

  return {
    prepare: async (next) => {
      statement = next;
      try {
        const before = await looks.look(statement);
        tell = await algorithms.before(statement, readSettings);
        return before;
      } catch (cause) {
        const what = `look at the tables before statement ${statement.number}`;
        throw new DrillError('DatabaseFailure', `${what}: ${(cause as Error).message}`, { cause });
      }
    },
    execute: async () => {
      affectedRows = 0;
      try {
        affectedRows = await runForget(plain, statement.sql);
        hasFailed = false;
        return null;
      } catch (error) {
        hasFailed = true;
        return toRefusal(error);
      }
    },
    conclude: async () => {
      try {
        return await conclude();
      } catch (error) {
        isOpen = false;
        hasLockedTables = false;
        const reason = `what it left could not be seen: ${(error as Error).message}`;
        return { look: null, refusal: null, algorithm: null, notMeasured: [reason] };
      }
    },
    isInTransaction: () => isOpen || hasLockedTables,
    rollBack: async () => {
      // An ended session has rolled back.
      if (isOpen) await client.query('rollback').catch(() => {});
      if (hasLockedTables) await client.query('unlock tables').catch(() => {});
      isOpen = false;
      hasLockedTables = false;
    },
  };
};

/** Rows are thrown away: a change may hold a query of any size. @returns how many rows the server says that it changed */
const runForget = (plain: PlainConnection, sql: string): Promise<number> =>
  new Promise((resolve, reject) => {
    let affectedRows = 0;
    const fail = (error: unknown): void => {
      plain.removeListener('error', fail);
      reject(error);
    };
    const query = plain.query(sql);
    query.on('result', (result: object) => {
      if ('affectedRows' in result && 'serverStatus' in result) affectedRows = Number(result.affectedRows);
    });
    query.on('end', () => {
      plain.removeListener('error', fail);
      resolve(affectedRows);
    });
    query.on('error', fail);
    // mysql2 tells of a connection that breaks here alone.
    plain.on('error', fail);
  });

const toRefusal = (error: unknown): Refusal => {
  const { message, errno = 0, code = 'no answer' } = error as Error & { errno?: number; code?: string };
  return { message, code: errno > 0 ? String(errno) : code, isLockTimeout: errno === lockTimeout };
};
