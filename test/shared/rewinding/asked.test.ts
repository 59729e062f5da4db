import { expect, test } from 'vitest';
import { exampleFacts } from '../../../local/documents/rewind-example.ts';
import type { Backtracking } from '../../../shared/aurora/backtracks.ts';
import { makeCode } from '../../../shared/rewind/code.ts';
import { findAsked, findAskedFor } from '../../../shared/rewinding/asked.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';

const to = '2026-11-19T02:50:00Z';
const confirm = makeCode({ facts: exampleFacts, to }, '2026-11-19T03:00:00Z');

/** Of the code, made before anything is asked for. */
const clone = makeCluster({ createdAt: '2026-11-19T03:00:00.600Z' });

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
  ['in the second of the code, after its clone', { requestedAt: '2026-11-19T03:00:00.700Z' }, true],
  ['in the second of the code, before its clone', { requestedAt: '2026-11-19T03:00:00.500Z' }, false],
  ['over, at the nearest consistent time', { to: '2026-11-19T02:51:10.250Z', status: 'completed' }, true],
  ['to another time', { to: '2026-11-19T02:44:59Z' }, false],
  ['failed', { status: 'failed' }, true],
])('a rewind %s: found is %s', (_, changes, isFound) => {
  expect(findAsked([rewindOf(changes)], { to, confirm, clone }) !== undefined).toBe(isFound);
});

test('the clone is gone: what was asked for since the code', () => {
  const asking = { to, confirm, clone: undefined };
  expect(findAsked([rewindOf({ requestedAt: '2026-11-19T03:00:00Z' })], asking)).toBeDefined();
  expect(findAsked([rewindOf({ requestedAt: '2026-11-19T02:59:59Z' })], asking)).toBeUndefined();
});

test('several: the first since the code, whatever the order', () => {
  const [first, second] = [
    rewindOf({}),
    rewindOf({ identifier: 'bt-2', requestedAt: '2026-11-19T03:20:00Z' }),
  ];
  expect(findAsked([second, first], { to, confirm, clone })).toBe(first);
});

test('rewound elsewhere since, such as back to where it was: the cluster is no longer what the code brought about', () => {
  const later = rewindOf({
    identifier: 'bt-2',
    to: '2026-11-19T03:10:00Z',
    requestedAt: '2026-11-19T03:20:00Z',
  });
  const facts = { ...exampleFacts, backtracks: { value: [later, rewindOf({ status: 'completed' })] } };
  expect(findAskedFor(facts, { to, confirm, clone })).toBeUndefined();
});

test('a code of another time or cluster, none at all, or a list that is not known: nothing is found', () => {
  const facts = { ...exampleFacts, backtracks: { value: [rewindOf({})] } };
  expect(findAskedFor(facts, { to, confirm, clone })).toBeDefined();
  expect(findAskedFor(facts, { to: '2026-11-19T02:50:01Z', confirm, clone })).toBeUndefined();
  const other = { ...facts, source: { ...facts.source, resourceId: 'cluster-OTHER' } };
  expect(findAskedFor(other, { to, confirm, clone })).toBeUndefined();
  expect(findAskedFor(facts, { to, confirm: 'yes', clone })).toBeUndefined();
  expect(
    findAskedFor({ ...facts, backtracks: { unknown: 'Throttled' } }, { to, confirm, clone }),
  ).toBeUndefined();
});
