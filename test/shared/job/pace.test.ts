import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { paceWait } from '../../../shared/job/waits.ts';
import { parsePrices } from '../../../shared/result/prices.ts';

/** When a loop looks, in seconds since its first look, until it looks at or after the end. */
const listLooks = (endSeconds: number): number[] => {
  const looks = [0];
  for (let last = 0; last < endSeconds; looks.push(last)) last += paceWait(last);
  return looks;
};

/** How long after the end a loop sees it, in seconds: the mean over ends up to 5 % earlier or later. */
const meanLag = (minutes: number): number => {
  const ends = Array.from({ length: 1000 }, (_, part) => minutes * 60 * (0.95 + (part + 0.5) / 10_000));
  const lags = ends.map((end) => (listLooks(end).at(-1) ?? 0) - end);
  return lags.reduce((sum, lag) => sum + lag) / lags.length;
};

const prices = parsePrices(JSON.parse(await readFile('config/prices.json', 'utf8')));

const row = (minutes: number): string => {
  const passes = listLooks(minutes * 60).length;
  // A pass is a task and a choice, with a wait between passes.
  const dollars = ((3 * passes - 1) / 1000) * prices.thousandStateTransitions;
  return `| ${minutes} min | ${meanLag(minutes).toFixed(1)} s | ${passes} | ${dollars.toFixed(4)} USD |`;
};

test('the wait: 5 seconds at first, 2 % of the time waited later, 30 at most, always whole', () => {
  expect([0, 249, 300, 600, 1000, 1500, 86_400].map(paceWait)).toEqual([5, 5, 6, 12, 20, 30, 30]);
  expect(Number.isInteger(paceWait(777.7))).toBe(true);
});

test('a clock that went backwards: the shortest wait', () => {
  expect(paceWait(-3)).toBe(5);
});

test.each([1, 2, 5, 10])('a restore of %i minutes: seen 6 seconds late on average, or sooner', (minutes) => {
  expect(meanLag(minutes)).toBeLessThanOrEqual(6);
});

test('a restore of an hour: 250 passes at most, and less than 0.02 USD of state transitions', () => {
  const passes = listLooks(3600).length;
  expect(passes).toBeLessThanOrEqual(250);
  expect(((3 * passes - 1) / 1000) * prices.thousandStateTransitions).toBeLessThan(0.02);
});

test('the table in docs/design.md: what the function gives', async () => {
  const page = await readFile('docs/design.md', 'utf8');
  const rows = page.split('\n').filter((line) => /^\| \d+ min \|/.test(line));
  expect(rows).toEqual([1, 2, 5, 10, 30, 60, 240].map(row));
});
