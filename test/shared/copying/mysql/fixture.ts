import type mysql from 'mysql2/promise';
import { mysqlExtraction } from '../../../../shared/copying/mysql/extraction.ts';
import { verifyTables } from '../../../../shared/copying/verify.ts';
import type { DatabaseAddress, Reader } from '../../../../shared/database/port.ts';
import type { ExtractedTable } from '../../../../shared/extraction/tables.ts';
import type { CheckResult } from '../../../../shared/truth/checks.ts';
import {
  type startTestMariadb,
  type TestMariadb,
  testDatabase,
  testPassword,
} from '../../database/mysql/fixture.ts';
import { origin, remainingMs, type Sides, schema } from '../sides.ts';

/** One server, on which a database stands for the copy and another for the sandbox. */
export type TwoSides = Sides & {
  /** Statements of the owner, even several at once. */
  run(sql: string): Promise<mysql.RowDataPacket[]>;
  server: TestMariadb;
};

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
