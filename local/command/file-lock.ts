import { readlink, rm, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DrillError } from '../../shared/errors.ts';

/** Work under a lock takes milliseconds. After this long, the holder will never release it. */
const enoughMs = 10_000;
const pauseMs = 5;

/**
 * Acts while no other process holds this lock. The lock is a symbolic link that leads nowhere: its text names the holder
 * from the start, while a file would be empty before it is written.
 * @throws DrillError ReportNotFiled when others hold it all the time
 */
export const withLock = async <T>(path: string, act: () => Promise<T>, patienceMs = enoughMs): Promise<T> => {
  const end = performance.now() + patienceMs;
  while (!(await tryToHold(path))) {
    await removeStale(path);
    if (performance.now() >= end) throw describeHolder(path, await findHolder(path));
    await sleep(pauseMs);
  }
  try {
    return await act();
  } finally {
    await rm(path, { force: true });
  }
};

const self = `${process.pid}@${hostname()}`;

const tryToHold = async (path: string): Promise<boolean> => {
  try {
    await symlink(self, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
};

/** Null when nobody holds it; an empty text when it is not a lock of ours. */
const findHolder = async (path: string): Promise<string | null> => {
  try {
    return await readlink(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    if (codeOf(error) === 'EINVAL') return '';
    throw error;
  }
};

/**
 * Removes the lock of a process that was killed. This needs a lock too: without it, a second process could remove the
 * lock that somebody took after the first removal.
 */
const removeStale = async (path: string): Promise<void> => {
  if (!isDead(await findHolder(path))) return;
  const removing = `${path}.stale`;
  if (!(await tryToHold(removing))) return;
  try {
    if (isDead(await findHolder(path))) await rm(path, { force: true });
  } finally {
    await rm(removing, { force: true });
  }
};

/** Nobody here can tell about a process on another machine or in another container. */
const isDead = (holder: string | null): boolean => {
  const [, pid, host] = /^(\d+)@(.*)$/.exec(holder ?? '') ?? [];
  if (pid === undefined || host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
};

const describeHolder = (path: string, holder: string | null): DrillError =>
  new DrillError('ReportNotFiled', `${holder || 'somebody'} holds ${path} and does not release it`, {
    hint: `when no drill is running on this machine, delete ${path}, and ${path}.stale if it is there`,
  });

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
