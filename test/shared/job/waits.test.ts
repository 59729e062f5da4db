import { expect, test } from 'vitest';
import type { Cluster, Instance } from '../../../shared/aurora/port.ts';
import {
  decideCluster,
  decideRestorePoint,
  decideWriter,
  untilDeadline,
  type Waiting,
} from '../../../shared/job/waits.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';

const deadline = '2026-11-16T09:30:00Z';
const waitingAt = (now: string): Waiting => ({ since: '2026-11-16T08:01:00Z', deadline, now });
const now = waitingAt('2026-11-16T08:10:00Z');
const tooLate = waitingAt('2026-11-16T09:30:01Z');
const restoreTo = '2026-11-16T08:00:04Z';

const restorable = (latestRestorableTime: string | null): Cluster => makeCluster({ latestRestorableTime });
const withStatus = (status: string): Cluster => makeCluster({ status });
const writer = (status: string): Instance => ({
  identifier: 'drill-app-1f2e3d4c-writer',
  cluster: 'drill-app-1f2e3d4c',
  status,
  instanceClass: 'db.serverless',
  parameterGroup: null,
});

test('restore point passed by LatestRestorableTime: ready', () => {
  const wait = decideRestorePoint(restorable('2026-11-16T08:00:05Z'), restoreTo, now);
  expect(wait).toMatchObject({ status: 'ready' });
});

test('restore point passed by less than a second: ready', () => {
  const wait = decideRestorePoint(restorable('2026-11-16T08:00:04.001Z'), restoreTo, now);
  expect(wait.status).toBe('ready');
});

test('restore point equal to LatestRestorableTime: waits on, since RDS refuses equality', () => {
  expect(decideRestorePoint(restorable(restoreTo), restoreTo, now).status).toBe('pending');
});

test('restore point ahead of LatestRestorableTime: waits on, and says how far it is', () => {
  const wait = decideRestorePoint(restorable('2026-11-16T07:55:04Z'), restoreTo, now);
  expect(wait.status).toBe('pending');
  expect(wait.reason).toContain('5 min');
});

test('restore point ahead after the deadline: the wait fails with DeadlineExceeded', () => {
  const wait = decideRestorePoint(restorable('2026-11-16T07:55:04Z'), restoreTo, tooLate);
  expect(wait).toMatchObject({ status: 'failed', error: 'DeadlineExceeded' });
  expect(wait.reason).toContain(deadline);
});

test('source gone while waiting: the wait fails with SourceNotFound', () => {
  const wait = decideRestorePoint(undefined, restoreTo, now);
  expect(wait).toMatchObject({ status: 'failed', error: 'SourceNotFound' });
});

test('source without LatestRestorableTime: the wait fails with SourceNotRestorable', () => {
  const wait = decideRestorePoint(restorable(null), restoreTo, now);
  expect(wait).toMatchObject({ status: 'failed', error: 'SourceNotRestorable' });
});

test('cluster never becomes available: the wait fails with DeadlineExceeded', () => {
  expect(decideCluster(withStatus('creating'), now).status).toBe('pending');
  const wait = decideCluster(withStatus('creating'), tooLate);
  expect(wait).toMatchObject({ status: 'failed', error: 'DeadlineExceeded' });
  expect(wait.reason).toContain('the cluster is creating');
});

test('instance never becomes available: the wait fails with DeadlineExceeded', () => {
  expect(decideWriter(writer('creating'), now).status).toBe('pending');
  const wait = decideWriter(writer('creating'), tooLate);
  expect(wait).toMatchObject({ status: 'failed', error: 'DeadlineExceeded' });
});

test.each([
  ['gone', undefined],
  ['incompatible-restore', withStatus('incompatible-restore')],
  ['deleting under our hands', withStatus('deleting')],
])('restored cluster %s: the wait fails with ClusterUnusable', (_, cluster) => {
  expect(decideCluster(cluster, now)).toMatchObject({
    status: 'failed',
    error: 'ClusterUnusable',
  });
});

test.each([
  ['gone', undefined],
  ['incompatible-parameters', writer('incompatible-parameters')],
])('writer %s: the wait fails with WriterUnusable', (_, instance) => {
  expect(decideWriter(instance, now)).toMatchObject({
    status: 'failed',
    error: 'WriterUnusable',
  });
});

test('cluster and writer in an unknown status: waited for until the deadline, then StatusUnknown', () => {
  for (const decide of [
    (waiting: Waiting) => decideCluster(withStatus('reticulating'), waiting),
    (waiting: Waiting) => decideWriter(writer('reticulating'), waiting),
  ]) {
    expect(decide(now).status).toBe('pending');
    expect(decide(tooLate)).toMatchObject({
      status: 'failed',
      error: 'StatusUnknown',
      reason: expect.stringContaining('"reticulating", which is unknown to this tool, and the deadline'),
    });
  }
});

test.each(['inaccessible-encryption-credentials', 'inaccessible-encryption-credentials-recoverable'])(
  'cluster and writer %s: KeyUnusable at once',
  (status) => {
    const expected = { status: 'failed', error: 'KeyUnusable' };
    expect(decideCluster(withStatus(status), now)).toMatchObject(expected);
    expect(decideWriter(writer(status), now)).toMatchObject(expected);
  },
);

test('cluster and writer available at last, the deadline passed: ready, and the verification judges the time', () => {
  expect(decideCluster(withStatus('available'), tooLate).status).toBe('ready');
  expect(decideWriter(writer('available'), tooLate).status).toBe('ready');
});

test('cluster failed after the deadline: what failed is named, not the deadline', () => {
  expect(decideCluster(withStatus('failed'), tooLate).error).toBe('ClusterUnusable');
});

test.each([
  ['a second before the deadline', '2026-11-16T09:29:59Z', 'pending'],
  ['at the deadline', deadline, 'failed'],
  ['a millisecond after it', '2026-11-16T09:30:00.001Z', 'failed'],
  ['at a moment that cannot be read', 'soon', 'failed'],
])('%s: %s is %s', (_, moment, status) => {
  expect(untilDeadline('the cluster is creating', waitingAt(moment)).status).toBe(status);
});

test('cluster and writer asked for a moment ago and not visible yet: waits, since descriptions lag behind', () => {
  const justAsked = waitingAt('2026-11-16T08:01:20Z');
  expect(decideCluster(undefined, justAsked)).toMatchObject({ status: 'pending', waitSeconds: 5 });
  expect(decideWriter(undefined, justAsked)).toMatchObject({ status: 'pending', waitSeconds: 5 });
});
