import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeMariadb, type TestMariadb, testPassword } from '../shared/database/mysql/fixture.ts';
import { type PostgresFixture, startPostgres } from '../shared/database/postgres/fixture.ts';
import { listBlocks, readPages } from './pages.ts';

/** The user of a sandbox is another one: sandbox-user.test.ts. */
const blocks = listBlocks(await readPages(), 'sql').filter(({ page }) => page !== 'docs/extract.md');

/** Each page's statements for one engine, in order. The first line of a block names its engine. */
const listScripts = (engine: string): [page: string, scripts: string[]][] => {
  const mine = blocks.filter(({ text }) => text.startsWith(`-- ${engine}\n`));
  return [...Map.groupBy(mine, ({ page }) => page)].map(([page, found]) => [
    page,
    found.map(({ text }) => text),
  ]);
};

test('every block of SQL: says in its first line which engine it is for', () => {
  expect(blocks.length).toBeGreaterThan(3);
  const first = blocks.map(({ text }) => text.split('\n')[0]);
  expect([...new Set(first)].sort()).toEqual(['-- Aurora MySQL', '-- Aurora PostgreSQL']);
});

describe('on PostgreSQL', () => {
  let postgres: PostgresFixture;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.close());

  /** Run only by people who set `integrity: amcheck`. */
  const isOfAmcheck = (sql: string) => /amcheck|verify_heapam/.test(sql);
  const isFor = (versions: string) => (sql: string) => sql.includes(`\n-- ${versions}\n`);
  const [isOlder, isNewer] = [isFor('12 and 13'), isFor('14 or later')];
  const listed = listScripts('Aurora PostgreSQL').flatMap(([page, all]): [string, string[]][] => {
    const scripts = all.filter((sql) => !isOlder(sql));
    const others = scripts.filter((sql) => !isOfAmcheck(sql));
    const older = all.filter((sql) => !isNewer(sql) && !isOfAmcheck(sql));
    return [
      [page, scripts],
      ...(others.length === scripts.length
        ? []
        : [[`${page}, without amcheck`, others] as [string, string[]]]),
      ...(all.length === scripts.length ? [] : [[`${page}, on 12 and 13`, older] as [string, string[]]]),
    ];
  });

  test('12 and 13: have statements of their own, without the role that comes with 14', () => {
    const [, older = []] = listed.find(([name]) => name === 'docs/install.md, on 12 and 13') ?? [];
    expect(older).toHaveLength(4);
    expect(older.join()).not.toContain('pg_read_all_data');
  });

  test('amcheck: in blocks of its own, so that the user comes and goes without them', () => {
    const [, without = []] = listed.find(([name]) => name === 'docs/install.md, without amcheck') ?? [];
    for (const statement of ['create role', 'drop role']) expect(without.join()).toContain(statement);
  });

  test.each(listed)(
    '%s: the user reads every table, signs in by IAM, and can go again',
    async (_page, scripts) => {
      const { asOwner } = postgres;
      // The fixture's user makes room. Only RDS has the other role.
      await asOwner(`drop owned by drill_reader; drop role drill_reader;
      drop extension if exists amcheck; drop role if exists rds_iam; create role rds_iam;
      drop schema if exists shop cascade; create schema shop; create table shop.orders as select 1 as id`);
      const isLeaving = (sql: string) => /^(drop (role|owned)|revoke) /m.test(sql);
      const lasting = scripts.filter((sql) => !isLeaving(sql));
      for (const sql of lasting) await asOwner(sql);
      expect(await asOwner(`select pg_has_role('drill_reader', 'rds_iam', 'member') as is_member`)).toEqual([
        { is_member: true },
      ]);
      expect(await asOwner('set role drill_reader; select count(*)::int as rows from shop.orders')).toEqual([
        { rows: 1 },
      ]);
      await asOwner(`reset role; create table shop.later (id serial); set role drill_reader;
        select * from shop.later; select last_value from shop.later_id_seq`);
      await expect(asOwner('insert into shop.orders values (2)')).rejects.toThrow('permission denied');
      if (lasting.some(isOfAmcheck)) {
        await asOwner(`reset role; create index on shop.orders (id); set role drill_reader`);
        await asOwner(`select bt_index_check('shop.orders_id_idx'::regclass, true)`);
        await asOwner(`select * from verify_heapam(relation => 'shop.orders'::regclass)`);
      }
      await asOwner('reset role');
      for (const sql of scripts.filter(isLeaving)) await asOwner(sql);
      const left = await asOwner(`select rolname from pg_roles where rolname = 'drill_reader'`);
      expect(left).toHaveLength(scripts.length === lasting.length ? 1 : 0);
      // As the next page and the fixture expect it.
      await asOwner(
        `do $$ begin create role drill_reader; exception when duplicate_object then null; end $$`,
      );
    },
  );
});

describeMariadb('on MariaDB', (start) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'docs-sql-'));
    // The server's own user reads the files in it.
    await chmod(folder, 0o755);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** A server whose owner may grant, without the plan's user. */
  const startEmpty = async (): Promise<TestMariadb> => {
    const file = join(folder, 'owner.sql');
    const owner = `root@'127.0.0.1'`;
    await writeFile(
      file,
      `create user ${owner} identified by '${testPassword}';
grant all on *.* to ${owner} with grant option;
create database shop;
`,
    );
    return start([`--init-file=${file}`]);
  };

  test.each(listScripts('Aurora MySQL'))(
    '%s: the user reads every table and writes none, and can go again',
    async (_page, scripts) => {
      const { run } = await startEmpty();
      for (const sql of scripts) {
        // Only Aurora has this plugin.
        const here = sql.replace("with AWSAuthenticationPlugin as 'RDS'", "by 'only-for-this-test'");
        expect(here === sql).toBe(!sql.includes('create user'));
        for (const statement of readStatements(here)) await run(statement);
        if (!sql.includes('create user')) continue;
        const grants = await run('show grants for drill_reader');
        expect(grants.map((row) => Object.values(row)[0])).toEqual([
          expect.stringMatching(/^GRANT SELECT, SHOW VIEW ON \*\.\* TO `drill_reader`@`%`/),
        ]);
      }
      const left = await run(`select user from mysql.user where user = 'drill_reader'`);
      expect(left).toHaveLength(scripts.some((sql) => sql.includes('drop user')) ? 0 : 1);
    },
  );
});

const readStatements = (sql: string): string[] =>
  sql
    .replace(/^--.*$/m, '')
    .split(';')
    .filter((one) => one.trim() !== '');
