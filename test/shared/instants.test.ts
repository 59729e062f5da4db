import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addSeconds,
  describeSeconds,
  isAfter,
  limitTime,
  secondsBetween,
  toIso,
} from '../../shared/instants.ts';

const instant = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map(toIso);

test.each([
  ['2026-11-19T02:13:00.000Z', '2026-11-19T02:13:00Z'],
  ['2026-11-19T02:13:00.250Z', '2026-11-19T02:13:00.250Z'],
  ['2026-11-19T03:13:00+01:00', '2026-11-19T02:13:00Z'],
])('instant %s: written as %s', (seen, iso) => {
  expect(toIso(new Date(seen))).toBe(iso);
});

test('seconds added to an instant: as many lie between', () => {
  fc.assert(
    fc.property(instant, fc.integer({ min: -100_000, max: 100_000 }), (from, seconds) => {
      expect(secondsBetween(from, addSeconds(from, seconds))).toBe(seconds);
    }),
  );
});

test.each([
  ['2026-11-19T02:13:00Z', '2026-11-19T02:13:00.250Z', 0.25],
  ['2026-11-19T02:13:00Z', '2026-11-19T02:12:00Z', -60],
  ['2026-11-19T23:59:59Z', '2026-11-20T00:00:00Z', 1],
])('from %s to %s: %d seconds', (from, to, seconds) => {
  expect(secondsBetween(from, to)).toBe(seconds);
});

test.each([
  ['2026-11-19T02:13:01Z', '2026-11-19T02:13:00Z', true],
  ['2026-11-19T02:13:00Z', '2026-11-19T02:13:00Z', false],
  ['2026-11-19T02:13:00Z', '2026-11-19T02:13:00.000Z', false],
  // As texts, these compare the other way round.
  ['2026-11-19T02:13:00.500Z', '2026-11-19T02:13:00Z', true],
  ['2026-11-19T02:13:00+01:00', '2026-11-19T02:00:00Z', false],
])('%s after %s: %s', (a, b, expected) => {
  expect(isAfter(a, b)).toBe(expected);
});

test('a part of the time: less while it runs, never more than all, and all of it again afterwards', async () => {
  let ms = 0;
  const { remainingMs, within } = limitTime(() => new Date(ms), 1000);
  ms = 100;
  const during = await within(50, async () => {
    ms = 110;
    return remainingMs();
  });
  expect([during, remainingMs()]).toEqual([40, 890]);
  expect(await within(5000, async () => remainingMs())).toBe(890);
  await expect(within(50, () => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer');
  expect(remainingMs()).toBe(890);
});

test('two instants: never each after the other', () => {
  fc.assert(fc.property(instant, instant, (a, b) => !(isAfter(a, b) && isAfter(b, a))));
});

test.each([
  [0, '0 ms'],
  [0.022, '22 ms'],
  [0.099, '99 ms'],
  [0.1, '0.1 s'],
  [0.4, '0.4 s'],
  [2, '2 s'],
  [9.94, '9.9 s'],
  [10.4, '10 s'],
  [48.4, '48 s'],
  [119, '119 s'],
  [120, '2 min'],
  [723, '12 min 3 s'],
  [3600, '60 min'],
  [7200, '2 h'],
  [9000, '2 h 30 min'],
  [9059, '2 h 30 min'],
])('%d seconds: shown as %s', (seconds, text) => {
  expect(describeSeconds(seconds)).toBe(text);
});
