import type { RowDataPacket } from 'mysql2';
import { connectMysql, describeAddress } from '../../database/mysql/connection.ts';
import { fromMysqlError } from '../../database/mysql/errors.ts';
import type { SignIn } from '../../database/sign-in.ts';
import { type Identities, markName } from '../identity.ts';

/** Aurora User Guide, "Aurora MySQL configuration parameters": the identifier of the instance. */
const auroraName = 'select @@aurora_server_id as name';

/** ER_UNKNOWN_SYSTEM_VARIABLE: the server is no Aurora. */
const unknownVariable = 1193;
/** ER_DB_CREATE_EXISTS */
const databaseExists = 1007;

/** @param nameSql what the server is asked for its name */
export const mysqlIdentities = (signIn: SignIn, nameSql = auroraName): Identities => ({
  open: async (target) => {
    const connection = await connectMysql(target, signIn);
    const ask = async <Answer>(
      sql: string,
      read: (rows: RowDataPacket[]) => Answer,
      odd: { errno: number; answer: Answer },
    ) => {
      try {
        return read((await connection.query<RowDataPacket[]>(sql))[0]);
      } catch (error) {
        if ((error as { errno?: number }).errno === odd.errno) return odd.answer;
        throw fromMysqlError(`ask who answers in ${describeAddress(target)}`, error);
      }
    };
    return {
      readName: () =>
        ask<string | null>(nameSql, ([row]) => row?.name || null, { errno: unknownVariable, answer: null }),
      begin: () => ask(`create database ${markName}`, () => true, { errno: databaseExists, answer: false }),
      close: () => connection.end(),
    };
  },
});
