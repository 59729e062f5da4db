// Called by a schedule every 15 minutes, for executions that failed, timed out or were stopped, and by hand.
// Deletes in RDS what drills of this stack left behind, under the same guard as TearDown. Publishes how much is left.
// Running it twice finds less to delete. What is gone is a success. At worst a message about a bad end is repeated.
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
import { indexKey, parseHistory } from '../../shared/history/document.ts';
import type { Reports } from '../../shared/history/reports.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { jobId } from '../../shared/job/names.ts';
import { decideTelling, describeBadEnd, type FiledVerdict } from '../../shared/messages/bad-end.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import type { Metrics } from '../../shared/monitors/metrics.ts';
import { choosePlan, type Plan, parsePlans, sourcesOf } from '../../shared/plan/plans.ts';
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
  { notify, reports, placeOf, stateMachineArns, now }: SweepDeps,
): Promise<string | null> => {
  const decision = decideTelling(execution, stateMachineArns());
  if (decision.action === 'ignore') return null;
  const plan = findPlan(plans, execution.input);
  const filed = await findFiled(execution, { reports, placeOf });
  const message = describeBadEnd(decision.end, plan, toIso(now()), filed);
  return findProblem(`nobody was told of execution ${execution.name}`, () => notify(message));
};

/** What the drill filed of itself. Null when it filed nothing; a history that cannot be read keeps no message back. */
const findFiled = async (
  { arn }: ChangedExecution,
  { reports, placeOf }: Pick<SweepDeps, 'reports' | 'placeOf'>,
): Promise<FiledVerdict | null> => {
  try {
    const index = await reports.read(indexKey);
    if (index === null) return null;
    const drill = parseHistory(index.text).drills.find(({ drillId }) => drillId === jobId(arn));
    return drill === undefined ? null : { ...drill, report: placeOf(drill.report) };
  } catch (error) {
    if (isDrillError(error)) return null;
    throw error;
  }
};

/** The plan that the execution drilled, or null when its input does not tell. */
const findPlan = (plans: Record<string, Plan>, input: string | null): string | null => {
  try {
    const { plan } = parseExecutionInput(JSON.parse(input ?? ''));
    return choosePlan(plans, plan, plansFileName).name;
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
  now: systemClock,
});
