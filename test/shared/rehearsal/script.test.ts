import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodeScript, maxScriptBytes, maxStatements, readScript } from '../../../shared/rehearsal/script.ts';
import type { Dialect } from '../../../shared/sql/tokens.ts';

const refusalOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    expect(error).toMatchObject({ name: 'ChangeRefused' });
    return (error as { summary: string }).summary;
  }
  return 'none';
};

const refusalIn = (sql: string, dialect: Dialect): string => refusalOf(() => readScript([sql], dialect));

describe('refused by name, with the line, what was seen and what to do', () => {
  test.each<[Dialect, string, string]>([
    ['postgres', '\\set ON_ERROR_STOP on', 'remove it'],
    ['postgres', '\\i other.sql', 'a command of the client'],
    ['postgres', 'select 2 \\gexec', 'a command of the client'],
    ['mysql', 'select 2 \\G', 'a command of the client'],
    ['postgres', 'create database x', 'a whole database'],
    ['postgres', 'DROP /* now */ DATABASE x', 'a whole database'],
    ['postgres', `copy t from program 'curl x'`, 'a program of the server'],
    ['postgres', `copy t (a, b) to '/tmp/x'`, 'a file of the server'],
    ['postgres', 'copy t from stdin;\n1\n\\.', 'COPY with the client'],
    ['postgres', 'create role x', 'users and grants'],
    ['postgres', 'grant select on t to x', 'users and grants'],
    ['postgres', 'set local role x', 'users and grants'],
    ['postgres', 'set session authorization x', 'users and grants'],
    ['postgres', 'alter default privileges grant select on tables to x', 'users and grants'],
    ['postgres', `create subscription s connection 'x' publication p`, 'replication'],
    ['postgres', `select pg_create_logical_replication_slot('a', 'b')`, 'pg_create_logical_replication_slot'],
    ['postgres', 'alter system set work_mem = 1', 'the whole server'],
    ['postgres', 'set track_counts = off', 'track_counts, which would change what is measured'],
    ['postgres', `select set_config('deadlock_timeout', '1s', false)`, 'deadlock_timeout'],
    ['postgres', 'set idle_in_transaction_session_timeout = 1', 'idle_in_transaction_session_timeout'],
    ['postgres', `select set_config('role', 'x', false)`, 'role, which would change what is measured'],
    ['postgres', 'discard all', 'own session'],
    ['postgres', 'do $$ begin perform pg_terminate_backend(1); end $$', 'pg_terminate_backend'],
    ['postgres', `select dblink_exec('x', 'y')`, 'dblink_exec'],
    ['postgres', `select "dblink_exec" /* so */ ('x', 'y')`, 'dblink_exec'],
    ['postgres', `do $$ begin perform "aws_lambda"."invoke"('x'); end $$`, 'aws_lambda . invoke'],
    ['postgres', 'create user mapping for x server y', 'another server'],
    ['postgres', 'import foreign schema a from server b into c', 'another server'],
    ['postgres', `begin; create table a(); prepare transaction 'x'`, 'two phases'],
    ['mysql', 'use other', 'a whole database'],
    ['mysql', 'create schema x', 'a whole database'],
    ['mysql', `load data infile 'x' into table t`, 'LOAD of a file'],
    ['mysql', `select 1 into outfile 'x'`, 'an answer into a file'],
    ['mysql', `create user x identified by 'y'`, 'users and grants'],
    ['mysql', `set password = 'x'`, 'users and grants'],
    ['mysql', 'change replication source to source_host = 1', 'replication'],
    ['mysql', 'reset master', 'replication'],
    ['mysql', 'start slave', 'replication'],
    ['mysql', 'set global max_connections = 1', 'the whole server'],
    ['mysql', 'set @@global.max_connections = 1', 'the whole server'],
    ['mysql', 'set sql_mode = 1, sql_log_bin = 0', 'sql_log_bin'],
    ['mysql', 'set autocommit = 0', 'write begin and commit'],
    ['mysql', 'lock tables t write', 'LOCK TABLES'],
    ['mysql', 'kill 3', 'a command to the server'],
    ['mysql', 'update performance_schema.setup_instruments set enabled = 0', 'performance_schema'],
    ['mysql', '/*!50000 set global x = 1 */', 'the whole server'],
    ['mysql', 'source other.sql', "MySQL's client"],
    ['mysql', 'call mysql.rds_kill(3)', 'mysql.rds_kill'],
    ['mysql', 'call `mysql`.`rds_kill`(3)', 'mysql . rds_kill'],
    ['mysql', 'select `lambda_sync`(1)', 'lambda_sync'],
    ['mysql', "set sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')", 'quotes mean something else'],
  ])('%s: %s', (dialect, sql, what) => {
    const refusal = refusalIn(`select 1;\n${sql};`, dialect);
    expect(refusal).toContain(what);
    expect(refusal).toMatch(/^ {2}line 2: .+, seen ".+: .+/m);
  });

  test('several: all of them at once', () => {
    expect(refusalIn('grant a to b;\nselect 1;\ncreate role x;', 'postgres').split('\n')).toHaveLength(3);
  });
});

describe('not refused', () => {
  test.each<[Dialect, string]>([
    ['postgres', `comment on table t is 'create role; copy t from program'`],
    ['postgres', 'create table "grant" (a int); -- create role x'],
    ['postgres', 'create schema x'],
    ['postgres', 'lock table t in share mode'],
    ['postgres', `set statement_timeout = '5s'`],
    ['postgres', 'create publication p for table t'],
    ['postgres', 'alter table t add column program text'],
    ['postgres', `select '\\x', E'\\\\'`],
    ['mysql', 'update t set a = \\N'],
    ['mysql', 'set @sql_log_bin = 1'],
    ['mysql', `insert into t values ('grant all; set global x = 1')`],
    ['mysql', 'create table t (`use` int) # reset master'],
    ['mysql', 'set session lock_wait_timeout = 2'],
    ['mysql', "/*!40101 SET SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */"],
  ])('%s: %s', (dialect, sql) => {
    expect(refusalIn(sql, dialect)).toBe('none');
  });
});

test.each([
  ['without a statement', ['-- nothing'], 'there is none'],
  ['with too many', [';'.padStart(9, 'select 1').repeat(maxStatements + 1)], `seen ${maxStatements + 1}`],
  ['with a transaction that never ends', ['select 1;\nbegin;\nselect 2;'], 'line 2: a transaction begins'],
])('a script %s: refused', (_, texts, what) => {
  expect(refusalOf(() => readScript(texts, 'postgres'))).toContain(what);
});

test('several texts: numbers and lines go through all of them', () => {
  const { statements } = readScript(['select 1;\n\nselect 2', 'select 3'], 'postgres');
  expect(statements.map(({ number, line }) => [number, line])).toEqual([
    [1, 1],
    [2, 3],
    [3, 4],
  ]);
});

const transactionsOf = (sql: string, dialect: Dialect) =>
  readScript([sql], dialect).statements.map(({ transaction }) => transaction);

test.each<[string, Dialect, string, (number | null)[]]>([
  ['begin and commit', 'postgres', 'select 1; begin; a; commit; b; begin; end;', [null, 1, 1, 1, null, 2, 2]],
  ['savepoints', 'postgres', 'begin; savepoint a; rollback to a; b; rollback; c', [1, 1, 1, 1, 1, null]],
  ['a begin in a transaction', 'postgres', 'begin; begin; commit; a', [1, 1, 1, null]],
  ['the same in MySQL', 'mysql', 'begin; begin; commit; a', [1, 2, 2, null]],
  ['a chain', 'postgres', 'begin; commit and chain; a; commit; b', [1, 1, 1, 1, null]],
  ['DDL of MySQL', 'mysql', 'begin; insert a; alter table t add b int; insert c', [1, 1, null, null]],
])('transactions, %s: each statement is marked', (_, dialect, sql, expected) => {
  expect(transactionsOf(sql, dialect)).toEqual(expected);
});

test('DDL in a transaction of MySQL: a note says with its line that it ends there', () => {
  const { notes } = readScript(['begin;\nalter table t add b int;'], 'mysql');
  expect(notes).toEqual([expect.stringMatching(/^Line 2: MySQL commits/)]);
});

const timeoutsOf = (sql: string, dialect: Dialect) =>
  readScript([sql], dialect).statements.map(({ lockTimeoutMs }) => lockTimeoutMs);

test.each<[string, Dialect, string, (number | null)[]]>([
  ['none', 'postgres', 'alter table t add a int', [null]],
  [
    'a unit',
    'postgres',
    `set lock_timeout = '2s'; a; set lock_timeout to '1min'; b`,
    [2000, 2000, 60_000, 60_000],
  ],
  ['milliseconds', 'postgres', 'set session lock_timeout = 200; a', [200, 200]],
  ['zero is none', 'postgres', `set lock_timeout = '2s'; set lock_timeout = 0; a`, [2000, null, null]],
  [
    'default and reset',
    'postgres',
    `set lock_timeout = 9; set lock_timeout = default; set lock_timeout = 9; reset lock_timeout`,
    [9, null, 9, null],
  ],
  ['local', 'postgres', `begin; set local lock_timeout = 9; a; commit; b`, [null, 9, 9, null, null]],
  ['local without a transaction', 'postgres', `set local lock_timeout = 9; a`, [null, null]],
  [
    'rolled back',
    'postgres',
    'set lock_timeout = 5; begin; set lock_timeout = 9; rollback; a',
    [5, 5, 9, 5, 5],
  ],
  ['a function', 'postgres', `select set_config('lock_timeout', '3s', false); a`, [3000, 3000]],
  ['NOWAIT', 'postgres', 'lock table t in share mode nowait', [0]],
  ['seconds', 'mysql', 'set session lock_wait_timeout = 2; a', [2000, 2000]],
  ['another form', 'mysql', 'set sql_mode = 1, @@session.lock_wait_timeout := 3; a', [3000, 3000]],
  ['rows alone', 'mysql', 'set innodb_lock_wait_timeout = 3; a', [null, null]],
  [
    'SET STATEMENT',
    'mysql',
    'set statement lock_wait_timeout = 1 for alter table t add b int; a',
    [1000, null],
  ],
  ['WAIT', 'mysql', 'alter table t wait 3 add b int; alter table t nowait add c int', [3000, 0]],
  ['WAIT of an index', 'mysql', 'create index i on t (a) wait 2; drop index i on t nowait', [2000, 0]],
  ['a column of that name', 'mysql', 'alter table t add nowait int', [null]],
  ['a column of that name', 'postgres', 'alter table t add column nowait int', [null]],
  ['less than PostgreSQL counts', 'postgres', `set lock_timeout = '400us'; a`, [null, null]],
  ['zero is a second', 'mysql', 'set session lock_wait_timeout = 0; a', [1000, 1000]],
  [
    'rolled back to a savepoint',
    'postgres',
    'begin; savepoint s; set local lock_timeout = 9; a; rollback to savepoint s; b; commit',
    [null, null, 9, 9, null, null, null],
  ],
  [
    'a function that may be local',
    'postgres',
    `select set_config('lock_timeout', '3s', 't'); a`,
    [null, null],
  ],
])('lock timeout, %s: at which statements it holds', (_, dialect, sql, expected) => {
  expect(timeoutsOf(sql, dialect)).toEqual(expected);
});

test.each([`set schema 'a'`, 'set local search_path to a, b', 'reset search_path'])(
  '%s: the search path is set',
  (sql) => {
    expect(readScript([sql], 'postgres').setsSearchPath).toBe(true);
  },
);

test('settings that a reader should know: told with their lines', () => {
  const script = readScript(['set search_path = a;\nset session_replication_role = replica'], 'postgres');
  expect(script.setsSearchPath).toBe(true);
  expect(script.notes).toEqual([expect.stringContaining('Line 2: triggers and foreign keys are off')]);
});

describe('the bytes of a script', () => {
  const bytes = new TextEncoder().encode('select 1');

  test('as its hash says: the text', () => {
    expect(decodeScript(bytes, createHash('sha256').update(bytes).digest('hex'))).toBe('select 1');
  });

  test.each([
    ['another hash', bytes, '0'.repeat(64), 'expected a script with the SHA-256 0000'],
    ['too many', new Uint8Array(maxScriptBytes + 1), null, `seen ${maxScriptBytes + 1}`],
    ['Latin-1', Uint8Array.from([0x66, 0xfc]), null, 'in UTF-8'],
  ])('%s: refused', (_, given, sha256, what) => {
    expect(refusalOf(() => decodeScript(given, sha256))).toContain(what);
  });
});
