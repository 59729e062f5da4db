import type pg from 'pg';
import { DrillError } from '../../errors.ts';
import type { SignIn } from '../sign-in.ts';
import { connectPostgres, lose, nameWhere, type Place } from './connection.ts';
import { fromPostgresError, isEndOfSession } from './errors.ts';

/**
 * A session cannot hurt production: it cannot write, waits at most 5 s for a lock, and ends by itself.
 * With row_security off, a policy that would hide rows from the user is an error instead of a smaller count.
 * The empty search_path keeps objects of a hostile database out of our queries. The rest fixes how values look as text.
 */
export const sessionSettings = {
  default_transaction_read_only: 'on',
  lock_timeout: '5s',
  // As long as a function may live: sessions with the snapshot wait for the others.
  idle_in_transaction_session_timeout: '900s',
  row_security: 'off',
  search_path: '',
  TimeZone: 'UTC',
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  lc_monetary: 'C',
};

/**
 * For questions that hold a lock while they wait for another: they give up before deadlock_timeout (1 s by default), after which
 * PostgreSQL may end production's transaction instead of ours. The first for those that can do without an answer.
 */
export const waitShortlySql = `set local lock_timeout = '200ms'`;
export const waitSql = `set local lock_timeout = '800ms'`;

/** One session. Every statement goes through it, so that each error says what was asked and where. */
export type PostgresSession = {
  query<Row extends object>(what: string, sql: string): Promise<Row[]>;
  /** Like query, but a second statement in the text is refused. Rows as arrays of texts. */
  queryOne(what: string, sql: string): Promise<(string | null)[][]>;
  /** Runs questions that may fail without losing the snapshot, each statement within the time that is left. */
  ask<Answer>(what: string, questions: () => Promise<Answer>): Promise<Answer>;
  /** Ends its transaction, if it is in one: outside, a rollback would be a warning in production's log. */
  rollBack(what: string): Promise<void>;
  /** Whether its connection ended, or is in an unknown state. Not so after close. */
  isLost(): boolean;
  /** Why, in the words of the server or the network. */
  explainLoss(): string;
  /** Signs in again, in place of a lost connection. The new one is in no transaction. */
  reopen(): Promise<void>;
  close(): Promise<void>;
};

const graceMs = 5000;

/** Every value as text, as the server writes it. */
const asText = { getTypeParser: () => (value: string | null) => value };

export const openPostgresSession = async (
  address: Place,
  signIn: SignIn,
  remainingMs: () => number,
): Promise<PostgresSession> => {
  const where = nameWhere(address);
  let connection = await connectPostgres(address, signIn, sessionSettings);
  let isClosed = false;
  // The server ends a statement in time by itself, unless it can no longer be reached.
  let limitMs = 60_000;

  const run = async <Answer>(
    what: string,
    statement: (client: pg.Client) => Promise<Answer>,
  ): Promise<Answer> => {
    const asked = connection;
    try {
      return await statement(asked.client);
    } catch (error) {
      if (isEndOfSession(error)) lose(asked, error as Error);
      throw fromPostgresError(`${what} in ${where}`, error);
    }
  };
  const query = <Row extends object>(what: string, sql: string): Promise<Row[]> =>
    run(what, async (client) => {
      const answer = await client.query<Row>({ text: sql, query_timeout: limitMs } as pg.QueryConfig);
      // Several statements in one message give several answers. The last one counts.
      return (Array.isArray(answer) ? answer.at(-1) : answer).rows;
    });

  return {
    query,
    queryOne: (what, sql) =>
      run(what, async (client) => {
        const asked = {
          text: sql,
          rowMode: 'array',
          queryMode: 'extended',
          types: asText,
          query_timeout: limitMs,
        } as const;
        return (await client.query<(string | null)[]>(asked as pg.QueryArrayConfig)).rows;
      }),
    ask: async (what, questions) => {
      const left = Math.floor(remainingMs());
      if (left <= 0) throw new DrillError('OutOfTime', `${what} in ${where}: no time was left`);
      limitMs = left + graceMs;
      const asked = connection;
      // Always rolled back: no setting or lock outlives its question.
      const undo = () => query(what, 'rollback to savepoint question; release savepoint question');
      try {
        await query(what, `savepoint question; set local statement_timeout = ${left}`);
        const answer = await questions();
        await undo();
        return answer;
      } catch (error) {
        // What cannot be undone leaves a transaction that answers nothing more.
        if (asked.loss === null) await undo().catch((failed) => lose(asked, failed));
        throw error;
      }
    },
    rollBack: async (what) => {
      // I: idle, outside a transaction (PostgreSQL documentation, "Message Formats", ReadyForQuery).
      if (connection.client.getTransactionStatus() !== 'I') await query(what, 'rollback');
    },
    isLost: () => connection.loss !== null && !isClosed,
    explainLoss: () => connection.loss ?? 'it is not lost',
    reopen: async () => {
      connection.client.end().catch(() => {});
      connection = await connectPostgres(address, signIn, sessionSettings);
      // Closed meanwhile: nobody would end the new connection.
      if (isClosed) await connection.client.end().catch(() => {});
    },
    close: async () => {
      isClosed = true;
      await connection.client.end().catch(() => {});
    },
  };
};
