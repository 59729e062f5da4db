import { describe, expect, test } from 'vitest';
import type { Catalog } from '../../../shared/rehearsal/catalog.ts';
import type { ChangeMeasured, ViewChanged } from '../../../shared/rehearsal/measured.ts';
import { judgeChange } from '../../../shared/rehearsal/verdict.ts';
import { findViewsChanged } from '../../../shared/rehearsal/views.ts';
import { limits, makeChange } from './measured-fixture.ts';

const users = { readBy: ['shop.daily'], namedBy: ['shop.report'] };
const catalog = (dialect: Catalog['dialect']): Catalog => ({
  dialect,
  searchPath: ['shop'],
  tables: ['shop.users'],
  others: [],
  triggered: [],
  views: [
    { name: 'shop.seen', ...users },
    { name: 'shop.daily', readBy: [], namedBy: [] },
    { name: 'other.seen', readBy: [], namedBy: [] },
  ],
  partitions: [],
  foreignKeys: [],
});

describe('views that a statement drops or defines', () => {
  const drops = (...names: string[]) => names.map((name) => [name, true]);
  const defines = (name: string) => [[name, false]];
  test.each<[string, unknown[]]>([
    ['drop view seen', drops('shop.seen')],
    ['DROP VIEW IF EXISTS other.seen, daily CASCADE', drops('shop.daily', 'other.seen')],
    ['create view seen as select * from users', defines('shop.seen')],
    ['create or replace view seen as select * from daily', defines('shop.seen')],
    ['create or replace temp recursive view seen (id) as select 1', defines('shop.seen')],
    ['alter view other.seen as select * from seen', defines('other.seen')],
    ['alter view if exists seen set (security_barrier)', defines('shop.seen')],
    ['create view unknown as select * from seen', []],
    ['drop materialized view seen', []],
    ['drop table seen', []],
    ['create function f() returns int return (select 1 from view, seen)', []],
    ['select * from seen', []],
  ])('%s', (sql, expected) => {
    const found = findViewsChanged(sql, catalog('postgres'));
    expect(found.map(({ view, isDropped }) => [view, isDropped])).toEqual(expected);
  });

  test('as MySQL writes them, with who reads the view', () => {
    const sql =
      'create or replace algorithm = merge definer = `root`@`%` sql security invoker view `Seen` as select 1';
    expect(findViewsChanged(sql, catalog('mysql'))).toEqual([
      { view: 'shop.seen', isDropped: false, ...users },
    ]);
  });
});

const view = (isDropped: boolean, more: Partial<ViewChanged> = {}): ViewChanged => ({
  view: 'shop.seen',
  isDropped,
  readBy: [],
  namedBy: [],
  ...more,
});
const mysql = { engine: 'aurora-mysql' };
const patient = { sql: 'set session lock_wait_timeout = 1', tables: [] };
const judge = (statements: Parameters<typeof makeChange>[0], more: Partial<ChangeMeasured> = mysql) =>
  judgeChange(makeChange(statements, more), { ...limits, blockedReadMs: 1000 });
const drop = { sql: 'drop view seen', tables: [], views: [view(true)] };
const create = { sql: 'create view seen as select 1', tables: [], views: [view(false)] };

describe('MySQL', () => {
  test.each([drop, { ...create, sql: 'create or replace view seen as select 1' }])(
    '$sql without a lock timeout: every read of the view may wait without end',
    (statement) => {
      const { verdict, findings } = judge([statement]);
      expect(verdict).toBe('unsafe');
      expect(findings).toMatchObject([
        { what: 'unbounded wait', forWhom: 'every read of and write to shop.seen' },
      ]);
    },
  );

  test('with a short one: safe, and told what becomes of whoever reads it', () => {
    const { verdict, notes } = judge([
      patient,
      { ...drop, views: [view(true, { namedBy: ['shop.report'] })] },
    ]);
    expect([verdict, notes]).toEqual([
      'safe',
      ['Statement 2 drops shop.seen: what reads it (shop.report) fails from then on.'],
    ]);
  });

  test('dropped, then made again: waited for once, and gone in between', () => {
    expect(judge([drop, create]).findings).toHaveLength(1);
    expect(judge([patient, drop, create])).toMatchObject({
      verdict: 'safe',
      notes: [
        'Statement 2 drops shop.seen: what reads it fails until statement 3.',
        'Statement 3 defines shop.seen anew: what reads it gets what that gives.',
      ],
    });
  });

  test('dropped while another view reads it, and stays: left invalid; not if it goes too, or is there again', () => {
    const read = { ...drop, views: [view(true, { readBy: ['shop.daily'] })] };
    const other = { ...drop, views: [view(true, { view: 'shop.daily' })] };
    expect(judge([patient, read])).toMatchObject({
      verdict: 'unsafe',
      findings: [{ what: 'left invalid', words: 'it leaves view shop.daily invalid, which reads shop.seen' }],
    });
    expect(judge([patient, other, read]).findings).toEqual([]);
    expect(judge([patient, read, create]).findings).toEqual([]);
  });
});

describe('PostgreSQL, whose locks were seen', () => {
  const postgres = { engine: 'aurora-postgresql' };
  test('a view without a lock: safe, and told', () => {
    expect(judge([drop], postgres)).toMatchObject({
      verdict: 'safe',
      notes: ['Statement 1 drops shop.seen: what reads it fails from then on.'],
    });
  });

  test('dropped and made again in one transaction: nobody sees it gone', () => {
    const statements = [{ sql: 'begin' }, drop, create, { sql: 'commit' }];
    expect(judge(statements, postgres).notes).toEqual([
      'Statement 3 defines shop.seen anew: what reads it gets what that gives.',
    ]);
  });

  test('a statement that fails changes no view', () => {
    const error = { message: 'other objects depend on it', code: '2BP01', doneBefore: 'nothing' };
    expect(judge([{ ...drop, error }], postgres)).toMatchObject({ verdict: 'failed', notes: [] });
  });
});
