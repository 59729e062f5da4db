import { beforeAll, expect, test } from 'vitest';
import { formatTableName, type Table } from '../../../../shared/database/tables.ts';
import { describeMariadb, type TestMariadb } from './fixture.ts';

let server: TestMariadb;

const ordersSql = `create table orders (
  id bigint unsigned not null auto_increment, part int not null, customer int unsigned,
  title varchar(100) character set latin1 collate latin1_german1_ci not null, note text, raw varbinary(9),
  amount decimal(12,2) not null default 0, doubled decimal(13,2) as (amount * 2) stored,
  primary key (id, part), unique key by_title (title, amount desc), key by_note (note(20)), fulltext key words (note),
  key of_customer (customer) ignored,
  constraint positive check (amount >= 0),
  foreign key (customer) references customers (id) on delete set null on update cascade
) default character set utf8mb4 collate utf8mb4_unicode_ci`;

const listTables = async (): Promise<Map<string, Table>> => {
  const reader = await server.open({ sessions: 1 });
  const tables = await reader.listTables();
  await reader.close();
  return new Map(tables.map((table) => [formatTableName(table), table]));
};

describeMariadb('MariaDB', (start) => {
  beforeAll(async () => {
    server = await start();
    await server.run(`
      create database \`Odd "schema.\` character set latin1;
      create table \`Odd "schema.\`.\`a.b\`\`c"d\` (x int);
      create table customers (id int unsigned primary key auto_increment, code char(8) not null) engine = InnoDB;
      ${ordersSql};
      create table days (day date not null, n int, unique (day, n)) engine = MyISAM
        partition by range (year(day)) (partition old values less than (2020), partition new values less than maxvalue);
      create table versioned (id int primary key) with system versioning;
      create view seen as select * from orders;
      create sequence counter;
      create temporary table passing (id int);`);
  });

  test('every user table of every user database in order of name; no views, sequences or temporary tables', async () => {
    expect([...(await listTables()).keys()]).toEqual([
      '"Odd ""schema."."a.b`c""d"',
      'shop.customers',
      'shop.days',
      'shop.orders',
      'shop.versioned',
    ]);
  });

  test('columns: name, type, character set and collation, not null, in their order', async () => {
    expect((await listTables()).get('shop.orders')?.columns).toEqual([
      '`id` bigint(20) unsigned not null auto_increment',
      '`part` int(11) not null',
      '`customer` int(10) unsigned',
      '`title` varchar(100) character set latin1 collate latin1_german1_ci not null',
      '`note` text character set utf8mb4 collate utf8mb4_unicode_ci',
      '`raw` varbinary(9)',
      '`amount` decimal(12,2) not null',
      '`doubled` decimal(13,2) stored generated',
    ]);
  });

  test('objects: engine, collation, indexes, foreign keys and checks, with SELECT alone', async () => {
    expect((await listTables()).get('shop.orders')?.objects.toSorted()).toEqual([
      'check `positive` (`amount` >= 0)',
      'collation utf8mb4_unicode_ci',
      'engine InnoDB',
      'foreign key `orders_ibfk_1` (`customer`) references `shop`.`customers` (`id`) on update cascade on delete set null',
      'fulltext index `words` (`note`)',
      'index `by_note` (`note`(20))',
      'index `of_customer` (`customer`) hidden',
      'primary key (`id`, `part`)',
      'unique index `by_title` (`title`, `amount` desc)',
    ]);
  });

  test('another engine and partitions are objects too', async () => {
    expect((await listTables()).get('shop.days')?.objects).toEqual([
      'engine MyISAM',
      'collation utf8mb4_general_ci',
      'unique index `day` (`day`, `n`)',
      'partition old by RANGE (year(`day`)) values 2020',
      'partition new by RANGE (year(`day`)) values MAXVALUE',
    ]);
  });

  test.each([
    ['a b', 'a int, b int, c int, primary key (b, a), unique (c)', ['b', 'a']],
    ['shortest', 'a int not null, b int not null, c int not null, unique (a, b), unique (c)', ['c']],
    ['of two', 'a int not null, b int not null, unique second (a), unique first (b)', ['b']],
    ['with NULLs', 'a int, unique (a)', []],
    ['of prefixes', 'a text not null, unique (a(9))', []],
    ['not unique', 'a int not null, key (a)', []],
  ])('key: %s', async (_, definition, key) => {
    await server.run(`create table keyed (${definition})`);
    const tables = await listTables();
    await server.run('drop table keyed');
    expect(tables.get('shop.keyed')?.key).toEqual(key);
  });

  test.each([
    'alter table orders drop key by_note',
    'alter table orders drop key by_title, add unique key by_title (title)',
    'alter table orders drop key by_title, add unique key by_title (title, amount)',
    'alter table orders drop key by_note, add key by_note (note(21))',
    'alter table orders alter index of_customer not ignored',
    'alter table orders drop constraint positive',
    'alter table orders drop foreign key orders_ibfk_1',
    'alter table orders modify note text character set utf8mb4 collate utf8mb4_bin',
    'alter table orders modify raw varbinary(10)',
    'alter table orders modify part bigint not null',
    'alter table orders collate utf8mb4_bin',
    'alter table orders drop doubled',
  ])('%s: the table reads otherwise', async (change) => {
    const before = (await listTables()).get('shop.orders');
    await server.run(change);
    const after = (await listTables()).get('shop.orders');
    await server.run(`drop table orders; ${ordersSql}`);
    const texts = (table: Table | undefined) => [
      ...(table?.columns ?? []),
      '',
      ...(table?.objects.toSorted() ?? []),
    ];
    expect(texts(after)).not.toEqual(texts(before));
    expect(texts((await listTables()).get('shop.orders'))).toEqual(texts(before));
  });

  test('rows, counters and statistics change nothing but the guess of the rows', async () => {
    // What was just made has another version at each look, for a second.
    const version = async () => (await listTables()).get('shop.customers')?.version;
    await expect.poll(version, { timeout: 5000 }).toMatch(/^[\d-]+ [\d:]+$/);
    const before = await listTables();
    await server.run(`insert into customers (code) select 'x' from seq_1_to_500; analyze table customers`);
    const after = await listTables();
    const { estimatedRows, ...table } = after.get('shop.customers') as Table;
    expect(table).toEqual({ ...before.get('shop.customers'), estimatedRows: undefined });
    expect(estimatedRows).toBeGreaterThan(400);
  });

  test('the collation of each user database is an object', async () => {
    const reader = await server.open();
    expect((await reader.listObjects()).toSorted()).toEqual([
      'database Odd "schema. latin1 latin1_swedish_ci',
      'database shop utf8mb4 utf8mb4_general_ci',
    ]);
  });
});
