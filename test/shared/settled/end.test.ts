import { describe, expect, test } from 'vitest';
import { findEnd, isTooNew } from '../../../shared/settled/end.ts';
import type { Span } from '../../../shared/settled/spans.ts';
import type { Zones } from '../../../shared/settled/zones.ts';

/** In seconds: asked for at 0, a margin of 10, and 1000 by now. */
const zones: Zones = {
  settledEnd: -10_000,
  asked: 0,
  afterStart: 10_000,
  now: 1_000_000,
  marginMs: 10_000,
  unitMs: 0.001,
};

/** Rows of production and of the copy from each second on, up to the next one. */
const spansOf = (...counts: [number, number, number][]): Span[] =>
  counts.map(([from, production, copy], index) => ({
    fromMs: from * 1000,
    toMs: (counts[index + 1]?.[0] ?? Number.POSITIVE_INFINITY) * 1000,
    production,
    copy,
  }));

describe('where the rows of a copy end', () => {
  test.each<[string, Span[], number | null, number | null]>([
    ['between two spans', spansOf([-9, 5, 5], [-1, 5, 5], [0, 5, 0], [1, 5, 0]), -1, 1],
    ['within a span', spansOf([-9, 5, 5], [-1, 6, 4], [0, 5, 0]), -1, 1000],
    ['within a span, by halves', spansOf([-9, 5, 5], [-1, 6, 3], [0, 5, 0], [1, 5, 0]), -1, 0],
    ['in a pause', spansOf([-9, 5, 5], [-8, 0, 0], [7, 0, 0], [8, 5, 0], [9, 0, 0]), -9, 9],
    ['though some were lost', spansOf([-9, 5, 2], [-1, 9, 9], [0, 5, 0], [1, 0, 0]), -1, 1],
    ['though some were deleted since', spansOf([-9, 0, 9], [-1, 5, 5], [0, 5, 0], [1, 0, 0]), -1, 1],
    ['though some are ahead', spansOf([-1, 5, 5], [0, 5, 0], [1, 5, 1], [2, 5, 0]), -1, 1],
    ['and production has none later', spansOf([-9, 5, 5], [-1, 5, 5], [0, 0, 0], [1000, 4, 0]), -1, null],
    ['nowhere: it has none', spansOf([-9, 5, 0], [-1, 5, 0]), null, null],
  ])('%s', (_, spans, from, to) => {
    const ends = spans.map((span) => ({ ...span, toMs: Math.min(span.toMs, 1_000_000) }));
    const end = findEnd(ends, zones);
    expect(end && [end.fromMs, end.toMs]).toEqual(from === null ? null : [from * 1000, to && to * 1000]);
  });
});

describe('is a copy too new?', () => {
  test.each<[string, boolean, Span[]]>([
    ['no later row', false, spansOf([0, 5, 5], [10, 5, 0], [1000, 0, 0])],
    ['every row up to a later end', true, spansOf([0, 5, 5], [10, 5, 5], [20, 5, 0], [1000, 0, 0])],
    [
      'one later row, and none is missing up to it',
      true,
      spansOf([0, 0, 0], [10, 1, 1], [20, 5, 0], [1000, 0, 0]),
    ],
    [
      'one later row, and earlier ones are missing',
      false,
      spansOf([0, 3, 0], [10, 2, 1], [20, 5, 0], [1000, 0, 0]),
    ],
    [
      'more rows ahead of their time than were written since',
      false,
      spansOf([0, 3, 0], [10, 25, 20], [15, 9, 0], [1000, 0, 0]),
    ],
    [
      'a transaction was open at its end',
      true,
      spansOf([0, 9, 9], [10, 20, 19], [20, 0, 0], [21, 5, 0], [1000, 0, 0]),
    ],
    [
      'a row is missing from too long before its end',
      false,
      spansOf([0, 5, 4], [1, 5, 5], [10, 50, 50], [60, 5, 0], [1000, 0, 0]),
    ],
    ['most rows are dated later than now', false, spansOf([0, 5, 5], [10, 50, 50], [1000, 90, 90])],
    ['few rows are dated later than now', true, spansOf([0, 5, 5], [10, 50, 50], [1000, 9, 9])],
  ])('%s: %s', (_, isIt, spans) => {
    expect(isTooNew(spans, zones)).toBe(isIt);
  });

  test('of the rows of one second, in a column of seconds, it has some: too new', () => {
    const spans = spansOf([0, 9, 9], [10, 5, 5], [11, 6, 3], [12, 6, 0], [1000, 0, 0]);
    expect(isTooNew(spans, { ...zones, unitMs: 1000 })).toBe(true);
  });
});
