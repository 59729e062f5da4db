const functionSql = (body: string, more = 'deterministic') =>
  `create function shop.total(price int, currency varchar(9)) returns int ${more} ${body}`;
const procedureSql = (body: string, security = 'definer') =>
  `create procedure shop.total(in price int, out vat int) modifies sql data sql security ${security} ${body}`;
const viewSql = (more = '') =>
  `create or replace ${more} view shop.cheap as select id, amount from shop.orders where amount < 10 with check option`;
const triggerSql = (name: string, value: number, more = '') =>
  `create trigger shop.${name} before insert on shop.orders for each row ${more} set new.amount = new.amount + ${value}`;
const eventSql = `create event shop.nightly on schedule every 1 day starts '2030-01-01 02:00:00' on completion preserve enable
  comment 'at night' do delete from shop.orders where id < 0`;
const onceSql = `create event shop.once on schedule at '2037-01-01 00:00:00' do delete from shop.orders`;
const clerkSql = `create user clerk@localhost identified by 'only-for-this-test';
  grant select, insert on shop.* to clerk@localhost;
  grant select, delete on shop.days to clerk@localhost;
  grant select (id, title), update (title) on shop.orders to clerk@localhost;
  grant execute on function shop.total to clerk@localhost;
  grant process on *.* to clerk@localhost;
  grant seller to clerk@localhost; set default role seller for clerk@localhost`;

/** Two databases, with an object of every kind in each. Its own clerks are of the whole server. */
export const everyKindSql = `
  create table shop.orders (
    id bigint unsigned primary key auto_increment, amount int not null default 1,
    title varchar(100) character set latin1 default 'none' comment 'as printed',
    noted varchar(100) collate utf8mb4_bin, changed timestamp default current_timestamp on update current_timestamp,
    doubled int as (amount * 2) stored, hidden int invisible default 7
  ) row_format = dynamic comment = 'what is sold' auto_increment = 1000;
  create table shop.days (day int not null, n int) partition by range (day) (
    partition old values less than (2020), partition recent values less than (2030));
  create table shop.hours (hour int not null, n int) partition by hash (hour) partitions 2;
  ${viewSql()};
  create view shop.plain as select 1 as one;
  ${triggerSql('first', 1)}; ${triggerSql('second', 2)};
  ${functionSql('return price')}; ${procedureSql('set vat = price')};
  ${eventSql}; ${onceSql};
  create role seller; grant select on shop.orders to seller; ${clerkSql};
  create database \`other.one\` character set latin1;
  create table \`other.one\`.\`a.b\` (id int primary key auto_increment, code int default 5 comment 'odd') comment = 'odd';
  insert into \`other.one\`.\`a.b\` () values ();
  create view \`other.one\`.\`v"w\` as select 2 as two;
  create trigger \`other.one\`.t after delete on \`other.one\`.\`a.b\` for each row set @gone = old.id;
  create function \`other.one\`.f() returns int return 1;
  create event \`other.one\`.e on schedule every 2 hour starts '2030-01-01' disable do set @ran = 1;
  grant select on \`other.one\`.* to clerk@localhost`;

/** What happens, the statement that does it, the statement that undoes it, and the only kind that tells. */
export type Damage = [title: string, sql: string, undo: string, kind: string];

const alter = (change: string): string => `alter table shop.orders ${change}`;
const changed = 'timestamp default current_timestamp';
const doubled = 'drop doubled, add doubled int as';
const seconds = (value: number, more = '') =>
  `drop trigger shop.second; ${triggerSql('second', value, more)}`;
const total = (sql: string) => `drop function shop.total; ${sql}; ${grantTotal}`;
const grantTotal = 'grant execute on function shop.total to clerk@localhost';
const pay = (sql: string) => `drop procedure shop.total; ${sql}`;
const inMode = (mode: string, sql: string) =>
  `set @mode = @@sql_mode; set sql_mode = '${mode}'; ${sql}; set sql_mode = @mode`;
const strict = 'STRICT_TRANS_TABLES';
const undone = {
  title: alter(`modify title varchar(100) character set latin1 default 'none' comment 'as printed'`),
  noted: alter('modify noted varchar(100) collate utf8mb4_bin'),
  changed: alter(`modify changed ${changed} on update current_timestamp`),
  doubled: alter(`${doubled} (amount * 2) stored after changed`),
  hidden: alter('modify hidden int invisible default 7'),
};

export const damages: Damage[] = [
  ['a default', alter('alter amount set default 2'), alter('alter amount set default 1'), 'columns'],
  ['no default', alter('alter amount drop default'), alter('alter amount set default 1'), 'columns'],
  ['no on update', alter(`modify changed ${changed}`), undone.changed, 'columns'],
  ['a generated value', alter(`${doubled} (amount * 3) stored after changed`), undone.doubled, 'columns'],
  ['a virtual column', alter(`${doubled} (amount * 2) virtual after changed`), undone.doubled, 'columns'],
  [
    'the comment of a column',
    alter(`modify title varchar(100) character set latin1 default 'none' comment 'as drawn'`),
    undone.title,
    'columns',
  ],
  [
    'the character set of a column',
    alter(`modify title varchar(100) character set utf8mb4 default 'none' comment 'as printed'`),
    undone.title,
    'columns',
  ],
  [
    'the collation of a column',
    alter('modify noted varchar(100) collate utf8mb4_unicode_ci'),
    undone.noted,
    'columns',
  ],
  ['a visible column', alter('modify hidden int default 7'), undone.hidden, 'columns'],
  ['the rows of a view', viewSql().replace('< 10', '< 11'), viewSql(), 'views'],
  ['the security of a view', viewSql('sql security invoker'), viewSql('sql security definer'), 'views'],
  ['the definer of a view', viewSql(`definer = clerk@localhost`), viewSql(), 'views'],
  ['the algorithm of a view', viewSql('algorithm = merge'), viewSql('algorithm = undefined'), 'views'],
  ['no check option', viewSql().replace(' with check option', ''), viewSql(), 'views'],
  ['no view', 'drop view shop.plain', 'create view shop.plain as select 1 as one', 'views'],
  ['the body of a trigger', seconds(3), seconds(2), 'triggers'],
  ['no trigger', 'drop trigger shop.second', triggerSql('second', 2), 'triggers'],
  ['the order of triggers', seconds(2, 'precedes first'), seconds(2), 'triggers'],
  ['the sql_mode of a trigger', inMode(strict, seconds(2)), seconds(2), 'triggers'],
  [
    'the body of a function',
    total(functionSql('return price + 1')),
    total(functionSql('return price')),
    'functions',
  ],
  [
    'a function that is not deterministic',
    total(functionSql('return price', 'not deterministic')),
    total(functionSql('return price')),
    'functions',
  ],
  [
    'a parameter of a function',
    total(functionSql('return price').replace('varchar(9)', 'varchar(8)')),
    total(functionSql('return price')),
    'functions',
  ],
  [
    'the result of a function',
    total(functionSql('return price').replace('returns int', 'returns bigint')),
    total(functionSql('return price')),
    'functions',
  ],
  [
    'the sql_mode of a function',
    inMode(strict, total(functionSql('return price'))),
    total(functionSql('return price')),
    'functions',
  ],
  [
    'no function',
    'drop function `other.one`.f',
    'create function `other.one`.f() returns int return 1',
    'functions',
  ],
  [
    'the body of a procedure',
    pay(procedureSql('set vat = 1')),
    pay(procedureSql('set vat = price')),
    'functions',
  ],
  [
    'the security of a procedure',
    'alter procedure shop.total sql security invoker',
    'alter procedure shop.total sql security definer',
    'functions',
  ],
  [
    'the data that a procedure changes',
    'alter procedure shop.total reads sql data',
    'alter procedure shop.total modifies sql data',
    'functions',
  ],
  ['an event is disabled', 'alter event shop.nightly disable', 'alter event shop.nightly enable', 'events'],
  [
    'the schedule of an event',
    `alter event shop.nightly on schedule every 2 day starts '2030-01-01 02:00:00'`,
    `alter event shop.nightly on schedule every 1 day starts '2030-01-01 02:00:00'`,
    'events',
  ],
  [
    'the start of an event',
    `alter event shop.nightly on schedule every 1 day starts '2030-01-01 03:00:00'`,
    `alter event shop.nightly on schedule every 1 day starts '2030-01-01 02:00:00'`,
    'events',
  ],
  [
    'the body of an event',
    'alter event shop.nightly do delete from shop.orders where id < 1',
    'alter event shop.nightly do delete from shop.orders where id < 0',
    'events',
  ],
  [
    'an event that is dropped when done',
    'alter event shop.nightly on completion not preserve',
    'alter event shop.nightly on completion preserve',
    'events',
  ],
  ['no event', 'drop event shop.once', onceSql, 'events'],
  ['the row format', alter('row_format = compact'), alter('row_format = dynamic'), 'tables'],
  ['an option of a table', alter('stats_persistent = 0'), alter('stats_persistent = default'), 'tables'],
  [
    'the comment of a table',
    alter(`comment = 'what is bought'`),
    alter(`comment = 'what is sold'`),
    'tables',
  ],
  [
    'one partition more',
    'alter table shop.days add partition (partition future values less than (2040))',
    'alter table shop.days drop partition future',
    'tables',
  ],
  [
    'one partition less',
    'alter table shop.days drop partition recent',
    'alter table shop.days add partition (partition recent values less than (2030))',
    'tables',
  ],
  [
    'the expression of partitions',
    'alter table shop.hours partition by hash (hour + 1) partitions 2',
    'alter table shop.hours partition by hash (hour) partitions 2',
    'tables',
  ],
  [
    'a grant on a database',
    'revoke insert on shop.* from clerk@localhost',
    'grant insert on shop.* to clerk@localhost',
    'grants',
  ],
  [
    'a grant on a table',
    'revoke delete on shop.days from clerk@localhost',
    'grant delete on shop.days to clerk@localhost',
    'grants',
  ],
  [
    'a grant on a column',
    'revoke update (title) on shop.orders from clerk@localhost',
    'grant update (title) on shop.orders to clerk@localhost',
    'grants',
  ],
  [
    'a grant on a function',
    'revoke execute on function shop.total from clerk@localhost',
    grantTotal,
    'grants',
  ],
  [
    'a grant on everything',
    'revoke process on *.* from clerk@localhost',
    'grant process on *.* to clerk@localhost',
    'grants',
  ],
  ['a grant of a role', 'revoke seller from clerk@localhost', 'grant seller to clerk@localhost', 'grants'],
  [
    'the right to grant',
    'grant usage on shop.* to clerk@localhost with grant option',
    'revoke grant option on shop.* from clerk@localhost',
    'grants',
  ],
  [
    'no default role',
    'set default role none for clerk@localhost',
    'set default role seller for clerk@localhost',
    'grants',
  ],
  [
    'a locked user',
    'alter user clerk@localhost account lock',
    'alter user clerk@localhost account unlock',
    'grants',
  ],
  [
    'no user',
    'drop user clerk@localhost',
    `${clerkSql}; grant select on \`other.one\`.* to clerk@localhost`,
    'grants',
  ],
  [
    'the collation of a database',
    'alter database shop collate utf8mb4_bin',
    'alter database shop collate utf8mb4_general_ci',
    'databases',
  ],
  ['one database more', 'create database extra', 'drop database extra', 'databases'],
];
