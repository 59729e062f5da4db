import pg from 'pg';
import { DrillError } from '../../errors.ts';
import type { DatabaseAddress } from '../port.ts';
import type { SignIn } from '../sign-in.ts';
import { fromPostgresError } from './errors.ts';

/**
 * A session cannot hurt production: it cannot write, waits at most 5 s for a lock, and ends by itself.
 * With row_security off, a policy that would hide rows from the user is an error instead of a smaller count.
 * The empty search_path keeps objects of a hostile database out of our queries. The rest fixes how values look as text.
 */
const sessionSettings = [
  'default_transaction_read_only=on',
  'lock_timeout=5s',
  // As long as a function may live: sessions with the snapshot wait for the others.
  'idle_in_transaction_session_timeout=900s',
  'row_security=off',
  'search_path=',
  'TimeZone=UTC',
  'DateStyle=ISO',
  'IntervalStyle=postgres',
  'bytea_output=hex',
  'extra_float_digits=1',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/** One session. Every statement goes through it, so that each error says what was asked and where. */
export type PostgresSession = {
  query<Row extends object>(what: string, sql: string): Promise<Row[]>;
  /** Like query, but a second statement in the text is refused. Rows as arrays of texts. */
  queryOne(what: string, sql: string): Promise<(string | null)[][]>;
  /** Runs questions that may fail without losing the snapshot, each statement within the time that is left. */
  ask<Answer>(what: string, questions: () => Promise<Answer>): Promise<Answer>;
  close(): Promise<void>;
};

const graceMs = 5000;

/** Every value as text, as the server writes it. */
const asText = { getTypeParser: () => (value: string | null) => value };

export const openPostgresSession = async (
  address: DatabaseAddress & { ip: string },
  signIn: SignIn,
  remainingMs: () => number,
): Promise<PostgresSession> => {
  const { host, ip, port, database, user } = address;
  const { password, ssl } = await signIn(address);
  const client = new pg.Client({
    host: ip,
    port,
    database,
    user,
    password,
    // TLS verifies the name, not the IP address.
    ssl: ssl === false ? false : { ...ssl, servername: host },
    connectionTimeoutMillis: 10_000,
    // Notices a network that breaks silently.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'aurora-drills',
    options: sessionSettings,
  });
  // A connection may break between two queries. The next query fails with the error.
  client.on('error', () => {});
  const where = `database ${database} on ${host}:${port} as ${user}`;
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => {});
    throw fromPostgresError(`connect to ${where}`, error);
  }

  // The server ends a statement in time by itself, unless it can no longer be reached.
  let limitMs = 60_000;

  const run = async <Answer>(what: string, statement: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await statement();
    } catch (error) {
      throw fromPostgresError(`${what} in ${where}`, error);
    }
  };
  const query = <Row extends object>(what: string, sql: string): Promise<Row[]> =>
    run(what, async () => {
      const answer = await client.query<Row>({ text: sql, query_timeout: limitMs } as pg.QueryConfig);
      // Several statements in one message give several answers. The last one counts.
      return (Array.isArray(answer) ? answer.at(-1) : answer).rows;
    });

  return {
    query,
    queryOne: (what, sql) =>
      run(what, async () => {
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
      await query(what, `savepoint question; set local statement_timeout = ${left}`);
      // Always rolled back: no setting or lock outlives its question.
      const undo = () => query(what, 'rollback to savepoint question; release savepoint question');
      try {
        const answer = await questions();
        await undo();
        return answer;
      } catch (error) {
        await undo().catch(() => {});
        throw error;
      }
    },
    close: () => client.end().catch(() => {}),
  };
};
