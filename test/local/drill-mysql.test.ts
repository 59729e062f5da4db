import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DrillResult } from '../../shared/drill/document.ts';
import type { DatabaseChanges } from '../../shared/rows/database-changes.ts';
import { listWorlds, runCommand, startCommand } from './command.ts';
import { hasMariadb } from './mariadb.ts';
import { until } from './world.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drill-mysql-'));
  await chmod(folder, 0o711);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

const mysql = ['--engine', 'mysql'];

/** Two tables: the sample would only take longer. */
const small = async (): Promise<string[]> => [
  '--sql',
  await file(
    'small.sql',
    'create table a (x int primary key); insert into a values (1), (2); create table b (y int);',
  ),
];

/** Nothing but what the plan's user may not see. */
const nothingElse = { definitions: [], goneTables: [], addedTables: [], unseen: ['events *', 'triggers *'] };

const countsOf = (stdout: string) =>
  (JSON.parse(stdout) as DrillResult).checks
    .filter(({ kind }) => kind === 'rows')
    .map(({ table, actual }) => [table, actual]);

describe.skipIf(!hasMariadb)('--engine mysql', () => {
  test.concurrent('sample drill with --diff-now: exit code 0, every table of both databases, what changed, and nothing left', async () => {
    const { code, stdout, stderr, left } = await runCommand([...mysql, '--json', '--diff-now']);
    expect({ code, left }, stderr).toEqual({ code: 0, left: [] });
    const result: DrillResult & { changesNow: DatabaseChanges } = JSON.parse(stdout);
    const { tables, definitions, notCompared, goneTables, addedTables } = result.changesNow;
    const unseen = notCompared.map(({ what }) => what);
    expect({ definitions, unseen, goneTables, addedTables }).toEqual(nothingElse);
    const changed = new Map(tables.map((table) => [table.table, table]));
    // Each round of writes adds 6 orders and deletes 5, and an order has three lines.
    const [orders, lines, products] = ['orders', 'order_lines', 'products'].map((name) =>
      changed.get(`app.${name}`),
    );
    expect(orders).toMatchObject({ changed: 0, isExact: true, key: ['id'] });
    expect(lines).toMatchObject({ changed: 0, isExact: true, key: ['order_id', 'line'] });
    const [added = 0, gone = 0] = [orders?.added, orders?.gone];
    expect([gone > 0, added > gone]).toEqual([true, true]);
    // Each session has a snapshot of its own, a few rounds apart at most.
    expect(Math.abs((lines?.added ?? 0) - 3 * added)).toBeLessThan(100);
    expect(Math.abs((lines?.gone ?? 0) - 3 * gone)).toBeLessThan(100);
    expect(products).toMatchObject({ gone: 0, added: 0, columns: [{ column: 'stock' }] });
    expect(stderr).toMatch(/ {4}app\.products: [\d,]+ changed \(in stock\): id \d/);
    expect(result).toMatchObject({ engine: 'aurora-mysql', verdict: 'passed' });
    expect(countsOf(stdout).map(([table]) => table)).toEqual([
      'app.Audit Log',
      'app.customers',
      'app.order_lines',
      'app.orders',
      'app.products',
      'app.suppliers',
      'web.page_views',
    ]);
  });

  test.concurrent('--sql with procedures, a database of its own and Windows line ends: every table counted', async () => {
    const dump = await file(
      'dump.sql',
      [
        'drop database if exists `Music`;',
        'create database `Music`;',
        'use `Music`;',
        '/*!40101 create table `Artist` (`Id` int primary key, `Name` varchar(20)) */;',
        "insert into `Artist` values (1, 'AC/DC; live'), (2, 'Mötley \\'Crüe');",
        'DELIMITER //',
        'create trigger t before insert on `Artist` for each row begin set new.`Name` = 1; set @x = 2; end//',
        'DELIMITER ;',
        'use app;',
        'create table here (x int primary key);',
      ].join('\r\n'),
    );
    const { code, stdout, stderr } = await runCommand([...mysql, '--sql', dump, '--json']);
    expect(code, stderr).toBe(0);
    expect(countsOf(stdout)).toEqual([
      ['Music.Artist', 2],
      ['app.here', 0],
    ]);
  });

  test.concurrent('--sql with an error: exit code 2, file and line, and nothing left', async () => {
    const path = await file('bad.sql', 'create table a (x int);\n\nselect nonsense;\n');
    const { code, stderr, left } = await runCommand([...mysql, '--sql', path]);
    expect({ code, left }).toEqual({ code: 2, left: [] });
    expect(stderr).toContain("bad.sql:3: Unknown column 'nonsense'");
    expect(stderr).toContain('hint: ');
  });

  test.concurrent('gzip of a dump of MySQL 8, with its collations and GTID_PURGED: passed, and told on stderr alone', async () => {
    const path = join(folder, 'mysql-8.sql.gz');
    await writeFile(path, gzipSync(await readFile('test/local/dumps/mysql-8.sql')));
    const { code, stdout, stderr } = await runCommand([...mysql, '--sql', path, '--json']);
    expect(code, stderr).toBe(0);
    expect(countsOf(stdout)).toEqual([['shop.customers', 3]]);
    const told = stderr.split('\n').filter((line) => line.includes('SQL file'));
    expect(told).toEqual([
      expect.stringMatching(/replaced collations of MySQL 8, .*: utf8mb4_0900_ai_ci became utf8mb4_/),
      '  SQL file: skipped SET GLOBAL.GTID_PURGED, which MariaDB lacks',
    ]);
    expect(stdout).not.toContain('SQL file');
  });

  test.concurrent('dump of all databases, with the users of its own: restored all the same', async () => {
    const dump = await file(
      'all.sql',
      [
        'delete from mysql.global_priv;',
        "insert into mysql.global_priv values ('localhost', 'somebody', '{}');",
        'drop database app;',
        'create database other; create table other.t (x int primary key); insert into other.t values (1);',
      ].join('\n'),
    );
    const { code, stdout, stderr } = await runCommand([...mysql, '--sql', dump, '--json']);
    expect(code, stderr).toBe(0);
    expect(countsOf(stdout)).toEqual([['other.t', 1]]);
  });

  describe.concurrent('interrupted', () => {
    test('SIGINT during StartLocalAurora: exit code, no process and no folder left', async () => {
      const command = await startCommand([...mysql, ...(await small())]);
      await command.saw('StartLocalAurora');
      command.kill('SIGINT');
      const { code, left } = await command.ended();
      expect({ code, left }).toEqual({ code: 130, left: [] });
      await command.remove();
    });

    test('killed at once: servers and folder are gone soon after', async () => {
      const command = await startCommand([...mysql, ...(await small())]);
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
});

test('--engine mysql without MariaDB: exit code 2, the programs that are missing, and how to install them', async () => {
  const { code, stderr, left } = await runCommand(mysql, 'drill', { PATH: folder });
  // Debian's servers are also looked for outside PATH. Its other programs are not.
  expect({ code, left }).toEqual({ code: 2, left: [] });
  expect(stderr).toContain('InvalidArguments: --engine mysql runs MariaDB, and PATH lacks');
  expect(stderr).toContain('mariadb-backup, mariadb-binlog');
  expect(stderr).toContain('apt-get install mariadb-server mariadb-backup');
});
