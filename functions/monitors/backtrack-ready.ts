// Called by a schedule every 15 minutes.
// Changes nothing in RDS: publishes whether each Aurora MySQL cluster could be rewound, tells the pager when that has changed,
// and files every rewind that RDS tells of, those made by hand too.
// Running it twice tells nothing twice: the metric has the last value, and a rewind is in the history once.
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectFailure, incompleteError } from '../../shared/aurora/incomplete.ts';
import type { Aurora } from '../../shared/aurora/port.ts';
import { monitorHandler } from '../../shared/aws/lambda.ts';
import { cloudWatchMetrics, publish, read } from '../../shared/aws/metrics.ts';
import { readScope } from '../../shared/aws/monitor-settings.ts';
import { snsNotify } from '../../shared/aws/notify.ts';
import { plansFileName, readPackagedPlans } from '../../shared/aws/plans-file.ts';
import { listClusterParameters, listClusters, patientRds, rdsAurora } from '../../shared/aws/rds.ts';
import { listBacktracks, listBlueGreens, listClusterEvents } from '../../shared/aws/rds-backtrack.ts';
import { placeOfKey } from '../../shared/aws/report-place.ts';
import { findVersion, read as readReport, replace, s3Reports } from '../../shared/aws/reports.ts';
import { systemClock } from '../../shared/clock.ts';
import { type FileSeenRewinds, fileSeenRewinds, maxPauseMs } from '../../shared/history/filing.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import type { Metrics } from '../../shared/monitors/metrics.ts';
import { chooseRewindable, type ReadinessRun, watchReadiness } from '../../shared/monitors/readiness.ts';
import { chooseMonitored, type Scope } from '../../shared/monitors/scope.ts';
import { listRewound, parsePlans } from '../../shared/plan/plans.ts';
import type { RewindAurora } from '../../shared/rewind/reading.ts';

type Deps = {
  aurora: Pick<Aurora, 'listClusters'> & RewindAurora;
  metrics: Metrics;
  notify: Notify;
  fileRewinds: FileSeenRewinds;
  readPlans: () => Promise<string>;
  scope: () => Scope;
  now: Clock;
};

export const backtrackReady = async (_event: unknown, deps: Deps): Promise<ReadinessRun> => {
  const { aurora, metrics, fileRewinds, readPlans, scope, now } = deps;
  const at = toIso(now());
  const wanted = new Set(listRewound(parsePlans(await readPlans(), plansFileName)));
  const { clusters, unreadable } = await aurora.listClusters();
  const rewindable = chooseRewindable(chooseMonitored(clusters, scope()), at);
  const run = await watchReadiness(rewindable, { wanted, at }, deps);
  run.failed.push(...unreadable);
  // The history gets them even where the metrics fail, and the other way round.
  await collectFailure('the history', run.failed, () => fileRewinds(run.rewinds));
  await metrics.publish(
    Object.entries(run.ready).map(([cluster, value]) => ({ name: 'BacktrackReady', cluster, value, at })),
  );
  if (run.failed.length > 0) throw incompleteError(run.failed, Object.keys(run.ready).length);
  return run;
};

export const handler = monitorHandler(backtrackReady, {
  aurora: rdsAurora(
    { listClusters, listBacktracks, listClusterEvents, listBlueGreens, listClusterParameters },
    patientRds(),
  ),
  metrics: cloudWatchMetrics({ publish, read }),
  notify: snsNotify(),
  fileRewinds: fileSeenRewinds(s3Reports({ read: readReport, findVersion, replace }), {
    pause: () => sleep(randomInt(maxPauseMs)),
    nameOf: placeOfKey,
  }),
  readPlans: readPackagedPlans,
  scope: readScope,
  now: systemClock,
});
