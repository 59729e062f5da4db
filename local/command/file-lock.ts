import { readlink, rm, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DrillError } from '../../shared/errors.ts';

/** What is done under a lock takes milliseconds; who waits so long waits for somebody who will never give it back. */
const enoughMs = 10_000;
const pauseMs = 5;

/**
 * Acts while no other process that takes this lock does. The lock is a symbolic link that leads nowhere: its text, who
 * holds it, is there from its first moment on, where a file would stand empty before it is written.
 * @throws DrillError ReportNotFiled when others hold it all the while
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

/** Null when nobody holds it; an empty text when what stands there is not a lock of ours. */
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
 * Removes the lock of a process that was killed. One at a time may do so, or the second would remove the lock that the
 * first has let somebody take: under its own lock, nobody but a holder that lives could remove what is looked at here.
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

/** Of a process on another machine, or in another container, nobody here can tell. */
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
  new DrillError('ReportNotFiled', `${path} is held by ${holder || 'somebody'} and does not become free`, {
    hint: `when no drill is running on this machine, delete ${path}, and ${path}.stale if it is there`,
  });

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
