import { describe, expect, test } from 'vitest';
import { buildResult, wasAskedFor } from '../../../shared/drill/document.ts';
import type { DrillState } from '../../../shared/drill/state.ts';
import { testPrices } from '../result/prices-fixture.ts';
import { at, dropPhases, makeDrillStoppedIn, makeDryRun, makePassedDrill } from './state-fixture.ts';

const build = (state: DrillState) => buildResult(state, at('08:33:17'), testPrices);
const caught = { Error: 'AwsFailure', Cause: 'as it was seen' };
const { PrepareDrill: drill, execution, TearDown, CheckTeardown } = makePassedDrill();

const planOf = (input: unknown, error: string) =>
  build({
    ...makeDrillStoppedIn('PrepareDrill', { Error: error }),
    execution: { ...execution, input },
  }).plan;

test.each([
  [
    'a scheduled drill whose source is gone',
    { plan: 'prod-aurora-main' },
    'SourceNotFound',
    'prod-aurora-main',
  ],
  ['a plan that there is not', { plan: 'prod-aurora-mian' }, 'UnknownPlan', null],
  ['an input with an unknown key', { plan: 'prod-aurora-main', dryrun: true }, 'InvalidInput', null],
  ['no plan named', {}, 'AccessDenied', null],
  ['no object', 'prod-aurora-main', 'AccessDenied', null],
  ['null', null, 'AccessDenied', null],
  ['a plan that is no name', { plan: '../../etc' }, 'AccessDenied', null],
])('stopped before its plan was read, with %s: %j and %s give the plan %s', (_, input, error, plan) => {
  expect(planOf(input, error)).toBe(plan);
});

test('a dry run stopped before its plan was read: a dry run all the same', () => {
  const stopped = makeDrillStoppedIn('PrepareDrill', { Error: 'SourceNotFound' });
  const dryRunOf = (input: unknown) => build({ ...stopped, execution: { ...execution, input } }).dryRun;
  expect([{ dryRun: true }, { dryRun: 'yes' }, {}, null, 'dryRun'].map(dryRunOf)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

describe('resources', () => {
  const extra = `${drill.target.cluster}-extra`;

  test('an instance that somebody added: listed, without a time of creation', () => {
    const { resources, gone, ...last } = CheckTeardown;
    const seen = { ...last, resources: [extra, ...resources], gone };
    const { resources: listed } = build({ ...makePassedDrill(), CheckTeardown: seen });
    expect(listed).toContainEqual({
      kind: 'instance',
      name: extra,
      createdAt: null,
      deletedAt: last.endedAt,
    });
  });

  test('the answer to the restore was lost: the cluster that the teardown found, without a time of creation', () => {
    const state = makeDrillStoppedIn('RestoreCluster', caught);
    const [cluster] = build({ ...state, TearDown, CheckTeardown }).resources;
    expect(cluster).toMatchObject({ kind: 'cluster', name: drill.target.cluster, createdAt: null });
  });

  test('made and never seen by a teardown: listed, as not seen to go', () => {
    const state = dropPhases(makeDrillStoppedIn('TearDown', caught), 'CheckTeardown');
    expect(build(state).resources).toMatchObject([
      { name: drill.target.cluster, deletedAt: null },
      { name: drill.target.writer, deletedAt: null },
    ]);
  });

  test('the teardown never listed the writer, and nothing is left: gone by the end of the teardown', () => {
    const { CheckTeardown: last, ...state } = makePassedDrill();
    const { cluster, writer } = drill.target;
    const seen = { ...last, resources: [cluster], gone: { [cluster]: at('08:33:15') } };
    const { resources: listed, cost } = build({ ...state, CheckTeardown: seen });
    expect(listed.find(({ name }) => name === writer)?.deletedAt).toBe(last.endedAt);
    expect(cost.used.isStanding).toBe(false);
  });

  test('somebody deleted the cluster while it was restoring: a teardown that is complete, and nothing that stands', () => {
    const { RestoreCluster, ...state } = makeDrillStoppedIn('AddWriter', caught);
    const CheckCluster = { ...makePassedDrill().CheckCluster, status: 'failed' as const, reason: 'gone' };
    const none = { resources: [], gone: {} };
    const { teardown, resources: listed } = build({
      ...state,
      ...(RestoreCluster && { RestoreCluster }),
      CheckCluster,
      TearDown: { ...TearDown, ...none },
      CheckTeardown: { ...CheckTeardown, ...none },
    });
    expect(teardown.status).toBe('completed');
    expect(listed.map(({ deletedAt }) => deletedAt)).toEqual([CheckTeardown.endedAt]);
  });

  test('a dry run: none', () => {
    expect(build(makeDryRun()).resources).toEqual([]);
  });
});

test('a drill on one machine: its cost says that nothing was billed', () => {
  const { PrepareDrill, ...state } = makePassedDrill();
  const local = {
    ...state,
    PrepareDrill: { ...PrepareDrill, trigger: { kind: 'local' as const, reason: null } },
  };
  expect(build(local).cost.assumptions[0]).toContain('nothing was billed');
  expect(build(makePassedDrill()).cost.assumptions.join()).not.toContain('nothing was billed');
});

test('a drill on one machine that leaves something behind: no word of what goes on costing', () => {
  const { PrepareDrill, CheckTeardown: last, ...state } = makePassedDrill();
  const left = { ...last, status: 'failed' as const, gone: {} };
  const assumptionsOf = (kind: 'local' | 'manual') =>
    build({
      ...state,
      CheckTeardown: left,
      PrepareDrill: { ...PrepareDrill, trigger: { kind, reason: null } },
    }).cost.assumptions.join();
  expect(assumptionsOf('local')).not.toContain('goes on costing');
  expect(assumptionsOf('manual')).toContain('goes on costing');
});

test.each([
  ['AwsUnavailable', true],
  ['States.Timeout', true],
  ['QuotaExceeded', false],
  ['TargetNameTaken', false],
])('RestoreCluster ended in %s: that RDS may have taken the request is %s', (error, isAsked) => {
  expect(wasAskedFor(build(makeDrillStoppedIn('RestoreCluster', { Error: error })))).toBe(isAsked);
});
