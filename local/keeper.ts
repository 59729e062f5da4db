import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/**
 * A temporary folder and the servers that live in it, which are gone when this process is gone, however it ended.
 * A second process, the keeper, holds one end of a pipe; the pipe closes by itself when this process ends or is
 * killed, and then the keeper stops the servers and removes the folder.
 */
export type Keeper = {
  folder: string;
  /** Hands a server to the keeper, by its process id. */
  watch(pid: number): void;
  /** Takes it back once it has ended: its id may soon belong to somebody else. */
  forget(pid: number): void;
  /** Stops what still runs, removes the folder, and waits until that is done. */
  close(): Promise<void>;
};

export const startKeeper = async (): Promise<Keeper> => {
  const folder = await mkdtemp(join(tmpdir(), 'aurora-drills-'));
  // PostgreSQL runs as another user when this process runs as root, and has to reach its own folder below.
  await chmod(folder, 0o711);
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), folder], {
    // A process group of its own: Ctrl-C in a terminal goes to the whole group of the command.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdin.on('error', () => {});
  return {
    folder,
    watch: (pid) => void child.stdin.write(`+${pid}\n`),
    forget: (pid) => void child.stdin.write(`-${pid}\n`),
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
};

/** How long a server may take to stop at once before it is killed. */
const patienceMs = 5000;

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const stopServer = async (pid: number): Promise<void> => {
  // SIGQUIT is PostgreSQL's immediate shutdown: the data is thrown away with the folder.
  if (isRunning(pid)) process.kill(pid, 'SIGQUIT');
  const deadline = Date.now() + patienceMs;
  while (isRunning(pid) && Date.now() < deadline) await sleep(20);
  if (isRunning(pid)) process.kill(pid, 'SIGKILL');
};

/** The keeper's own life: collects ids until the pipe closes, then cleans up. */
const keep = async (folder: string): Promise<void> => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const pids = new Set<number>();
  for await (const line of createInterface({ input: process.stdin })) {
    const pid = Number(line.slice(1));
    if (line.startsWith('+')) pids.add(pid);
    else pids.delete(pid);
  }
  await Promise.all([...pids].map(stopServer));
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
};

if (import.meta.main && process.argv[2] !== undefined) await keep(process.argv[2]);
