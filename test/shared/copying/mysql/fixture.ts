import type mysql from 'mysql2/promise';
import { mysqlExtraction } from '../../../../shared/copying/mysql/extraction.ts';
import type { Copying, Extraction, Sandbox, TablesRequest } from '../../../../shared/copying/port.ts';
import { type CopyOutcome, copyTables } from '../../../../shared/copying/run.ts';
import { verifyTables } from '../../../../shared/copying/verify.ts';
import type { DatabaseAddress, Reader } from '../../../../shared/database/port.ts';
import { describeSchema, sandboxSchema } from '../../../../shared/extraction/names.ts';
import type { ExtractedTable } from '../../../../shared/extraction/tables.ts';
import type { CheckResult } from '../../../../shared/truth/checks.ts';
import {
  type startTestMariadb,
  type TestMariadb,
  testDatabase,
  testPassword,
} from '../../database/mysql/fixture.ts';

export const remainingMs = () => 60_000;
export const limits = { remainingMs };

/** One server, on which a database stands for the copy and another for the sandbox. */
export type TwoSides = {
  extraction: Extraction;
  copy: DatabaseAddress;
  sandbox: Sandbox;
  /** Statements of the owner, even several at once. */
  run(sql: string): Promise<mysql.RowDataPacket[]>;
  server: TestMariadb;
};

const origin = { source: 'prod', restoreTo: '2026-11-19T02:13:00Z', id: '1a2b3c4d' };
export const schema = sandboxSchema(origin.source, origin.restoreTo, origin.id);
export const about = describeSchema(origin, null);

export const startTwoSides = async (start: typeof startTestMariadb): Promise<TwoSides> => {
  const server = await start();
  await server.run(`
    create database sandbox;
    create user sandbox_writer@'127.0.0.1' identified by '${testPassword}';
    grant select on sandbox.* to sandbox_writer@'127.0.0.1';
    grant all on \`extract\\_%\`.* to sandbox_writer@'127.0.0.1'`);
  const signIn = async () => ({ password: testPassword, ssl: false as const });
  const address = { ...server.address, database: 'sandbox', user: 'sandbox_writer' };
  return {
    extraction: mysqlExtraction({ copy: signIn, sandbox: signIn }),
    copy: server.address,
    sandbox: { address, schema, origin },
    run: (sql) => server.run(sql),
    server,
  };
};

export const asked = (tables: string[], more: Partial<TablesRequest> = {}): TablesRequest => ({
  tables,
  where: {},
  withParents: false,
  schema,
  ...more,
});

export const withCopying = async <Answer>(
  { extraction, copy, sandbox }: TwoSides,
  use: (copying: Copying) => Promise<Answer>,
  sessions = 2,
): Promise<Answer> => {
  const copying = await extraction.openCopying(copy, sandbox, { sessions, remainingMs });
  try {
    return await use(copying);
  } finally {
    await copying.close();
  }
};

/** Everything, from the catalog of the copy to the finished database. */
export const extract = async (
  sides: TwoSides,
  request: TablesRequest,
): Promise<{ tables: ExtractedTable[]; outcome: CopyOutcome }> => {
  const { extraction, copy, sandbox } = sides;
  const tables = await extraction.describeTables(copy, request, limits);
  await extraction.makeSchema(sandbox, tables, limits);
  const outcome = await withCopying(sides, (copying) =>
    copyTables(copying, tables, { sessions: 2, remainingMs }),
  );
  await extraction.finish(sandbox, tables, limits);
  return { tables, outcome };
};

/** Proves it with a reader of each side. @returns what differs */
export const prove = async (
  { copy, sandbox }: TwoSides,
  tables: ExtractedTable[],
  columns: Record<string, string> = {},
): Promise<CheckResult[]> => {
  const open = async (where: DatabaseAddress): Promise<Reader> => {
    const reader = await testDatabase.open(where, { sessions: 1, remainingMs });
    await reader.openSnapshot(0);
    return reader;
  };
  const [one, other] = [await open(copy), await open(sandbox.address)];
  try {
    return await verifyTables(one, other, tables, { schema, columns });
  } finally {
    await Promise.all([one.close(), other.close()]);
  }
};

export const dropSchema = ({ run }: TwoSides): Promise<unknown> => run(`drop database if exists ${schema}`);
