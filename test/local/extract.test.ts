import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Happened } from '../../local/accidents/happening.ts';
import { findFreePort } from '../../local/servers/user.ts';
import type { ExtractDocument } from '../../shared/extraction/document.ts';
import { type PostgresFixture, password, startPostgres } from '../shared/database/postgres/fixture.ts';
import { runCommand, startCommand } from './command.ts';
import { hasMariadb } from './mariadb.ts';

// Several commands with servers of their own run side by side.
vi.setConfig({ testTimeout: 180_000 });

let folder: string;
let own: PostgresFixture;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'extract-files-'));
  own = await startPostgres();
  await own.asOwner(
    `create role filler login password '${password}'; grant create on database postgres to filler`,
  );
});
afterAll(async () => {
  await own.close();
  await rm(folder, { recursive: true, force: true });
});

const into = (user: string, port = own.address.port): string[] => [
  '--into',
  `postgres://${user}:${password}@127.0.0.1:${port}/postgres`,
];

type Printed = ExtractDocument & { accident: Happened | null };

/** What production has changed in a table since. */
const changedIn = ({ changes }: ExtractDocument, name: string) =>
  changes?.found?.tables.find(({ table }) => table === name);

test.concurrent('sample under load, an accident to its orders: exit code 0, equal to the copy, changes told, the sandbox shown and gone', async () => {
  const command = await startCommand(['--json', '--table', 'public.orders'], 'extract');
  const { code, stdout, stderr, left } = await command.ended();
  expect({ code, left }, stderr).toEqual({ code: 0, left: [] });
  const { accident, ...extract }: Printed = JSON.parse(stdout);
  expect(accident).toMatchObject({ name: 'wrong-customer', harm: { table: 'public.orders', rows: 3000 } });
  expect(extract).toMatchObject({
    verdict: 'passed',
    restore: { reached: accident?.before },
    sandbox: { database: 'sandbox', state: 'complete' },
    teardown: { status: 'completed' },
  });
  expect(extract.checks.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['rows public.orders', 'passed'],
    ['checksum public.orders', 'passed'],
  ]);
  // The load only deletes orders, and adds new ones.
  const orders = changedIn(extract, 'public.orders');
  const rows = extract.tables[0]?.rows ?? 0;
  expect(orders).toMatchObject({
    changed: 3000,
    isExact: true,
    columns: [{ column: 'customer_id' }],
  });
  expect((orders?.unchanged ?? 0) + (orders?.changed ?? 0) + (orders?.gone ?? 0)).toBe(rows);
  expect([orders?.gone, orders?.added].every((count) => (count ?? 0) > 0)).toBe(true);
  expect(extract.bringBack).toMatchObject([{ table: 'public.orders' }]);

  expect(stderr).toMatch(/^ {2}tables of local-aurora as of /m);
  expect(stderr).toContain(`  orders, ${rows.toLocaleString('en-US')} rows:\n`);
  expect(stderr).toContain('public.orders: 3,000 changed (in customer_id)');
  expect(stderr).toMatch(/nothing of it stands on this machine any more: --into URL/);
  const filed = JSON.parse(await readFile(join(command.folder, 'report/result.json'), 'utf8'));
  expect(filed).toEqual(extract);
  const messages = await readFile(join(command.folder, 'report/messages.txt'), 'utf8');
  expect(messages.match(/^Tables extracted/gm)).toHaveLength(1);
  expect(await readFile(join(command.folder, 'report/report.html'), 'utf8')).toContain('3,000 changed');
  await command.remove();
});

test.concurrent("one's own dump, accident and database: the rows of before stand there in a schema of their own, and the changes are exact", async () => {
  const accident = join(folder, 'mistake.sql');
  await writeFile(
    accident,
    `update orders set item = 'wrong' where id in (2, 3); delete from orders where id = 5;
     insert into orders (id, item) select n, 'new' from generate_series(11, 14) n`,
  );
  const words = [
    '--sql',
    'test/local/dumps/owners.sql',
    '--table',
    'orders',
    '--accident',
    accident,
    '--json',
  ];
  const { code, stdout, stderr, left } = await runCommand([...words, ...into('filler')], 'extract');
  expect({ code, left }, stderr).toEqual({ code: 0, left: [] });
  const extract: Printed = JSON.parse(stdout);
  expect(changedIn(extract, 'public.orders')).toMatchObject({
    unchanged: 2,
    changed: 2,
    gone: 1,
    added: 4,
    isExact: true,
    listed: {
      changed: [
        { key: ['2'], columns: ['item'] },
        { key: ['3'], columns: ['item'] },
      ],
      gone: [['5']],
    },
  });
  const { schema } = extract.sandbox ?? {};
  const found = await own.asOwner(
    `select string_agg(id || ' ' || item || ' ' || seller, ',' order by id) as orders,
       obj_description('${schema}'::regnamespace) as comment from ${schema}.orders`,
  );
  expect(found).toEqual([
    {
      orders: [1, 2, 3, 4, 5].map((id) => `${id} item ${id} app_owner`).join(','),
      comment: expect.stringMatching(/^tables of local-aurora as of /),
    },
  ]);
  expect(stderr).toContain('public.orders: policy mine does not come along\n');
  expect(stderr).toContain(`it stays in postgres on 127.0.0.1:${own.address.port}\n`);
});

test.concurrent('--into a database that is not there: exit code 2, its address and no password, and nothing is started', async () => {
  const port = await findFreePort();
  const command = await startCommand(into('filler', port), 'extract');
  const { code, stderr } = await command.ended();
  expect(code).toBe(2);
  expect(stderr).toContain(
    `InvalidArguments: --into: connect to database postgres on 127.0.0.1:${port} as filler: `,
  );
  expect(stderr).not.toContain(password);
  expect(await readdir(command.folder)).toEqual([]);
  await command.remove();
});

test.concurrent('Ctrl-C while rows are copied: exit code 130, no process and no folder left', async () => {
  const words = ['--sql', 'test/local/dumps/owners.sql', '--table', 'orders'];
  const command = await startCommand(words, 'extract');
  await command.saw('CopyTables');
  command.kill('SIGINT');
  const { code, left } = await command.ended();
  expect({ code, left }).toEqual({ code: 130, left: [] });
  await command.remove();
});

test
  .skipIf(!hasMariadb)
  .concurrent('--engine mysql, two tables and a condition: exit code 0, nothing left', async () => {
    const tables = ['--table', 'orders', '--table', 'web.page_views'];
    const words = ['--engine', 'mysql', ...tables, '--where', 'orders=id > 16500'];
    const { code, stdout, left } = await runCommand(words, 'extract');
    expect({ code, left }, stdout).toEqual({ code: 0, left: [] });
    expect(stdout).toContain('4 of 4 checks passed');
    expect(stdout).toMatch(/^ {2}page_views, [\d,]+ rows:$/m);
    // Of the 3,000 that the accident hits.
    expect(stdout).toContain('app.orders: 1,500 changed (in customer_id)');
  });
