import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** How a script ended, and the commands it would have run, word by word as the shell read them. */
export type Recorded = { code: number; stderr: string; calls: string[][] };

/** Commands that are recorded and not run. */
const recorders = ['aws', 'npx', 'npm', 'jq'];
const harmless = ['date', 'head', 'sort', 'tail'];

const recorder = `#!/bin/bash
{ printf '%s\\x1f' "\${0##*/}" "$@"; printf '\\x1e'; } >> "$RECORD"
echo 2026-11-20T12:00:00Z
`;

/**
 * Runs a script of a page under bash, which reads quotes, variables, loops and substitutions as for an operator. Only the
 * commands above are on PATH, so a script that needs another one fails.
 */
export const recordScript = async (script: string): Promise<Recorded> => {
  const folder = await mkdtemp(join(tmpdir(), 'docs-script-'));
  try {
    const record = join(folder, 'record');
    await writeFile(record, '');
    for (const name of recorders) {
      await writeFile(join(folder, name), recorder);
      await chmod(join(folder, name), 0o755);
    }
    for (const name of harmless) {
      const { stdout } = await promisify(execFile)('/bin/bash', ['-c', `command -v ${name}`]);
      await symlink(stdout.trim(), join(folder, name));
    }
    const ended = await run(script, folder, { PATH: folder, RECORD: record });
    const calls = (await readFile(record, 'utf8'))
      .split('\x1e')
      .filter((call) => call !== '')
      .map((call) => call.split('\x1f').slice(0, -1));
    return { ...ended, calls };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const run = (script: string, cwd: string, env: Record<string, string>) =>
  new Promise<{ code: number; stderr: string }>((resolve) => {
    const options = ['--noprofile', '--norc', '-eu', '-o', 'pipefail', '-c', script];
    const child = execFile('/bin/bash', options, { cwd, env, timeout: 20_000 }, (_error, _stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stderr }),
    );
  });
