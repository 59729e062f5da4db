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
  /**
   * Hands a process to the keeper, by its id, and what ends it at once; its data is thrown away with the folder.
   * The negative id of a process is its whole group.
   */
  watch(pid: number, quitSignal?: NodeJS.Signals): void;
  /** Takes it back once it has ended: its id may soon belong to somebody else. */
  forget(pid: number): void;
  /** Stops what still runs, removes the folder, and waits until that is done. */
  close(): Promise<void>;
};

export const startKeeper = async (): Promise<Keeper> => {
  const folder = await mkdtemp(join(tmpdir(), 'aurora-drills-'));
  // Servers run as another user when this process runs as root, and have to reach their own folders below.
  await chmod(folder, 0o711);
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), folder], {
    // A process group of its own: Ctrl-C in a terminal goes to the whole group of the command.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdin.on('error', () => {});
  let isClosing = false;
  return {
    folder,
    watch: (pid, quitSignal = 'SIGKILL') => {
      // What is still started while everything ends has nobody else to stop it.
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

/** How long a process may take to stop at once before it is killed. */
const patienceMs = 5000;

/** @returns whether there was still something to send it to; signal 0 only asks */
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

/** The keeper's own life: collects ids until the pipe closes, then cleans up. */
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
