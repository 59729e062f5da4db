// Called for RDS events of category backtrack, through SNS or EventBridge, and by a schedule every 15 minutes.
// Changes nothing in RDS: reads each cluster's window itself, tells the pager after an event, publishes ratios on schedule.
// Running it twice tells the truth of each time, under the same deduplication key.
import type { Aurora, Cluster, Unreadable } from '../shared/aurora.ts';
import { patientRdsAurora } from '../shared/aurora-rds.ts';
import { assessBacktrack, toRatio } from '../shared/backtrack.ts';
import { type BacktrackHistory, readBacktrackHistory } from '../shared/backtrack-history.ts';
import { describeRecovered, describeShrunk } from '../shared/backtrack-message.ts';
import { systemClock } from '../shared/clock.ts';
import { describeError, isDrillError } from '../shared/errors.ts';
import { type Clock, toIso } from '../shared/instants.ts';
import { logWarning, monitorHandler, type Warn } from '../shared/lambda.ts';
import type { Metric, Metrics } from '../shared/metrics.ts';
import { cloudWatchMetrics } from '../shared/metrics-cloudwatch.ts';
import { collecting, incompleteError } from '../shared/monitor-failures.ts';
import { readScope } from '../shared/monitor-settings.ts';
import { chooseMonitored, findSkipReason, type Scope } from '../shared/monitored-clusters.ts';
import type { Notify } from '../shared/notify.ts';
import { snsNotify } from '../shared/notify-sns.ts';
import { readRdsEvents } from '../shared/rds-events.ts';

type Deps = {
  aurora: Pick<Aurora, 'listClusters' | 'findCluster' | 'findClusterOf'>;
  metrics: Metrics;
  notify: Notify;
  scope: () => Scope;
  now: Clock;
  warn: Warn;
};

/** What a run did: titles of messages, ratios by cluster, and in words what it left aside. */
export type BacktrackRun = {
  told: string[];
  ratios: Record<string, number>;
  ignored: string[];
  unparsable: string[];
};

export const backtrackWindow = async (event: unknown, deps: Deps): Promise<BacktrackRun> => {
  const { isSchedule, instances, ignored, unparsable } = readRdsEvents(event);
  const run: BacktrackRun = { told: [], ratios: {}, ignored, unparsable };
  const unreadable: Unreadable[] = [];
  if (isSchedule) await publishRatios(run, unreadable, deps);
  await answerEvents(instances, run, unreadable, deps);
  if (unparsable.length > 0) await countUnparsable(unparsable, deps);
  const dealtWith = Object.keys(run.ratios).length + run.told.length;
  if (unreadable.length > 0) throw incompleteError(unreadable, dealtWith + unreadable.length);
  return run;
};

/** The schedule: a value for every cluster with Backtrack, for the alarm that sees what a lost event would hide. */
const publishRatios = async (run: BacktrackRun, unreadable: Unreadable[], deps: Deps): Promise<void> => {
  const at = toIso(deps.now());
  const list = await deps.aurora.listClusters();
  unreadable.push(...list.unreadable);
  for (const cluster of chooseMonitored(list.clusters, deps.scope())) {
    await collecting(cluster.identifier, unreadable, async () => {
      const ratio = toRatio(assessBacktrack(cluster, at));
      if (ratio !== null) run.ratios[cluster.identifier] = ratio;
    });
  }
  const metrics = Object.entries(run.ratios).map(
    ([cluster, value]): Metric => ({ name: 'BacktrackWindowRatio', cluster, value, at }),
  );
  await deps.metrics.publish(metrics);
};

/** An event only says where to look: it may be late, repeated or overtaken by the next. */
const answerEvents = async (
  instances: readonly string[],
  run: BacktrackRun,
  unreadable: Unreadable[],
  deps: Deps,
): Promise<void> => {
  const seen = new Set<string>();
  for (const instance of instances) {
    await collecting(instance, unreadable, async () => {
      const identifier = await deps.aurora.findClusterOf(instance);
      const cluster = identifier && (await deps.aurora.findCluster(identifier));
      if (!cluster) run.ignored.push(`${instance}: it is gone, or in no cluster`);
      else if (!seen.has(cluster.identifier)) await tellTruth(cluster, run, deps);
      if (cluster) seen.add(cluster.identifier);
    });
  }
};

const tellTruth = async (cluster: Cluster, run: BacktrackRun, deps: Deps): Promise<void> => {
  const skipReason = findSkipReason(cluster, deps.scope());
  if (skipReason !== null) return void run.ignored.push(`${cluster.identifier}: ${skipReason}`);
  const assessment = assessBacktrack(cluster, toIso(deps.now()));
  if (!('window' in assessment)) return void run.ignored.push(assessment.reason);
  const { verdict, window } = assessment;
  const message =
    verdict === 'full'
      ? describeRecovered(window)
      : describeShrunk(window, await readHistory(window, deps), cluster.latestRestorableTime);
  await deps.notify(message);
  run.told.push(message.title);
};

/** An alert without its history is better than none. */
const readHistory = async (
  { cluster, at }: { cluster: string; at: string },
  { metrics, warn }: Deps,
): Promise<BacktrackHistory> => {
  try {
    return await readBacktrackHistory(metrics, cluster, at);
  } catch (error) {
    if (!isDrillError(error)) throw error;
    warn('the alert goes out without its history', { cluster, reason: error.summary });
    return { since: null, rate: null };
  }
};

const countUnparsable = async (
  unparsable: readonly string[],
  { metrics, now, warn }: Deps,
): Promise<void> => {
  warn('events that cannot be read', { unparsable });
  const value = unparsable.length;
  await metrics
    .publish([{ name: 'UnparsableRdsEvents', cluster: null, value, at: toIso(now()) }])
    .catch((error) => warn('they could not be counted', { reason: describeError(error) }));
};

export const handler = monitorHandler(backtrackWindow, {
  aurora: patientRdsAurora(),
  metrics: cloudWatchMetrics(),
  notify: snsNotify(),
  scope: readScope,
  now: systemClock,
  warn: logWarning,
});
