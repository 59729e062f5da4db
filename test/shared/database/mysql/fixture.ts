import { join } from 'node:path';
import type mysql from 'mysql2/promise';
import { afterAll, describe } from 'vitest';
import { startKeeper } from '../../../../local/servers/keeper.ts';
import { findMariadb, initMariadb, startMariadb } from '../../../../local/servers/mariadb.ts';
import { findFreePort, makeServerFolder, writeSecretFile } from '../../../../local/servers/user.ts';
import { connectAsOwner } from '../../../../local/sources/mysql.ts';
import { mysqlDatabase } from '../../../../shared/database/mysql/reader.ts';
import type { DatabaseAddress, Reader, ReaderOptions } from '../../../../shared/database/port.ts';
import { hasMariadb } from '../../../local/mariadb.ts';

export type TestMariadb = {
  address: DatabaseAddress;
  /** Runs statements as the owner, even several at once. */
  run(sql: string, values?: unknown[]): Promise<mysql.RowDataPacket[]>;
  /** Sessions of the plan's reader, with a snapshot taken. */
  open(options?: Partial<ReaderOptions>): Promise<Reader>;
  close(): Promise<void>;
};

export const testPassword = 'only-for-this-test';
const identified = `identified by '${testPassword}'`;

/** A MariaDB for one test file, with an empty database `shop`. */
export const startTestMariadb = async (settings: string[] = []): Promise<TestMariadb> => {
  const keeper = await startKeeper();
  try {
    const mariadb = await findMariadb(keeper, testPassword);
    const data = join(await makeServerFolder(mariadb, 'server'), 'data');
    await initMariadb(mariadb, data);
    const users = await writeSecretFile(
      mariadb,
      'users.sql',
      `create user root@'127.0.0.1' ${identified};
       grant all on *.* to root@'127.0.0.1' with grant option;
       create user drill_reader@'127.0.0.1' ${identified};
       grant select, show view, binlog admin on *.* to drill_reader@'127.0.0.1';
       create database shop;`.replaceAll(/\n\s+/g, '\n'),
    );
    const port = await findFreePort();
    await startMariadb(mariadb, data, port, [`--init-file=${users}`, '--skip-log-bin', ...settings]);
    const owner = await connectAsOwner(port, 'shop', testPassword);
    const readers: Reader[] = [];
    const address = {
      engine: 'aurora-mysql',
      host: '127.0.0.1',
      port,
      database: 'shop',
      user: 'drill_reader',
    };
    return {
      address,
      run: async (sql, values) => (await owner.query<mysql.RowDataPacket[]>(sql, values))[0],
      open: async (options) => {
        const reader = await testDatabase.open(address, {
          sessions: 2,
          remainingMs: () => 60_000,
          ...options,
        });
        readers.push(reader);
        await reader.openSnapshot(0);
        return reader;
      },
      close: async () => {
        await Promise.all(readers.map((reader) => reader.close()));
        await owner.end();
        await keeper.close();
      },
    };
  } catch (error) {
    await keeper.close();
    throw error;
  }
};

/** Tests on MariaDB, skipped when it is not installed. Whatever they start is ended afterwards. */
export const describeMariadb = (title: string, tests: (start: typeof startTestMariadb) => void): void => {
  describe.skipIf(!hasMariadb)(title, () => {
    const started: TestMariadb[] = [];
    afterAll(async () => {
      await Promise.all(started.map(({ close }) => close()));
    });
    tests(async (settings) => {
      const server = await startTestMariadb(settings);
      started.push(server);
      return server;
    });
  });
};

export const testDatabase = mysqlDatabase(async () => ({ password: testPassword, ssl: false }));
