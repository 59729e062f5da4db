import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listBlocks, readPages } from './pages.ts';

const [block] = listBlocks(await readPages(), 'sh').filter(
  ({ mark }) => mark === 'run by test/docs/upgrade.test.ts',
);
const settings = ['plans.yml', 'config/deployment.yml', 'config/prices.json'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upgrade-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Git without any settings, whatever runs these tests. */
const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: folder,
  GIT_CONFIG_NOSYSTEM: '1',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'Somebody'],
      [`GIT_${who}_EMAIL`, 'somebody@example.com'],
    ]),
  ),
});

const run = (cwd: string, script: string) =>
  promisify(execFile)('bash', ['-e', '-c', script], { cwd, env: environment() });

test('a checkout with settings of its own, and a version with a new key: both are there afterwards', async () => {
  const [published, own] = [join(folder, 'published'), join(folder, 'own')];
  for (const path of settings) {
    await mkdir(dirname(join(published, path)), { recursive: true });
    await cp(path, join(published, path));
  }
  await run(published, 'git init -q && git add . && git commit -qm first');
  await run(folder, 'git clone -q published own');
  const mine = join(own, 'config/deployment.yml');
  await writeFile(
    mine,
    (await readFile(mine, 'utf8')).replace('pagerEmail: REPLACE-ME', 'pagerEmail: a@b.c'),
  );
  await appendFile(join(own, 'plans.yml'), '# ours\n');
  await appendFile(join(published, 'config/deployment.yml'), '\nnewKey: 1\n');
  await run(published, 'git commit -qam second');

  await run(own, block?.text ?? 'false');

  const merged = await readFile(mine, 'utf8');
  expect(merged).toContain('\npagerEmail: a@b.c\n');
  expect(merged).toContain('\nnewKey: 1\n');
  expect(await readFile(join(own, 'plans.yml'), 'utf8')).toContain('# ours\n');
  expect((await run(own, 'git status --porcelain')).stdout).toBe('');
});
