import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildResult } from '../../../shared/drill/document.ts';
import { type DrillState, type Phase, phases, phasesOf } from '../../../shared/drill/state.ts';
import { addSeconds, secondsBetween } from '../../../shared/instants.ts';
import { jobId } from '../../../shared/job/names.ts';
import { testPrices } from '../result/prices-fixture.ts';
import {
  at,
  dropPhases,
  makeDrillStoppedIn,
  makeDrillUpTo,
  makeDryRun,
  makePassedDrill,
} from './state-fixture.ts';

const end = at('08:33:17');
const build = (state: DrillState) => buildResult(state, end, testPrices);
const caught = { Error: 'AwsFailure', Cause: 'as it was seen' };
const { PrepareDrill: drill, execution, TearDown, CheckTeardown } = makePassedDrill();
const resources = [drill.target.writer, drill.target.cluster];

test('a drill that passed: verdict, times and figures of the whole document', () => {
  const { phases: timeline, checks, cost, ...result } = build(makePassedDrill());
  expect(result).toEqual({
    schema: 'aurora-drills/result/1',
    drillId: jobId(execution.id),
    plan: 'prod-aurora-main',
    source: 'prod-aurora-main',
    target: drill.target.cluster,
    engine: 'aurora-postgresql',
    trigger: { kind: 'schedule', reason: null },
    dryRun: false,
    verdict: 'passed',
    failure: null,
    otherFailures: [],
    restore: { kind: 'log', restoreTo: at('08:00:04'), baseline: 'same-instant', snapshot: null },
    rto: { seconds: 1212, objectiveSeconds: 3600, met: true },
    rpo: { seconds: 180, objectiveSeconds: 600, met: true },
    sideEffects: null,
    teardown: { status: 'completed', deleted: resources },
    resources: [
      {
        kind: 'cluster',
        name: drill.target.cluster,
        createdAt: at('08:04:37'),
        deletedAt: at('08:33:15'),
      },
      { kind: 'instance', name: drill.target.writer, createdAt: at('08:16:42'), deletedAt: at('08:30:44') },
    ],
    startedAt: execution.startedAt,
    endedAt: end,
  });
  expect(cost.used.stateTransitions).toBeGreaterThan(phases.length);
  expect(timeline.map(({ name }) => name)).toEqual(phasesOf('log'));
  expect(checks.map(({ name }) => name)).toEqual([
    'schema public.users',
    'rows public.users',
    'rows public.orders',
  ]);
});

test('any state data: passed only if it was restored, verified, torn down and no error was caught', () => {
  const pieces = fc.subarray([...phases]);
  const errors = fc.option(pieces, { nil: [] });
  fc.assert(
    fc.property(pieces, errors, (missing, failed) => {
      const failures = Object.fromEntries(failed.map((phase) => [phase, caught]));
      const { verdict, failure } = build({ ...dropPhases(makePassedDrill(), ...missing), failures });
      const isProven = !missing.some((phase) => /^(PrepareDrill|RestoreCluster|VerifyRestore)$/.test(phase));
      const isTornDown = missing.includes('TearDown') || !missing.includes('CheckTeardown');
      expect(verdict).toBe(isProven && isTornDown && failed.length === 0 ? 'passed' : 'failed');
      expect(failure === null).toBe(verdict === 'passed');
    }),
  );
});

test('any state data: JSON loses nothing of the result', () => {
  fc.assert(
    fc.property(fc.subarray([...phases]), (missing) => {
      const result = build(dropPhases(makePassedDrill(), ...missing));
      expect(JSON.parse(JSON.stringify(result))).toStrictEqual(result);
    }),
  );
});

test('no verification and no failure recorded: never passed', () => {
  expect(build(dropPhases(makePassedDrill(), 'VerifyRestore'))).toMatchObject({
    verdict: 'failed',
    rto: { seconds: null, met: null },
  });
});

test('a dry run of what may act in a copy: says so in a skipped check, after those that a drill would do', () => {
  const reason = 'acts in the copy, as the plan accepts: 1 event (shop.purge)';
  const dryRun = makeDryRun();
  const { CaptureBaseline: baseline = makePassedDrill().CaptureBaseline } = dryRun;
  const { checks } = build({ ...dryRun, CaptureBaseline: { ...baseline, sideEffects: reason } });
  expect(checks.at(-1)).toMatchObject({ name: 'side effects', verdict: 'skipped', reason });
});

describe('what would act in a copy', () => {
  const sights = { active: ['1 event (shop.purge)'], quiet: [], unknown: [] };
  const passed = makePassedDrill();

  test('production was asked: in the result by kind, also of a dry run', () => {
    for (const state of [passed, makeDryRun()]) {
      const baseline = { ...passed.CaptureBaseline, sights };
      expect(build({ ...state, CaptureBaseline: baseline }).sideEffects).toEqual(sights);
    }
  });

  test('the drill was refused for it: in the words of the error', () => {
    const cause = 'a copy of shop would act by itself: 1 event (shop.purge)';
    const failures = { CaptureBaseline: { Error: 'SideEffects', Cause: cause } };
    const { sideEffects } = build({ ...dropPhases(passed, 'CaptureBaseline'), failures });
    expect(sideEffects).toEqual({ active: [cause], quiet: [], unknown: [] });
  });

  test('the drill failed before it asked: not known', () => {
    expect(build(dropPhases(passed, 'CaptureBaseline')).sideEffects).toBeNull();
  });
});

test('a dry run: passed and marked as one, with nothing restored, measured or torn down', () => {
  const result = build(makeDryRun());
  expect(result).toMatchObject({
    verdict: 'passed',
    dryRun: true,
    rto: { seconds: null, objectiveSeconds: 3600, met: null },
    teardown: { status: 'not-needed', deleted: [] },
  });
  const skipped = { verdict: 'skipped', actual: null, reason: 'dry run: nothing was restored' };
  expect(result.checks).toMatchObject([
    { ...skipped, name: 'schema public.users', expected: '2 columns, 1 object' },
    { ...skipped, name: 'rows public.users', expected: 1200 },
    { ...skipped, name: 'schema public.orders', expected: '2 columns, 1 object' },
    { ...skipped, name: 'rows public.orders', expected: 48_000 },
    { ...skipped, name: 'database', expected: '1 object' },
    { ...skipped, name: 'sequences' },
  ]);
});

test('failed after the baseline and before the verification: no check is claimed', () => {
  expect(build(makeDrillStoppedIn('RestoreCluster', caught)).checks).toEqual([]);
});

test('failed before the plan was known: nothing is made up, and the trigger is told by the name', () => {
  const { execution: started } = makePassedDrill();
  const result = build({ execution: started, failures: { PrepareDrill: { Error: 'InvalidInput' } } });
  expect(result).toMatchObject({
    plan: null,
    source: null,
    target: null,
    engine: null,
    trigger: { kind: 'schedule', reason: null },
    dryRun: false,
    verdict: 'failed',
    failure: { phase: 'PrepareDrill', error: 'InvalidInput' },
    restore: { restoreTo: null, baseline: 'none' },
    rto: { seconds: null, objectiveSeconds: null, met: null },
    rpo: { seconds: null, objectiveSeconds: null, met: null },
    checks: [],
    teardown: { status: 'not-needed', deleted: [] },
  });
});

test('a start that named its time, failed before the baseline: the time is in the result', () => {
  const state = makeDrillStoppedIn('CaptureBaseline', caught);
  const restoreTo = '2026-11-15T02:13:00Z';
  const result = build({ ...state, PrepareDrill: { ...drill, restoreTo } });
  expect(result.restore).toEqual({ kind: 'log', restoreTo, baseline: 'none', snapshot: null });
});

test.each([
  ['rto', { rtoSeconds: 1200, rpoSeconds: null }, { seconds: 1212, objectiveSeconds: 1200, met: false }],
  ['rpo', { rtoSeconds: null, rpoSeconds: 60 }, { seconds: 180, objectiveSeconds: 60, met: false }],
] as const)(
  '%s objective missed: the drill has failed and the objective is not met',
  (which, objectives, missed) => {
    const result = build({ ...makePassedDrill(), PrepareDrill: { ...drill, objectives } });
    expect(result.verdict).toBe('failed');
    expect(result.failure?.error).toBe('ObjectiveMissed');
    expect(result[which]).toEqual(missed);
  },
);

test('as long as the objectives: both are met', () => {
  const objectives = { rtoSeconds: 1212, rpoSeconds: 180 };
  const result = build({ ...makePassedDrill(), PrepareDrill: { ...drill, objectives } });
  expect([result.verdict, result.rto.met, result.rpo.met]).toEqual(['passed', true, true]);
});

test('a plan without objectives: the times are measured, and nothing is met or missed', () => {
  const objectives = { rtoSeconds: null, rpoSeconds: null };
  const result = build({ ...makePassedDrill(), PrepareDrill: { ...drill, objectives } });
  expect(result.rto).toEqual({ seconds: 1212, objectiveSeconds: null, met: null });
  expect(result.rpo).toEqual({ seconds: 180, objectiveSeconds: null, met: null });
});

test.each([
  ['the last pass found nothing left', makePassedDrill(), 'completed', resources],
  [
    'a cluster without a writer was deleted',
    withResources(drill.target.cluster),
    'completed',
    [drill.target.cluster],
  ],
  ['teardown found nothing to delete', withResources(), 'not-needed', []],
  ['never reached, since nothing was made', makeDrillUpTo('CheckRestorePoint'), 'not-needed', []],
  ['never reached, though a cluster was made', makeDrillUpTo('VerifyRestore'), 'pending', []],
  ['the last pass found something left', withLastPass('pending'), 'failed', []],
  ['the deadline passed', withLastPass('failed'), 'failed', []],
  ['a pass threw', { ...makePassedDrill(), failures: { CheckTeardown: caught } }, 'failed', []],
  ['the first pass threw', dropPhases(makeDrillStoppedIn('TearDown', caught), 'CheckTeardown'), 'failed', []],
  ['the restore request may have got through', restoreAndTeardownThrew(), 'failed', []],
] as const)('%s: the teardown is %s', (_, state, status, deleted) => {
  expect(build(state).teardown).toEqual({ status, deleted });
});

test('the cluster was available, and no teardown found it: the drill fails, and claims no deletion', () => {
  const state = makePassedDrill();
  const found = { resources: [] };
  const vanished = {
    ...state,
    TearDown: { ...state.TearDown, ...found },
    CheckTeardown: { ...state.CheckTeardown, ...found },
  };
  expect(build(vanished)).toMatchObject({
    verdict: 'failed',
    failure: {
      phase: 'CheckTeardown',
      error: 'TeardownFailed',
      cause: `${drill.target.cluster} was available and no teardown found it: somebody has renamed or deleted it`,
    },
    teardown: { status: 'failed', deleted: [] },
  });
});

test('the teardown failed after a restore that passed every check: the drill has failed', () => {
  expect(build(withLastPass('pending'))).toMatchObject({
    verdict: 'failed',
    failure: { error: 'TeardownFailed' },
    rto: { met: true },
  });
});

test('any drill, stopped anywhere or not: the phases follow each other without a gap', () => {
  const stopped = fc.constantFrom<Phase>(...phases).map((phase) => makeDrillStoppedIn(phase, caught));
  fc.assert(
    fc.property(fc.oneof(stopped, fc.constant(makePassedDrill())), (state) => {
      const { phases: timeline } = build(state);
      let previousEnd = state.execution.startedAt;
      for (const { startedAt, endedAt, seconds } of timeline) {
        expect(startedAt).toBe(previousEnd);
        expect(seconds).toBe(secondsBetween(startedAt, endedAt));
        expect(seconds).toBeGreaterThanOrEqual(0);
        previousEnd = endedAt;
      }
    }),
  );
});

test('a wait between two phases: it counts for the phase that waited', () => {
  const waited = build(makePassedDrill()).phases.find(({ name }) => name === 'CheckCluster');
  expect(waited).toEqual({
    name: 'CheckCluster',
    startedAt: at('08:04:38'),
    endedAt: at('08:16:41'),
    seconds: 723,
  });
});

test('a phase stopped by an error: it lasts until the next one begins, and the last until the end', () => {
  const restored = build(makeDrillStoppedIn('RestoreCluster', caught)).phases;
  expect(restored.find(({ name }) => name === 'RestoreCluster')?.endedAt).toBe(at('08:25:11'));
  const last = build(dropPhases(makeDrillStoppedIn('TearDown', caught), 'CheckTeardown')).phases.at(-1);
  expect(last).toMatchObject({ name: 'TearDown', endedAt: end });
});

test('a drill that ends later: only the end differs', () => {
  const later = addSeconds(end, 60);
  expect(buildResult(makePassedDrill(), later, testPrices)).toEqual({
    ...build(makePassedDrill()),
    endedAt: later,
  });
});

function withResources(...made: string[]): DrillState {
  const last = { ...CheckTeardown, resources: made };
  return {
    ...makeDrillStoppedIn('CaptureBaseline', caught),
    TearDown: { ...TearDown, ...last },
    CheckTeardown: last,
  };
}

function withLastPass(status: 'pending' | 'failed'): DrillState {
  return { ...makePassedDrill(), CheckTeardown: { ...CheckTeardown, status } };
}

function restoreAndTeardownThrew(): DrillState {
  const state = dropPhases(makeDrillStoppedIn('RestoreCluster', caught), 'TearDown', 'CheckTeardown');
  return { ...state, failures: { RestoreCluster: caught, TearDown: caught } };
}

test('a check that waited once and then failed: it lasts until the next phase, not until its earlier answer', () => {
  const state = makePassedDrill();
  const { startedAt } = state.AddWriter;
  const { phases: timeline } = build({ ...state, failures: { CheckCluster: caught } });
  expect(timeline.find(({ name }) => name === 'CheckCluster')?.endedAt).toBe(startedAt);
});

test('nothing was made and the teardown stumbled: no teardown was needed', () => {
  const state: DrillState = {
    execution,
    failures: { PrepareDrill: caught, CheckTeardown: caught },
    TearDown,
  };
  expect(build(state).teardown).toEqual({ status: 'not-needed', deleted: [] });
});
