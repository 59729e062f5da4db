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
import { listBacktracks } from '../../shared/aws/rds-backtrack.ts';
import { placeOfKey } from '../../shared/aws/report-place.ts';
import { read, s3Reports } from '../../shared/aws/reports.ts';
import { type BadEndPorts, describeChanged } from '../../shared/bad-ends/message.ts';
import { systemClock } from '../../shared/clock.ts';
import { DrillError, isDrillError } from '../../shared/errors.ts';
import { toIso } from '../../shared/instants.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import type { Metrics } from '../../shared/monitors/metrics.ts';
import { type Plan, parsePlans, sourcesOf } from '../../shared/plan/plans.ts';
import { parsePrices } from '../../shared/result/prices.ts';
import { type Sweep, type SweepPorts, sweepOnce } from '../../shared/teardown/sweep.ts';
import { type ChangedExecution, readSweepTrigger } from '../../shared/teardown/sweep-trigger.ts';

export type SweepDeps = SweepPorts &
  BadEndPorts & { metrics: Pick<Metrics, 'publish'>; notify: Notify; readPlans: () => Promise<string> };

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
  const message = await describeChanged(execution, plans, deps);
  if (message === null) return null;
  return findProblem(`nobody was told of execution ${execution.name}`, () => deps.notify(message));
};

export const handler = monitorHandler(sweepLeftovers, {
  aurora: rdsAurora({ listClusters, listManualSnapshots, listBacktracks, ...removalVerbs }, patientRds()),
  executions: sfnExecutions(),
  metrics: cloudWatchMetrics({ publish }),
  notify: snsNotify(),
  reports: s3Reports({ read }),
  placeOf: placeOfKey,
  readPlans: readPackagedPlans,
  // Several are separated by commas.
  stateMachineArns: () => readSetting('STATE_MACHINE_ARN').split(','),
  recoverMachineArn: () => readSetting('RECOVER_STATE_MACHINE_ARN'),
  rewindMachineArn: () => readSetting('REWIND_STATE_MACHINE_ARN'),
  prices: () => parsePrices(prices),
  now: systemClock,
});
