import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reachLocalClone } from '../../local/aurora/clone.ts';
import { readRehearsalArguments } from '../../local/command/rehearsal/arguments.ts';
import { runRehearsal } from '../../local/command/rehearsal/run.ts';
import { readRehearsalSettings } from '../../local/command/settings.ts';
import { startKeeper } from '../../local/servers/keeper.ts';
import type { RehearsalDocument } from '../../shared/rehearsal/document.ts';
import type { ReachClone } from '../../shared/rehearsing/reach.ts';
import { expectWithin, startAsking } from '../shared/probing/postgres/asking.ts';
import { runCommand, startCommand } from './command.ts';
import { hasMariadb } from './mariadb.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rehearse-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.concurrent('the sample change: exit code 1, the document alone on stdout, unsafe, the table named, the safer way shown and filed, nothing left', async () => {
  const command = await startCommand(['--json'], 'rehearse');
  const { code, stdout, stderr, left } = await command.ended();
  expect({ code, left }, stderr).toEqual({ code: 1, left: [] });
  const rehearsal: RehearsalDocument = JSON.parse(stdout);
  expect(rehearsal).toMatchObject({ verdict: 'unsafe', teardown: { status: 'completed' } });
  expect(rehearsal.findings.map(({ what, table }) => [what, table])).toEqual(
    ['blocked writes', 'blocked reads', 'unbounded wait', 'rewrite'].map((what) => [
      what,
      'public.order_lines',
    ]),
  );
  const messages = await readFile(join(command.folder, 'report/messages.txt'), 'utf8');
  for (const text of [stderr, messages]) {
    expect(text).toMatch(/every write to public\.order_lines waits \d/);
    expect(text).toContain('add the column without its default');
  }
  const filed = JSON.parse(await readFile(join(command.folder, 'report/result.json'), 'utf8'));
  expect(filed).toEqual(rehearsal);
  expect(await readFile(join(command.folder, 'report/report.html'), 'utf8')).toContain('order_lines');
  await command.remove();
});

test.concurrent('the sample change: others are blocked as long as an application on the clone sees, within a fifth', async () => {
  const { options, settings } = await readSettings(['--report', join(folder, 'probed')]);
  expect(options.changeFile).toBeNull();
  const seen: { reads: number; writes: number }[] = [];
  const keeper = await startKeeper();
  try {
    const { rehearsal } = await runRehearsal(
      settings,
      keeper,
      { begin: () => {}, check: () => {}, note: () => {}, fail: () => {}, end: async () => {} },
      reachBeside(seen),
    );
    const tables = rehearsal.measured?.statements[0]?.tables ?? [];
    const measured = tables.find(({ table }) => table === 'public.order_lines');
    expectWithin(measured?.blockedRead.longestMs ?? 0, seen[0]?.reads ?? 0);
    expectWithin(measured?.blockedWrite.longestMs ?? 0, seen[0]?.writes ?? 0);
    // Behind the contender of 2 seconds.
    expect(seen[0]?.reads).toBeGreaterThan(2000);
  } finally {
    await keeper.close();
  }
});

const readSettings = async (words: string[]) => {
  const command = readRehearsalArguments(words);
  if (command.kind === 'print') throw new Error('no command');
  const settings = await readRehearsalSettings(command.arguments);
  return { options: command.arguments, settings };
};

/** Two sessions of an application use the largest table of the clone while it is probed. */
const reachBeside =
  (seen: { reads: number; writes: number }[]): ReachClone =>
  (password) => {
    const { identities, probing } = reachLocalClone(password);
    const ask = async ({ port, database, user }: Parameters<typeof probing.open>[0], sql: string) => {
      const client = new pg.Client({ host: '127.0.0.1', port, database, user, password });
      await client.connect();
      return startAsking(client, sql);
    };
    return {
      identities,
      probing: {
        open: async (target) => {
          const row = 'where order_id = 20000 and line = 1';
          const reader = await ask(target, `select quantity from order_lines ${row}`);
          const writer = await ask(target, `update order_lines set quantity = quantity ${row}`);
          const server = await probing.open(target);
          const close = async (): Promise<void> => {
            seen.push({ reads: await reader.stop(), writes: await writer.stop() });
            await server.close();
          };
          return { ...server, close };
        },
      },
    };
  };

test.concurrent('the safer form, --markdown: exit code 0, Markdown alone on stdout, safe, to be retried behind the contender', async () => {
  const words = ['--markdown', '--change', 'local/changes/postgres/add-column-safer.sql'];
  const { code, stdout, stderr, left } = await runCommand(words, 'rehearse');
  expect({ code, left }, stderr).toEqual({ code: 0, left: [] });
  expect(stdout).toMatch(/^## Rehearsal: safe\n/);
  expect(stdout).toContain('Statement 2 would have to be retried');
  expect(stderr).toContain('is safe: 3 statements');
});

test.concurrent('a refused script: exit code 2, by name and line, and nothing is started', async () => {
  const script = join(folder, 'refused.sql');
  await writeFile(script, 'select 1;\ncreate database other;\n');
  const command = await startCommand(['--change', script], 'rehearse');
  const { code, stdout, stderr } = await command.ended();
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`ChangeRefused: ${script}: `);
  expect(stderr).toContain('line 2: a whole database');
  expect(await readdir(command.folder)).toEqual([]);
  await command.remove();
});

test.concurrent("one's own database; Ctrl-C while its change runs: exit code 130, no process and no folder left", async () => {
  const [sql, script] = [join(folder, 'own.sql'), join(folder, 'sleep.sql')];
  await writeFile(sql, 'create table notes as select n as id from generate_series(1, 50) n;');
  await writeFile(script, 'delete from notes where pg_sleep(60) is null;');
  const words = ['--sql', sql, '--change', script, '--no-contender'];
  const command = await startCommand(words, 'rehearse');
  await command.saw('RehearseChange');
  command.kill('SIGINT');
  const { code, left } = await command.ended();
  expect({ code, left }).toEqual({ code: 130, left: [] });
  await command.remove();
});

test.skipIf(!hasMariadb).concurrent.each([
  ['add-column-blocking', 1, /is unsafe: .*Statement 1: every write to app\.order_lines waits/s],
  ['add-column-safer', 0, /is safe: 2 statements/],
])('--engine mysql, %s: exit code %d, and nothing left', async (name, exitCode, words) => {
  const change = ['--change', `local/changes/mysql/${name}.sql`];
  const { code, stdout, left } = await runCommand(['--engine', 'mysql', ...change], 'rehearse');
  expect({ code, left }, stdout).toEqual({ code: exitCode, left: [] });
  expect(stdout).toMatch(words);
});
