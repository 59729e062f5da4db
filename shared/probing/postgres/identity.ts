import type pg from 'pg';
import { connectPostgres, nameWhere } from '../../database/postgres/connection.ts';
import { fromPostgresError } from '../../database/postgres/errors.ts';
import type { SignIn } from '../../database/sign-in.ts';
import { type Identities, markName } from '../identity.ts';

/** Aurora User Guide, "aurora_db_instance_identifier": from Aurora PostgreSQL 13.7 and 14.3 on. */
const auroraName = 'select aurora_db_instance_identifier() as name';

/** undefined_function: the server is older, or is no Aurora. */
const unknownFunction = '42883';
const roleExists = '42710';

/** @param nameSql what the server is asked for its name */
export const postgresIdentities = (signIn: SignIn, nameSql = auroraName): Identities => ({
  open: async (target) => {
    // Without a path, only the server's own functions are found: the database may have others of that name.
    const { client } = await connectPostgres(target, signIn, { search_path: '', statement_timeout: '10s' });
    const ask = async <Answer>(
      sql: string,
      read: (rows: { name?: string }[]) => Answer,
      odd: Odd<Answer>,
    ) => {
      try {
        return read((await client.query(sql)).rows);
      } catch (error) {
        if ((error as pg.DatabaseError).code === odd.code) return odd.answer;
        throw fromPostgresError(`ask who answers in ${nameWhere(target)}`, error);
      }
    };
    return {
      readName: () =>
        ask<string | null>(nameSql, ([row]) => row?.name || null, { code: unknownFunction, answer: null }),
      begin: () => ask(`create role ${markName}`, () => true, { code: roleExists, answer: false }),
      close: () => client.end(),
    };
  },
});

/** An error of the server that is an answer. */
type Odd<Answer> = { code: string; answer: Answer };
