/** Roles are of the whole server, so they are made once. */
export const rolesSql = `create role clerk; create role keeper;`;

const onDatabase = (statement: string): string =>
  `do $do$ begin execute format($format$ ${statement} $format$, current_database()); end $do$;`;

/** A database with objects of every kind. It runs in any database of a server with the roles. */
export const everyKindSql = `
  create schema app;
  create schema spare;
  create schema empty;
  set search_path = app;

  create type mood as enum ('sad', 'fine', 'glad');
  create type pair as (a integer, b text);
  create type span as range (subtype = float8);
  create type shell;
  create domain price as numeric(10, 2) default 1 constraint positive check (value > 0);

  create function twice(n integer) returns integer language sql stable as 'select n * 2';
  create function price_of(integer) returns price language sql as 'select $1::app.price';
  create procedure settle(inout n integer) language plpgsql as 'begin n := 1; end';
  create aggregate total (integer) (sfunc = int4pl, stype = integer, initcond = '0');
  create function stamp() returns trigger language plpgsql as 'begin return new; end';
  create function watch() returns event_trigger language plpgsql as 'begin end';

  create table owners (
    id integer generated always as identity primary key, code text collate "C" default 'none', body text,
    doubled integer generated always as (id * 2) stored, mood mood, "Odd Name" integer default 1);
  create table pets (id serial primary key, owner integer references owners, note text not null);
  create unique index pets_note on pets (note, id);
  create index pets_upper on pets (upper(note));
  create table plain (id integer not null, a integer, b integer);
  create table plain_copy (id integer);
  create table people of pair;
  create unlogged table quick (id integer check (id > 0));
  create table parts (id integer, note text) partition by range (id);
  create table parts_low partition of parts for values from (0) to (10);
  create table parts_high partition of parts for values from (10) to (20);
  create index parts_id on parts (id);
  create index parts_low_note on parts_low (note);
  alter table parts_low alter note set not null;
  create table parent (id integer);
  create table child () inherits (parent);

  create sequence counter as integer increment 5 minvalue 5 maxvalue 500 cache 10;
  create statistics plain_numbers (dependencies) on a, b from plain;
  create view seen with (security_barrier) as select id, note from pets;
  create view wide as select * from plain;
  create materialized view kept as select id from pets;
  create index kept_id on kept (id);
  create rule ignored as on delete to plain do instead nothing;
  create trigger stamped before insert on pets for each row execute function stamp();
  create trigger stamped_late after update on plain for each row when (old.a > 1) execute function stamp();
  create event trigger watching on ddl_command_end when tag in ('CREATE CONVERSION') execute function watch();
  create policy mine on pets for select to clerk using (owner = 1);
  create policy theirs on plain as restrictive with check (a > 0);
  alter table pets enable row level security;
  alter table owners enable row level security, force row level security;

  create function same_number(integer, text) returns boolean language sql immutable as 'select $1::text = $2';
  create operator === (leftarg = integer, rightarg = text, function = same_number);
  create operator class backwards for type integer using btree as operator 1 >, operator 2 >=, operator 3 =,
    operator 4 <=, operator 5 <, function 1 btint4cmp(integer, integer);
  create function mood_rank(mood) returns integer language sql immutable as 'select 1';
  create cast (mood as integer) with function mood_rank(mood);
  create collation plainly (provider = icu, locale = 'und', deterministic = false);
  create text search dictionary words (template = pg_catalog.simple, stopwords = english);
  create text search configuration searching (copy = pg_catalog.simple);
  create conversion latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;

  create foreign data wrapper nowhere options (debug 'off');
  create server elsewhere version '1' foreign data wrapper nowhere options (host 'a.example');
  create user mapping for clerk server elsewhere options (password 'secret-of-clerk');
  create foreign table afar (id integer not null, note text options (name 'n')) server elsewhere options (file 'a');
  create publication given;
  create publication of_schema for tables in schema spare;
  create publication whole for table plain, pets (id, note) where (id > 1) with (publish = 'insert');
  create subscription taking connection 'host=nowhere.example password=secret-of-subscription' publication given
    with (connect = false, slot_name = none);
  select lo_create(0), lo_create(0);

  alter table owners alter body set storage external, alter body set compression pglz, alter mood set statistics 50,
    alter code set (n_distinct = 5), set (toast.autovacuum_enabled = off);
  alter table plain set (fillfactor = 70), replica identity full;
  alter table pets replica identity using index pets_note, cluster on pets_note;
  alter index pets_note set (fillfactor = 60);

  grant select on pets, seen, counter to clerk;
  grant insert (code) on owners to clerk with grant option;
  grant execute on function twice to clerk;
  revoke execute on function price_of from public;
  grant usage on schema spare to clerk;
  revoke usage on type mood from public;
  alter default privileges in schema spare grant select on tables to clerk;
  alter default privileges for role keeper revoke execute on functions from public;
  comment on schema app is 'of the application';
  comment on table pets is 'all pets';
  comment on column pets.note is 'free text';
  comment on function twice is 'two times';
  comment on constraint pets_owner_fkey on pets is 'no strays';
  comment on policy mine on pets is 'of clerks';
  ${onDatabase(`comment on database %1$I is 'a shop'; grant connect on database %1$I to clerk;
    alter database %1$I set work_mem = '5MB'; alter database %1$I set app.level = '2';
    alter role clerk in database %1$I set statement_timeout = '5s'`)}
  reset search_path`;

/** What may get lost or change, and how, by the kind that tells. A name is told by all kinds that have it. */
const damagesByKind: Record<string, Record<string, string>> = {
  'schemas, owners': { 'a schema was renamed': 'alter schema empty rename to void' },
  types: {
    'two labels of an enum changed places': `alter type mood rename value 'sad' to 'x';
      alter type mood rename value 'glad' to 'sad'; alter type mood rename value 'x' to 'glad'`,
    'an enum has one more label': `alter type mood add value 'bored' before 'fine'`,
    'a composite type has another column': 'alter type pair add attribute c integer cascade',
    'a constraint of a domain was dropped': 'alter domain price drop constraint positive',
    'a constraint of a domain is another': `alter domain price add constraint low check (value < 9)`,
    'a default of a domain changed': 'alter domain price set default 2',
    'a domain refuses NULL': 'alter domain price set not null',
    'a range has another subtype': 'drop type span; create type span as range (subtype = float4)',
    'a shell type is gone': 'drop type shell; create domain shell as integer',
  },
  columns: {
    'the collation of a column changed': 'alter table owners alter code type text collate "POSIX"',
    'a default changed': `alter table owners alter code set default 'some'`,
    'a default was dropped': 'alter table owners alter "Odd Name" drop default',
    'a default of a view was added': 'alter view seen alter note set default 1',
    'a generated expression changed': 'alter table owners alter doubled set expression as (id * 3)',
    'a generated column became a plain one': 'alter table owners alter doubled drop expression',
    'an identity takes given values': 'alter table owners alter id set generated by default',
    'a storage changed': 'alter table owners alter body set storage main',
    'a compression was lost': 'alter table owners alter body set compression default',
    'a statistics target was lost': 'alter table owners alter mood set statistics -1',
    'a statistics target of an index was set': 'alter index pets_upper alter column 1 set statistics 99',
    'an option of a column changed': 'alter table owners alter code set (n_distinct = 6)',
    'an option of a foreign column changed': `alter foreign table afar alter note options (set name 'm')`,
    'a default of a partition changed': 'alter table parts_low alter note set default 1',
  },
  views: {
    'a view is another':
      'create or replace view seen with (security_barrier) as select id, note from pets where id > 1',
    'a view runs as who reads it': 'alter view seen set (security_invoker)',
    'a view lost its barrier': 'alter view seen reset (security_barrier)',
  },
  'materialized views': {
    'a materialized view is another': `drop materialized view kept;
        create materialized view kept as select id + 0 as id from pets; create index kept_id on kept (id)`,
    'a materialized view is empty': 'refresh materialized view kept with no data',
    'an index of a materialized view was dropped': 'drop index kept_id',
  },
  rules: {
    'a rule is another':
      'create or replace rule ignored as on delete to plain where old.a > 1 do instead nothing',
    'a rule was dropped': 'drop rule ignored on plain',
    'a rule was disabled': 'alter table plain disable rule ignored',
  },
  triggers: {
    'a trigger was dropped': 'drop trigger stamped on pets',
    'a trigger was disabled': 'alter table pets disable trigger stamped',
    'a trigger fires on replicas only': 'alter table pets enable replica trigger stamped',
    'a condition of a trigger changed': `create or replace trigger stamped_late after update on plain for each row
      when (old.a > 2) execute function stamp()`,
    'a foreign key was switched off':
      'alter table pets disable trigger all; alter table pets enable trigger stamped',
    'an event trigger was disabled': 'alter event trigger watching disable',
  },
  functions: {
    'a body changed': `create or replace function twice(n integer) returns integer language sql stable as 'select n + n'`,
    'a function became volatile': 'alter function twice volatile',
    'a function runs as its owner': 'alter function twice security definer',
    'a function has a search_path': 'alter function twice set search_path = app',
    'a procedure changed': `create or replace procedure settle(inout n integer) language plpgsql as 'begin n := 2; end'`,
    'an aggregate begins elsewhere': `create or replace aggregate total (integer) (sfunc = int4pl, stype = integer, initcond = '1')`,
  },
  policies: {
    'a policy lets more through': 'alter policy mine on pets using (true)',
    'a policy checks less': 'alter policy theirs on plain with check (true)',
    'a policy is for others': 'alter policy mine on pets to public',
    'a policy was dropped': 'drop policy theirs on plain',
    'row security was switched off': 'alter table pets disable row level security',
    'row security no longer binds the owner': 'alter table owners no force row level security',
  },
  grants: {
    'a grant on a table was revoked': 'revoke select on pets from clerk',
    'a grant on a view was added': 'grant select on seen to keeper',
    'a grant on a sequence was revoked': 'revoke select on counter from clerk',
    'a grant on a column was revoked': 'revoke insert (code) on owners from clerk',
    'a grant option was revoked': 'revoke grant option for insert (code) on owners from clerk',
    'a grant on a function was revoked': 'revoke execute on function twice from clerk',
    'a function is for all again': 'grant execute on function price_of to public',
    'a grant on a schema was revoked': 'revoke usage on schema spare from clerk',
    'a type is for all again': 'grant usage on type mood to public',
    'a grant on the database was revoked': onDatabase('revoke connect on database %I from clerk'),
    'default privileges in a schema were revoked':
      'alter default privileges in schema spare revoke select on tables from clerk',
    'default privileges of a role changed': `alter default privileges for role keeper grant execute on functions to public`,
    'a language is not for all': 'revoke usage on language sql from public',
    'a grant on a server was added': 'grant usage on foreign server elsewhere to clerk',
  },
  owners: {
    'a table has another owner': 'alter table plain owner to keeper',
    'a view has another owner': 'alter view wide owner to keeper',
    'a function has another owner': 'alter function stamp owner to keeper',
    'a type has another owner': 'alter type pair owner to keeper',
    'a schema has another owner': 'alter schema empty owner to keeper',
    'a publication has another owner': 'alter publication given owner to keeper',
  },
  comments: {
    'a comment on a table changed': `comment on table pets is 'some pets'`,
    'a comment on a column changed': `comment on column pets.note is 'text'`,
    'a comment on a function is gone': 'comment on function twice is null',
    'a comment on a constraint is gone': 'comment on constraint pets_owner_fkey on pets is null',
    'a comment on the schema public is another': `comment on schema public is 'of all'`,
    'a comment on the database is another': onDatabase(`comment on database %I is 'a closed shop'`),
  },
  sequences: {
    'an increment changed': 'alter sequence counter increment 10',
    'a type changed': 'alter sequence counter as bigint',
    'a maximum changed': 'alter sequence counter maxvalue 1000',
    'a sequence cycles': 'alter sequence counter cycle',
    'a cache changed': 'alter sequence counter cache 1',
    'a sequence lost its column': 'alter sequence pets_id_seq owned by none',
    'a sequence of an identity changed': 'alter table owners alter id set increment 2',
  },
  publications: {
    'a table is no longer published': 'alter publication whole drop table plain',
    'a filter of rows changed': 'alter publication whole set table plain, pets (id, note) where (id > 2)',
    'published columns changed': 'alter publication whole set table plain, pets (id) where (id > 1)',
    'a schema is no longer published': 'alter publication of_schema drop tables in schema spare',
    'what is published changed': `alter publication whole set (publish = 'insert, delete')`,
  },
  subscriptions: {
    'a subscription takes another publication':
      'alter subscription taking set publication other with (refresh = false)',
  },
  'statistics objects': {
    'a statistics object was dropped': 'drop statistics plain_numbers',
    'a statistics object has another target': 'alter statistics plain_numbers set statistics 7',
  },
  'storage options': {
    'a fillfactor changed': 'alter table plain set (fillfactor = 80)',
    'an option of out-of-line values was lost': 'alter table owners reset (toast.autovacuum_enabled)',
    'an option of an index was lost': 'alter index pets_note reset (fillfactor)',
    'a replica identity was lost': 'alter table plain replica identity default',
    'a replica identity has another index': 'alter table pets replica identity using index pets_pkey',
    'a table is clustered no longer': 'alter table pets set without cluster',
    'a partition was detached': 'alter table parts detach partition parts_high',
    'a partition has other bounds': `alter table parts detach partition parts_high;
      alter table parts attach partition parts_high for values from (10) to (30)`,
    'an index of one partition was dropped': 'drop index parts_low_note',
    'a column of one partition takes NULL': 'alter table parts_low alter note drop not null',
    'a constraint of one partition was added': 'alter table parts_low add constraint low check (id < 9)',
    'a child left its parent': 'alter table child no inherit parent',
    'a typed table lost its type': 'alter table people not of',
    'an unlogged table has another column': 'alter table quick add note text',
    'an unlogged table lost its constraint': 'alter table quick drop constraint quick_id_check',
    'a table became unlogged': 'alter table plain_copy set unlogged',
  },
  settings: {
    'a setting of the database changed': onDatabase(`alter database %I set work_mem = '6MB'`),
    'a setting of the database is gone': onDatabase('alter database %I reset app.level'),
    'a setting of a role in the database is gone': onDatabase('alter role clerk in database %I reset all'),
  },
  'foreign objects': {
    'an option of a wrapper changed': `alter foreign data wrapper nowhere options (set debug 'on')`,
    'an option of a server changed': `alter server elsewhere options (set host 'b.example')`,
    'a version of a server changed': `alter server elsewhere version '2'`,
    'an option of a foreign table changed': `alter foreign table afar options (set file 'b')`,
    'a column of a foreign table takes NULL': 'alter foreign table afar alter id drop not null',
    'a user mapping was dropped': 'drop user mapping for clerk server elsewhere',
  },
  'other objects': {
    'an operator was dropped': 'drop operator === (integer, text)',
    'an operator has another estimate': 'alter operator === (integer, text) set (restrict = eqsel)',
    'an operator class was dropped': 'drop operator class backwards using btree',
    'a cast became implicit':
      'drop cast (mood as integer); create cast (mood as integer) with function mood_rank(mood) as implicit',
    'a collation tells all texts apart': `drop collation plainly; create collation plainly (provider = icu, locale = 'und')`,
    'a dictionary lost its stop words': 'alter text search dictionary words (stopwords)',
    'a text search takes another dictionary':
      'alter text search configuration searching alter mapping for word with words',
    'a conversion was dropped': 'drop conversion latin',
  },
  'large objects': {
    'a large object was removed': 'select lo_unlink(min(oid)) from pg_largeobject_metadata',
  },
};

/** Each with the kinds that tell. */
export const damages = Object.entries(damagesByKind).flatMap(([kinds, changes]) =>
  Object.entries(changes).map(([title, sql]): [title: string, sql: string, kinds: string[]] => [
    title,
    sql,
    kinds.split(', '),
  ]),
);
