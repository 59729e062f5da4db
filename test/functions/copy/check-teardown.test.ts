import { expect, test } from 'vitest';
import { checkTeardown } from '../../../functions/copy/check-teardown.ts';
import type { Cluster } from '../../../shared/aurora/port.ts';
import type { DrillState } from '../../../shared/drill/state.ts';
import type { Teardown } from '../../../shared/job/state.ts';
import { makeCluster } from '../../shared/aurora/cluster-fixture.ts';
import { at, dropPhases, makeDrillUpTo, makePassedDrill } from '../../shared/drill/state-fixture.ts';
import { clockAt, makeAurora } from '../fakes.ts';

const { PrepareDrill: drill, TearDown, CheckTeardown } = makePassedDrill();
const { cluster: target, writer } = drill.target;

const check = (state: DrillState, found: Cluster | undefined, time = '08:30') =>
  checkTeardown(state, {
    aurora: makeAurora({ findCluster: async () => found, listInstances: async () => [] }),
    now: clockAt(time),
  });

/** After TearDown, and after a first pass of CheckTeardown if there was one. */
const makeState = (first: Partial<Teardown>, later?: Partial<Teardown>): DrillState => ({
  ...makeDrillUpTo('NotifyResult'),
  TearDown: { ...TearDown, ...first },
  ...(later && { CheckTeardown: { ...CheckTeardown, ...later } }),
});

test('drill that was never prepared: what TearDown said, without a call to AWS', async () => {
  const state = dropPhases(makeState({ status: 'ready', resources: [] }), 'PrepareDrill');
  expect(await checkTeardown(state, { aurora: makeAurora(), now: clockAt('08:30') })).toMatchObject({
    status: 'ready',
    deadline: TearDown.deadline,
    resources: [],
  });
});

test('nothing is left: ready, with what stood when TearDown looked', async () => {
  expect(await check(makeState({ resources: [writer, target] }), undefined)).toMatchObject({
    status: 'ready',
    resources: [writer, target],
  });
});

test('cluster appeared after TearDown: the pass after it still knows', async () => {
  const state = makeState({ resources: [] }, { status: 'pending', resources: [target] });
  expect(await check(state, undefined)).toMatchObject({ status: 'ready', resources: [target] });
});

test("cluster is still being deleted: pending, and failed once the teardown's deadline has passed", async () => {
  const deleting = makeCluster({ identifier: target, tags: drill.tags, status: 'deleting' });
  const state = makeState({ deadline: at('09:00') });
  expect(await check(state, deleting, '08:59')).toMatchObject({
    status: 'pending',
    deadline: at('09:00'),
    waitSeconds: 30,
  });
  expect(await check(state, deleting, '09:01')).toMatchObject({
    status: 'failed',
    error: 'DeadlineExceeded',
  });
});

test('answer to the restore was lost, nothing found: pending until that has settled', async () => {
  const state = makeState({ resources: [], settledAt: at('08:30') });
  expect(await check(state, undefined, '08:29')).toMatchObject({
    status: 'pending',
    settledAt: at('08:30'),
  });
  expect(await check(state, undefined, '08:30')).toMatchObject({ status: 'ready', resources: [] });
});
