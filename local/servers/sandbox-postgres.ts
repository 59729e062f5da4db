import { join } from 'node:path';
import pg from 'pg';
import { initDatabase, type Postgres, startServer } from './postgres.ts';
import { findFreePort, makeServerFolder } from './user.ts';

/** An empty database on a server of its own, and the user who may make schemas in it. */
export type EmptySandbox = { database: string; user: string };

/** Of a new server. The user of a sandbox has the same password. */
type Owner = { name: string; password: string; connect(port: number, database: string): Promise<pg.Client> };

/** @returns its port */
export const startPostgresSandbox = async (
  postgres: Postgres,
  { database, user }: EmptySandbox,
  owner: Owner,
): Promise<number> => {
  const data = join(await makeServerFolder(postgres, 'sandbox'), 'data');
  await initDatabase(postgres, data, owner.name, owner.password);
  const port = await findFreePort();
  await startServer(postgres, data, port);
  const client = await owner.connect(port, 'postgres');
  const [inDatabase, toUser] = [pg.escapeIdentifier(database), pg.escapeIdentifier(user)];
  await client.query(`create database ${inDatabase}`);
  await client.query(`create role ${toUser} login password ${pg.escapeLiteral(owner.password)}`);
  // As docs/extract.md has it.
  await client.query(`grant connect, create on database ${inDatabase} to ${toUser}`);
  await client.end();
  return port;
};
