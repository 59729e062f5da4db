import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ServerUser } from './user.ts';

export type RunningServer = {
  /** An orderly shutdown, so that the folder is complete. */
  stop(): Promise<void>;
};

export type ServerProgram = {
  /** For messages. */
  name: string;
  program: string;
  parameters: string[];
  /** On stderr once it accepts connections. */
  readyText: string;
  stopSignal: NodeJS.Signals;
  /** Ends it at once with all its processes. */
  quitSignal: NodeJS.Signals;
  /** It is ended when it is not ready by then. Left out: it may take as long as it lives. */
  patienceMs?: number | undefined;
};

const maxLogLines = 20;

/**
 * Starts a server, and resolves once it says that it is ready.
 * @throws Error with the end of the server's log when it ends before that
 */
export const startServerProcess = async (
  { user, keeper, environment }: ServerUser,
  { name, program, parameters, readyText, stopSignal, quitSignal, patienceMs }: ServerProgram,
): Promise<RunningServer> => {
  const child = spawn(program, parameters, {
    ...user,
    env: environment,
    // Ctrl-C is for the command, which then stops its servers in order.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const { pid } = child;
  if (pid !== undefined) keeper.watch(pid, quitSignal);

  const log: string[] = [];
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      if (pid !== undefined) keeper.forget(pid);
      resolve(log.join('\n'));
    });
  });
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.push(line);
      if (log.length > maxLogLines) log.shift();
      if (line.includes(readyText)) resolve();
    });
  });
  const tooEarly = ended.then((lines) => {
    throw new Error(`${name} ended before it was ready:\n${lines}`);
  });
  const timer = patienceMs === undefined ? undefined : setTimeout(() => child.kill(quitSignal), patienceMs);
  await Promise.race([ready, tooEarly]).finally(() => clearTimeout(timer));
  tooEarly.catch(() => {});
  return {
    stop: async () => {
      child.kill(stopSignal);
      await ended;
    },
  };
};
