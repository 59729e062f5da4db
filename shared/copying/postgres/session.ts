import type pg from 'pg';
import type { DatabaseAddress } from '../../database/port.ts';
import { connectPostgres, nameWhere } from '../../database/postgres/connection.ts';
import { fromPostgresError } from '../../database/postgres/errors.ts';
import { sessionSettings } from '../../database/postgres/session.ts';
import { resolveHost } from '../../database/resolved-host.ts';
import type { SignIn } from '../../database/sign-in.ts';
import { DrillError, isDrillError } from '../../errors.ts';
import type { Limits } from '../port.ts';
import type { Side, SideName } from '../sides.ts';

/** Several statements may stand in the text of `query`: the rows are those of the last one. */
export type Session = Side & {
  /** A second statement in the text is refused. */
  queryOne<Row extends object>(what: string, sql: string): Promise<Row[]>;
  /** Until `endStream`, nothing else can be asked. A session whose stream does not end is of no more use. */
  beginStream(what: string): Promise<pg.Client>;
  endStream(): void;
  explain(what: string, error: unknown): DrillError;
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
  side: SideName,
  address: DatabaseAddress,
  signIn: SignIn,
  { remainingMs }: Limits,
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
    query: (what, sql) =>
      attempt(what, async () => {
        const answer = await client.query(sql);
        return (Array.isArray(answer) ? answer.at(-1) : answer).rows;
      }),
    queryOne: (what, sql) =>
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
