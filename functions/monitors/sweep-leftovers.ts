// Called by a schedule every 15 minutes, for executions that failed, timed out or were stopped, and by hand.
// Deletes in RDS what drills of this stack left behind, under the same guard as TearDown. Publishes how much is left.
// Running it twice finds less to delete. What is gone is a success. At worst a message about a bad end is repeated.
import prices from '../../config/prices.json' with { type: 'json' };
import { describeIncomplete } from '../../shared/aurora/incomplete.ts';
import { readSetting } from '../../shared/aws/environment.ts';
import { sfnExecutions } from '../../shared/aws/executions.ts';
import { monitorHandler } from '../../shared/aws/lambda.ts';
import { cloudWatchMetrics, publish } from '../../shared/aws/metrics.ts';
import { snsNotify } from '../../shared/aws/notify.ts';
import { plansFileName, readPackagedPlans } from '../../shared/aws/plans-file.ts';
import {
  listClusters,
  listManualSnapshots,
  patientRds,
  rdsAurora,
  removalVerbs,
} from '../../shared/aws/rds.ts';
import { placeOfKey } from '../../shared/aws/report-place.ts';
import { read, s3Reports } from '../../shared/aws/reports.ts';
import { systemClock } from '../../shared/clock.ts';
import { parseExecutionInput } from '../../shared/drill/input.ts';
import { DrillError, isDrillError } from '../../shared/errors.ts';
import { type History, indexKey, parseHistory } from '../../shared/history/document.ts';
import type { Reports } from '../../shared/history/reports.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { jobId } from '../../shared/job/names.ts';
import {
  type BadEnd,
  decideTelling,
  describeBadEnd,
  type FiledVerdict,
} from '../../shared/messages/bad-end.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import { describeBadRecovery } from '../../shared/messages/recovery-bad-end.ts';
import type { Metrics } from '../../shared/monitors/metrics.ts';
import { choosePlan, type Plan, parsePlans, sourcesOf } from '../../shared/plan/plans.ts';
import { findStanding } from '../../shared/recovering/standing.ts';
import { readTyped } from '../../shared/recovery/input.ts';
import { type Prices, parsePrices } from '../../shared/result/prices.ts';
import { type Sweep, type SweepPorts, sweepOnce } from '../../shared/teardown/sweep.ts';
import { type ChangedExecution, readSweepTrigger } from '../../shared/teardown/sweep-trigger.ts';

export type SweepDeps = SweepPorts & {
  metrics: Pick<Metrics, 'publish'>;
  notify: Notify;
  reports: Pick<Reports, 'read'>;
  /** Where a file of the history is, in words for people. */
  placeOf: (key: string) => string;
  readPlans: () => Promise<string>;
  /** The state machines of this stack whose jobs make copies. */
  stateMachineArns: () => string[];
  /** The one whose clusters stay. */
  recoverMachineArn: () => string;
  prices: () => Prices;
  now: Clock;
};

export const sweepLeftovers = async (event: unknown, deps: SweepDeps): Promise<Sweep> => {
  const trigger = readSweepTrigger(event);
  const isDryRun = trigger.kind === 'by-hand' && trigger.isDryRun;
  const plans = parsePlans(await deps.readPlans(), plansFileName);
  const untold = trigger.kind === 'status' ? await tell(trigger.execution, plans, deps) : null;

  const at = toIso(deps.now());
  const scope = { stateMachineArns: deps.stateMachineArns(), neverDeleted: sourcesOf(plans), now: at };
  const sweep = await sweepOnce(scope, isDryRun, deps);
  if (isDryRun) return sweep;
  const { left, failed, kept, removing, reported } = sweep;
  const done = kept.length + removing.length + reported.length;
  const problems = [
    untold,
    failed.length === 0 ? null : describeIncomplete(failed, done),
    await findProblem('the value is missing', () =>
      deps.metrics.publish([{ name: 'LeftoverDrillClusters', cluster: null, value: left, at }]),
    ),
  ].filter((problem) => problem !== null);
  if (problems.length > 0) throw new DrillError('SweepIncomplete', problems.join('; '));
  return sweep;
};

/** One problem must not hide the others. @returns what went wrong, or null */
const findProblem = async (what: string, work: () => Promise<void>): Promise<string | null> => {
  try {
    await work();
    return null;
  } catch (error) {
    if (!isDrillError(error)) throw error;
    return `${what}: ${error.summary}`;
  }
};

/** Wakes somebody when that is due. @returns why nobody could be told, or null */
const tell = async (
  execution: ChangedExecution,
  plans: Record<string, Plan>,
  deps: SweepDeps,
): Promise<string | null> => {
  const { notify, reports, placeOf, stateMachineArns, recoverMachineArn, now } = deps;
  const recovery = decideTelling(execution, [recoverMachineArn()]);
  if (recovery.action === 'tell') return tellOfRecovery(recovery.end, plans, deps);
  const decision = decideTelling(execution, stateMachineArns());
  if (decision.action === 'ignore') return null;
  const plan = findPlan(plans, () => parseExecutionInput(parseJson(execution.input)).plan);
  const filed = await findFiled(execution, { reports, placeOf });
  const message = describeBadEnd(decision.end, plan, toIso(now()), filed);
  return findProblem(`nobody was told of execution ${execution.name}`, () => notify(message));
};

/** Nothing of a recovery is swept: what stands is told, with its cost and how to go on. */
const tellOfRecovery = async (
  end: ChangedExecution & { status: BadEnd },
  plans: Record<string, Plan>,
  { aurora, notify, reports, placeOf, prices, now }: SweepDeps,
): Promise<string | null> => {
  const typed = readTyped(parseJson(end.input), end.startedAt ?? toIso(now()));
  const plan = findPlan(plans, () => typed.plan ?? undefined);
  const source = plan === null ? null : (plans[plan]?.source ?? null);
  const sought = { execution: end.arn, source, restoreTo: typed.restoreTo };
  const seen = await findStanding(aurora, sought, prices()).then((standing) => ({ standing }), unreadBy);
  const history = await readHistory(reports);
  const filed = history?.jobs?.find(({ id }) => id === jobId(end.arn));
  const report = filed === undefined ? null : placeOf(filed.report);
  const message = describeBadRecovery(
    { execution: end, typed: { ...typed, plan }, seen, report },
    toIso(now()),
  );
  return findProblem(`nobody was told of execution ${end.name}`, () => notify(message));
};

const unreadBy = (error: unknown): { unread: string } => {
  if (!isDrillError(error)) throw error;
  return { unread: error.summary };
};

/** Null if there is none; one that cannot be read keeps no message back. */
const readHistory = async (reports: SweepDeps['reports']): Promise<History | null> => {
  try {
    const index = await reports.read(indexKey);
    return index === null ? null : parseHistory(index.text);
  } catch (error) {
    if (isDrillError(error)) return null;
    throw error;
  }
};

/** What the drill filed of itself. Null when it filed nothing. */
const findFiled = async (
  { arn }: ChangedExecution,
  { reports, placeOf }: Pick<SweepDeps, 'reports' | 'placeOf'>,
): Promise<FiledVerdict | null> => {
  const history = await readHistory(reports);
  const drill = history?.drills.find(({ drillId }) => drillId === jobId(arn));
  return drill === undefined ? null : { ...drill, report: placeOf(drill.report) };
};

/** The plan that the execution was of, or null when its input does not tell. */
const findPlan = (plans: Record<string, Plan>, readWish: () => string | undefined): string | null => {
  try {
    return choosePlan(plans, readWish(), plansFileName).name;
  } catch {
    return null;
  }
};

const parseJson = (text: string | null): unknown => {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
};

export const handler = monitorHandler(sweepLeftovers, {
  aurora: rdsAurora({ listClusters, listManualSnapshots, ...removalVerbs }, patientRds()),
  executions: sfnExecutions(),
  metrics: cloudWatchMetrics({ publish }),
  notify: snsNotify(),
  reports: s3Reports({ read }),
  placeOf: placeOfKey,
  readPlans: readPackagedPlans,
  // Several are separated by commas.
  stateMachineArns: () => readSetting('STATE_MACHINE_ARN').split(','),
  recoverMachineArn: () => readSetting('RECOVER_STATE_MACHINE_ARN'),
  prices: () => parsePrices(prices),
  now: systemClock,
});
