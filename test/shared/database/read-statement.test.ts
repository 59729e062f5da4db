import { describe, expect, test } from 'vitest';
import { refuseStatement, trimStatement } from '../../../shared/database/read-statement.ts';

describe('one statement that reads: taken', () => {
  test.each([
    'select 1',
    '  SELECT count(*) FROM orders;  ',
    'with recent as (select * from orders) select count(*) from recent',
    "values (1, 'a')",
    'table orders',
    '(select 1) union (select 2)',
    '( ( select 1 ) )',
    '-- how many\nselect count(*) from orders',
    '/* how; many */ select count(*) from orders',
    'select count(*) from orders; -- all of them',
    'select count(*) -- into; for update\nfrom orders',
    'select 1 /* into x; for update */ + 1',
    "select ';' || 'into' || 'for update'",
    "select 'it''s; into' from orders",
    'select "into", "a;b", "say ""for update""" from orders',
    'select `into`, `a;b``;c` from orders',
    'select $$a; into b$$',
    'select $tag$a; $$ into b$tag$',
    "select e'a\\'; into b'",
    "select details #>> '{a,b}' from orders",
    'select 1 # a MySQL comment\n + 1',
    'select 5--1',
    'select updated_at, forupdate, lock_in_share_mode, intones from orders',
    'select substring(name from 1 for 3) from users',
    'select for_update from "for share"',
  ])('%s', (sql) => {
    expect(refuseStatement(sql)).toBeNull();
  });
});

const several = 'expected one statement, and there are several';

describe('several statements: refused, however the second one is hidden', () => {
  test.each([
    ['plainly', 'select 1; delete from orders'],
    ['after an empty one', 'select 1;;'],
    ['behind a comment', 'select 1 /* a */ ; /* b */ delete from orders'],
    ['after a line comment', 'select 1 -- a\n; delete from orders'],
    ['after a string that ends with two quotes', "select 'a'''; delete from orders; select ''"],
    ['after a backslash, which PostgreSQL takes as itself', "select '\\'; delete from orders --'"],
    ['after a quote escaped by a backslash, as MySQL reads it', "select '\\''; delete from orders -- '"],
    ['after a quote escaped in an E string', "select '\\', e'\\''; delete from orders --'"],
    ['after #, which is no comment in PostgreSQL', 'select 1 # 2; delete from orders'],
    ['after -- without a space, which is no comment in MySQL', 'select 5--1; delete from orders'],
    ['between names that end like a dollar quote', 'select 1 as a$b$; delete from orders; select 1 as c$b$'],
    ['behind a nested comment', 'select 1 /* /* */ ; delete from orders */'],
    ['in a dollar quote of another tag', 'select $a$x$a$; delete from orders; select $b$x$b$'],
  ])('%s', (_, sql) => {
    expect(refuseStatement(sql)).toBe(several);
  });
});

describe('another statement: refused by its first word', () => {
  test.each([
    ['delete from orders', 'delete'],
    ['insert into orders select 1', 'insert'],
    ['/* select */ update orders set a = 1', 'update'],
    ['explain analyze select 1', 'explain'],
    ['set transaction read write', 'set'],
    ['begin', 'begin'],
    ['call refresh()', 'call'],
    ['copy orders to program $$rm$$', 'copy'],
    ['selected', 'selected'],
    ["'select 1'", 'undefined'],
    ['* from orders', '*'],
  ])('%s', (sql, first) => {
    const word = first === 'undefined' ? 'one statement that reads' : `begins with ${first}`;
    expect(refuseStatement(sql)).toContain(word);
  });

  test.each(['', '   ', ';', '-- select 1', '/* select 1 */', "'a string'"])('nothing in "%s"', (sql) => {
    expect(refuseStatement(sql)).toBe('expected one statement that reads, and there is none');
  });
});

describe('a statement that writes or locks all the same: refused', () => {
  test.each([
    'select * into backup from orders',
    "select * from orders INTO OUTFILE '/tmp/orders'",
    "select 5--1 into outfile '/tmp/orders'",
    'select count(*) into @count from orders',
    'with a as (select 1) select * into b from a',
  ])('%s', (sql) => {
    expect(refuseStatement(sql)).toBe(
      'expected a statement that only reads: INTO writes the answer somewhere',
    );
  });

  test.each([
    'select * from orders for update',
    'select * from orders FOR  no\nkey UPDATE',
    'select * from orders for share skip locked',
    'select * from orders for key share',
    'select * from orders lock in share mode',
    'select * from orders for /* no */ update',
    'select * from orders for -- no\n update',
  ])('%s', (sql) => {
    expect(refuseStatement(sql)).toBe('expected a statement that only reads: it locks rows');
  });
});

test.each([
  ['select 1', 'select 1'],
  [' select 1 ; ', 'select 1'],
  ['select 1;\n;', 'select 1'],
  ["select ';'", "select ';'"],
])('%j: trimmed to %j', (sql, trimmed) => {
  expect(trimStatement(sql)).toBe(trimmed);
});
