import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeMariadb } from '../shared/database/mysql/fixture.ts';
import { type PostgresFixture, startPostgres } from '../shared/database/postgres/fixture.ts';
import { listBlocks, readPages } from './pages.ts';

/** What docs/extract.md has the owner of a sandbox run. */
const scriptFor = async (engine: string): Promise<string> => {
  const blocks = listBlocks(await readPages(), 'sql').filter(({ page }) => page === 'docs/extract.md');
  const [script, ...others] = blocks.filter(({ text }) => text.startsWith(`-- ${engine}\n`));
  expect(others).toEqual([]);
  return script?.text ?? '';
};

describe('the user of a sandbox, on PostgreSQL', () => {
  let postgres: PostgresFixture;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.close());

  test('makes a schema of its own, and may read and change nothing else', async () => {
    const { asOwner } = postgres;
    await asOwner('create role rds_iam; create table mine as select 1 as id');
    // The fixture has one database.
    await asOwner((await scriptFor('Aurora PostgreSQL')).replace('database sandbox', 'database postgres'));
    await asOwner(`set role sandbox_writer; create schema extract_shop;
      create table extract_shop.orders as select 1 as id; comment on schema extract_shop is 'incomplete'`);
    for (const sql of ['select * from mine', 'insert into mine values (2)', 'drop table mine'])
      await expect(asOwner(sql)).rejects.toThrow(/permission denied|must be owner/);
  });
});

describeMariadb('the user of a sandbox, on MariaDB', (start) => {
  test('makes databases whose names begin with extract_, and no others', async () => {
    const { run, address } = await start();
    const script = await scriptFor('Aurora MySQL');
    // Only Aurora has this plugin.
    const here = script.replace("with AWSAuthenticationPlugin as 'RDS'", "by 'only-for-this-test'");
    expect(here).not.toBe(script);
    for (const sql of here.split(';').slice(0, -1)) await run(sql);
    const { host, port } = address;
    const password = 'only-for-this-test';
    const user = await createConnection({ host, port, user: 'sandbox_writer', password });
    try {
      await user.query('create database extract_shop');
      await user.query('create table extract_shop.orders (id int primary key)');
      for (const sql of [
        'create database extractor',
        'create table shop.a (id int)',
        'select * from mysql.user',
      ])
        await expect(user.query(sql)).rejects.toThrow(/denied/);
    } finally {
      await user.end();
    }
  });
});
