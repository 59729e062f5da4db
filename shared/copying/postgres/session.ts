import type pg from 'pg';
import type { DatabaseAddress } from '../../database/port.ts';
import { connectPostgres, nameWhere } from '../../database/postgres/connection.ts';
import { fromPostgresError } from '../../database/postgres/errors.ts';
import { sessionSettings } from '../../database/postgres/session.ts';
import { resolveHost } from '../../database/resolved-host.ts';
import type { SignIn } from '../../database/sign-in.ts';
import { DrillError, isDrillError } from '../../errors.ts';
import type { Limits } from '../port.ts';

/** A session on one side. Every error says what was asked, and where. */
export type Session = {
  /** Several statements may stand in the text: the rows are those of the last one. */
  ask<Row extends object>(what: string, sql: string): Promise<Row[]>;
  /** A second statement in the text is refused. */
  askOne<Row extends object>(what: string, sql: string): Promise<Row[]>;
  rollBack(): Promise<void>;
  /** Until `endStream`, nothing else can be asked. A session whose stream does not end is of no more use. */
  beginStream(what: string): Promise<pg.Client>;
  endStream(): void;
  explain(what: string, error: unknown): DrillError;
  /** Ends the session, whatever it does. */
  close(): Promise<void>;
};

/** With these, both sides write and read values alike. */
const values = { client_encoding: 'UTF8', standard_conforming_strings: 'on', xmloption: 'content' };
/**
 * A function that was given up may leave a session that waits for more of a stream, and holds its range. No time-out of a
 * statement ends that. The server has to notice, within 30 s, that nobody is there; whoever comes next waits for that.
 */
const writing = {
  default_transaction_read_only: 'off',
  lock_timeout: '60s',
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '4',
};

export const openSide = async (
  address: DatabaseAddress,
  signIn: SignIn,
  { remainingMs }: Limits,
  side: 'copy' | 'sandbox',
): Promise<Session> => {
  const place = await resolveHost(address);
  const settings = { ...sessionSettings, ...values, ...(side === 'copy' ? {} : writing) };
  const { client } = await connectPostgres(place, signIn, settings);
  let isStreaming = false;

  const explain = (what: string, error: unknown): DrillError =>
    isDrillError(error) ? error : fromPostgresError(`${what} in ${nameWhere(place)}`, error);
  const attempt = async <Answer>(what: string, act: () => Promise<Answer>): Promise<Answer> => {
    const left = Math.floor(remainingMs());
    if (left <= 0) throw new DrillError('OutOfTime', `${what} in ${nameWhere(place)}: no time was left`);
    try {
      await client.query(`set statement_timeout = ${left}`);
      return await act();
    } catch (error) {
      throw explain(what, error);
    }
  };
  return {
    explain,
    ask: (what, sql) =>
      attempt(what, async () => {
        const answer = await client.query(sql);
        return (Array.isArray(answer) ? answer.at(-1) : answer).rows;
      }),
    askOne: (what, sql) =>
      attempt(what, async () => {
        const asked = { text: sql, queryMode: 'extended' } as pg.QueryConfig;
        return (await client.query(asked)).rows;
      }),
    rollBack: async () => {
      if (!isStreaming) await client.query('rollback').catch(() => {});
    },
    beginStream: (what) =>
      attempt(what, async () => {
        isStreaming = true;
        return client;
      }),
    endStream: () => {
      isStreaming = false;
    },
    close: async () => {
      // A server in the middle of a stream would not hear a farewell.
      if (isStreaming) client.connection.stream.destroy();
      else await client.end().catch(() => {});
    },
  };
};

/** Uses a session for as long as a piece of work takes. */
export const withSide = async <Answer>(
  opening: Promise<Session>,
  use: (session: Session) => Promise<Answer>,
): Promise<Answer> => {
  const session = await opening;
  try {
    return await use(session);
  } finally {
    await session.close();
  }
};

/** Does something in one transaction, and undoes all of it when it fails. */
export const inTransaction = async <Answer>(
  { ask, rollBack }: Session,
  what: string,
  act: () => Promise<Answer>,
): Promise<Answer> => {
  await ask(what, 'begin');
  try {
    const answer = await act();
    await ask(what, 'commit');
    return answer;
  } catch (error) {
    await rollBack();
    throw error;
  }
};
