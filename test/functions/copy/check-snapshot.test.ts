import { expect, test } from 'vitest';
import { checkSnapshot } from '../../../functions/copy/check-snapshot.ts';
import type { Snapshot } from '../../../shared/aurora/port.ts';
import { makeSnapshot } from '../../shared/aurora/cluster-fixture.ts';
import { at, dropPhases, makeFreshDrill } from '../../shared/drill/state-fixture.ts';
import { clockAt, makeAurora } from '../fakes.ts';

const drill = makeFreshDrill();
const { snapshot: own } = drill.TakeSnapshot;

/** Requested at 08:01, with a deadline at 09:30. */
const check = (found: Partial<Snapshot> | undefined, time: string) =>
  checkSnapshot(dropPhases(drill, 'CheckSnapshot'), {
    aurora: makeAurora({
      findSnapshot: async (identifier) =>
        found && identifier === own
          ? makeSnapshot({ identifier: own, type: 'manual', tags: drill.PrepareDrill.tags, ...found })
          : undefined,
    }),
    now: clockAt(time),
  });

test('available: ready, with what a restore needs and nothing more', async () => {
  expect(await check({ createdAt: at('08:01:07') }, '08:04')).toMatchObject({
    status: 'ready',
    snapshot: {
      identifier: own,
      createdAt: at('08:01:07'),
      type: 'manual',
      engine: 'aurora-postgresql',
      engineVersion: '17.7',
    },
  });
});

test('creating: pending without a snapshot, and DeadlineExceeded once the deadline has passed', async () => {
  const creating = { status: 'creating', createdAt: null };
  expect(await check(creating, '08:04')).toMatchObject({ status: 'pending', snapshot: null });
  expect(await check(creating, '09:31')).toMatchObject({ status: 'failed', error: 'DeadlineExceeded' });
});

test('available without saying of when it is: waited for', async () => {
  expect(await check({ createdAt: null }, '08:04')).toMatchObject({ status: 'pending', snapshot: null });
});

test('failed: SnapshotUnusable', async () => {
  expect(await check({ status: 'failed' }, '08:04')).toMatchObject({
    status: 'failed',
    error: 'SnapshotUnusable',
    reason: 'the snapshot is failed',
  });
});

test('not found: pending while the request is recent, then SnapshotUnusable', async () => {
  expect(await check(undefined, '08:05:59')).toMatchObject({ status: 'pending' });
  expect(await check(undefined, '08:06:01')).toMatchObject({ status: 'failed', error: 'SnapshotUnusable' });
});

test('in a status that nobody knows: waited for', async () => {
  expect(await check({ status: 'reticulating' }, '08:04')).toMatchObject({ status: 'pending' });
});
