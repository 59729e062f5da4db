import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DrillResult } from '../../shared/drill/document.ts';
import { listWorlds, runCommand, startCommand } from './command.ts';
import { until } from './world.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drill-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

/** A table, where the sample would only take longer. */
const small = async (): Promise<string[]> => [
  '--sql',
  await file('small.sql', 'create table a as select 1 as x;'),
];

test.concurrent('sample drill: exit code 0, every phase and check shown, report and result written, nothing left', async () => {
  const command = await startCommand([]);
  const { code, stdout, left } = await command.ended();
  expect({ code, left }).toEqual({ code: 0, left: [] });
  const result: DrillResult = JSON.parse(await readFile(join(command.folder, 'report/result.json'), 'utf8'));
  expect(result).toMatchObject({ verdict: 'passed', restore: { baseline: 'same-instant' } });
  for (const { name, seconds } of result.phases) {
    expect(stdout).toContain(name);
    expect([name, seconds > 0]).toEqual([name, true]);
  }
  for (const { name } of result.checks) expect(stdout).toContain(`passed  ${name}`);
  expect(stdout).toMatch(/written to production during the drill: [\d,]+ rows, [1-9][\d,]* a second/);
  const page = await readFile(join(command.folder, 'report/report.html'), 'utf8');
  expect([page.includes('Restore drill passed'), page.includes(result.drillId)]).toEqual([true, true]);
  await command.remove();
});

test.concurrent("--suggest-settled: columns of one's own database, and no drill", async () => {
  const sql = `create table visits (id bigserial primary key, at timestamptz not null default now(), updated_at timestamptz);
    insert into visits (at) select '2026-01-01'::timestamptz + n * interval '1 minute' from generate_series(1, 3000) n;
    create table "Odd ""one" ("The day" date not null default current_date);`;
  const command = await startCommand(['--sql', await file('visits.sql', sql), '--suggest-settled']);
  const { code, stdout, left } = await command.ended();
  expect({ code, left }).toEqual({ code: 0, left: [] });
  expect(stdout).toContain(
    '  public.visits: { column: at, margin: 15m } # its default is now, it is never NULL, it rises with id\n',
  );
  expect(stdout).toContain('{ column: The day, margin: 1d, timeZone: UTC } #');
  expect(stdout).toContain('  public.visits.updated_at  its name says that it is updated\n');
  expect(await readdir(command.folder)).toEqual([]);
  await command.remove();
});

// Only Linux opens a browser with xdg-open, which asks BROWSER.
test
  .runIf(process.platform === 'linux')
  .concurrent(
    '--open: the report is opened in a browser, and the drill ends as it would without',
    async () => {
      const opened = join(folder, 'opened');
      const browser = await file(
        'browser',
        `#!/bin/sh\necho "$1" > ${opened}.part && mv ${opened}.part ${opened}\n`,
      );
      await chmod(browser, 0o755);
      const command = await startCommand(
        [...(await small()), '--open', '--input', '{"dryRun": true}'],
        'drill',
        {
          BROWSER: browser,
          XDG_CURRENT_DESKTOP: '',
          DESKTOP_SESSION: '',
        },
      );
      const { code, stdout, left } = await command.ended();
      expect({ code, left }).toEqual({ code: 0, left: [] });
      const report = join(command.folder, 'report/report.html');
      expect(stdout).toContain(`report: ${report}`);
      await until(
        () => readFile(opened, 'utf8').catch(() => ''),
        (path) => path.trim() === report,
      );
      await command.remove();
    },
  );

test.concurrent('--fault lost-rows --json: exit code 1, and only the result document on stdout', async () => {
  const { code, stdout, stderr, left } = await runCommand(['--fault', 'lost-rows', '--json']);
  expect({ code, left }).toEqual({ code: 1, left: [] });
  const result: DrillResult = JSON.parse(stdout);
  expect(stderr).toContain('VerifyRestore');
  expect(result.failure).toMatchObject({ phase: 'VerifyRestore', error: 'ChecksFailed' });
  const findings = result.checks.filter(({ verdict }) => verdict === 'failed');
  expect(new Set(findings.map(({ table }) => table))).toEqual(new Set(['public.order_lines']));
  const finding = findings.find(({ kind }) => kind === 'rows');
  // Under write load the expected count is a range: "90,045 to 90,063".
  const [least = ''] = String(finding?.expected).split(' to ');
  expect(Number(finding?.actual)).toBeLessThan(Number(least.replaceAll(',', '')));
  expect(result.teardown.status).toBe('completed');
});

test.concurrent('--plan with a list of tables and an override: those tables, and the tolerance of each', async () => {
  const plan = await file(
    'plan.yml',
    `plans:
  mine:
    source: my-cluster
    database: { name: mine, user: somebody }
    checks: { tables: [orders, "Audit Log"], tolerance: 50, overrides: { public.orders: { tolerance: 5% } } }`,
  );
  const tables = await file(
    'tables.sql',
    'create table orders (x int); create table "Audit Log" (x int); create table others (x int); insert into orders values (1);',
  );
  const { code, stdout } = await runCommand(['--plan', plan, '--sql', tables, '--json']);
  expect(code).toBe(0);
  const result: DrillResult = JSON.parse(stdout);
  expect(result).toMatchObject({ plan: 'mine', source: 'my-cluster', rto: { met: null } });
  const rows = result.checks.filter(({ kind }) => kind === 'rows');
  expect(rows.map(({ table, tolerance }) => [table, tolerance])).toEqual([
    ['public.Audit Log', '50 rows'],
    ['public.orders', '5%'],
  ]);
});

test.concurrent('--sql with a dump: every table counted, names with capitals and COPY blocks included', async () => {
  const dump = await file(
    'dump.sql',
    `create table public."Artist" ("ArtistId" integer not null, "Name" text);
COPY public."Artist" ("ArtistId", "Name") FROM stdin;
1\tAC/DC
2\tit's; odd
\\.
create schema "Second one"; create table "Second one".t (x int); insert into "Second one".t values (1);`,
  );
  const { code, stdout } = await runCommand(['--sql', dump, '--json']);
  expect(code).toBe(0);
  const rows = (JSON.parse(stdout) as DrillResult).checks.filter(({ kind }) => kind === 'rows');
  expect(rows.map(({ table, actual }) => [table, actual])).toEqual([
    ['Second one.t', 1],
    ['public.Artist', 2],
  ]);
});

const rolesMade =
  'SQL file: made roles without a login that the file names and does not make: Reporting "team", app_owner, app_reader, batch';

test.concurrent('--sql with a gzip of a dump with owners and grants to roles that are not there: passed, and told on stderr alone', async () => {
  const path = join(folder, 'owners.sql.gz');
  await writeFile(path, gzipSync(await readFile('test/local/dumps/owners.sql')));
  const { code, stdout, stderr, left } = await runCommand(['--sql', path, '--json']);
  expect({ code, left }, stderr).toEqual({ code: 0, left: [] });
  expect(stderr).toContain(rolesMade);
  expect(stdout).not.toContain('SQL file');
  const rows = (JSON.parse(stdout) as DrillResult).checks.filter(({ kind }) => kind === 'rows');
  expect(rows.map(({ table, actual }) => [table, actual])).toEqual([['public.orders', 5]]);
});

test.concurrent('--sql with files that it includes, one in a transaction that names such roles: passed, and told', async () => {
  await mkdir(join(folder, 'parts'));
  await file(
    'parts/tables.sql',
    '\\ir rows.sql\nbegin; set transaction read write;\n\\i parts/owners.sql\ncommit;',
  );
  await file('parts/rows.sql', 'create table rows (x int);\ncopy rows from stdin;\n1\n2\n\\.\n');
  await file('parts/owners.sql', await readFile('test/local/dumps/owners.sql', 'utf8'));
  const all = await file('all.sql', "\\i 'parts/tables.sql'\ninsert into public.rows values (3);\n");
  const { code, stdout, stderr } = await runCommand(['--sql', all]);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain(rolesMade);
  expect(stdout).toContain('passed  rows public.rows');
});

/** A tablespace in a folder of the server's user. */
const tablespaceSql = async (): Promise<string> => {
  const path = join(folder, 'space');
  await mkdir(path);
  await chmod(folder, 0o711);
  if (process.getuid?.() === 0) await chown(path, 65534, 65534);
  return `create table a (x int);\ncreate tablespace elsewhere location '${path}';`;
};

describe.concurrent('wrong usage: exit code 2, what to do, and nothing left', () => {
  test.each<[string, () => Promise<string[]>, string]>([
    ['unknown option', async () => ['--bogus'], 'InvalidArguments'],
    ['SQL file is missing', async () => ['--sql', '/no/such/file.sql'], 'InvalidArguments'],
    [
      'SQL that fails',
      async () => ['--sql', await file('bad.sql', 'create table a (x int);\n\nselect\n  nonsense;\n')],
      'bad.sql:4: column "nonsense" does not exist',
    ],
    [
      'SQL that includes a file that is missing',
      async () => ['--sql', await file('lonely.sql', 'select 1;\n\\ir none.sql\n')],
      'lonely.sql:2: includes none.sql, and there is no ',
    ],
    [
      'SQL that includes itself',
      async () => ['--sql', await file('round.sql', '\\i round.sql\n')],
      'round.sql:1: includes round.sql, which includes itself',
    ],
    [
      'SQL that makes a tablespace',
      async () => ['--sql', await file('space.sql', await tablespaceSql())],
      'makes the tablespace elsewhere',
    ],
    ['plan file is malformed', async () => ['--plan', await file('bad.yml', 'plans: 5')], 'InvalidPlan'],
    ['plan is unknown', async () => ['--input', '{"plan": "nope"}'], 'no plan "nope"'],
  ])('%s', async (_condition, words, expected) => {
    const { code, stderr, left } = await runCommand(await words());
    expect({ code, left }).toEqual({ code: 2, left: [] });
    expect(stderr).toContain(expected);
    expect(stderr).toContain('hint: ');
  });
});

describe.concurrent('interrupted', () => {
  test.each<[NodeJS.Signals, string, number]>([
    ['SIGINT', 'StartLocalAurora', 130],
    ['SIGTERM', 'CheckCluster', 143],
  ])('%s during %s: exit code, no folder left', async (signal, phase, expected) => {
    const command = await startCommand(await small());
    await command.saw(phase);
    command.kill(signal);
    const { code, left } = await command.ended();
    expect({ code, left }).toEqual({ code: expected, left: [] });
    await command.remove();
  });

  test('killed at once: servers and folder are gone soon after', async () => {
    const command = await startCommand(await small());
    await command.saw('CheckCluster');
    command.kill('SIGKILL');
    await command.ended();
    await until(
      () => listWorlds(command.folder),
      (worlds) => worlds.length === 0,
    );
    await command.remove();
  });
});
