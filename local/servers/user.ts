import { spawnSync } from 'node:child_process';
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { DrillError } from '../../shared/errors.ts';
import type { Keeper } from './keeper.ts';

/** The user that database servers run as, since they refuse root, and that removes them in the end. */
export type ServerUser = {
  user: { uid?: number; gid?: number };
  keeper: Keeper;
  /** For its programs, instead of the command's environment. */
  environment: Record<string, string>;
};

/** Debian has its servers here, and an ordinary user's PATH does not. */
const systemFolders = ['/usr/sbin', '/usr/local/sbin'];

export const serverPath = (): string =>
  [process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin', ...systemFolders].join(delimiter);

/** @throws DrillError InvalidArguments when that user could not reach the keeper's folder */
export const findServerUser = async (keeper: Keeper): Promise<ServerUser> => {
  const user = process.getuid?.() === 0 ? await findUnprivilegedUser() : {};
  if (spawnSync('test', ['-x', keeper.folder], user).status !== 0) {
    throw new DrillError(
      'InvalidArguments',
      `the database server's user cannot enter the temporary folder ${keeper.folder}`,
      {
        hint: 'database servers refuse to run as root: set TMPDIR to a folder that every user may enter, such as /tmp',
      },
    );
  }
  const temporary = join(keeper.folder, 'tmp');
  await makeFolderFor(user, temporary);
  return { user, keeper, environment: { PATH: serverPath(), LC_ALL: 'C', TZ: 'UTC', TMPDIR: temporary } };
};

const findUnprivilegedUser = async (): Promise<{ uid: number; gid: number }> => {
  const line = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) };
};

const giveTo = async ({ uid, gid }: ServerUser['user'], path: string): Promise<void> => {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
};

const makeFolderFor = async (user: ServerUser['user'], folder: string): Promise<void> => {
  await mkdir(folder);
  await giveTo(user, folder);
};

/** A new folder below the keeper's, owned by the server's user. */
export const makeServerFolder = async (owner: ServerUser, name: string): Promise<string> => {
  const folder = join(owner.keeper.folder, name);
  await makeFolderFor(owner.user, folder);
  return folder;
};

/** A file below the keeper's folder that only the server's user may read. @returns its path */
export const writeSecretFile = async (owner: ServerUser, name: string, text: string): Promise<string> => {
  const path = join(owner.keeper.folder, name);
  await writeFile(path, text, { mode: 0o600 });
  await giveTo(owner.user, path);
  return path;
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
