import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { saferChange, storyChange } from '../../../local/documents/rehearsal-example.ts';
import type { ChangeMeasured } from '../../../shared/rehearsal/measured.ts';
import { judgeChange, verdicts } from '../../../shared/rehearsal/verdict.ts';
import { accessExclusive, blocked, limits, makeChange, makeTable } from './measured-fixture.ts';

const judge = (change: ChangeMeasured, more: object = {}) => judgeChange(change, { ...limits, ...more });
const whatOf = (change: ChangeMeasured, more: object = {}) =>
  judge(change, more).findings.map(({ what }) => what);

test('the story: unsafe, with the table, by how much and for whom, and the line to add', () => {
  const { verdict, findings } = judge(storyChange);
  expect(verdict).toBe('unsafe');
  expect(findings.map(({ words }) => words)).toEqual([
    'every write to public.users waits 87 s, 2 s of it in the queue, over the limit of 1 s by 86 s',
    'every read of public.users waits 87 s, 2 s of it in the queue, over the limit of 500 ms by 87 s',
    "every read of and write to public.users may wait without end, as long as another transaction holds the table: the script sets no lock timeout; write set lock_timeout = '250ms'; before it",
    'it writes public.users anew, and the limit is never',
  ]);
  expect(findings[0]).toMatchObject({
    statement: 1,
    limitMs: 1000,
    seenMs: 87_000,
    forWhom: 'every write to public.users',
  });
});

test('its safer form: safe, and told that it would have to be retried', () => {
  expect(judge(saferChange)).toEqual({
    verdict: 'safe',
    findings: [],
    notes: ['Statement 2 would have to be retried: behind another transaction it gave up once after 200 ms.'],
  });
});

const alter = (more: object = {}) => ({ locks: [accessExclusive], ...more });
const onOther = { ...accessExclusive, relation: 'public.other' };
const drop = { sql: 'drop table users' };
const set = (ms: number) => ({ sql: `set lock_timeout = ${ms}`, tables: [] });

describe('a blocking lock, however short it was', () => {
  test.each([
    ['without a lock timeout: unbounded', [alter()], ['unbounded wait']],
    ['with one as long as the limit: safe', [set(500), alter()], []],
    ['with one longer than the limit: told', [set(501), alter()], ['unbounded wait']],
    ['with one that is set too late: unbounded', [alter(), set(200)], ['unbounded wait']],
    ['on a table that the script makes: safe', [drop, { sql: 'create table users ()' }, alter()], []],
    [
      'on a table that the script makes, of which little is known: safe',
      [drop, { sql: 'create table users ()' }, alter({ tables: [makeTable({ isRewritten: null })] })],
      [],
    ],
    [
      'on a table whose name the script gives to another one: unbounded',
      [{ sql: 'create temp table users ()', tables: [] }, alter()],
      ['unbounded wait'],
    ],
    ['on a view, a sequence or an index: unbounded', [alter({ locks: [onOther] })], ['unbounded wait']],
    [
      'on an index that goes concurrently: safe',
      [alter({ sql: 'drop index concurrently i', locks: [onOther] })],
      [],
    ],
    [
      'on a materialized view that is refreshed concurrently: safe',
      [
        alter({
          sql: 'refresh materialized view concurrently users',
          locks: [{ ...accessExclusive, mode: 'ExclusiveLock' }],
        }),
      ],
      [],
    ],
    [
      'that lets reads and writes pass: safe',
      [alter({ locks: [{ ...accessExclusive, mode: 'ShareUpdateExclusiveLock' }] })],
      [],
    ],
    [
      'twice in one transaction: told once',
      [{ sql: 'begin', tables: [] }, alter(), alter(), { sql: 'commit', tables: [] }],
      ['unbounded wait'],
    ],
    [
      'in a transaction after a weak one: told',
      [
        { sql: 'begin', tables: [] },
        alter({ locks: [{ ...accessExclusive, mode: 'RowExclusiveLock' }] }),
        alter({ locks: [{ ...accessExclusive, mode: 'ShareLock' }] }),
        alter(),
        alter({ locks: [{ ...accessExclusive, mode: 'ShareLock' }] }),
        { sql: 'commit', tables: [] },
      ],
      ['unbounded wait', 'unbounded wait'],
    ],
    ['twice in two: told twice', [alter(), alter()], ['unbounded wait', 'unbounded wait']],
  ])('%s', (_, statements, expected) => {
    expect(whatOf(makeChange(statements))).toEqual(expected);
  });

  test('that lets reads pass: the limit of writes counts, and reads are not named', () => {
    const share = alter({ locks: [{ ...accessExclusive, mode: 'ShareRowExclusiveLock' }] });
    expect(whatOf(makeChange([set(1000), share]))).toEqual([]);
    expect(judge(makeChange([share])).findings[0]?.forWhom).toBe('every write to public.users');
  });

  test('MySQL: a definition waits for an exclusive lock that nobody sees', () => {
    const mysql = { engine: 'aurora-mysql' };
    expect(whatOf(makeChange([{}], mysql))).toEqual(['unbounded wait']);
    const short = { sql: 'set session lock_wait_timeout = 1', tables: [] };
    expect(whatOf(makeChange([short, {}], mysql), { blockedReadMs: 1000 })).toEqual([]);
    expect(judge(makeChange([short, {}], mysql)).findings[0]?.words).toContain('MySQL counts whole seconds');
  });
});

describe('MySQL, which does not tell what a session locks', () => {
  const judgeSql = (sql: string) => whatOf(makeChange([{ sql, tables: [] }], { engine: 'aurora-mysql' }));

  test.each([
    'call fill()',
    "execute immediate concat('alter table us', 'ers add a int')",
    'execute prepared',
    'begin not atomic alter table users add a int; end',
  ])('%s: not measured', (sql) => {
    expect(judgeSql(sql)).toEqual(['not measured']);
  });

  test.each([
    'create or replace table users (id int)',
    'create table new (u int, foreign key (u) references users (id))',
    'drop tables users',
    'alter online table users add a int',
  ])('%s: waits without end', (sql) => {
    expect(whatOf(makeChange([{ sql }], { engine: 'aurora-mysql' }))).toEqual(['unbounded wait']);
  });
});

describe('limits', () => {
  test.each([
    ['reads at the limit', { blockedRead: blocked(500) }, []],
    ['reads over the limit', { blockedRead: blocked(501) }, ['blocked reads']],
    ['writes at the limit', { blockedWrite: blocked(1000) }, []],
    ['writes over the limit', { blockedWrite: blocked(1001) }, ['blocked writes']],
    ['a rewrite', { isRewritten: true }, ['rewrite']],
    ['probes that did not measure to the end', { isIncomplete: true }, ['not measured']],
    ['not known whether it is a rewrite', { isRewritten: null }, ['not measured']],
  ])('%s', (_, table, expected) => {
    expect(whatOf(makeChange([{ tables: [makeTable(table)] }]))).toEqual(expected);
  });

  test('rewrites allowed: neither a rewrite nor the lack of knowledge counts', () => {
    const tables = [makeTable({ isRewritten: true }), makeTable({ isRewritten: null })];
    expect(judge(makeChange([{ tables }]), { rewrites: 'allowed' }).verdict).toBe('safe');
  });

  test('duration: of the whole change', () => {
    const change = makeChange([{ toMs: 400_000 }, { fromMs: 400_000, toMs: 600_001 }]);
    expect(whatOf(change)).toEqual(['duration']);
    expect(whatOf(change, { durationSeconds: 601 })).toEqual([]);
  });

  test('an update: its rows alone are named', () => {
    const tables = [makeTable({ blockedWrite: blocked(2000) })];
    const { findings } = judge(makeChange([{ sql: 'update users set a = 1', tables }]));
    expect(findings[0]?.forWhom).toBe('every write to rows of public.users that it changes');
  });
});

const error = (code: string) => ({ message: 'no', code, doneBefore: 'nothing was done before it' });

describe('the verdict', () => {
  test.each<[string, ChangeMeasured, string, string[]]>([
    ['an error: failed', makeChange([{ error: error('42P01') }]), 'failed', ['error']],
    [
      'a lock timeout each time: not measured',
      makeChange([{ error: error('55P03') }]),
      'not measured',
      ['not measured'],
    ],
    [
      'the same in MySQL',
      makeChange([{ error: error('1205'), tables: [] }], { engine: 'mysql' }),
      'not measured',
      ['not measured'],
    ],
    [
      'cancelled: not finished, and no error',
      makeChange([{ toMs: 780_000, isCancelled: true, error: error('57014') }], { isFinished: false }),
      'unsafe',
      ['not finished', 'duration'],
    ],
    [
      'an invalid index: unsafe',
      makeChange([{ leftInvalid: ['index public.i of public.users'] }]),
      'unsafe',
      ['left invalid'],
    ],
    ['nothing run: not measured', makeChange([]), 'not measured', ['not measured']],
    [
      'rows of a table locked without probes there, as a foreign key does: safe',
      makeChange([{ tables: [], locks: [{ ...accessExclusive, mode: 'RowShareLock' }] }]),
      'safe',
      [],
    ],
    [
      'a locked table without probes: its wait is known, and the rest is not measured',
      makeChange([{ tables: [], locks: [accessExclusive] }]),
      'unsafe',
      ['unbounded wait', 'not measured'],
    ],
  ])('%s', (_, change, verdict, what) => {
    const judged = judge(change);
    expect(judged.verdict).toBe(verdict);
    expect(judged.findings.map((finding) => finding.what)).toEqual(what);
  });

  test('not finished: says in what time', () => {
    const change = makeChange([{ toMs: 780_000, isCancelled: true }], { isFinished: false });
    expect(judge(change).findings[0]?.words).toBe('not finished in 13 min');
  });

  test('NOWAIT that gave up: a note says that it did at once', () => {
    const lock = { sql: 'lock table users in share mode nowait', lockTimeouts: 2 };
    expect(judge(makeChange([lock])).notes).toEqual([expect.stringMatching(/gave up 2 times, at once\.$/)]);
  });

  test('no contender: a note says what is not in the figures', () => {
    expect(judge(makeChange([{}], { contender: null })).notes).toEqual([
      expect.stringContaining('no contender'),
    ]);
  });
});

const change = fc.record({
  read: fc.nat(3000),
  write: fc.nat(3000),
  rewritten: fc.constantFrom(true, false, null),
  timeout: fc.constantFrom(null, 200, 5000),
  took: fc.nat(700_000),
  code: fc.constantFrom(null, '55P03', '42P01'),
});

test('more blocked, a longer time or an error more: never a better verdict', () => {
  const rankOf = (one: typeof change extends fc.Arbitrary<infer T> ? T : never): number => {
    const tables = [
      makeTable({
        blockedRead: blocked(one.read),
        blockedWrite: blocked(one.write),
        isRewritten: one.rewritten,
      }),
    ];
    const made = makeChange([
      ...(one.timeout === null ? [] : [set(one.timeout)]),
      alter({ tables, toMs: one.took, error: one.code === null ? null : error(one.code) }),
    ]);
    return verdicts.indexOf(judge(made).verdict);
  };
  const worse = fc.record({ read: fc.nat(3000), write: fc.nat(3000), took: fc.nat(700_000) });
  fc.assert(
    fc.property(change, worse, (one, more) => {
      const other = {
        ...one,
        read: one.read + more.read,
        write: one.write + more.write,
        took: one.took + more.took,
      };
      expect(rankOf(other)).toBeGreaterThanOrEqual(rankOf(one));
      expect(rankOf({ ...one, timeout: null })).toBeGreaterThanOrEqual(rankOf(one));
      expect(rankOf({ ...one, code: '42P01' })).toBeGreaterThanOrEqual(rankOf(one));
    }),
    { seed: 18 },
  );
});
