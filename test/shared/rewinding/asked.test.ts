import { expect, test } from 'vitest';
import { exampleFacts } from '../../../local/documents/rewind-example.ts';
import type { Backtracking } from '../../../shared/aurora/backtracks.ts';
import { makeCode } from '../../../shared/rewind/code.ts';
import { findAsked, findAskedFor } from '../../../shared/rewinding/asked.ts';

const to = '2026-11-19T02:50:00Z';
const confirm = makeCode({ facts: exampleFacts, to }, '2026-11-19T03:00:00Z');

const rewindOf = (changes: Partial<Backtracking>): Backtracking => ({
  identifier: 'bt-1',
  to,
  from: null,
  requestedAt: '2026-11-19T03:10:00Z',
  status: 'pending',
  ...changes,
});

test.each<[string, Partial<Backtracking>, boolean]>([
  ['asked for since the code', {}, true],
  ['in the second of the code', { requestedAt: '2026-11-19T03:00:00Z' }, true],
  ['before the code', { requestedAt: '2026-11-19T02:59:59Z' }, false],
  ['over, at the nearest consistent time', { to: '2026-11-19T02:51:10.250Z', status: 'completed' }, true],
  ['to another time', { to: '2026-11-19T02:44:59Z' }, false],
  ['failed', { status: 'failed' }, true],
])('a rewind %s: found is %s', (_, changes, isFound) => {
  expect(findAsked([rewindOf(changes)], { to, confirm }) !== undefined).toBe(isFound);
});

test('several: the first since the code, whatever the order', () => {
  const [first, second] = [
    rewindOf({}),
    rewindOf({ identifier: 'bt-2', requestedAt: '2026-11-19T03:20:00Z' }),
  ];
  expect(findAsked([second, first], { to, confirm })).toBe(first);
});

test('rewound elsewhere since, such as back to where it was: the cluster is no longer what the code brought about', () => {
  const later = rewindOf({
    identifier: 'bt-2',
    to: '2026-11-19T03:10:00Z',
    requestedAt: '2026-11-19T03:20:00Z',
  });
  const facts = { ...exampleFacts, backtracks: { value: [later, rewindOf({ status: 'completed' })] } };
  expect(findAskedFor(facts, to, confirm)).toBeUndefined();
});

test('a code of another time or cluster, none at all, or a list that is not known: nothing is found', () => {
  const facts = { ...exampleFacts, backtracks: { value: [rewindOf({})] } };
  expect(findAskedFor(facts, to, confirm)).toBeDefined();
  expect(findAskedFor(facts, '2026-11-19T02:50:01Z', confirm)).toBeUndefined();
  const other = { ...facts, source: { ...facts.source, resourceId: 'cluster-OTHER' } };
  expect(findAskedFor(other, to, confirm)).toBeUndefined();
  expect(findAskedFor(facts, to, 'yes')).toBeUndefined();
  expect(findAskedFor({ ...facts, backtracks: { unknown: 'Throttled' } }, to, confirm)).toBeUndefined();
});
