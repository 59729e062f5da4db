import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../shared/database/port.ts';
import { compareQuery, type Query } from '../../../shared/truth/query-checks.ts';

const queryOf = (expected: Query['expect']): Query => ({
  name: 'revenue',
  sql: 'select 1',
  expect: expected,
});
const one = (value: string | null): Answer => [[value]];
const answered = (before: Answer, after: Answer | null = before) => ({ name: 'revenue', before, after });

test.each<[string, boolean | undefined, Answer, Answer, string, 'passed' | 'failed' | 'skipped']>([
  ['wrote', true, one('5'), one('5'), '7', 'skipped'],
  ['wrote', true, one('5'), one('6'), '9', 'skipped'],
  ['wrote', true, one('5'), one('5'), '5', 'passed'],
  ['wrote nothing', false, one('5'), one('5'), '7', 'failed'],
  ['was read at one instant', undefined, one('5'), one('5'), '7', 'failed'],
])(
  'production %s between its readings (%s), %j and %j, and the copy answers %s: %s',
  (_, mayDiffer, before, after, actual, verdict) => {
    const figures = { ...answered(before, after), ...(mayDiffer !== undefined && { mayDiffer }) };
    expect(compareQuery(queryOf('same'), figures, one(actual)).verdict).toBe(verdict);
  },
);

describe('a query with a literal', () => {
  test.each<[Query['expect'], string | null, 'passed' | 'failed']>([
    [0, '0', 'passed'],
    [0, '0.00', 'passed'],
    [0, ' 0 ', 'passed'],
    [0, '', 'failed'],
    [0, ' ', 'failed'],
    [0, null, 'failed'],
    [0, 'none', 'failed'],
    [1.5, '1.50', 'passed'],
    [-2, '-2', 'passed'],
    [2, '-2', 'failed'],
    ['paid', 'paid', 'passed'],
    ['paid', 'Paid', 'failed'],
    ['', '', 'passed'],
    ['1', '1.0', 'failed'],
    [true, 't', 'passed'],
    [true, 'true', 'passed'],
    [true, '1', 'passed'],
    [true, 'f', 'failed'],
    [true, '2', 'failed'],
    [true, null, 'failed'],
    [false, 'f', 'passed'],
    [false, 'false', 'passed'],
    [false, '0', 'passed'],
    [false, 't', 'failed'],
    [false, '', 'failed'],
    [null, null, 'passed'],
    [null, '', 'failed'],
    [null, 'null', 'failed'],
    ['null', null, 'failed'],
  ])('expects %o and answers %o: %s', (expected, actual, verdict) => {
    expect(compareQuery(queryOf(expected), null, one(actual)).verdict).toBe(verdict);
  });

  test.each<[string, Answer]>([
    ['no row', []],
    ['no column', [[]]],
    ['two rows', [['0'], ['0']]],
    ['two columns', [['0', '0']]],
  ])('answers %s: failed, also where NULL is expected', (_, actual) => {
    expect(compareQuery(queryOf(0), null, actual).verdict).toBe('failed');
    expect(compareQuery(queryOf(null), null, actual).verdict).toBe('failed');
  });

  test('another answer than expected: failed, with the answer of production', () => {
    expect(compareQuery(queryOf(0), answered(one('3'), null), one('4'))).toEqual({
      name: 'query revenue',
      kind: 'query',
      table: null,
      expected: 0,
      actual: '4',
      tolerance: null,
      verdict: 'failed',
      reason: 'the answer differs; production answers 3',
    });
    expect(compareQuery(queryOf(true), null, one('f'))).toMatchObject({
      expected: 'true',
      reason: 'the answer differs',
    });
  });
});

describe('a query that expects the same as production', () => {
  const judge = (before: Answer, after: Answer, actual: Answer) =>
    compareQuery(queryOf('same'), answered(before, after), actual);

  test('production gave one answer: the same passes, any other fails', () => {
    expect(judge(one('100'), one('100'), one('100'))).toMatchObject({
      expected: '100',
      actual: '100',
      verdict: 'passed',
      reason: 'the answers are the same',
    });
    expect(judge(one('100'), one('100'), one('101'))).toMatchObject({ expected: '100', verdict: 'failed' });
    expect(judge(one(null), one(null), one('')).verdict).toBe('failed');
    expect(judge([['1'], ['2']], [['1'], ['2']], [['2'], ['2']]).verdict).toBe('failed');
    expect(judge([['1', '2']], [['1', '2']], [['12']]).verdict).toBe('failed');
  });

  test('the same rows in another order: passed, since no order was promised', () => {
    expect(judge([['1'], ['2']], [['1'], ['2']], [['2'], ['1']]).verdict).toBe('passed');
  });

  test.each([
    ['100', 'passed'],
    ['110', 'passed'],
    ['105', 'passed'],
    ['90', 'passed'],
    ['120', 'passed'],
    ['89.99', 'failed'],
    ['120.01', 'failed'],
    ['0', 'failed'],
  ])('production moved from 100 to 110 and the copy answers %s: %s', (actual, verdict) => {
    expect(judge(one('100'), one('110'), one(actual))).toMatchObject({ expected: '100 to 110', verdict });
    expect(judge(one('110'), one('100'), one(actual))).toMatchObject({ expected: '110 to 100', verdict });
  });

  test.each<[string, Answer, Answer, Answer]>([
    ['a text', one('a'), one('b'), one('c')],
    ['no number in the copy', one('1'), one('2'), one(null)],
    ['an empty text in the copy', one('1'), one('2'), one('')],
    ['several rows', [['1'], ['2']], [['1'], ['3']], [['1'], ['4']]],
    ['no row before', [], one('2'), one('3')],
  ])('production moved, %s: skipped, since no more can be said', (_, before, after, actual) => {
    expect(judge(before, after, actual)).toMatchObject({
      verdict: 'skipped',
      reason: 'the answer of production changed during the instant',
    });
  });

  test('production moved, and the copy gives one of both answers, whatever they are: passed', () => {
    const [before, after] = [[['a'], ['b']], []];
    expect(judge(before, after, before).verdict).toBe('passed');
    expect(judge(before, after, after)).toMatchObject({ expected: 'a; b to no row', verdict: 'passed' });
  });

  test.each([
    ['was not asked', null],
    ['was asked only once', answered(one('1'), null)],
  ])('production %s: skipped', (_, production) => {
    expect(compareQuery(queryOf('same'), production, one('1'))).toMatchObject({
      expected: null,
      actual: '1',
      verdict: 'skipped',
      reason: 'production can no longer be read at the time restored to',
    });
  });

  test('any numbers: what lies between both answers passes, and what is far off fails', () => {
    const number = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(number, number, number, (before, after, actual) => {
        const { verdict } = judge(one(`${before}`), one(`${after}`), one(`${actual}`));
        const [low, high] = [Math.min(before, after), Math.max(before, after)];
        const off = Math.max(low - actual, actual - high, 0);
        expect(verdict).toBe(off <= high - low ? 'passed' : 'failed');
      }),
    );
  });
});

test.each<[string, Answer, string]>([
  ['no row', [], 'no row'],
  ['several columns and NULL', [['a', null, 'b']], 'a | NULL | b'],
  ['several rows', [['1'], ['2']], '1; 2'],
  ['120 characters', one('x'.repeat(120)), 'x'.repeat(120)],
  ['more', [['x'.repeat(121)], ['y']], `${'x'.repeat(120)}... (2 rows)`],
])('an answer of %s: shown as a text', (_, answer, shown) => {
  expect(compareQuery(queryOf('same'), null, answer).actual).toBe(shown);
});
