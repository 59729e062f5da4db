import pg from 'pg';
import type { Connection } from '../../database/postgres/connection.ts';
import { isEndOfSession } from '../../database/postgres/errors.ts';
import { DrillError } from '../../errors.ts';
import type { ChangeSession, Concluded, Look, Refusal } from '../port.ts';
import type { Relation } from './catalog.ts';
import { type Abilities, type LookRows, lookSql, toLook } from './look.ts';

/** SQLSTATE lock_not_available. */
const lockTimeout = '55P03';
/** active_sql_transaction and invalid_transaction_termination: the statement cannot run in a transaction. */
const wantsNoTransaction = ['25001', '2D000'];

/** What begins or ends a transaction, does so inside, or is refused outside of one. */
const aboutTransactions =
  /^((abort|begin|commit|declare|end|lock|prepare|release|rollback|savepoint|start)\b|do\b[\s\S]*\b(commit|rollback)\b)/i;
const spaceAndComments = /^(\s|--.*|\/\*[\s\S]*?\*\/)+/;

/**
 * The session of the change. A statement that stands alone runs in a transaction of our own, which is the same to it and to
 * others: so its locks are seen before they go. They are held longer by the one answer that this takes.
 */
export const changeOn = (
  connection: Connection,
  oids: readonly string[],
  relations: ReadonlyMap<string, Relation>,
  abilities: Abilities,
): ChangeSession => {
  const { client } = connection;
  let sql = '';
  let hasOwn = false;
  /** Nothing more can be asked. */
  let isLost = false;
  /** What was last seen in an open transaction of the script: whoever looks again keeps others waiting for it. */
  let seen: Look | null = null;

  const status = () => client.getTransactionStatus();
  const look = async (before = '', after = ''): Promise<Look> => {
    const answers = await client.query(`${before}${lookSql(oids, abilities)}${after}`);
    const rows = (answers as unknown as pg.QueryResult[]).map((answer) => answer.rows);
    // Before the looks come the answers to `before`, and one more.
    const first = before.split(';').length;
    return toLook(rows.slice(first) as unknown as LookRows, relations);
  };
  const run = async (): Promise<Refusal | null> => {
    try {
      await runForget(client, sql);
      return null;
    } catch (error) {
      isLost = isEndOfSession(error);
      // What has become of its transaction is told after the error, with the next answer at the latest.
      if (!isLost) await client.query('').catch(() => {});
      return toRefusal(error);
    }
  };
  const concludeOwn = async (): Promise<{ look: Look; refusal: Refusal | null }> => {
    hasOwn = false;
    try {
      return { look: await look('set local statement_timeout = 0;', ';commit'), refusal: null };
    } catch (error) {
      await client.query('rollback');
      return { look: await look(), refusal: toRefusal(error) };
    }
  };
  const concludeOther = async (): Promise<{ look: Look; refusal: null }> => {
    if (status() === 'E') await client.query('rollback');
    const found = await look();
    seen = status() === 'I' ? null : found;
    return { look: found, refusal: null };
  };

  return {
    prepare: async (statement) => {
      sql = statement.sql;
      if (seen !== null) return seen;
      hasOwn = !aboutTransactions.test(sql.replace(spaceAndComments, ''));
      try {
        return await look(hasOwn ? 'begin;' : '');
      } catch (cause) {
        const before = `look at the tables before statement ${statement.number}`;
        throw new DrillError('DatabaseFailure', `${before}: ${(cause as Error).message}`, { cause });
      }
    },
    execute: async () => {
      const refusal = await run();
      if (!hasOwn || refusal === null || !wantsNoTransaction.includes(refusal.code)) return refusal;
      await client.query('rollback');
      hasOwn = false;
      return run();
    },
    conclude: async (): Promise<Concluded> => {
      try {
        if (isLost) throw new Error('its session ended');
        const found = await (hasOwn && status() === 'T' ? concludeOwn() : concludeOther());
        return { ...found, algorithm: null, notMeasured: [] };
      } catch (error) {
        isLost = true;
        const reason = `what it left could not be seen: ${(error as Error).message}`;
        return { look: null, refusal: null, algorithm: null, notMeasured: [reason] };
      }
    },
    isInTransaction: () => !isLost && status() !== 'I',
    rollBack: async () => {
      // An ended session has rolled back.
      if (status() !== 'I') await client.query('rollback').catch(() => {});
    },
  };
};

/**
 * Rows are thrown away: a change may hold a query of any size. Of several statements in one text, which a script may hide from
 * whoever judged it, the extended protocol runs none.
 */
const runForget = (client: pg.Client, sql: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const query = new pg.Query({ text: sql, queryMode: 'extended' } as pg.QueryConfig);
    query.on('row', () => {});
    query.on('end', () => resolve());
    query.on('error', reject);
    client.query(query);
  });

const toRefusal = (error: unknown): Refusal => {
  const { message, code = 'no answer' } = error as Error & { code?: string };
  return { message, code, isLockTimeout: code === lockTimeout };
};
