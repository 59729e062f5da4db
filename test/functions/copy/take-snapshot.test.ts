import { expect, test } from 'vitest';
import { takeSnapshot } from '../../../functions/copy/take-snapshot.ts';
import type { Aurora, Snapshot, SnapshotRequest } from '../../../shared/aurora/port.ts';
import { makeSnapshot } from '../../shared/aurora/cluster-fixture.ts';
import { at, makeFreshDrill } from '../../shared/drill/state-fixture.ts';
import { clockAt, failWith, makeAurora } from '../fakes.ts';

const { execution, PrepareDrill: drill, TakeSnapshot } = makeFreshDrill();
const own = TakeSnapshot.snapshot;
const state = { execution, PrepareDrill: drill };

const take = (verbs: Partial<Aurora>, time = '08:01:30') =>
  takeSnapshot(state, { aurora: makeAurora(verbs), now: clockAt(time) });

/** This snapshot has the name already. */
const takeOnto = (
  changes: Partial<Snapshot>,
  error: 'TargetNameTaken' | 'InvalidClusterState' = 'TargetNameTaken',
) =>
  take({
    takeSnapshot: failWith(error),
    findSnapshot: async () => makeSnapshot({ identifier: own, type: 'manual', tags: drill.tags, ...changes }),
  });

test('nothing of that name: one request, of the source, with our tags', async () => {
  const requests: SnapshotRequest[] = [];
  const piece = await take({ takeSnapshot: async (request) => void requests.push(request) });
  expect(piece).toMatchObject({ snapshot: own, requestedAt: at('08:01:30') });
  expect(requests).toEqual([{ cluster: 'prod-aurora-main', identifier: own, tags: drill.tags }]);
  expect(own).toMatch(/^drill-prod-aurora-main-[0-9a-f]{8}-snapshot$/);
});

test('the deadline has passed: DeadlineExceeded, and nothing is asked for', async () => {
  await expect(take({}, '09:30:01')).rejects.toMatchObject({
    name: 'DeadlineExceeded',
    summary: expect.stringContaining('so nothing is taken'),
  });
});

test.each([
  ['made by an earlier run: counts from its creation', at('08:01:02'), at('08:01:02')],
  ['still without a time: counts from this request', null, at('08:01:30')],
])('our own snapshot, %s', async (_, createdAt, requestedAt) => {
  expect(await takeOnto({ createdAt, status: 'creating' })).toMatchObject({ snapshot: own, requestedAt });
});

test.each<[string, Partial<Snapshot>, string]>([
  ['without our tags', { tags: {} }, '(no such tag)'],
  ['of another cluster', { cluster: 'billing' }, 'is a snapshot of billing, not of prod-aurora-main'],
  ['that is a copy', { isCopy: true }, 'is a copy of another snapshot'],
])('a snapshot of that name %s: TargetNameTaken', async (_, changes, reason) => {
  await expect(takeOnto(changes)).rejects.toMatchObject({
    name: 'TargetNameTaken',
    summary: expect.stringContaining(reason),
  });
});

test('the name is taken, and nothing is to be seen yet: AwsUnavailable, which is retried', async () => {
  const verbs = { takeSnapshot: failWith('TargetNameTaken'), findSnapshot: async () => undefined };
  await expect(take(verbs)).rejects.toMatchObject({ name: 'AwsUnavailable' });
});

test('the source is backing up, for the snapshot of an earlier run whose answer was lost: it is found', async () => {
  const found = await takeOnto({ createdAt: at('08:01:02'), status: 'creating' }, 'InvalidClusterState');
  expect(found).toMatchObject({ snapshot: own, requestedAt: at('08:01:02') });
});

test('the source is backing up, and nothing of ours is there: InvalidClusterState', async () => {
  const verbs = { takeSnapshot: failWith('InvalidClusterState'), findSnapshot: async () => undefined };
  await expect(take(verbs)).rejects.toMatchObject({ name: 'InvalidClusterState' });
});
