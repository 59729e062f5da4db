import { expect, test } from 'vitest';
import { checkRestorePoint } from '../../../functions/copy/check-restore-point.ts';
import type { Cluster } from '../../../shared/aurora/port.ts';
import { makeCluster } from '../../shared/aurora/cluster-fixture.ts';
import { at, makeDrillUpTo } from '../../shared/drill/state-fixture.ts';
import { clockAt, makeAurora } from '../fakes.ts';

/** The baseline's instant is 08:00:04, the deadline 09:30. */
const check = (source: Cluster | undefined, time = '08:04', state = makeDrillUpTo('CaptureBaseline')) =>
  checkRestorePoint(state, {
    aurora: makeAurora({
      findCluster: async (identifier) => (identifier === 'prod-aurora-main' ? source : undefined),
    }),
    now: clockAt(time),
  });

const makeSource = (latestRestorableTime: string | null) => makeCluster({ latestRestorableTime });

test('backups have passed the instant of the baseline: ready, with how far they are', async () => {
  expect(await check(makeSource(at('08:00:05')))).toMatchObject({
    status: 'ready',
    latestRestorableTime: at('08:00:05'),
  });
});

test('backups reach that instant and no further: pending, and failed once the deadline has passed', async () => {
  const source = makeSource(at('08:00:04'));
  expect(await check(source)).toMatchObject({ status: 'pending', latestRestorableTime: at('08:00:04') });
  expect(await check(source, '09:31')).toMatchObject({ status: 'failed', error: 'DeadlineExceeded' });
});

test('a later pass: the wait counts from the first one', async () => {
  const state = makeDrillUpTo('CheckRestorePoint');
  const since = state.CheckRestorePoint?.since;
  expect(since).toBe(at('08:00:05'));
  expect(await check(makeSource(at('08:00:04')), '08:20:05', state)).toMatchObject({
    status: 'pending',
    since,
    waitSeconds: 24,
  });
});

test.each([
  ['source is gone', undefined, 'SourceNotFound'],
  ['source has no backups any more', makeSource(null), 'SourceNotRestorable'],
])('%s: failed by name', async (_condition, source, error) => {
  expect(await check(source)).toMatchObject({ status: 'failed', error, latestRestorableTime: null });
});
