import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { initMariadb, type Mariadb, startMariadb } from './mariadb.ts';
import type { EmptySandbox } from './sandbox-postgres.ts';
import { findFreePort, makeServerFolder, writeSecretFile } from './user.ts';

/** @param password of its user @returns its port */
export const startMariadbSandbox = async (
  mariadb: Mariadb,
  sandbox: EmptySandbox,
  password: string,
): Promise<number> => {
  const data = join(await makeServerFolder(mariadb, 'sandbox'), 'data');
  await initMariadb(mariadb, data);
  const port = await findFreePort();
  const firstStatements = await writeSecretFile(mariadb, 'sandbox.sql', firstSql(sandbox, password));
  await startMariadb(mariadb, data, port, [`--init-file=${firstStatements}`]);
  await rm(firstStatements);
  return port;
};

/** One statement a line, as the server wants it. The rights are those that docs/extract.md has. */
const firstSql = ({ database, user }: EmptySandbox, password: string): string => {
  const [inDatabase, toUser] = [mysql.escapeId(database, true), `${mysql.escape(user)}@'127.0.0.1'`];
  return [
    `create database ${inDatabase}`,
    `create user ${toUser} identified by ${mysql.escape(password)}`,
    `grant select on ${inDatabase}.* to ${toUser}`,
    `grant all on \`extract\\_%\`.* to ${toUser}`,
  ]
    .map((statement) => `${statement};\n`)
    .join('');
};
