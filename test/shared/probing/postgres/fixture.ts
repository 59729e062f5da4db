import { setTimeout as sleep } from 'node:timers/promises';
import { postgresProbing } from '../../../../shared/probing/postgres/server.ts';
import { measureChange, type Rehearsing } from '../../../../shared/probing/run.ts';
import type {
  ChangeMeasured,
  StatementMeasured,
  TableMeasured,
} from '../../../../shared/rehearsal/measured.ts';
import { type PostgresFixture, signIn } from '../../database/postgres/fixture.ts';

/** One statement of a change, with the tables that it touches. */
export type Said = { sql: string; tables?: string[] };

/** Runs a change on a server, and closes every session. */
export const rehearse = async (
  { address }: PostgresFixture,
  change: Said[],
  { user = 'postgres', ...options }: Partial<Rehearsing> & { user?: string } = {},
): Promise<ChangeMeasured> => {
  const server = await postgresProbing(signIn).open({ ...address, user, ip: address.host });
  try {
    let isInTransaction = false;
    const statements = change.map(({ sql, tables = [] }, index) => {
      if (sql === 'begin') isInTransaction = true;
      const statement = { number: index + 1, line: index + 1, sql, tables, isInTransaction };
      if (sql === 'commit') isInTransaction = false;
      return statement;
    });
    return await measureChange(
      server,
      { statements, lockTimeoutMs: null },
      {
        contenderSeconds: 0,
        deadlineMs: 60_000,
        nowMs: () => performance.now(),
        sleep: async (ms) => void (await sleep(ms)),
        ...options,
      },
    );
  } finally {
    await server.close();
  }
};

export const statementOf = ({ statements }: ChangeMeasured, number: number): StatementMeasured => {
  const found = statements.find((statement) => statement.number === number);
  if (found === undefined) throw new Error(`statement ${number} was not run`);
  return found;
};

export const tableOf = ({ tables }: StatementMeasured, name: string): TableMeasured => {
  const found = tables.find(({ table }) => table === name);
  if (found === undefined) throw new Error(`nothing was measured of ${name}`);
  return found;
};

/** What the sessions of a rehearsal do, those that are left. */
export const sessionsOf = ({ asOwner }: PostgresFixture): Promise<{ query: string }[]> =>
  asOwner<{ query: string }>(`select query from pg_stat_activity where application_name = 'aurora-drills'`);
