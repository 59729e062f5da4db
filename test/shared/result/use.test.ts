import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type DrillState, phases } from '../../../shared/drill/state.ts';
import { drillWorkflow } from '../../../shared/drill/workflow.ts';
import { functionMiB } from '../../../shared/job/workflow.ts';
import { measureUse } from '../../../shared/result/use.ts';
import {
  at,
  dropPhases,
  makeDrillStoppedIn,
  makeDrillUpTo,
  makePassedDrill,
} from '../drill/state-fixture.ts';

const end = at('08:33:17');
const caught = { Error: 'AwsFailure', Cause: 'as it was seen' };

test('a drill that passed: the writer from available on until it was gone, the storage as long as the cluster', () => {
  const { instance, storageMinutes } = measureUse(makePassedDrill(), drillWorkflow, end);
  // 08:24:46 to 08:30:44, and 08:04:37 to 08:33:15.
  expect(instance).toEqual({
    class: 'db.serverless',
    capacity: { min: 0.5, max: 8 },
    minutes: 5.97,
    isSeenAvailable: true,
  });
  expect(storageMinutes).toBe(28.63);
});

test('an instance class of a fixed size: no capacity, whatever the plan says of it', () => {
  const { PrepareDrill: drill, ...state } = makePassedDrill();
  const restore = { ...drill.restore, instanceClass: 'db.r6g.large' };
  const small: DrillState = { ...state, PrepareDrill: { ...drill, restore } };
  const { instance } = measureUse(small, drillWorkflow, end);
  expect(instance).toMatchObject({ class: 'db.r6g.large', capacity: null });
});

test('what nobody has seen go: counts until the end', () => {
  const { CheckTeardown: last, ...state } = makePassedDrill();
  const left = { ...state, CheckTeardown: { ...last, status: 'failed' as const, gone: {} } };
  const { instance, storageMinutes, isStanding } = measureUse(left, drillWorkflow, end);
  expect([instance?.minutes, storageMinutes, isStanding]).toEqual([8.52, 28.67, true]);
  expect(measureUse(makePassedDrill(), drillWorkflow, end).isStanding).toBe(false);
});

test('a writer that nobody saw available: from its request on, since it may have been', () => {
  const { CheckWriter, ...state } = makePassedDrill();
  const waited = { ...state, CheckWriter: { ...CheckWriter, status: 'failed' as const } };
  for (const drill of [waited, dropPhases(waited, 'CheckWriter')]) {
    const { instance } = measureUse(drill, drillWorkflow, end);
    // 08:16:42 to 08:30:44
    expect(instance).toMatchObject({ minutes: 14.03, isSeenAvailable: false });
  }
});

test.each([
  ['aurora-iopt1', true],
  ['aurora', false],
  [null, false],
])('storage type %s: I/O-Optimized is %s', (storageType, isIoOptimized) => {
  const { PrepareDrill: drill, ...state } = makePassedDrill();
  const restore = { ...drill.restore, inherited: { storageType, lifecycleSupport: null, networkType: null } };
  const stored: DrillState = { ...state, PrepareDrill: { ...drill, restore } };
  const used = measureUse(stored, drillWorkflow, end);
  expect(used.isIoOptimized).toBe(isIoOptimized);
});

test('a drill that failed before its restore: no instance, no storage', () => {
  const { instance, storageMinutes } = measureUse(
    makeDrillStoppedIn('CaptureBaseline', caught),
    drillWorkflow,
    end,
  );
  expect([instance, storageMinutes]).toEqual([null, 0]);
});

test('function time: every pass of every phase, and twice the memory for those that talk SQL', () => {
  // A second a pass: 10, 25, 17 and 16 in the loops, and one for each of the seven others, two of which talk SQL.
  const { functionSeconds, functionGiBSeconds } = measureUse(makePassedDrill(), drillWorkflow, end);
  expect([functionSeconds, functionGiBSeconds]).toEqual([75, 2 * 0.5 + 73 * 0.25]);
  expect(measureUse(makeDrillUpTo('PrepareDrill'), drillWorkflow, end)).toMatchObject({ functionSeconds: 1 });
});

test('memory of each function: as deployed', async () => {
  const { provider, functions } = parse(await readFile('serverless.yml', 'utf8'), {
    logLevel: 'silent',
    merge: true,
  });
  for (const phase of phases) {
    expect([phase, functions[phase].memorySize ?? provider.memorySize]).toEqual([
      phase,
      functionMiB(drillWorkflow, phase),
    ]);
  }
});

test('state transitions of a passed drill: each pass of a loop with its choice, and a wait between passes', () => {
  // BeginDrill, ConcludeDrill, Passed?, the end, seven single phases, DryRun?, and 3 n - 1 for each loop.
  const loops = [10, 25, 17, 16].map((passes) => 3 * passes - 1).reduce((sum, entered) => sum + entered);
  expect(measureUse(makePassedDrill(), drillWorkflow, end).stateTransitions).toBe(4 + 8 + loops);
});

test('a loop whose third pass fails with an error: entered three times, with two choices and two waits', () => {
  const { CheckCluster, ...state } = makePassedDrill();
  const twice = { ...state, CheckCluster: { ...CheckCluster, passes: 2 } };
  const failed = { ...twice, failures: { CheckCluster: caught } };
  const without = dropPhases(twice, 'CheckCluster');
  const entered = (drill: typeof without) => measureUse(drill, drillWorkflow, end).stateTransitions;
  expect(entered(failed) - entered(without)).toBe(3 + 2 + 2);
});

const lost = { Error: 'AwsUnavailable', Cause: 'ECONNRESET' };
const { TearDown, CheckTeardown, PrepareDrill: drill } = makePassedDrill();

test('the answer to a create was lost, and the teardown found what it made: of no known date, and not standing', () => {
  const useOf = (phase: 'RestoreCluster' | 'AddWriter') =>
    measureUse({ ...makeDrillStoppedIn(phase, lost), TearDown, CheckTeardown }, drillWorkflow, end);
  expect(useOf('AddWriter')).toMatchObject({ undated: [drill.target.writer], isStanding: false });
  expect(useOf('RestoreCluster')).toMatchObject({
    undated: [drill.target.cluster, drill.target.writer],
    isStanding: false,
  });
});

test.each(['RestoreCluster', 'AddWriter'] as const)(
  'the answer to %s was lost, and the teardown could not look: it may stand for all that is known',
  (phase) => {
    const stopped = dropPhases(makeDrillStoppedIn(phase, lost), 'TearDown', 'CheckTeardown');
    const failures = { ...stopped.failures, TearDown: caught };
    const { undated, isStanding } = measureUse({ ...stopped, failures }, drillWorkflow, end);
    const name = phase === 'AddWriter' ? drill.target.writer : drill.target.cluster;
    expect([undated.includes(name), isStanding]).toEqual([true, true]);
  },
);

test('a create that was refused: nothing can be left of it', () => {
  const refused = makeDrillStoppedIn('RestoreCluster', { Error: 'QuotaExceeded' });
  const { undated, isStanding } = measureUse(
    dropPhases(refused, 'TearDown', 'CheckTeardown'),
    drillWorkflow,
    end,
  );
  expect([undated, isStanding]).toEqual([[], false]);
});

test('a passed drill: everything has its date', () => {
  expect(measureUse(makePassedDrill(), drillWorkflow, end).undated).toEqual([]);
});
