import { expect, test } from 'vitest';
import { collectFailure, incompleteError } from '../../../shared/aurora/incomplete.ts';
import type { Unreadable } from '../../../shared/aurora/port.ts';
import { DrillError } from '../../../shared/errors.ts';

const failed = (count: number): Unreadable[] =>
  Array.from({ length: count }, (_, index) => ({ cluster: `c${index + 1}`, reason: 'no Port' }));

test.each([
  [1, 299, '1 of 300 clusters could not be dealt with: c1 (no Port)'],
  [2, 298, '2 of 300 clusters could not be dealt with: c1 (no Port), c2 (no Port)'],
  [1, 0, '1 of 1 cluster could not be dealt with: c1 (no Port)'],
])('%i failed, %i done: %s', (count, done, summary) => {
  expect(incompleteError(failed(count), done)).toMatchObject({
    name: 'MonitorIncomplete',
    summary,
  });
});

test.each([
  [20, 'c20 (no Port)'],
  [21, 'c20 (no Port) and 1 more'],
  [10_000, 'c20 (no Port) and 9980 more'],
])('%i unreadable: the first 20 are named, the rest is a number', (count, end) => {
  const { summary } = incompleteError(failed(count), 0);
  expect(summary.endsWith(`, ${end}`)).toBe(true);
});

test('work that succeeds: nothing is noted', async () => {
  const unreadable: Unreadable[] = [];
  let isDone = false;
  await collectFailure('prod', unreadable, async () => {
    isDone = true;
  });
  expect(isDone).toBe(true);
  expect(unreadable).toEqual([]);
});

test('work that fails with an error of ours: noted after those before it, without the hint, and not thrown', async () => {
  const unreadable = failed(1);
  await collectFailure('prod', unreadable, async () => {
    throw new DrillError('UnreadableAnswer', 'RDS answered without Port');
  });
  expect(unreadable).toEqual([...failed(1), { cluster: 'prod', reason: 'RDS answered without Port' }]);
});

test('work that fails with a defect: thrown on, and nothing is noted', async () => {
  const unreadable: Unreadable[] = [];
  const work = async () => {
    throw new TypeError('cannot read properties of undefined');
  };
  await expect(collectFailure('prod', unreadable, work)).rejects.toMatchObject({ name: 'TypeError' });
  expect(unreadable).toEqual([]);
});
