import { join } from 'node:path';
import pg from 'pg';
import { type Keeper, startKeeper } from '../local/servers/keeper.ts';
import { findPostgres, initDatabase, type Postgres, startServer } from '../local/servers/postgres.ts';
import { findFreePort, makeServerFolder } from '../local/servers/user.ts';
import type { Database, DatabaseAddress, Reader } from '../shared/database/port.ts';
import { postgresDatabase } from '../shared/database/postgres/reader.ts';
import type { Table } from '../shared/database/tables.ts';

/** A PostgreSQL for one bench, with enough memory for its tables. */
export type BenchPostgres = {
  client: pg.Client;
  address: DatabaseAddress;
  password: string;
  database: Database;
  /** A reader with its snapshot open. */
  open(sessions: number): Promise<Reader>;
  keeper: Keeper;
  stop(): Promise<void>;
};

const password = 'only-for-this-bench';
const user = 'postgres';

/** @param find the server's programs; without, those of the npm package */
export const startBenchPostgres = async (
  find: (keeper: Keeper) => Promise<Postgres> = findPostgres,
): Promise<BenchPostgres> => {
  const keeper = await startKeeper();
  try {
    const postgres = await find(keeper);
    const data = join(await makeServerFolder(postgres, 'bench'), 'data');
    await initDatabase(postgres, data, user, password);
    const port = await findFreePort();
    await startServer(postgres, data, port, {
      shared_buffers: '2GB',
      max_wal_size: '4GB',
      // Rows that are loaded in the transaction that makes their table need no log.
      wal_level: 'minimal',
      max_wal_senders: '0',
      autovacuum: 'off',
      synchronous_commit: 'off',
    });
    const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'postgres' });
    await client.connect();
    const address = { engine: 'aurora-postgresql', host: '127.0.0.1', port, database: 'postgres', user };
    const database = postgresDatabase(async () => ({ password, ssl: false }));
    return {
      client,
      address,
      password,
      database,
      open: async (sessions) => {
        const reader = await database.open(address, { sessions, remainingMs: () => 600_000 });
        await reader.openSnapshot(0);
        return reader;
      },
      keeper,
      stop: async () => {
        await client.end();
        await keeper.close();
      },
    };
  } catch (error) {
    await keeper.close();
    throw error;
  }
};

/** A table of orders, about 170 bytes a row. Vacuumed, so that the first reading has no extra work. */
export const makeOrders = async (
  { client }: BenchPostgres,
  name: string,
  rows: number,
  options = '',
): Promise<void> => {
  await client.query(`
    begin;
    create table ${name} (
      id bigint primary key, customer_id integer not null, status text not null, amount numeric(12, 2) not null,
      placed_at timestamptz not null, note text, reference text not null
    ) ${options};
    insert into ${name}
      select n, n % 50000, 'state ' || n % 7, n % 1000 + 0.5, timestamptz '2026-01-01' + n * interval '1 s',
             case when n % 3 > 0 then 'a note on order number ' || n end, md5(n::text) || md5((n + 1)::text)
        from generate_series(1, ${rows}) n;
    commit;`);
  await client.query(`vacuum analyze ${name}`);
};

/** The table as the reader lists it. */
export const findBenchTable = async (reader: Reader, name: string): Promise<Table> => {
  const table = (await reader.listTables()).find((found) => found.table === name);
  if (table === undefined) throw new Error(`there is no table ${name}`);
  return table;
};
