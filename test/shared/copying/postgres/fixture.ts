import pg from 'pg';
import { postgresExtraction } from '../../../../shared/copying/postgres/extraction.ts';
import type { DatabaseAddress, Reader } from '../../../../shared/database/port.ts';
import { postgresDatabase } from '../../../../shared/database/postgres/reader.ts';
import {
  type PostgresFixture,
  password,
  remainingMs,
  signIn,
  startPostgres,
} from '../../database/postgres/fixture.ts';
import { origin, type Sides, schema } from '../sides.ts';

/** One server, on which a database stands for the copy and another for the sandbox. */
export type TwoSides = Sides & {
  /** Statements of the superuser on either side. @returns the rows of the last one, as texts */
  inCopy(sql: string): Promise<Record<string, string | null>[]>;
  inSandbox(sql: string): Promise<Record<string, string | null>[]>;
  openReaders(): Promise<{ copy: Reader; sandbox: Reader; close(): Promise<void> }>;
  server: PostgresFixture;
  /** Ends every session of both sides. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

export const startTwoSides = async (): Promise<TwoSides> => {
  const server = await startPostgres();
  await server.asOwner('create database sandbox');
  await server.asOwner(`create role sandbox_writer login password '${password}'`);
  await server.asOwner('grant create on database sandbox to sandbox_writer');
  const { address } = server;
  const sandboxAddress = { ...address, database: 'sandbox', user: 'sandbox_writer' };
  const connect = async (database: string): Promise<pg.Client> => {
    const client = new pg.Client({ ...address, user: 'postgres', password, database });
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  const connectBoth = async () => ({ copy: await connect('postgres'), sandbox: await connect('sandbox') });
  let clients = await connectBoth();
  const asking = (side: 'copy' | 'sandbox') => async (sql: string) => {
    const types = { getTypeParser: () => (value: string | null) => value };
    const answer = await clients[side].query({ text: sql, types } as pg.QueryConfig);
    return (Array.isArray(answer) ? answer.at(-1) : answer).rows;
  };
  return {
    extraction: postgresExtraction({ copy: signIn, sandbox: signIn }),
    copy: address,
    sandbox: { address: sandboxAddress, schema, origin },
    inCopy: asking('copy'),
    inSandbox: asking('sandbox'),
    openReaders: async () => {
      const open = async (where: DatabaseAddress): Promise<Reader> => {
        const reader = await postgresDatabase(signIn).open(where, { sessions: 2, remainingMs });
        await reader.openSnapshot(0);
        return reader;
      };
      const [one, other] = [await open(address), await open({ ...sandboxAddress, user: 'postgres' })];
      return {
        copy: one,
        sandbox: other,
        close: async () => void (await Promise.all([one.close(), other.close()])),
      };
    },
    server,
    restart: async () => {
      await server.restart();
      clients = await connectBoth();
    },
    close: async () => {
      await Promise.all([clients.copy.end(), clients.sandbox.end()]);
      await server.close();
    },
  };
};

export const dropSchema = ({ inSandbox }: TwoSides): Promise<unknown> =>
  inSandbox(`drop schema if exists ${schema} cascade`);
