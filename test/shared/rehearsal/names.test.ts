import { describe, expect, test } from 'vitest';
import type { Catalog } from '../../../shared/rehearsal/catalog.ts';
import { namedIn } from '../../../shared/rehearsal/names.ts';

const catalog: Catalog = {
  dialect: 'postgres',
  searchPath: ['public'],
  tables: [
    'public.users',
    'audit.users',
    'public.orders',
    'public.items',
    'public.Odd',
    'public."a.b"',
    'public.events',
    'public.events_2026',
    'public.events_2026_11',
  ],
  others: [
    { name: 'public.users_email', tables: ['public.users'] },
    { name: 'public.daily', tables: ['public.orders', 'public.items'] },
    { name: 'public.orders_id_seq', tables: ['public.orders'] },
    { name: 'public.mood', tables: ['public.users', 'public.Odd'] },
  ],
  views: [],
  triggered: [{ table: 'public.orders', tables: ['audit.users'] }],
  partitions: [
    { parent: 'public.events', partition: 'public.events_2026' },
    { parent: 'public.events_2026', partition: 'public.events_2026_11' },
  ],
  foreignKeys: [
    { child: 'public.orders', parent: 'public.users' },
    { child: 'public.items', parent: 'public.orders' },
  ],
};

const named = (sql: string, other: Partial<Catalog> = {}) =>
  namedIn(sql, { ...catalog, ...other }).map((name) => name.replace(/^public\./, ''));

describe('tables that a statement names', () => {
  test.each<[string, string, string[]]>([
    ['by its search path', 'alter table users add a int', ['users']],
    ['by its schema', 'alter table audit.users add a int', ['audit.users']],
    ['in capitals', 'ALTER TABLE Public.USERS add a int', ['users']],
    ['in quotes', 'alter table "Odd" add a int', ['Odd']],
    ['in quotes with a dot', 'alter table public."a.b" add a int', ['"a.b"']],
    ['in other case, quoted', 'alter table "Users" add a int', []],
    ['by a column', 'create view v as select users.id from users', ['users']],
    ['by an index', 'drop index concurrently users_email', ['orders', 'users']],
    ['by a view', 'create or replace view daily as select 1', ['items', 'orders', 'users']],
    ['by a sequence', 'alter sequence orders_id_seq restart', ['orders', 'users']],
    ['by a type', `alter type mood add value 'x'`, ['Odd', 'users']],
    ['in a string', `select pg_relation_size('public.users'::regclass)`, ['users']],
    ['in a body', 'do $$ begin update users set a = 1; end $$', ['users']],
    ['only in a comment', 'select 1 -- users', []],
    ['only in a text', `insert into x values ('all users')`, []],
    ['not at all', 'create table new (id int)', []],
  ])('%s', (_, sql, expected) => {
    expect(named(sql)).toEqual(expected);
  });

  test('without a search path that is known: in every schema', () => {
    expect(named('alter table users add a int', { searchPath: null })).toEqual(['audit.users', 'users']);
  });

  test('that no schema of the search path has: in every schema', () => {
    expect(named('alter table users add a int', { searchPath: ['other'] })).toEqual(['audit.users', 'users']);
  });
});

describe('tables that are joined to those', () => {
  test.each<[string, string, string[]]>([
    [
      'partitions, all the way down',
      'alter table events add a int',
      ['events', 'events_2026', 'events_2026_11'],
    ],
    ['what it is a partition of', 'drop table events_2026_11', ['events', 'events_2026', 'events_2026_11']],
    ['what its foreign keys refer to', 'alter table orders add a int', ['orders', 'users']],
    ['what refers to it, when rows go', 'delete from users', ['orders', 'users']],
    [
      'what its triggers touch, when rows change',
      'insert into orders values (1)',
      ['audit.users', 'orders', 'users'],
    ],
    ['what refers to it, when it goes', 'drop table orders cascade', ['items', 'orders', 'users']],
  ])('%s', (_, sql, expected) => {
    expect(named(sql)).toEqual(expected);
  });
});

test('MySQL: in any case, in backticks, by the database', () => {
  const mysql: Partial<Catalog> = {
    dialect: 'mysql',
    searchPath: ['shop'],
    tables: ['shop.Users', 'other.users'],
    others: [],
  };
  expect(named('alter table USERS add a int', mysql)).toEqual(['shop.Users']);
  expect(named('alter table `other`.`users` add a int', mysql)).toEqual(['other.users']);
});
