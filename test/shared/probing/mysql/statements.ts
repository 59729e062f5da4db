/** The tables that the statements below change, one after the other. */
export const setup = (rows: number): string => `
  create table accounts (id int primary key);
  insert into accounts select seq from seq_1_to_1000;
  create table users (
    id int primary key, account int not null, name varchar(50) not null, note varchar(20) default 'a note', visits int,
    state enum('well', 'ill') not null default 'well', born date, about text, key users_visits (visits)
  ) charset latin1;
  insert into users (id, account, name, visits, born, about)
    select seq, seq % 1000 + 1, concat('user ', seq), seq, '2000-01-01', 'some words' from seq_1_to_${rows};
  create table parts (id int primary key, name varchar(20)) partition by range (id) (
    partition low values less than (${rows / 4}), partition mid values less than (${rows / 2}),
    partition high values less than (${rows + 1}));
  insert into parts select seq, 'row' from seq_1_to_${rows};
  create table spare (id int primary key, name varchar(20))`;

/**
 * - table: `shop.` stands before it. Left out: users.
 * - with: another table that it changes.
 * - took: the algorithm; `-`: it has none.
 * - rewrites: every row is written anew.
 * - works: who waits while it works on the rows, for about as long as that takes.
 * - queues: it waits for transactions that have read the table, and who waits behind it.
 */
export type Changed = {
  sql: string;
  table: string;
  with?: string;
  took: 'INSTANT' | 'INPLACE' | 'COPY' | '-';
  rewrites: boolean;
  works: '-' | 'writes' | 'all';
  queues: '-' | 'writes' | 'all';
};

const instant = { took: 'INSTANT', rewrites: false, works: '-', queues: 'all' } as const;
const inplace = { took: 'INPLACE', rewrites: false, works: '-', queues: 'all' } as const;
const rebuild = { ...inplace, rewrites: true } as const;
const copy = { took: 'COPY', rewrites: true, works: 'writes', queues: 'all' } as const;
const other = { took: '-', rewrites: false, works: '-', queues: 'all' } as const;
const harmless = { ...other, queues: '-' } as const;

const change = (sql: string, does: Omit<Changed, 'sql' | 'table'>, table = 'users'): Changed => ({
  sql,
  table,
  ...does,
});

export const changes: Changed[] = [
  change('alter table users add c int', instant),
  change('alter table users add d int not null default 5', instant),
  change('alter table users add e int first', instant),
  change('alter table users add f char(36) default (uuid())', copy),
  change('alter table users add v int generated always as (visits * 2) virtual', instant),
  change('alter table users add s int generated always as (visits * 2) stored', copy),
  change('alter table users drop s', instant),
  change('alter table users rename column c to c2', instant),
  change("alter table users alter note set default 'none'", instant),
  change('alter table users modify note varchar(40)', instant),
  change('alter table users modify name varchar(30) not null', copy),
  change('alter table users modify visits bigint', copy),
  change('alter table users modify born date not null', rebuild),
  change('alter table users modify born date null', rebuild),
  change("alter table users modify state enum('well', 'ill', 'fine') not null", instant),
  change("alter table users modify state enum('fine', 'well', 'ill') not null", copy),
  change('alter table users add index users_name (name)', inplace),
  change('create unique index users_both on users (visits, id)', inplace),
  change('alter table users rename index users_name to users_called', instant),
  change('drop index users_called on users', inplace),
  change('alter table users add fulltext index users_about (about)', { ...rebuild, works: 'writes' }),
  change('alter table users drop index users_about', inplace),
  change(
    'alter table users add constraint users_account foreign key (account) references accounts (id)',
    copy,
  ),
  change('alter table users drop foreign key users_account', inplace),
  change('alter table users add constraint users_often check (visits >= 0)', copy),
  change('alter table users drop constraint users_often', instant),
  change('alter table users drop primary key, add primary key (id, account)', rebuild),
  change('alter table users modify id int not null auto_increment', copy),
  change('alter table users auto_increment = 100000', instant),
  change('alter table users convert to character set utf8mb4', copy),
  change('alter table users engine = innodb', rebuild),
  change('alter table users row_format = compact', rebuild),
  change("alter table users comment = 'people'", instant),
  change('optimize table users', rebuild),
  change('analyze table users', harmless),
  change('create trigger users_new before insert on users for each row set new.visits = 0', other),
  change('drop trigger users_new', other),
  change('create view seen as select id, born from users', harmless),
  change('update users set visits = visits + 1', { ...harmless, works: 'writes' }),
  change('delete from users where id <= 100', harmless),
  change('alter table parts add partition (partition top values less than maxvalue)', inplace, 'parts'),
  change('alter table parts truncate partition low', inplace, 'parts'),
  change(
    'alter table parts exchange partition low with table spare',
    { ...other, queues: 'writes', with: 'spare' },
    'parts',
  ),
  change('alter table parts drop partition low', inplace, 'parts'),
  change('rename table users to people, people to users', other),
  change('truncate table users', other),
  change('drop table users', other),
];
