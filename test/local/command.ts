import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Ended = { code: number | null; stdout: string; stderr: string; left: string[] };

/** A command of `npm run`. */
type Script = 'drill' | 'recover' | 'rehearse' | 'extract' | 'rewind' | 'mark' | 'posture' | 'monitor';

/** Those that file no report. */
const withoutReport: readonly Script[] = ['monitor', 'mark'];

/** Runs a local command in its own temporary folder, so that tests see what it leaves behind. */
export const startCommand = async (
  words: string[],
  script: Script = 'drill',
  environment: Record<string, string> = {},
) => {
  const folder = await mkdtemp(join(tmpdir(), 'drill-command-'));
  // PostgreSQL's own user must pass through it.
  await chmod(folder, 0o711);
  const child: ChildProcess = spawn(
    process.execPath,
    [
      `local/${script}.ts`,
      ...(withoutReport.includes(script) ? [] : ['--report', join(folder, 'report')]),
      ...words,
    ],
    {
      env: { ...process.env, TMPDIR: folder, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
    for (const listener of listeners) listener();
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return {
    folder,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** As `| head` does. */
    closePipe: () => child.stdout?.destroy(),
    /** Resolves with stdout as soon as that has the text. Fails when the command ends without it. */
    saw: (text: string) =>
      new Promise<string>((resolve, reject) => {
        const look = () => stdout.includes(text) && resolve(stdout);
        listeners.add(look);
        look();
        void closed.then(() =>
          reject(new Error(`the command ended without "${text}":\n${stdout}\n${stderr}`)),
        );
      }),
    ended: async (): Promise<Ended> => {
      const code = await closed;
      return { code, stdout, stderr, left: await listWorlds(folder) };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

/** What a local world leaves: its temporary folder, and processes with the folder in their command line. */
export const listWorlds = async (folder: string): Promise<string[]> => [
  ...(await readdir(folder)).filter((name) => name.startsWith('aurora-drills-')),
  ...(await listCommandLines()).filter((line) => line.includes(join(folder, 'aurora-drills-'))),
];

/** Of every process. None without /proc. */
const listCommandLines = async (): Promise<string[]> => {
  const entries = await readdir('/proc').catch(() => []);
  const read = (pid: string) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const lines = await Promise.all(entries.filter((name) => /^\d+$/.test(name)).map(read));
  return lines.map((line) => line.replaceAll('\0', ' '));
};

export const runCommand = async (
  words: string[],
  script?: Script,
  environment?: Record<string, string>,
): Promise<Ended> => {
  const command = await startCommand(words, script, environment);
  const ended = await command.ended();
  await command.remove();
  return ended;
};
