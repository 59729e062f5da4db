import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { type Keeper, startKeeper } from '../../../../local/servers/keeper.ts';
import {
  findPostgres,
  initDatabase,
  type Postgres,
  startServer,
} from '../../../../local/servers/postgres.ts';
import { runAsServer } from '../../../../local/servers/program.ts';
import { findFreePort, makeServerFolder } from '../../../../local/servers/user.ts';
import type { Bucket, DatabaseAddress, DigestRequest, Reader } from '../../../../shared/database/port.ts';
import { postgresDatabase } from '../../../../shared/database/postgres/reader.ts';
import { openPostgresSession, type PostgresSession } from '../../../../shared/database/postgres/session.ts';
import type { SignIn } from '../../../../shared/database/sign-in.ts';
import { formatTableName, type Table } from '../../../../shared/database/tables.ts';
import { sumRows } from '../../../../shared/rows/sums.ts';

export const password = 'only-for-this-test';
export const signIn: SignIn = async () => ({ password, ssl: false });
/** A test may take this long. */
export const remainingMs = () => 60_000;

/** A real server in its own folder, with a plan's user and the superuser. */
export type PostgresFixture = {
  address: DatabaseAddress;
  /** Runs statements as the superuser. @returns the rows of the last one */
  asOwner<Row extends object>(sql: string): Promise<Row[]>;
  /** One more session of the superuser, for locks and open transactions. */
  connectAsOwner(): Promise<pg.Client>;
  /** A reader of one session, with a snapshot taken now. */
  openReader(options?: { sessions?: number; remainingMs?: () => number; user?: string }): Promise<Reader>;
  /** One plain session of the plan's user, for tests without the port. */
  openSession(): Promise<PostgresSession>;
  /** Stops the server, changes one byte of a file below its data folder, and starts it again. */
  flipByte(path: string, offset: number): Promise<void>;
  /** The same with a whole file. */
  removeFile(path: string): Promise<void>;
  /** Ends every session, and starts the server again. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

export const startPostgres = async (
  options: { checksums?: boolean; settings?: Record<string, string> } = {},
): Promise<PostgresFixture> => {
  const keeper = await startKeeper();
  try {
    return await startIn(keeper, options.checksums ?? true, { ...commonSettings, ...options.settings });
  } catch (error) {
    await keeper.close();
    throw error;
  }
};

const commonSettings = { max_wal_senders: '0', max_connections: '40', autovacuum: 'off' };

const startIn = async (
  keeper: Keeper,
  checksums: boolean,
  settings: Record<string, string>,
): Promise<PostgresFixture> => {
  const postgres = await findPostgres(keeper);
  const folder = await makeServerFolder(postgres, 'server');
  const data = join(folder, 'data');
  if (checksums) await initDatabase(postgres, data, 'postgres', password);
  else await initWithoutChecksums(postgres, data);
  const port = await findFreePort();
  let server = await startServer(postgres, data, port, settings);

  const connectAsOwner = async (): Promise<pg.Client> => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      database: 'postgres',
      user: 'postgres',
      password,
    });
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  let owner = await connectAsOwner();
  const asOwner = async <Row extends object>(sql: string): Promise<Row[]> => {
    const answer = await owner.query<Row>(sql);
    return (Array.isArray(answer) ? answer.at(-1) : answer).rows;
  };
  await asOwner(
    `create role drill_reader login bypassrls password '${password}'; grant pg_read_all_data to drill_reader`,
  );

  const whileStopped = async (work: () => Promise<void>): Promise<void> => {
    await owner.end();
    await server.stop();
    await work();
    server = await startServer(postgres, data, port, settings);
    owner = await connectAsOwner();
  };

  const address = {
    engine: 'aurora-postgresql',
    host: '127.0.0.1',
    port,
    database: 'postgres',
    user: 'drill_reader',
  };
  return {
    address,
    asOwner,
    connectAsOwner,
    openReader: async ({ user = 'drill_reader', ...asked } = {}) => {
      const reader = await postgresDatabase(signIn).open(
        { ...address, user },
        { sessions: 1, remainingMs, ...asked },
      );
      await reader.openSnapshot(0);
      return reader;
    },
    openSession: () => openPostgresSession({ ...address, ip: address.host }, signIn, remainingMs),
    flipByte: (path, offset) =>
      whileStopped(async () => {
        const bytes = await readFile(join(data, path));
        bytes.writeUInt8(bytes.readUInt8(offset) ^ 0xff, offset);
        await writeFile(join(data, path), bytes);
      }),
    removeFile: (path) => whileStopped(() => rm(join(data, path))),
    restart: () => whileStopped(async () => {}),
    close: async () => {
      await owner.end();
      await server.stop();
      await keeper.close();
    },
  };
};

/** As by default before PostgreSQL 18. The superuser may sign in with any password. */
const initWithoutChecksums = (postgres: Postgres, data: string): Promise<void> =>
  runAsServer(postgres, postgres.initdb, [
    `--pgdata=${data}`,
    '--username=postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-data-checksums',
    '--no-sync',
    '--no-instructions',
  ]);

/** A table of the reader's list, by its name in plans. */
export const tableOf = async (reader: Reader, name: string): Promise<Table> => {
  const tables = await reader.listTables();
  const table = tables.find((one) => formatTableName(one) === name);
  if (table === undefined) throw new Error(`there is no table ${name}`);
  return table;
};

const everything = (): Omit<DigestRequest, 'content'> => ({
  ranges: { kind: 'bounds', bounds: [] },
  fine: [],
  resolution: 1,
  only: null,
});

/** The number of rows, read as checks do. */
export const countRows = async (reader: Reader, table: Table): Promise<number> =>
  sumRows(await reader.readDigest(table, { content: 'rows', ...everything() }));

/** One digest of all values of a table. */
export const readWhole = (reader: Reader, table: Table): Promise<Bucket[]> =>
  reader.readDigest(table, { content: 'values', ...everything() });

/** Uses a reader and closes it, whatever happens. */
export const withReader = async <Answer>(
  opening: Promise<Reader>,
  use: (reader: Reader) => Promise<Answer>,
): Promise<Answer> => {
  const reader = await opening;
  try {
    return await use(reader);
  } finally {
    await reader.close();
  }
};
