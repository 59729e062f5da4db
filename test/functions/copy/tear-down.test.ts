import { expect, test } from 'vitest';
import { tearDown } from '../../../functions/copy/tear-down.ts';
import type { DrillState } from '../../../shared/drill/state.ts';
import { makeCluster } from '../../shared/aurora/cluster-fixture.ts';
import { at, makeDrillUpTo, makePassedDrill } from '../../shared/drill/state-fixture.ts';
import { clockAt, makeAurora, makeInstance } from '../fakes.ts';

const { execution, PrepareDrill: drill } = makePassedDrill();
const { cluster: target, writer } = drill.target;
const deadline = at('09:25:13');
const now = clockAt('08:25:13');

const nothingFound = makeAurora({ findCluster: async () => undefined });

test('drill that was never prepared: ready with nothing, without a call to AWS', async () => {
  const state = { execution, failures: { PrepareDrill: { Error: 'InvalidInput' } } };
  expect(await tearDown(state, { aurora: makeAurora(), teardownMinutes: 60, now })).toMatchObject({
    status: 'ready',
    deadline,
    settledAt: null,
    resources: [],
  });
});

test('cluster and writer stand: both are deleted, within an hour from now', async () => {
  const deleted: string[] = [];
  const remove = async (identifier: string) => void deleted.push(identifier);
  const aurora = makeAurora({
    findCluster: async () => makeCluster({ identifier: target, tags: drill.tags }),
    listInstances: async () => [makeInstance(writer)],
    deleteInstance: remove,
    deleteCluster: remove,
  });
  expect(await tearDown(makeDrillUpTo('NotifyResult'), { aurora, teardownMinutes: 60, now })).toMatchObject({
    status: 'pending',
    deadline,
    resources: [writer, target],
  });
  expect(deleted).toEqual([writer, target]);
});

const withRestoreFailure = (name: string): DrillState => ({
  ...makeDrillUpTo('CheckRestorePoint'),
  failures: { RestoreCluster: { Error: name } },
});

test('answer to the restore was lost, nothing found: looks on for five minutes', async () => {
  const state = withRestoreFailure('AwsUnavailable');
  expect(await tearDown(state, { aurora: nothingFound, teardownMinutes: 60, now })).toMatchObject({
    status: 'pending',
    settledAt: at('08:30:13'),
    resources: [],
  });
});

test.each([
  ['restore was refused', withRestoreFailure('QuotaExceeded')],
  ['restore was never asked for', makeDrillUpTo('CheckRestorePoint')],
])('%s, nothing found: ready at once', async (_condition, state) => {
  expect(await tearDown(state, { aurora: nothingFound, teardownMinutes: 60, now })).toMatchObject({
    status: 'ready',
    settledAt: null,
    resources: [],
  });
});
