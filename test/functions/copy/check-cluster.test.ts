import { expect, test } from 'vitest';
import { checkCluster } from '../../../functions/copy/check-cluster.ts';
import type { Cluster } from '../../../shared/aurora/port.ts';
import { makeCluster } from '../../shared/aurora/cluster-fixture.ts';
import { makeDrillUpTo, makePassedDrill } from '../../shared/drill/state-fixture.ts';
import { clockAt, makeAurora } from '../fakes.ts';

const { cluster: target } = makePassedDrill().PrepareDrill.target;
const endpoint = `${target}.cluster-c1a2b3.eu-west-1.rds.amazonaws.com`;

/** Requested at 08:04:37, with a deadline at 09:30. The source is available throughout. */
const check = (restored: Cluster | undefined, time: string) =>
  checkCluster(makeDrillUpTo('RestoreCluster'), {
    aurora: makeAurora({
      findCluster: async (identifier) => (identifier === target ? restored : makeCluster()),
    }),
    now: clockAt(time),
  });

const makeTarget = (status: string) =>
  makeCluster({ identifier: target, status, endpoint, readerEndpoint: null, port: 5433 });

test('restored cluster is available: ready, with its endpoint and port', async () => {
  expect(await check(makeTarget('available'), '08:16')).toMatchObject({
    status: 'ready',
    endpoint,
    port: 5433,
  });
});

test('restored cluster is creating: pending, and failed once the deadline has passed', async () => {
  expect(await check(makeTarget('creating'), '08:16')).toMatchObject({ status: 'pending' });
  expect(await check(makeTarget('creating'), '09:31')).toMatchObject({
    status: 'failed',
    error: 'DeadlineExceeded',
  });
});

test('restored cluster not found: pending while the request is recent, then ClusterUnusable', async () => {
  expect(await check(undefined, '08:09:36')).toMatchObject({ status: 'pending', endpoint: null, port: null });
  expect(await check(undefined, '08:09:37')).toMatchObject({ status: 'failed', error: 'ClusterUnusable' });
});
