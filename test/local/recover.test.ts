import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Happened } from '../../local/accidents/happening.ts';
import type { Answering } from '../../local/command/recovery/ask-recovered.ts';
import type { RecoveryDocument } from '../../shared/recovery/document.ts';
import { runCommand, startCommand } from './command.ts';
import { hasMariadb } from './mariadb.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recover-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

type Printed = RecoveryDocument & { accident: Happened & { answering: Answering[] } };

test.concurrent('sample and bad update: exit code 0, the document alone on stdout, the hand-over shown and filed, nothing left', async () => {
  const command = await startCommand(['--json'], 'recover');
  const { code, stdout, stderr, left } = await command.ended();
  expect({ code, left }, stderr).toEqual({ code: 0, left: [] });
  const printed: Printed = JSON.parse(stdout);
  const { accident, ...recovery } = printed;
  expect(accident).toMatchObject({
    name: 'bad-update',
    harm: { table: 'public.order_lines', effect: 'changed', rows: 30_000 },
    answering: [recovery.cluster?.writer, recovery.readers[0]?.identifier].map((server) => ({
      server,
      isAsBefore: true,
      trouble: null,
    })),
  });
  expect(recovery).toMatchObject({ verdict: 'passed', restore: { reached: accident.before } });
  expect(recovery.tests.map(({ verdict }) => verdict)).toEqual(Array(4).fill('passed'));
  expect(recovery.readers).toMatchObject([{ isReady: true }]);
  const changed = 'public.order_lines: 30,000 changed (in quantity)';
  const messages = await readFile(join(command.folder, 'report/messages.txt'), 'utf8');
  expect(messages.match(/^Recovery handed over/gm)).toHaveLength(2);
  for (const text of [stderr, messages]) expect(text).toContain(changed);
  expect(stderr).toContain('30,000 rows of public.order_lines changed\n');
  expect(stderr).toMatch(/nothing of it stands on this machine any more: --keep leaves it running\n$/);
  const filed = JSON.parse(await readFile(join(command.folder, 'report/result.json'), 'utf8'));
  expect(filed).toEqual(recovery);
  expect(await readFile(join(command.folder, 'report/report.html'), 'utf8')).toContain(changed);
  await command.remove();
});

test.concurrent('--to latest --keep: a test of the plan finds the bad rows, an earlier time is offered, and the cluster stands until Ctrl-C, which leaves nothing', async () => {
  const command = await startCommand(['--to', 'latest', '--keep'], 'recover');
  try {
    const stdout = await command.saw('-writer: PGPASSWORD');
    expect(stdout).toContain('TestsFailed in VerifyRecovery: test bad rows gone: the answer differs');
    expect(stdout).toMatch(
      /What to do: try an earlier time, such as \{"plan":"local","restoreTo":"[\dTZ:-]+"/,
    );
    expect(stdout).toContain('answers, without the rows of before');
    const [, password = '', port] =
      /-writer: PGPASSWORD=(\S+) psql -h 127\.0\.0\.1 -p (\d+) -U drill_reader app/.exec(stdout) ?? [];
    expect(await countBadRows(Number(port), password)).toBe(30_000);
  } finally {
    command.kill('SIGINT');
  }
  const { code, left } = await command.ended();
  expect({ code, left }).toEqual({ code: 130, left: [] });
  await command.remove();
});

const countBadRows = async (port: number, password: string): Promise<number> => {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'drill_reader', database: 'app', password });
  await client.connect();
  const { rows } = await client.query('select count(*)::int as bad from order_lines where quantity = 0');
  await client.end();
  return rows[0].bad;
};

test.concurrent("one's own database and accident: recovered, without the tests of the sample", async () => {
  const sql = await file('own.sql', 'create table notes as select n as id from generate_series(1, 50) n;');
  const accident = await file('mistake.sql', 'delete from notes where id > 40; drop schema if exists none;');
  const { code, stdout, left } = await runCommand(
    ['--sql', sql, '--accident', accident, '--readers', '0'],
    'recover',
  );
  expect({ code, left }, stdout).toEqual({ code: 0, left: [] });
  expect(stdout).toContain('public.notes: 10 gone');
  expect(stdout).toMatch(/recovered-local-aurora-\d{14}-writer answers\n/);
});

test
  .skipIf(!hasMariadb)
  .concurrent(
    '--engine mysql and a dropped table: exit code 0, the table told gone, nothing left',
    async () => {
      const words = ['--engine', 'mysql', '--accident', 'dropped-table'];
      const { code, stdout, left } = await runCommand(words, 'recover');
      expect({ code, left }, stdout).toEqual({ code: 0, left: [] });
      expect(stdout).toContain('2,000 rows of app.suppliers dropped with the table\n');
      expect(stdout).toContain('app.suppliers: a dropped table, 2,000 rows\n');
      for (const server of ['writer', 'reader-1'])
        expect(stdout).toContain(`-${server} answers, with the rows of before\n`);
    },
  );
