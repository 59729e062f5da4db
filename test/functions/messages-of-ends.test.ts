import { expect, test } from 'vitest';
import { concludeDrill } from '../../functions/drill/conclude-drill.ts';
import { notifyResult } from '../../functions/drill/notify-result.ts';
import { sweepLeftovers } from '../../functions/monitors/sweep-leftovers.ts';
import type { DrillResult } from '../../shared/drill/document.ts';
import type { DrillState } from '../../shared/drill/state.ts';
import { fileInHistory } from '../../shared/history/filing.ts';
import type { Reports } from '../../shared/history/reports.ts';
import { jobId } from '../../shared/job/names.ts';
import type { Message } from '../../shared/messages/message.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import { planFolder } from '../../shared/report/place.ts';
import {
  dropPhases,
  makeCheck,
  makeDrillStoppedIn,
  makeDrillUpTo,
  makeDrillWithChecks,
  makeDryRun,
  makePassedDrill,
} from '../shared/drill/state-fixture.ts';
import { modelReports } from '../shared/history/reports-model.ts';
import { testPrices } from '../shared/result/prices-fixture.ts';
import { clockAt, failWith, makeAurora } from './fakes.ts';

/** What ends how, who hears of it, under which key. */

const passed = makePassedDrill();
const { execution } = passed;
const plan = 'prod-aurora-main';
const plans = JSON.stringify({
  plans: { [plan]: { source: plan, database: { name: 'app', user: 'reader' } } },
});
const stateMachineArn = execution.id.replace(':execution:', ':stateMachine:').replace(/:[^:]*$/, '');

/** How an execution goes, and which of the states that tell it reaches. */
type Course = {
  state: DrillState;
  /** The status that Step Functions tells, and what somebody typed. */
  status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  input?: string;
  isByHand?: boolean;
  /** It was stopped before NotifyResult, or before ConcludeDrill; if not, it ran to its end. */
  stopped?: 'before its verdict' | 'after its verdict';
  cannotTell?: boolean;
  cannotFile?: boolean;
  cannotCount?: boolean;
};

/** As the state data is when NotifyResult reads it. */
const beforeTeardown = (state: DrillState): DrillState => {
  const { failures, ...rest } = dropPhases(state, 'NotifyResult', 'TearDown', 'CheckTeardown');
  const { TearDown, CheckTeardown, ...earlier } = failures ?? {};
  return Object.keys(earlier).length === 0 ? rest : { ...rest, failures: earlier };
};

/** Runs the states that tell of it. @returns the result, if it came to one */
const runToEnd = async (
  course: Course,
  state: DrillState,
  { notify, reports }: { notify: Notify; reports: Reports },
): Promise<DrillResult | null> => {
  const { stopped, cannotTell, cannotFile, cannotCount } = course;
  if (stopped === 'before its verdict') return null;
  const deps = {
    notify: cannotTell ? failWith('NotificationFailed') : notify,
    placeOf: () => 'report',
    file: cannotFile
      ? failWith('ReportNotFiled')
      : fileInHistory(reports, planFolder, { pause: async () => {} }),
    readPlans: async () => plans,
    readPosture: async () => null,
    prices: () => testPrices,
    now: clockAt('08:25:11'),
    warn: () => {},
  };
  let { failures } = state;
  // A dry run that passes goes on to the end at once.
  const isTold = !state.PrepareDrill?.dryRun || failures !== undefined;
  if (isTold) {
    await notifyResult(beforeTeardown(state), deps).catch(({ name }: Error) => {
      failures = { ...failures, NotifyResult: { Error: name } };
    });
  }
  if (stopped !== undefined) return null;
  const ended = failures === undefined ? state : { ...state, failures };
  const publish = cannotCount ? failWith('MetricsFailed') : async () => {};
  return concludeDrill(ended, { ...deps, metrics: { publish, read: async () => [] }, pause: async () => {} });
};

/** @returns everything that is told, in order: topic, kind and key */
const listTold = async (course: Course): Promise<string[]> => {
  const { status, input = JSON.stringify({ plan }) } = course;
  const name = course.isByHand ? 'by-hand' : execution.name;
  const executionArn = execution.id.replace(/[^:]*$/, name);
  const told: string[] = [];
  const tellTo = (topic: string) => async (message: Message) => {
    const key = message.dedupKey.replace(jobId(executionArn), 'ID');
    const verdict = message.title.includes('after its verdict') ? ' with its verdict' : '';
    told.push(`${topic} ${message.kind} ${key}${verdict}`);
  };
  const reports = modelReports();
  const started = { ...execution, id: executionArn, name, input: JSON.parse(input) };
  const state = { ...course.state, execution: started };
  const result = await runToEnd(course, state, { notify: tellTo('notifications'), reports });
  const { error = null, cause = null } = result?.failure ?? {};
  await sweepLeftovers(
    {
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      detail: { executionArn, name, status, input, error, cause },
    },
    {
      aurora: makeAurora({
        listClusters: async () => ({ clusters: [], unreadable: [] }),
        listManualSnapshots: async function* () {},
      }),
      executions: { findStatus: async () => 'ended' },
      metrics: { publish: async () => {} },
      notify: tellTo('pager'),
      reports,
      placeOf: (key) => key,
      readPlans: async () => plans,
      stateMachineArns: () => [stateMachineArn],
      recoverMachineArn: () => `${stateMachineArn}-recover`,
      rewindMachineArn: () => `${stateMachineArn}-rewind`,
      prices: () => testPrices,
      now: clockAt('09:30'),
    },
  );
  return told;
};

const failedChecks = makeDrillWithChecks(makeCheck({ verdict: 'failed' }));
const unprepared = (name: string): DrillState => ({
  execution,
  failures: { PrepareDrill: { Error: name } },
});
const teardownFailed = (name: string): DrillState => ({
  ...dropPhases(passed, 'TearDown', 'CheckTeardown'),
  failures: { TearDown: { Error: name } },
});
const leftBehind: DrillState = {
  ...passed,
  CheckTeardown: { ...passed.CheckTeardown, status: 'failed', error: 'DeadlineExceeded', reason: 'stands' },
};
const failedDryRun: DrillState = {
  ...dropPhases(makeDryRun(), 'CaptureBaseline'),
  failures: { CaptureBaseline: { Error: 'AccessDenied' } },
};
const dryInput = JSON.stringify({ plan, dryRun: true });

const ofPlan = `drill/${plan}`;
const opened = `notifications drill-failed ${ofPlan}`;
const resolved = `notifications drill-passed ${ofPlan}`;
const ofTeardown = 'teardown/ID';

test.each<[string, Course, string[]]>([
  ['passes', { state: passed, status: 'SUCCEEDED' }, [resolved]],
  ['fails its checks', { state: failedChecks, status: 'FAILED' }, [opened, `pager drill-failed ${ofPlan}`]],
  [
    'fails on its way',
    { state: makeDrillStoppedIn('AddWriter', { Error: 'CapacityUnavailable' }), status: 'FAILED' },
    [opened, `pager drill-failed ${ofPlan}`],
  ],
  [
    'fails at once, started with {}',
    { state: unprepared('SourceNotFound'), status: 'FAILED', input: '{}', isByHand: true },
    [opened, `pager drill-failed ${ofPlan}`],
  ],
  [
    'fails at once, started by its schedule',
    { state: unprepared('SourceNotFound'), status: 'FAILED' },
    [opened, `pager drill-failed ${ofPlan}`],
  ],
  ...['InvalidInput', 'UnknownPlan', 'RestoreTimeOutsideWindow'].map((error): [string, Course, string[]] => [
    `was mistyped (${error})`,
    { state: unprepared(error), status: 'FAILED', isByHand: true },
    ['notifications drill-failed drill/ID'],
  ]),
  [
    'names a plan that is gone, started by a schedule',
    { state: unprepared('UnknownPlan'), status: 'FAILED' },
    ['notifications drill-failed drill/ID', 'pager drill-failed drill/ID'],
  ],
  [
    'passes, and its teardown is denied',
    { state: teardownFailed('AccessDenied'), status: 'FAILED' },
    [resolved, `notifications teardown-failed ${ofTeardown}`, `pager drill-failed ${ofTeardown}`],
  ],
  [
    'passes, and leaves something behind',
    { state: leftBehind, status: 'FAILED' },
    [resolved, `notifications teardown-failed ${ofTeardown}`, `pager drill-failed ${ofTeardown}`],
  ],
  [
    'fails its checks, and leaves something behind',
    { state: { ...failedChecks, CheckTeardown: leftBehind.CheckTeardown } as DrillState, status: 'FAILED' },
    [opened, `notifications teardown-failed ${ofTeardown}`, `pager drill-failed ${ofPlan}`],
  ],
  [
    'passes, and cannot say so',
    { state: passed, status: 'FAILED', cannotTell: true },
    [`pager drill-failed ${ofPlan}`],
  ],
  [
    'passes, and cannot file its report',
    { state: passed, status: 'FAILED', cannotFile: true },
    [resolved, `pager drill-failed ${ofPlan}`],
  ],
  [
    'passes, and cannot publish its metrics',
    { state: passed, status: 'FAILED', cannotCount: true },
    [resolved, `pager drill-failed ${ofPlan}`],
  ],
  ...(['ABORTED', 'TIMED_OUT'] as const).flatMap((status): [string, Course, string[]][] => [
    [
      `is ${status} before its verdict`,
      { state: makeDrillUpTo('CheckCluster'), status, stopped: 'before its verdict' },
      [`pager drill-aborted ${ofPlan}`],
    ],
    [
      `is ${status} after it passed`,
      { state: passed, status, stopped: 'after its verdict' },
      [resolved, `pager drill-aborted ${ofTeardown} with its verdict`],
    ],
    [
      `is ${status} after it failed`,
      { state: failedChecks, status, stopped: 'after its verdict' },
      [opened, `pager drill-aborted ${ofPlan} with its verdict`],
    ],
    [
      `is ${status} after its verdict, which was not filed`,
      { state: passed, status, stopped: 'after its verdict', cannotFile: true },
      [resolved, `pager drill-aborted ${ofPlan}`],
    ],
  ]),
  ['is a dry run that passes', { state: makeDryRun(), status: 'SUCCEEDED', input: dryInput }, []],
  [
    'is a dry run that fails',
    { state: failedDryRun, status: 'FAILED', input: dryInput },
    [`notifications drill-failed dry-run/${plan}`],
  ],
  [
    'is a dry run that is stopped',
    { state: makeDryRun(), status: 'ABORTED', input: dryInput, stopped: 'before its verdict' },
    [],
  ],
])('a drill that %s: who hears of it, and under which key', async (_, course, told) => {
  expect(await listTold(course)).toEqual(told);
});
