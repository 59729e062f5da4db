import { beforeAll, expect, test } from 'vitest';
import { connectAsOwner } from '../../../../local/sources/mysql.ts';
import { mysqlProbing } from '../../../../shared/probing/mysql/server.ts';
import type { Catalog } from '../../../../shared/rehearsal/catalog.ts';
import { describeMariadb, type TestMariadb, testPassword } from '../../database/mysql/fixture.ts';
import { statementOf, tableOf } from '../postgres/fixture.ts';
import { rehearse, settings } from './fixture.ts';

describeMariadb('what a change of MariaDB can name', (start) => {
  let server: TestMariadb;
  let catalog: Catalog;

  beforeAll(async () => {
    server = await start(settings);
    await server.run(`
      create table accounts (id int primary key);
      create table users (id int primary key, account int, foreign key (account) references accounts (id));
      create view seen as select u.id from users u join accounts a on a.id = u.account;
      create view seen_again as select * from seen;
      create trigger users_new before insert on users for each row set new.account = null;
      create table log (id int); create table counts (n int);
      create trigger users_gone after delete on users for each row update counts set n = n - 1;
      create procedure fill() insert into log select 1;
      create procedure look() select * from seen;
      create database other; create table other.users (id int);
      create table \`a-b.c \`\`é\` (\`k\`\`1\` varchar(9), name int, primary key (\`k\`\`1\`));
      insert into \`a-b.c \`\`é\` values ('x', 1), ('y', 2)`);
    const probing = mysqlProbing(async () => ({ password: testPassword, ssl: false }));
    const probed = await probing.open({ ...server.address, user: 'root', ip: server.address.host });
    catalog = probed.catalog;
    await probed.close();
  });

  test('tables of every database, views, triggers and routines with the tables behind them, foreign keys', () => {
    expect(catalog).toEqual({
      dialect: 'mysql',
      searchPath: ['shop'],
      tables: ['other.users', 'shop."a-b.c `é"', 'shop.accounts', 'shop.counts', 'shop.log', 'shop.users'],
      others: [
        { name: 'shop.seen', tables: ['shop.users', 'shop.accounts'] },
        { name: 'shop.seen_again', tables: ['shop.users', 'shop.accounts'] },
        { name: 'shop.users_gone', tables: ['shop.users'] },
        { name: 'shop.users_new', tables: ['shop.users'] },
        { name: 'shop.fill', tables: ['shop.log'] },
        { name: 'shop.look', tables: ['shop.accounts', 'shop.users'] },
      ],
      triggered: [
        { table: 'shop.users', tables: ['shop.counts'] },
        { table: 'shop.users', tables: [] },
      ],
      views: [
        { name: 'shop.seen', readBy: ['shop.seen_again'], namedBy: ['shop.look'] },
        { name: 'shop.seen_again', readBy: [], namedBy: [] },
      ],
      partitions: [],
      foreignKeys: [{ child: 'shop.users', parent: 'shop.accounts' }],
    });
  });

  test.each([
    'drop view seen_again',
    'create or replace view seen_again as select id from seen',
    'alter view seen_again as select id from seen',
  ])(
    '%s: waits for a transaction that has read it: a verdict knows that and cannot measure it',
    async (sql) => {
      const other = await connectAsOwner(server.address.port, 'shop', testPassword);
      try {
        await other.query('begin; select * from seen_again');
        await expect(server.run(`set session lock_wait_timeout = 0; ${sql}`)).rejects.toMatchObject({
          errno: 1205,
        });
      } finally {
        await other.end();
      }
    },
  );

  test('a table with any name is probed, and known again after a rewrite', async () => {
    const name = 'shop."a-b.c `é"';
    const sql = 'alter table `a-b.c ``é` force';
    const seen = statementOf(await rehearse(server, [{ sql, tables: [name] }]), 1);
    expect(seen.notMeasured.filter((reason) => reason.includes('a-b.c'))).toEqual([]);
    expect(tableOf(seen, name).isRewritten).toBe(true);
    expect(seen.algorithm).toEqual({ took: 'INPLACE', wouldTake: 'INPLACE' });
  });

  test('a password that is wrong: DatabaseDenied', async () => {
    const probing = mysqlProbing(async () => ({ password: 'wrong', ssl: false }));
    await expect(
      probing.open({ ...server.address, user: 'root', ip: server.address.host }),
    ).rejects.toMatchObject({ name: 'DatabaseDenied' });
  });
});
