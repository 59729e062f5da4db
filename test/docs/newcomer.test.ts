import { spawn } from 'node:child_process';
import { chmod, cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listBlocks, readPages } from './pages.ts';

/** README's block for a newcomer. */
const blocks = listBlocks(await readPages(), 'sh').filter(
  ({ mark }) => mark === 'run by test/docs/newcomer.test.ts',
);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'newcomer-'));
  // The database server's own user must pass through it.
  await chmod(folder, 0o755);
  const listed = await runIn(process.cwd(), 'git ls-files -z --cached --others --exclude-standard');
  expect(listed.code, listed.stderr).toBe(0);
  const files = listed.stdout.split('\0').filter((path) => path !== '');
  for (const path of files) {
    // Git also lists deleted files until the deletion is committed.
    await cp(path, join(folder, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
  // As npm ci leaves it: .ci/run has run that in a clean checkout.
  await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A newcomer's shell: nothing from the npm that runs the tests, and no programs of this checkout. */
const environment = (): NodeJS.ProcessEnv => {
  const own = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_(?!config_(cache|registry|userconfig)$)|INIT_CWD$|NODE_ENV$|NODE_OPTIONS$|VITEST)/.test(name),
  );
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => !entry.startsWith(process.cwd()))
    .join(delimiter);
  return { ...Object.fromEntries(own), PATH: path, npm_config_prefer_offline: 'true' };
};

const runIn = (cwd: string, script: string) =>
  new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], { cwd, env: environment() });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });

test("a clean checkout, README's commands: a drill that passed, and its report", async () => {
  expect(blocks).toMatchObject([{ page: 'README.md', text: 'npm ci\nnpm run drill' }]);
  const { code, stdout, stderr } = await runIn(folder, 'npm run drill');
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  const reports = (await readdir(join(folder, 'drill-reports'), { recursive: true })).filter((path) =>
    path.endsWith('result.json'),
  );
  expect(reports).toHaveLength(1);
  const result = join(folder, 'drill-reports', reports[0] ?? '');
  expect(JSON.parse(await readFile(result, 'utf8'))).toMatchObject({ verdict: 'passed' });
  expect(await readFile(result.replace('result.json', 'report.html'), 'utf8')).toContain('passed');
});
