import type { Connection as PlainConnection, QueryError } from 'mysql2';
import type mysql from 'mysql2/promise';
import { connectMysql, describeAddress } from '../../database/mysql/connection.ts';
import { fromMysqlError } from '../../database/mysql/errors.ts';
import type { Flavour } from '../../database/mysql/session.ts';
import type { DatabaseAddress } from '../../database/port.ts';
import { resolveHost } from '../../database/resolved-host.ts';
import type { SignIn } from '../../database/sign-in.ts';
import { DrillError, isDrillError } from '../../errors.ts';
import type { Limits } from '../port.ts';
import type { Side, SideName } from '../sides.ts';
import { beginSql, settingsOf } from './settings.ts';
import { type Bytes, binaryCharset, readFrom, type TakeRow, toBytes } from './stream.ts';

export type Session = Side & {
  flavour: Flavour;
  /** Like query, with rows as arrays. */
  queryRows(what: string, sql: string): Promise<(string | null)[][]>;
  /** Inserts rows. No error shows anything of the statement. @returns how many rows it inserted */
  insert(what: string, sql: Bytes): Promise<number>;
  /** The only column of each row, as bytes. */
  readRows(what: string, sql: string, take: TakeRow): Promise<void>;
};

export const openSide = async (
  side: SideName,
  address: DatabaseAddress,
  signIn: SignIn,
  { remainingMs }: Limits,
): Promise<Session> => {
  const place = await resolveHost(address);
  const where = describeAddress(place);
  const connection = await connectMysql(place, signIn);
  // A connection may break between two statements. The next one fails with the error.
  connection.on('error', () => {});
  // The promises of mysql2 keep all rows. Only the connection beneath them streams.
  const { connection: plain } = connection as unknown as { connection: PlainConnection };
  let isBusy = false;

  const explain = (what: string, error: unknown): DrillError => {
    if (isDrillError(error)) return error;
    if ((error as QueryError).code === 'PROTOCOL_SEQUENCE_TIMEOUT')
      return new DrillError('OutOfTime', `${what} in ${where}: no time was left`);
    return fromMysqlError(`${what} in ${where}`, error);
  };
  /** The server has no limit for what writes, so the client has. What goes on there then ends with the connection. */
  const attempt = async <Answer>(
    what: string,
    act: (timeout: number) => Promise<Answer>,
  ): Promise<Answer> => {
    const timeout = Math.floor(remainingMs());
    if (timeout <= 0) throw new DrillError('OutOfTime', `${what} in ${where}: no time was left`);
    try {
      isBusy = true;
      const answer = await act(timeout);
      isBusy = false;
      return answer;
    } catch (error) {
      isBusy = !isDrillError(error) && (error as QueryError).sqlState === undefined;
      throw explain(what, error);
    }
  };
  const ask = (sql: Bytes, options: object) => connection.query<mysql.RowDataPacket[]>({ sql, ...options });
  const query = <Row extends object>(what: string, sql: string): Promise<Row[]> =>
    attempt(what, async (timeout) => (await ask(toBytes(sql), { timeout }))[0] as unknown as Row[]);

  const setUp = async (): Promise<Flavour> => {
    const what = 'set up a session';
    const [row] = await query<{ version: string }>(what, 'select version() as version');
    const flavour = row?.version.includes('MariaDB') ? 'mariadb' : 'mysql';
    await query(what, 'set names utf8mb4');
    await query(what, `set ${settingsOf(flavour)}`);
    await query(what, beginSql[side]);
    return flavour;
  };
  const close = async (): Promise<void> => {
    // A server in the middle of an answer would not hear a farewell.
    if (isBusy) connection.destroy();
    else await connection.end().catch(() => connection.destroy());
  };
  const flavour = await setUp().catch(async (error) => {
    await close();
    throw error;
  });
  // From here on statements are bytes, so that values of any character set can stand in them. mysql2 follows SET NAMES.
  plain.config.charsetNumber = binaryCharset;

  return {
    flavour,
    query,
    queryRows: (what, sql) =>
      attempt(what, async (timeout) => {
        const [rows] = await ask(toBytes(sql), { timeout, rowsAsArray: true });
        return rows as unknown as (string | null)[][];
      }),
    insert: (what, sql) =>
      attempt(what, async (timeout) => {
        const [{ affectedRows }] = await connection
          .query<mysql.ResultSetHeader>({ sql, timeout })
          .catch((error) => Promise.reject(withoutValues(what, error)));
        return affectedRows;
      }),
    readRows: async (what, sql, take) => {
      try {
        await attempt(what, (timeout) => readFrom(plain, { sql: toBytes(sql), timeout }, take));
      } catch (error) {
        // The rest of an answer may still be coming.
        isBusy = true;
        throw error;
      }
    },
    rollBack: async () => {
      if (!isBusy) await connection.query('rollback').catch(() => {});
    },
    close,
  };
};

/** What the server says of a value that it refuses may hold the value, and mysql2 adds the statement to its errors. */
const withoutValues = (what: string, error: QueryError & { sql?: string }): unknown => {
  delete error.sql;
  const { errno, sqlState } = error;
  const isNamed = sqlState === undefined || fromMysqlError(what, error).name !== 'DatabaseFailure';
  return isNamed
    ? error
    : new DrillError(
        'DatabaseFailure',
        `${what}: a value was refused (error ${errno}, SQLSTATE ${sqlState})`,
      );
};
