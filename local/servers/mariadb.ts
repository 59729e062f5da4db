import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { DrillError } from '../../shared/errors.ts';
import type { Keeper } from './keeper.ts';
import { type RunningServer, startServerProcess } from './process.ts';
import { type RunOptions, runAsServer } from './program.ts';
import { findServerUser, type ServerUser, serverPath, writeSecretFile } from './user.ts';

/** MariaDB, the user it runs as, and how its own programs sign in. */
export type Mariadb = ServerUser & { signInFile: string };

/** The owner of every database of this machine. Loads data and makes faults, never checks. */
export const mariadbOwner = 'root';

const programs = ['mariadbd', 'mariadb-install-db', 'mariadb-backup', 'mariadb-binlog', 'mariadb'];

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const isOnPath = (program: string, path: string): boolean =>
  path.split(delimiter).some((folder) => isProgram(join(folder, program)));

/** The programs that a drill of MySQL needs here and this PATH lacks. */
export const listMissingPrograms = (path: string): string[] =>
  programs.filter((program) => !isOnPath(program, path));

/** MySQL and MariaDB both install a mysqld. Only MariaDB's names itself. */
const hasOracleMysql = (path: string): boolean =>
  isOnPath('mysqld', path) &&
  !spawnSync('mysqld', ['--version'], { env: { PATH: path }, encoding: 'utf8' }).stdout?.includes('MariaDB');

/** @throws DrillError InvalidArguments, with what is missing and how to install it */
export const assertPrograms = (path: string): void => {
  const missing = listMissingPrograms(path);
  if (missing.length === 0) return;
  const isMysqlHere = hasOracleMysql(path)
    ? "; the mysqld on PATH is Oracle MySQL's, and recovery here needs mariadb-backup and mariadb-binlog"
    : '';
  throw new DrillError(
    'InvalidArguments',
    `--engine mysql runs MariaDB, and PATH lacks ${missing.join(', ')}${isMysqlHere}`,
    {
      hint: 'Debian and Ubuntu: apt-get install mariadb-server mariadb-backup; macOS: brew install mariadb',
    },
  );
};

/** @param password the owner's, everywhere on this machine */
export const findMariadb = async (keeper: Keeper, password: string): Promise<Mariadb> => {
  assertPrograms(serverPath());
  const owner = await findServerUser(keeper);
  // In a file: everybody can read a process's command line.
  const signIn = `[client]\nuser=${mariadbOwner}\npassword="${password}"\n`;
  return { ...owner, signInFile: await writeSecretFile(owner, 'mariadb.cnf', signIn) };
};

/** A starting server removes temporary tables that look left over, even another server's, so each has its own folder. */
const makeTemporaryFolder = async (mariadb: Mariadb, data: string): Promise<string> => {
  const folder = join(dirname(data), 'tmp');
  await runAsServer(mariadb, 'mkdir', ['-p', folder]);
  return folder;
};

/** Makes a new, empty data folder. The source's first statements set the passwords. */
export const initMariadb = async (mariadb: Mariadb, data: string): Promise<void> =>
  runAsServer(mariadb, 'mariadb-install-db', [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=socket',
    '--skip-test-db',
    '--skip-name-resolve',
    `--tmpdir=${await makeTemporaryFolder(mariadb, data)}`,
    unsynced,
    ...sizes,
  ]);

/** Demonstration data need not survive a power cut, and every new table would wait for the disk. */
const unsynced = '--debug-no-sync';

/** Files are copied whole, so keep their empty parts small. */
const sizes = ['--innodb-log-file-size=16M', '--innodb-temp-data-file-path=ibtmp1:1M:autoextend'];

/** Relative, since the server works in its data folder: a socket's path has at most 107 bytes. */
const socket = 'mariadb.sock';

/**
 * Starts a server on a data folder, and resolves once it accepts connections.
 * @param listen a port on 127.0.0.1, or null for only the socket in its own folder
 * @throws Error with the end of the server's log when it ends before that
 */
export const startMariadb = async (
  mariadb: Mariadb,
  data: string,
  listen: number | null,
  settings: string[],
): Promise<RunningServer> =>
  startServerProcess(mariadb, {
    name: 'MariaDB',
    program: 'mariadbd',
    parameters: [
      '--no-defaults',
      `--datadir=${data}`,
      `--tmpdir=${await makeTemporaryFolder(mariadb, data)}`,
      `--socket=${socket}`,
      '--pid-file=mariadb.pid',
      ...(listen === null ? ['--skip-networking'] : ['--bind-address=127.0.0.1', `--port=${listen}`]),
      '--skip-name-resolve',
      '--default-time-zone=+00:00',
      '--character-set-server=utf8mb4',
      '--lower-case-table-names=0',
      '--max-allowed-packet=1G',
      // Events would change the copy beyond what is in the log.
      '--event-scheduler=OFF',
      '--skip-slave-start',
      '--skip-performance-schema',
      '--innodb-buffer-pool-size=128M',
      '--innodb-use-native-aio=OFF',
      // Demonstration data need not survive a power cut, and CI machines have slow disks.
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-doublewrite=OFF',
      '--sync-binlog=0',
      unsynced,
      ...sizes,
      ...settings,
    ],
    readyText: 'ready for connections',
    stopSignal: 'SIGTERM',
    // It is one process, and treats SIGQUIT as an orderly shutdown.
    quitSignal: 'SIGKILL',
  });

/** Feeds SQL to the server on a data folder as its owner. @throws ProgramFailed at the first error */
export const feedSql = (
  mariadb: Mariadb,
  data: string,
  input: NonNullable<RunOptions['input']>,
  parameters: string[] = [],
): Promise<void> =>
  runAsServer(
    mariadb,
    'mariadb',
    [
      `--defaults-file=${mariadb.signInFile}`,
      `--socket=${socket}`,
      // Takes the bytes unchanged, without the client's own commands, such as \! and source.
      '--binary-mode',
      // Comments are part of a procedure.
      '--comments',
      '--max-allowed-packet=1G',
      ...parameters,
    ],
    { input, folder: data },
  );
