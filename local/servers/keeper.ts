import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/**
 * A temporary folder and the servers in it. They go when this process goes, however it ends.
 * A second process, the keeper, holds one end of a pipe. The pipe closes when this process ends or is killed, and then
 * the keeper stops the servers and removes the folder.
 */
export type Keeper = {
  folder: string;
  /**
   * Hands a process to the keeper, by its id, with the signal that ends it at once: its data goes with the folder.
   * A negative id means the process group.
   */
  watch(pid: number, quitSignal?: NodeJS.Signals): void;
  /** Takes an ended process back: its id may soon belong to another one. */
  forget(pid: number): void;
  /** Stops what still runs, removes the folder, and waits until that is done. */
  close(): Promise<void>;
};

export const startKeeper = async (): Promise<Keeper> => {
  const folder = await mkdtemp(join(tmpdir(), 'aurora-drills-'));
  // When this process is root, servers run as another user, who must reach the folders below.
  await chmod(folder, 0o711);
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), folder], {
    // Its own process group: Ctrl-C in a terminal goes to the command's whole group.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdin.on('error', () => {});
  let isClosing = false;
  return {
    folder,
    watch: (pid, quitSignal = 'SIGKILL') => {
      // Nobody else stops a process that starts while everything ends.
      if (isClosing) send(pid, 'SIGKILL');
      else child.stdin.write(`watch ${pid} ${quitSignal}\n`);
    },
    forget: (pid) => void child.stdin.write(`forget ${pid}\n`),
    close: async () => {
      isClosing = true;
      child.stdin.end();
      await ended;
    },
  };
};

/** How long a process may take to stop before it is killed. */
const patienceMs = 5000;

/** @returns whether the process still exists. Signal 0 only asks */
const send = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
};

const quit = async (pid: number, signal: NodeJS.Signals): Promise<void> => {
  send(pid, signal);
  const deadline = Date.now() + patienceMs;
  while (send(pid, 0) && Date.now() < deadline) await sleep(20);
  send(pid, 'SIGKILL');
};

/** The keeper's process: collects ids until the pipe closes, then cleans up. */
const keep = async (folder: string): Promise<void> => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const watched = new Map<number, NodeJS.Signals>();
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb, pid, signal] = line.split(' ');
    if (verb === 'watch') watched.set(Number(pid), signal as NodeJS.Signals);
    else watched.delete(Number(pid));
  }
  await Promise.all([...watched].map(([pid, signal]) => quit(pid, signal)));
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
};

if (import.meta.main && process.argv[2] !== undefined) await keep(process.argv[2]);
