// Called for RDS events of category backtrack, through SNS or EventBridge, and by a schedule every 15 minutes.
// Changes nothing in RDS: reads each cluster's window itself, tells the pager after an event, publishes ratios on schedule.
// Running it twice says what is true each time, under the same deduplication key.

import { measureRatios } from '../../shared/aurora/backtrack-window.ts';
import { collectFailure, incompleteError } from '../../shared/aurora/incomplete.ts';
import type { Aurora, Cluster, Unreadable } from '../../shared/aurora/port.ts';
import { logWarning, monitorHandler, type Warn } from '../../shared/aws/lambda.ts';
import { cloudWatchMetrics, publish, read } from '../../shared/aws/metrics.ts';
import { readScope } from '../../shared/aws/monitor-settings.ts';
import { snsNotify } from '../../shared/aws/notify.ts';
import { findCluster, findClusterOf, listClusters, patientRds, rdsAurora } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { type DrillError, isDrillError } from '../../shared/errors.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import { decideMessage } from '../../shared/monitors/backtrack-decision.ts';
import { readBacktrackHistory } from '../../shared/monitors/backtrack-history.ts';
import { describeRecovered, describeShrunk } from '../../shared/monitors/backtrack-message.ts';
import type { Metrics } from '../../shared/monitors/metrics.ts';
import { readRdsEvents } from '../../shared/monitors/rds-events.ts';
import { chooseMonitored, type Scope } from '../../shared/monitors/scope.ts';
import { show } from '../../shared/problems.ts';

type Deps = {
  aurora: Pick<Aurora, 'listClusters' | 'findCluster' | 'findClusterOf'>;
  metrics: Metrics;
  notify: Notify;
  scope: () => Scope;
  now: Clock;
  warn: Warn;
};

/** CloudWatch takes 256 KB for a log line. An RDS event has about one. */
const maxLogged = 20_000;

/** What a run did: titles of messages, ratios by cluster, what it left aside in words, and what failed. */
export type BacktrackRun = {
  told: string[];
  ratios: Record<string, number>;
  ignored: string[];
  unparsable: string[];
  failed: Unreadable[];
};

export const backtrackWindow = async (event: unknown, deps: Deps): Promise<BacktrackRun> => {
  const { isSchedule, instances, ignored, unparsable } = readRdsEvents(event);
  const run: BacktrackRun = { told: [], ratios: {}, ignored, unparsable, failed: [] };
  if (isSchedule) await publishRatios(run, deps);
  await answerEvents(instances, run, deps);
  if (unparsable.length > 0) await countUnparsable(event, unparsable, deps);
  if (run.failed.length > 0) {
    throw incompleteError(run.failed, Object.keys(run.ratios).length + run.told.length);
  }
  return run;
};

/** On schedule: a value for every cluster with Backtrack. Its alarm catches what a lost event would hide. */
const publishRatios = async (run: BacktrackRun, { aurora, metrics, scope, now }: Deps): Promise<void> => {
  const at = toIso(now());
  const { clusters, unreadable } = await aurora.listClusters();
  const { ratios, failed } = measureRatios(chooseMonitored(clusters, scope()), at);
  run.failed.push(...unreadable, ...failed);
  run.ratios = ratios;
  await metrics.publish(
    Object.entries(ratios).map(([cluster, value]) => ({ name: 'BacktrackWindowRatio', cluster, value, at })),
  );
};

/** An event only says where to look. It may be late, repeated or overtaken by the next. */
const answerEvents = async (instances: readonly string[], run: BacktrackRun, deps: Deps): Promise<void> => {
  const answered = new Set<string>();
  for (const instance of instances) {
    await collectFailure(`instance ${instance}`, run.failed, async () => {
      const identifier = await deps.aurora.findClusterOf(instance);
      const cluster = identifier === undefined ? undefined : await deps.aurora.findCluster(identifier);
      if (cluster === undefined) {
        run.ignored.push(`${instance}: it is gone, or in no cluster`);
      } else if (!answered.has(cluster.identifier)) {
        await tellTruth(cluster, run, deps);
        answered.add(cluster.identifier);
      }
    });
  }
};

const tellTruth = async (cluster: Cluster, run: BacktrackRun, deps: Deps): Promise<void> => {
  const decision = decideMessage(cluster, deps.scope(), toIso(deps.now()));
  if (decision.action === 'ignore') {
    run.ignored.push(decision.reason);
    return;
  }
  const { action, window } = decision;
  const warnOf = ({ summary: reason }: DrillError) =>
    deps.warn('the alert goes out without part of its history', { cluster: window.cluster, reason });
  const message =
    action === 'tell-recovered'
      ? describeRecovered(window)
      : describeShrunk(
          window,
          await readBacktrackHistory(deps.metrics, window, warnOf),
          cluster.latestRestorableTime,
        );
  await deps.notify(message);
  run.told.push(message.title);
};

/** Logs the event, since only it shows the unknown format. */
const countUnparsable = async (
  event: unknown,
  unparsable: readonly string[],
  { metrics, now, warn }: Deps,
): Promise<void> => {
  warn('events that cannot be read', { unparsable, event: show(event, maxLogged) });
  const value = unparsable.length;
  try {
    await metrics.publish([{ name: 'UnparsableRdsEvents', cluster: null, value, at: toIso(now()) }]);
  } catch (error) {
    if (!isDrillError(error)) throw error;
    warn('they could not be counted', { reason: error.summary });
  }
};

export const handler = monitorHandler(backtrackWindow, {
  aurora: rdsAurora({ listClusters, findCluster, findClusterOf }, patientRds()),
  metrics: cloudWatchMetrics({ publish, read }),
  notify: snsNotify(),
  scope: readScope,
  now: systemClock,
  warn: logWarning,
});
