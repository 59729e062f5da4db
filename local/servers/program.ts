import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ServerUser } from './user.ts';

export type RunOptions = { input?: Readable; folder?: string };

/** A program ended with an error, and said this. */
export class ProgramFailed extends Error {
  override readonly name = 'ProgramFailed';
  readonly stderr: string;

  constructor(program: string, how: string, stderr: string) {
    super(`${program} ended with ${how}: ${stderr.trim()}`);
    this.stderr = stderr;
  }
}

/** Programs that list every file they copy say at the end what went wrong. */
const maxStderrLength = 4000;

/**
 * Runs a program to its end as the server's user: one of the server's own, or cp and rm on its files.
 * @throws ProgramFailed
 */
export const runAsServer = async (
  { user, keeper, environment }: ServerUser,
  program: string,
  parameters: string[],
  { input, folder }: RunOptions = {},
): Promise<void> => {
  const child = spawn(program, parameters, {
    ...user,
    ...(folder === undefined ? {} : { cwd: folder }),
    env: environment,
    // Its own process group: what the program starts ends with it.
    detached: true,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe'],
  });
  const { pid, stdin } = child;
  if (pid !== undefined) keeper.watch(-pid, 'SIGKILL');
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = (stderr + chunk).slice(-maxStderrLength);
  });
  if (input !== undefined && stdin !== null) {
    // A program that ends early says why on stderr.
    stdin.on('error', () => {});
    input.on('error', (error) => stdin.destroy(error)).pipe(stdin);
  }
  try {
    const how = await new Promise<string | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code === 0 ? null : (signal ?? `exit code ${code}`)));
    });
    if (how !== null) throw new ProgramFailed(program, how, stderr);
  } finally {
    if (pid !== undefined) keeper.forget(-pid);
  }
};
