import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bucket } from '../../../shared/database/port.ts';
import { allowedRows, type Tolerance } from '../../../shared/plan/tolerance.ts';
import {
  compareRows,
  compareValues,
  describeCoverage,
  skipChecksum,
  skipRows,
} from '../../../shared/truth/row-checks.ts';
import { at, makeDigest, makeTableFigures } from '../drill/state-fixture.ts';

const bracket = { instant: at('08:00:04'), beforeMs: 36, afterMs: 254 };
const read = '; production was read 36 ms before the instant and 254 ms after it';

/** What the copy holds, read as a whole table or by range. */
const holding = (...ranges: number[]): Bucket[] =>
  ranges.map((rows, range) => ({ range, bucket: 0, rows, hash: BigInt(rows) }));

/** A table that was only counted. */
const counted = (before: number, after = before, moved = 0) => ({
  table: 'public.users',
  rows: { before, after, moved },
  keys: null,
});

describe('rows that were only counted', () => {
  test.each<[string, number, Tolerance, string, string]>([
    ['equal', 1000, 0, 'passed', 'the counts are equal'],
    ['as many missing as allowed', 999, '0.1%', 'passed', 'off, but within what is allowed'],
    ['one missing too many', 998, '0.1%', 'failed', `2 rows missing, 1 allowed${read}`],
    ['as many added as allowed', 1001, '0.1%', 'passed', 'off, but within what is allowed'],
    ['one added too many', 1002, 1, 'failed', `2 rows too many, 1 allowed${read}`],
    ['one missing and none allowed', 999, 'auto', 'failed', `1 row missing, 0 allowed${read}`],
    ['all missing', 0, '0.1%', 'failed', `1,000 rows missing, 1 allowed${read}`],
  ])('%s: %i of 1000 with tolerance %s %s', (_, rows, tolerance, verdict, reason) => {
    const check = compareRows(counted(1000), holding(rows), tolerance, bracket);
    expect(check).toMatchObject({ kind: 'rows', expected: 1000, actual: rows, verdict, reason });
  });

  test.each<[string, number, string, string]>([
    ['as many as before', 1000, 'passed', 'between the counts before and after'],
    ['as many as after', 1020, 'passed', 'between the counts before and after'],
    ['one fewer than before', 999, 'failed', `1 row missing, 0 allowed${read}`],
    ['one more than after', 1021, 'failed', `1 row too many, 0 allowed${read}`],
  ])('production grew from 1000 to 1020 during the instant, %s: %i %s', (_, rows, verdict, reason) => {
    const check = compareRows(counted(1000, 1020), holding(rows), 'auto', bracket);
    expect(check).toMatchObject({ expected: '1,000 to 1,020', actual: rows, verdict, reason });
    const shrunk = compareRows(counted(1020, 1000), holding(rows), 'auto', bracket);
    expect(shrunk).toMatchObject({ expected: '1,000 to 1,020', verdict, reason });
  });

  test('rows moved during the instant: as many more may be off, on top of the tolerance', () => {
    const judge = (rows: number) => compareRows(counted(1000, 1000, 5), holding(rows), 2, bracket).verdict;
    expect([992, 993, 1007, 1008].map(judge)).toEqual(['failed', 'passed', 'passed', 'failed']);
  });

  test('several ranges of the copy: added up', () => {
    expect(compareRows(counted(1000), holding(400, 600), 0, bracket)).toMatchObject({
      actual: 1000,
      verdict: 'passed',
    });
  });

  test('empty in production and in the copy: passed; empty in production only: failed', () => {
    expect(compareRows(counted(0), [], '0.1%', bracket).verdict).toBe('passed');
    expect(compareRows(counted(0), holding(1), '0.1%', bracket).verdict).toBe('failed');
  });

  test('no bracket: a failure says nothing of when production was read', () => {
    expect(compareRows(counted(2), holding(1), 0, null).reason).toBe('1 row missing, 0 allowed');
  });

  test('any counts: passed if and only if no further off than moved and allowed', () => {
    const tolerance = fc.oneof(
      fc.nat({ max: 50 }),
      fc.nat({ max: 100 }).map((percent) => `${percent}%`),
      fc.constant('auto'),
    );
    const count = fc.nat({ max: 200 });
    fc.assert(
      fc.property(
        count,
        count,
        count,
        fc.nat({ max: 9 }),
        tolerance,
        (before, after, rows, moved, allowance) => {
          const { verdict } = compareRows(counted(before, after, moved), holding(rows), allowance, bracket);
          const allowed = moved + allowedRows(allowance, Math.max(before, after));
          const isWithin =
            rows >= Math.min(before, after) - allowed && rows <= Math.max(before, after) + allowed;
          expect(verdict).toBe(isWithin ? 'passed' : 'failed');
        },
      ),
    );
  });
});

describe('rows that were read by their keys', () => {
  const users = { ...makeTableFigures('public.users', 1200), rows: { before: 1200, after: 1200, moved: 0 } };

  test('all as in production: passed, and all are verified', () => {
    expect(compareRows(users, holding(1200), 'auto', bracket)).toMatchObject({
      tolerance: 'auto',
      verdict: 'passed',
      reason: 'the counts are equal; keys: all 1,200 rows verified',
    });
  });

  test('as many rows and other keys: failed, and the place is named', () => {
    const other = [{ range: 0, bucket: 0, rows: 1200, hash: 7n }];
    expect(compareRows(users, other, 'auto', bracket)).toMatchObject({
      actual: 1200,
      verdict: 'failed',
      reason: 'rows differ from production: the table (1,200 rows, as many as expected)',
    });
  });

  test('far more rows than in production, all in a bucket that moved: failed by their number', () => {
    const keys = makeDigest(1200, {
      parts: [{ rows: 1200, hash: '00000000000004b0', moved: [7], movedRows: 2 }],
    });
    const rows = { before: 1202, after: 1202, moved: 2 };
    const restored = (more: number) => [...holding(1200), { range: 0, bucket: 7, rows: 2 + more, hash: 99n }];
    const judge = (more: number) => compareRows({ ...users, rows, keys }, restored(more), 'auto', bracket);
    expect(judge(2).verdict).toBe('passed');
    expect(judge(3)).toMatchObject({ verdict: 'failed', reason: `3 rows too many, 2 allowed${read}` });
  });

  test('some moved during the instant: passed, and the share that is verified is told', () => {
    const moved = makeDigest(1200, {
      parts: [{ rows: 1200, hash: '00000000000004b0', moved: [7], movedRows: 2 }],
    });
    const rows = { before: 1201, after: 1202, moved: 2 };
    const restored = [...holding(1200), { range: 0, bucket: 7, rows: 2, hash: 99n }];
    expect(compareRows({ ...users, rows, keys: moved }, restored, 'auto', bracket)).toMatchObject({
      expected: '1,201 to 1,202',
      actual: 1202,
      verdict: 'passed',
      reason: 'between the counts before and after; keys: 99.8 % of rows verified, 2 of 1,202 moved',
    });
  });
});

describe('judged as a whole', () => {
  const users = { ...makeTableFigures('public.users', 1200), rows: { before: 1200, after: 1200, moved: 0 } };
  const movedBy = (movedRows: number, content: 'keys' | 'values') =>
    makeDigest(900, { content, parts: [{ rows: 900, hash: '0000000000000384', moved: [7], movedRows }] });
  const rowsOf = (moved: number) =>
    compareRows(
      { ...users, rows: { before: 900, after: 900 + moved, moved }, keys: movedBy(moved, 'keys') },
      holding(900),
      'auto',
      bracket,
    );

  test.each([
    ['every key', () => compareRows(users, holding(1200), 'auto', bracket), 'rows'],
    [
      'no row at all, and none in the copy',
      () => compareRows({ ...users, ...counted(0), keys: makeDigest(0) }, [], 'auto', bracket),
      'rows',
    ],
    ['a tenth of the keys moved', () => rowsOf(100), 'rows'],
    ['more than a tenth moved', () => rowsOf(101), undefined],
    ['counted alone', () => compareRows(counted(1200), holding(1200), 'auto', bracket), undefined],
    ['other keys', () => compareRows(users, holding(1199), 'auto', bracket), undefined],
    ['a tenth of the values moved', () => compareValues('t', movedBy(100, 'values'), holding(900)), 'values'],
    ['more than a tenth of them', () => compareValues('t', movedBy(101, 'values'), holding(900)), undefined],
    [
      'a sample of the values',
      () => compareValues('t', makeDigest(9, { content: 'values', seed: 1 }), holding(9)),
      undefined,
    ],
    ['other values', () => compareValues('t', makeDigest(9, { content: 'values' }), holding(8)), undefined],
    ['skipped', () => skipRows(users, 'auto', 'because'), undefined],
  ])('%s', (_, check, whole) => {
    expect(check().whole).toBe(whole);
  });
});

test.each([
  [1, 0, 'all 1 row verified'],
  [0, 0, 'all 0 rows verified'],
  [1234, 0, 'all 1,234 rows verified'],
  [99_999, 1, '99.9 % of rows verified, 1 of 100,000 moved'],
  [1, 1999, '0 % of rows verified, 1,999 of 2,000 moved'],
  [0, 5, '0 % of rows verified, 5 of 5 moved'],
])('%i rows compared and %i moved: %s', (compared, moved, words) => {
  expect(describeCoverage(compared, moved)).toBe(words);
});

describe('values', () => {
  const values = makeDigest(1200, { content: 'values' });
  const sampled = makeDigest(1200, { content: 'values', seed: 4711 });

  test('the same: passed, with one number for all that was compared', () => {
    expect(compareValues('public.users', values, holding(1200))).toEqual({
      name: 'checksum public.users',
      kind: 'checksum',
      table: 'public.users',
      expected: '00000000000004b0',
      actual: '00000000000004b0',
      tolerance: null,
      verdict: 'passed',
      reason: 'all 1,200 rows verified',
      whole: 'values',
    });
  });

  test('sampled: passed, with the seed that chose the samples', () => {
    expect(compareValues('public.users', sampled, holding(1200)).reason).toBe(
      'all 1,200 rows verified, in 1 sample chosen by seed 4711',
    );
  });

  test('another value: failed, and the place is named', () => {
    expect(
      compareValues('public.users', values, [{ range: 0, bucket: 0, rows: 1200, hash: 1n }]),
    ).toMatchObject({
      expected: '00000000000004b0',
      actual: '0000000000000001',
      verdict: 'failed',
      reason: 'values differ: the table (1,200 rows, as many as expected)',
    });
  });

  test('two ranges that differ by as much, one up and one down: failed, though all together add up', () => {
    const part = { rows: 1, hash: '0000000000000005', moved: [], movedRows: 0 };
    const two = makeDigest(2, { ranges: { kind: 'bounds', bounds: ['9'] }, parts: [part, part] });
    const restored = [4n, 6n].map((hash, range) => ({ range, bucket: 0, rows: 1, hash }));
    const { expected, actual, verdict } = compareValues('public.users', two, restored);
    expect(verdict).toBe('failed');
    expect(actual).toBe(expected);
  });

  test('every row moved during the instant: skipped, since nothing was compared', () => {
    const parts = [{ rows: 0, hash: '0000000000000000', moved: [0], movedRows: 3 }];
    const check = compareValues('public.users', { ...values, resolution: 1, parts }, holding(3));
    expect(check).toMatchObject({ verdict: 'skipped', reason: 'every row moved during the instant' });
  });

  test('an empty table: passed', () => {
    expect(compareValues('public.users', makeDigest(0), []).verdict).toBe('passed');
  });
});

test('what could not be read: skipped with the reason, and what production has where it is known', () => {
  expect(skipRows(counted(5, 7), '0.1%', 'no time')).toMatchObject({
    name: 'rows public.users',
    kind: 'rows',
    expected: '5 to 7',
    actual: null,
    tolerance: '0.1%',
    verdict: 'skipped',
    reason: 'no time',
  });
  expect(skipRows({ ...counted(5), rows: null }, 3, 'no time')).toMatchObject({
    expected: null,
    tolerance: '3 rows',
  });
  expect(skipChecksum('public.users', 'no time')).toMatchObject({
    name: 'checksum public.users',
    kind: 'checksum',
    verdict: 'skipped',
    reason: 'no time',
  });
});
