import { expect, test } from 'vitest';
import { readDefinition, tellAlgorithm } from '../../../../shared/probing/mysql/definition.ts';

const tried = (sql: string): string | undefined => readDefinition(sql, 'shop')?.on?.('twin', 'INSTANT');

test.each([
  ['alter table users add c int;', 'alter table twin algorithm=INSTANT, add c int'],
  ['ALTER ONLINE TABLE `a b`.users WAIT 3 drop c', 'alter table twin algorithm=INSTANT, drop c'],
  ['alter table users algorithm=copy, lock=none, add c int', 'alter table twin algorithm=INSTANT, add c int'],
  ['alter table users add c int, algorithm = inplace', 'alter table twin algorithm=INSTANT, add c int'],
  ['-- why\n/* and how */ alter table users force', 'alter table twin algorithm=INSTANT, force'],
  [
    'create unique index i on users (name) lock=none',
    'create unique index i on twin(name) algorithm=INSTANT',
  ],
  ['drop index `on` on users', 'alter table twin algorithm=INSTANT, drop index `on`'],
  ['optimize table users', 'alter table twin algorithm=INSTANT, force'],
])('%s: the same on another table, by the algorithm that is tried', (sql, other) => {
  expect(tried(sql)?.replaceAll(/\s+/g, ' ')).toBe(other);
});

test.each([
  'alter table users add foreign key (account) references accounts (id)',
  'alter table users drop foreign key users_account',
  'alter table users drop partition low',
])('%s: has an algorithm, and is not tried elsewhere', (sql) => {
  expect(readDefinition(sql, 'shop')).toMatchObject({ on: null });
});

test.each([
  'alter table users rename to people',
  'alter table users exchange partition low with table spare',
  'create table t (id int, index i (id))',
  'create trigger t after insert on users for each row set @a = 1',
  'drop table users',
  'update users set name = "alter table users add c int"',
])('%s: has no algorithm', (sql) => {
  expect(readDefinition(sql, 'shop')).toBeNull();
});

test('names: the database of the session unless there is one, and without their quotes', () => {
  expect(readDefinition('alter table `a``b` force', 'shop')?.table).toEqual({ schema: 'shop', table: 'a`b' });
  expect(readDefinition('alter table `x.y` . users force', 'shop')?.table).toEqual({
    schema: 'x.y',
    table: 'users',
  });
});

test.each([
  ['rows were copied', null, 'INSTANT', { affectedRows: 5, isRebuilt: true }, 'COPY'],
  ['of no row, as the script asks', 'COPY', 'INSTANT', { affectedRows: 0, isRebuilt: true }, 'COPY'],
  ['of no row, as there is no other way', null, 'COPY', { affectedRows: 0, isRebuilt: true }, 'COPY'],
  ['built anew without a copy', null, 'INSTANT', { affectedRows: 0, isRebuilt: true }, 'INPLACE'],
  ['not built anew', null, 'INPLACE', { affectedRows: 0, isRebuilt: false }, 'INPLACE'],
  ['nothing but the definition', null, 'INSTANT', { affectedRows: 0, isRebuilt: false }, 'INSTANT'],
  ['nothing is known of it', null, null, { affectedRows: 0, isRebuilt: false }, 'INPLACE'],
] as const)('%s', (_, asked, best, ran, took) => {
  expect(tellAlgorithm(asked, best, ran)).toBe(took);
});
