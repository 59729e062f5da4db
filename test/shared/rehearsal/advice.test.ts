import { describe, expect, test } from 'vitest';
import { adviseSafer } from '../../../shared/rehearsal/safer.ts';
import { describeUndo, describeWayBack } from '../../../shared/rehearsal/undo.ts';
import { type Dialect, shapeOf } from '../../../shared/sql/tokens.ts';

const safer = (sql: string, dialect: Dialect, isOnlyQueue = false) =>
  adviseSafer(shapeOf(sql, dialect), dialect, isOnlyQueue);

describe('the usual safer way', () => {
  test.each<[Dialect, string, string]>([
    ['postgres', 'create index i on t (a)', 'create the index CONCURRENTLY'],
    ['postgres', 'drop index i', 'drop the index CONCURRENTLY'],
    ['postgres', 'reindex table t', 'reindex CONCURRENTLY'],
    ['postgres', 'vacuum (full) t', 'pg_repack'],
    ['postgres', 'cluster t using i', 'pg_repack'],
    ['postgres', 'alter table t add primary key (a)', 'USING INDEX'],
    ['postgres', 'alter table t add constraint f foreign key (a) references u', 'NOT VALID'],
    ['postgres', 'alter table t add check (a > 0)', 'NOT VALID'],
    ['postgres', 'alter table t alter a set not null', 'a check that it is not null'],
    ['postgres', 'alter table t alter column a type bigint', 'a column of the new type'],
    ['postgres', 'alter table t add a uuid default gen_random_uuid()', 'without its default'],
    ['postgres', 'alter table t attach partition p default', 'a check of the bounds'],
    ['postgres', 'alter table t detach partition p', 'CONCURRENTLY'],
    ['postgres', 'update t set a = 1', 'in batches'],
    ['postgres', 'alter table t rename to u', 'a short lock_timeout'],
    ['mysql', 'alter table t add foreign key (a) references u (b)', 'foreign_key_checks = 0'],
    ['mysql', 'alter table t modify a bigint', 'gh-ost'],
    ['mysql', 'alter table t add index (a)', 'ALGORITHM=INPLACE, LOCK=NONE'],
    ['mysql', 'alter table t add a int', 'ALGORITHM=INSTANT'],
    ['mysql', 'delete from t', 'in batches'],
    ['mysql', 'drop table t', 'a short lock_wait_timeout'],
    ['mysql', 'drop view v', 'the views that read it first'],
  ])('%s, %s', (dialect, sql, words) => {
    const [advice] = safer(sql, dialect);
    expect(advice?.words).toContain(words);
    expect(advice?.source).toMatch(/^https:\/\//);
  });

  test('of several actions: one for each, once', () => {
    const words = safer(
      'alter table t add check (a > 0), add check (b in (1, 2)), alter c type text',
      'postgres',
    );
    expect(words.map((advice) => advice.words)).toEqual([
      expect.stringContaining('NOT VALID'),
      expect.stringContaining('a column of the new type'),
    ]);
  });

  test('where only the queue is unsafe: a lock timeout, whatever the statement does', () => {
    expect(safer('alter table t alter a type bigint', 'postgres', true)).toEqual([
      expect.objectContaining({ words: expect.stringContaining('lock_timeout') }),
    ]);
  });

  test.each([
    'create index concurrently i on t (a)',
    'alter table t add check (a > 0) not valid',
    'alter table t add primary key using index i',
  ])('what is the safer way already is not advised again: %s', (sql) => {
    expect(safer(sql, 'postgres')[0]?.words).toContain('lock_timeout');
  });
});

describe('what would undo it', () => {
  test.each<[string, string, boolean]>([
    ['alter table t add column a int', 'drop the column', false],
    ['alter table t drop column a', 'the values of the column', true],
    ['alter table t drop a', 'the values of the column', true],
    ['alter table t drop constraint c', 'add it again', false],
    ['alter table t alter a drop not null', 'set it again', false],
    ['alter table t add constraint c check (a > 0)', 'drop it', false],
    ['alter table t alter a type bigint', 'change the type back', false],
    ['alter table t rename a to b', 'rename it back', false],
    ['alter type m add value $$x$$', 'out of an enum', false],
    ['create unique index i on t (a)', 'drop what it creates', false],
    ['alter table t attach partition p default', 'detach the partition', false],
    ['create or replace function f() returns int as $$ $$', 'from its old definition', false],
    ['drop table t', 'its rows', true],
    ['truncate t', 'its rows', true],
    ['drop view v', 'from its old definition', false],
    ['update t set a = 1', 'the old values', true],
    ['insert into t select 1', 'delete the rows', false],
    ['insert into t values (1) on conflict (a) do update set b = 1', 'the old values', true],
    ['insert into t values (1) on duplicate key update b = 1', 'the old values', true],
    ['explain (analyze) delete from t', 'the old values', true],
    ['alter table t alter a type int using 0', 'the old values of the column', true],
    ['drop type m cascade', 'what it takes with it', true],
    ['create or replace table t (a int)', 'its rows', true],
    ['do $$ begin perform f(); end $$', 'not known', true],
    ['call f()', 'not known', true],
  ])('%s', (sql, words, isLossy) => {
    const [undo] = describeUndo(shapeOf(sql, 'postgres'));
    expect(undo?.words).toContain(words);
    expect(undo?.isLossy).toBe(isLossy);
  });

  test.each(['begin', 'set lock_timeout = 1', 'vacuum t', 'alter table t validate constraint c', 'commit'])(
    '%s: nothing',
    (sql) => {
      expect(describeUndo(shapeOf(sql, 'postgres'))).toEqual([]);
    },
  );

  test('several actions: each', () => {
    const undos = describeUndo(shapeOf('alter table t add a numeric(1, 2), drop b', 'postgres'));
    expect(undos.map(({ isLossy }) => isLossy)).toEqual([false, true]);
  });

  test('how MySQL is to do it: no action of its own', () => {
    const undos = describeUndo(
      shapeOf('alter table t alter a set default 1, algorithm=instant, lock=none', 'mysql'),
    );
    expect(undos).toEqual([{ words: 'alter it back to what it was', isLossy: false }]);
  });
});

test.each<[Dialect, boolean[], string]>([
  ['postgres', [], 'nothing to undo'],
  ['postgres', [false], 'neither Backtrack nor a restore'],
  ['postgres', [false, true], 'has no Backtrack'],
  ['mysql', [true], 'by Backtrack'],
  ['mysql', [true], 'docs/rewind.md#marks'],
])('the way back in %s, rows gone %j: %s', (dialect, lossy, words) => {
  const undos = lossy.map((isLossy) => ({ words: 'x', isLossy }));
  expect(describeWayBack(undos, dialect)).toContain(words);
});
