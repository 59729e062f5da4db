import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { type Keeper, startKeeper } from '../local/servers/keeper.ts';
import {
  findMariadb,
  initMariadb,
  type Mariadb,
  mariadbOwner,
  startMariadb,
} from '../local/servers/mariadb.ts';
import { findFreePort, makeServerFolder } from '../local/servers/user.ts';
import type { DatabaseAddress } from '../shared/database/port.ts';

export const password = 'only-for-this-bench';
export const signIn = async () => ({ password, ssl: false as const });

export type BenchMariadb = {
  mariadb: Mariadb;
  address: DatabaseAddress;
  client: mysql.Connection;
  stop(): Promise<void>;
};

/** A MariaDB with a table `bench.orders`. */
export const startBenchMariadb = async (rows: number): Promise<BenchMariadb> => {
  const keeper: Keeper = await startKeeper();
  try {
    const mariadb = await findMariadb(keeper, password);
    const data = join(await makeServerFolder(mariadb, 'bench'), 'data');
    await initMariadb(mariadb, data);
    const port = await findFreePort();
    await startMariadb(mariadb, data, port, [
      '--innodb-buffer-pool-size=2G',
      '--skip-log-bin',
      '--skip-grant-tables',
    ]);
    const host = '127.0.0.1';
    const client = await mysql.createConnection({ host, port, user: mariadbOwner, password });
    await load(client, rows);
    return {
      mariadb,
      address: { engine: 'aurora-mysql', host, port, database: 'bench', user: mariadbOwner },
      client,
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

const load = async (client: mysql.Connection, rows: number): Promise<void> => {
  await client.query('create database bench');
  await client.query(`create table bench.orders (
    id bigint primary key, customer_id integer not null, status varchar(20) not null, amount decimal(12, 2) not null,
    placed_at datetime not null, note varchar(100), reference varchar(64) not null)`);
  await client.query(`insert into bench.orders
    select seq, seq % 50000, concat('state ', seq % 7), seq % 1000 + 0.5, '2026-01-01' + interval seq second,
           if(seq % 3 > 0, concat('a note on order number ', seq), null), concat(md5(seq), md5(seq + 1))
      from bench.seq_1_to_${rows}`);
  await client.query('analyze table bench.orders');
};
