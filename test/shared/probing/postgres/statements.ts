/** The tables that the statements below change. Every one but those that run bare is rolled back. */
export const rows = 20_000;

export const setup = [
  `create type mood as enum ('well', 'ill');
   create table accounts (id integer primary key);
   insert into accounts select n from generate_series(1, 1000) n;
   create table users (
     id bigint primary key, account integer, name text not null, note varchar(20), visits integer,
     amount numeric(10, 2), price numeric(10, 2), state mood default 'well', born date);
   insert into users (id, account, name, note, visits, amount, born)
     select n, n % 1000 + 1, 'user ' || n, 'a note', n, n, date '2000-01-01' + n % 9000 from generate_series(1, ${rows}) n;
   create index users_visits on users (visits);
   create unique index users_both on users (visits, id);
   alter table users add constraint users_born check (born > '1900-01-01');
   alter table users add constraint users_amount check (amount is not null);
   alter table users add constraint users_late check (visits >= 0) not valid;
   alter table users add constraint users_account foreign key (account) references accounts not valid;
   create function nothing() returns trigger language plpgsql as 'begin return null; end';
   create trigger users_old after insert on users for each row execute function nothing();
   create view seen as select id, born from users;
   create materialized view kept as select id, born from users;
   create unique index on kept (id);
   create table parts (id integer not null, name text) partition by range (id);
   create table parts_low partition of parts for values from (0) to (10000);
   create table parts_old partition of parts for values from (10000) to (20000);
   create table parts_new (id integer not null, name text);
   insert into parts_low select n, 'row' from generate_series(1, 9999) n;
   insert into parts_new select n, 'row' from generate_series(20000, 39999) n;
   create table parts_known (id integer not null, name text, check (id >= 40000 and id < 60000));
   insert into parts_known select n, 'row' from generate_series(40000, 59999) n`,
  'vacuum analyze',
];

/** The strongest lock of the table, without "Lock". `-`: none. */
type Lock =
  | '-'
  | 'AccessShare'
  | 'RowShare'
  | 'RowExclusive'
  | 'ShareUpdateExclusive'
  | 'Share'
  | 'ShareRowExclusive'
  | 'Exclusive'
  | 'AccessExclusive';

/**
 * - table: `public.` stands before it. Left out: users.
 * - does: what happens to the rows of the table while it is locked.
 * - waits: who does, for as long as the transaction lasts.
 * - others: locks of others that keep writes out, or more.
 * - isBare: it runs outside of a transaction, and stays.
 */
export type Changed = {
  sql: string;
  table?: string;
  lock: Lock;
  does: '-' | 'reads all' | 'rewrites all';
  waits: '-' | 'writes' | 'all';
  others?: string[];
  isBare?: true;
};

const change = (
  sql: string,
  lock: Lock,
  does: Changed['does'],
  waits: Changed['waits'],
  more: Pick<Changed, 'table' | 'others' | 'isBare'> = {},
): Changed => ({ sql, lock, does, waits, ...more });

const accounts = ['ShareRowExclusive of accounts'];

export const changes: Changed[] = [
  change('alter table users add c integer', 'AccessExclusive', '-', 'all'),
  change('alter table users add c integer not null default 0', 'AccessExclusive', '-', 'all'),
  change('alter table users add c float default random()', 'AccessExclusive', 'rewrites all', 'all'),
  change(
    'alter table users add c integer generated always as (visits * 2) stored',
    'AccessExclusive',
    'rewrites all',
    'all',
  ),
  change(
    'alter table users add c bigint generated always as identity',
    'AccessExclusive',
    'rewrites all',
    'all',
  ),
  change('alter table users drop note', 'AccessExclusive', '-', 'all'),
  change('alter table users alter visits type bigint', 'AccessExclusive', 'rewrites all', 'all'),
  change('alter table users alter name type varchar(100)', 'AccessExclusive', 'rewrites all', 'all'),
  change('alter table users alter note type varchar(40)', 'AccessExclusive', '-', 'all'),
  change('alter table users alter note type text', 'AccessExclusive', '-', 'all'),
  change('alter table users alter price type numeric(12, 2)', 'AccessExclusive', '-', 'all'),
  change('alter table users alter price type numeric(12, 3)', 'AccessExclusive', 'rewrites all', 'all'),
  change('alter table users alter visits set not null', 'AccessExclusive', 'reads all', 'all'),
  change('alter table users alter amount set not null', 'AccessExclusive', '-', 'all'),
  change('alter table users alter name drop not null', 'AccessExclusive', '-', 'all'),
  change('alter table users alter visits set default 0', 'AccessExclusive', '-', 'all'),
  change('alter table users alter visits set statistics 500', 'ShareUpdateExclusive', '-', '-'),
  change('alter table users set (fillfactor = 90)', 'ShareUpdateExclusive', '-', '-'),
  change('alter table users set unlogged', 'AccessExclusive', 'rewrites all', 'all'),
  change('alter table users replica identity full', 'AccessExclusive', '-', 'all'),
  change('alter table users enable row level security', 'AccessExclusive', '-', 'all'),
  change('alter table users rename note to remark', 'AccessExclusive', '-', 'all'),
  change('alter table users rename to people', 'AccessExclusive', '-', 'all'),
  change('alter table users add check (visits < 1000000)', 'AccessExclusive', 'reads all', 'all'),
  change('alter table users add check (visits < 1000000) not valid', 'AccessExclusive', '-', 'all'),
  change('alter table users validate constraint users_late', 'ShareUpdateExclusive', 'reads all', '-'),
  change('alter table users drop constraint users_born', 'AccessExclusive', '-', 'all'),
  change(
    'alter table users add foreign key (account) references accounts',
    'ShareRowExclusive',
    'reads all',
    'writes',
    { others: accounts },
  ),
  change(
    'alter table users add foreign key (account) references accounts not valid',
    'ShareRowExclusive',
    '-',
    'writes',
    { others: accounts },
  ),
  change('alter table users validate constraint users_account', 'ShareUpdateExclusive', 'reads all', '-'),
  change('alter table users drop constraint users_account', 'AccessExclusive', '-', 'all', {
    others: ['AccessExclusive of accounts'],
  }),
  change('alter table users add unique (visits)', 'AccessExclusive', 'reads all', 'all'),
  change('alter table users add unique using index users_both', 'AccessExclusive', '-', 'all'),
  change('create index on users (name)', 'Share', 'reads all', 'writes'),
  change('create index concurrently users_name on users (name)', 'ShareUpdateExclusive', 'reads all', '-', {
    isBare: true,
  }),
  change('drop index concurrently users_name', 'ShareUpdateExclusive', '-', '-', { isBare: true }),
  change('drop index users_visits', 'AccessExclusive', '-', 'all'),
  change('alter index users_visits rename to users_often', '-', '-', '-'),
  change('reindex index users_visits', 'Share', 'reads all', 'all', {
    others: ['AccessExclusive of users_visits'],
  }),
  change('reindex table concurrently users', 'ShareUpdateExclusive', 'reads all', '-', { isBare: true }),
  change('cluster users using users_pkey', 'AccessExclusive', 'rewrites all', 'all'),
  change('vacuum full users', 'AccessExclusive', 'rewrites all', 'all', { isBare: true }),
  change('vacuum users', 'ShareUpdateExclusive', '-', '-', { isBare: true }),
  change('analyze users', 'ShareUpdateExclusive', '-', '-'),
  change('truncate users', 'AccessExclusive', '-', 'all'),
  change('update users set visits = visits + 1', 'RowExclusive', 'reads all', 'writes'),
  change('delete from users', 'RowExclusive', 'reads all', 'writes'),
  change("insert into users (id, name, amount) values (0, 'new', 1)", 'RowExclusive', '-', '-'),
  change('create table copied as select * from users', 'AccessShare', 'reads all', '-'),
  change("alter type mood add value 'fine'", '-', '-', '-'),
  change("alter type mood rename value 'ill' to 'sick'", '-', '-', '-'),
  change(
    'create trigger users_new before update on users for each row execute function nothing()',
    'ShareRowExclusive',
    '-',
    'writes',
  ),
  change('alter table users disable trigger users_old', 'ShareRowExclusive', '-', 'writes'),
  change('drop trigger users_old on users', 'AccessExclusive', '-', 'all'),
  change('create policy own on users using (true)', 'AccessExclusive', '-', 'all'),
  change('create statistics users_some on visits, born from users', 'ShareUpdateExclusive', '-', '-'),
  change("comment on table users is 'people'", 'ShareUpdateExclusive', '-', '-'),
  change('create view other as select * from users', 'AccessShare', '-', '-'),
  change('create or replace view seen as select id, born, visits from users', 'AccessShare', '-', '-', {
    others: ['AccessExclusive of seen'],
  }),
  change('drop view seen', '-', '-', '-', { others: ['AccessExclusive of seen'] }),
  change('refresh materialized view kept', 'AccessExclusive', 'rewrites all', 'all', { table: 'kept' }),
  change('refresh materialized view concurrently kept', 'Exclusive', 'reads all', '-', { table: 'kept' }),
  change(
    'create table parts_more partition of parts for values from (60000) to (70000)',
    'AccessExclusive',
    '-',
    'all',
    { table: 'parts' },
  ),
  change(
    'alter table parts attach partition parts_new for values from (20000) to (40000)',
    'AccessExclusive',
    'reads all',
    'all',
    { table: 'parts_new' },
  ),
  change(
    'alter table parts attach partition parts_known for values from (40000) to (60000)',
    'AccessExclusive',
    '-',
    'all',
    { table: 'parts_known' },
  ),
  change('alter table parts detach partition parts_old', 'AccessExclusive', '-', 'all', {
    table: 'parts',
    others: ['AccessExclusive of parts_old'],
  }),
  change('alter table parts detach partition parts_old concurrently', 'AccessExclusive', '-', 'all', {
    table: 'parts_old',
    isBare: true,
  }),
  change('drop table users cascade', 'AccessExclusive', '-', 'all', {
    others: ['AccessExclusive of accounts', 'AccessExclusive of kept', 'AccessExclusive of seen'],
  }),
];
