import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareFreshness, momentOf, readNewestTime } from '../../../shared/truth/freshness.ts';
import { at } from '../drill/state-fixture.ts';

const freshness = { column: 'updated_at', within: '15m', timeZone: 'UTC' };
const paris = { ...freshness, timeZone: 'Europe/Paris' };
const restoreTo = at('08:00:04');
const compare = (newest: string | null, production?: string | null, within = '15m') =>
  compareFreshness('public.posts', { ...freshness, within }, restoreTo, newest, production);

test('an instant for both kinds of columns: in UTC, and as a clock on the wall of the zone shows it', () => {
  expect(momentOf(restoreTo, paris)).toEqual({ utc: restoreTo, wallClock: '2026-11-16 09:00:04' });
});

describe('the newest time as the databases write it', () => {
  test.each([
    ['PostgreSQL', '2026-11-16 07:59:58.25+00', '2026-11-16T07:59:58.250Z'],
    ['PostgreSQL, with minutes of the offset', '2026-11-16 07:59:58+00:00', at('07:59:58')],
    ['ISO 8601', '2026-11-16T07:59:58Z', at('07:59:58')],
    ['microseconds', '2026-11-16 07:59:58.999999+00', '2026-11-16T07:59:58.999Z'],
  ])('%s, with a zone: that instant, whatever zone the plan names', (_, text, expected) => {
    expect(readNewestTime({ text, isZoned: true }, paris)).toBe(expected);
  });

  test.each([
    ['UTC', at('07:59:58')],
    ['Europe/Paris', at('06:59:58')],
    ['America/New_York', at('12:59:58')],
  ])('without a zone: read as a clock in %s shows it', (timeZone, expected) => {
    const newest = { text: '2026-11-16 07:59:58', isZoned: false };
    expect(readNewestTime(newest, { ...freshness, timeZone })).toBe(expected);
  });

  test('without a zone, with microseconds: to the millisecond', () => {
    const newest = { text: '2026-11-16 08:59:58.123456', isZoned: false };
    expect(readNewestTime(newest, paris)).toBe('2026-11-16T07:59:58.123Z');
  });
});

test('newest time after the instant, as one of an hour shown twice may seem: as young as can be', () => {
  expect(compare(at('08:30'))).toMatchObject({
    verdict: 'passed',
    reason: 'the newest updated_at is 0 ms older than the instant',
  });
});

test('newest row young enough: passed, with its age', () => {
  expect(compare(at('07:50'))).toEqual({
    name: 'freshness public.posts',
    kind: 'freshness',
    table: 'public.posts',
    expected: `within 15m of ${restoreTo}`,
    actual: at('07:50'),
    tolerance: '15m',
    verdict: 'passed',
    reason: 'the newest updated_at is 10 min 4 s older than the instant',
  });
});

test.each([
  ['15m', at('07:45:04'), 'passed'],
  ['15m', at('07:45:03'), 'failed'],
  ['30s', at('07:59:34'), 'passed'],
  ['30s', at('07:59:33'), 'failed'],
  ['2h', at('06:00:04'), 'passed'],
  ['2h', at('06:00:03'), 'failed'],
  ['1d', '2026-11-15T08:00:04Z', 'passed'],
  ['1d', '2026-11-15T08:00:03Z', 'failed'],
  ['15m', restoreTo, 'passed'],
])('within %s, newest at %s: %s', (within, newest, verdict) => {
  expect(compare(newest, undefined, within).verdict).toBe(verdict);
});

test.each([
  ['not read', undefined, ''],
  ['as old', at('07:30'), `; in production it is ${at('07:30')}`],
  ['empty', null, '; in production it is empty'],
])('newest row too old, production %s: failed, with what production has', (_, production, told) => {
  const reason = `the newest updated_at is 30 min 4 s older than the instant, 15m allowed${told}`;
  expect(compare(at('07:30'), production)).toMatchObject({ verdict: 'failed', reason });
});

test.each([
  ['not read', undefined, ''],
  ['with rows', at('07:59'), `; in production it is ${at('07:59')}`],
  ['empty too', null, '; in production it is empty'],
])(
  'no time at all in the copy, production %s: failed, since nothing shows that it is fresh',
  (_, production, told) => {
    expect(compare(null, production)).toMatchObject({
      actual: null,
      verdict: 'failed',
      reason: `updated_at holds no time up to the instant${told}`,
    });
  },
);

test('any age: passed if and only if it is no longer than allowed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 7200 }), fc.integer({ min: 1, max: 120 }), (seconds, minutes) => {
      const newest = new Date(Date.parse(restoreTo) - seconds * 1000).toISOString();
      expect(compare(newest, undefined, `${minutes}m`).verdict).toBe(
        seconds <= minutes * 60 ? 'passed' : 'failed',
      );
    }),
  );
});
