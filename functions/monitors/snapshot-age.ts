// Called by a schedule every hour.
// Changes nothing in RDS: lists clusters and snapshots, and publishes their ages to CloudWatch.
// Running it twice publishes each value twice, at its own instant. An alarm on the maximum sees the same.
import { incompleteError } from '../../shared/aurora/incomplete.ts';
import { type NewestSnapshots, readNewestSnapshots } from '../../shared/aurora/newest-snapshots.ts';
import type { Aurora, Cluster, Unreadable } from '../../shared/aurora/port.ts';
import { measureAgeHours, measureLagSeconds, type SnapshotKind } from '../../shared/aurora/snapshots.ts';
import { monitorHandler } from '../../shared/aws/lambda.ts';
import { cloudWatchMetrics, publish } from '../../shared/aws/metrics.ts';
import { readCountedKinds, readScope } from '../../shared/aws/monitor-settings.ts';
import { listClusters, listSnapshots, patientRds, rdsAurora } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import type { Metric, Metrics } from '../../shared/monitors/metrics.ts';
import { chooseMonitored, type Scope } from '../../shared/monitors/scope.ts';

type Deps = {
  aurora: Pick<Aurora, 'listClusters' | 'listSnapshots'>;
  metrics: Pick<Metrics, 'publish'>;
  scope: () => Scope;
  countedKinds: () => SnapshotKind[];
  now: Clock;
};

/** `oldest` is null when the Region has no cluster to watch. */
export type SnapshotAges = { clusters: number; oldest: { cluster: string; hours: number } | null };

export const snapshotAge = async (_event: unknown, deps: Deps): Promise<SnapshotAges> => {
  const { aurora, metrics, scope, countedKinds, now } = deps;
  // Before anything is read: ages are those of this instant, and later changes are newer than the run.
  const at = toIso(now());
  const list = await aurora.listClusters();
  const monitored = chooseMonitored(list.clusters, scope());
  const snapshots = await readNewestSnapshots(aurora, monitored, countedKinds());
  const { ages, lags, unreadable: undated } = measure(monitored, snapshots, at);

  const unreadable = [...list.unreadable, ...snapshots.unreadable, ...undated];
  await metrics.publish(toMetrics(ages, lags, at, unreadable.length === 0));
  if (unreadable.length > 0) throw incompleteError(unreadable, ages.size);
  return { clusters: ages.size, oldest: findOldest(ages) };
};

type Readings = { ages: Map<string, number>; lags: Map<string, number>; unreadable: Unreadable[] };

const measure = (
  monitored: readonly Cluster[],
  { newest, gone, unreadable: unread }: NewestSnapshots,
  at: string,
): Readings => {
  const skipped = new Set([...gone, ...unread.map(({ cluster }) => cluster)]);
  const readings: Readings = { ages: new Map(), lags: new Map(), unreadable: [] };
  for (const cluster of monitored.filter(({ identifier }) => !skipped.has(identifier))) {
    const { identifier } = cluster;
    const age = measureAgeHours(cluster, newest.get(identifier), at);
    const lag = measureLagSeconds(cluster, at);
    if (lag !== null) readings.lags.set(identifier, lag);
    if (age !== null) readings.ages.set(identifier, age);
    else readings.unreadable.push({ cluster: identifier, reason: 'it has no snapshot and no creation time' });
  }
  return readings;
};

const findOldest = (ages: ReadonlyMap<string, number>): SnapshotAges['oldest'] => {
  let oldest: SnapshotAges['oldest'] = null;
  for (const [cluster, hours] of ages) {
    if (oldest === null || hours > oldest.hours) oldest = { cluster, hours };
  }
  return oldest;
};

const toMetrics = (
  ages: ReadonlyMap<string, number>,
  lags: ReadonlyMap<string, number>,
  at: string,
  isComplete: boolean,
): Metric[] => {
  const oldest = findOldest(ages)?.hours;
  // Publish 0 for a Region without clusters, or the alarm would take silence for a dead function.
  const fleet = oldest ?? (isComplete ? 0 : null);
  return [
    ...(fleet === null ? [] : [{ name: 'SnapshotAgeHours', cluster: null, value: fleet, at } as const]),
    ...[...ages].map(([cluster, value]) => ({ name: 'SnapshotAgeHours', cluster, value, at }) as const),
    ...[...lags].map(([cluster, value]) => ({ name: 'RestorableLagSeconds', cluster, value, at }) as const),
  ];
};

export const handler = monitorHandler(snapshotAge, {
  aurora: rdsAurora({ listClusters, listSnapshots }, patientRds()),
  metrics: cloudWatchMetrics({ publish }),
  scope: readScope,
  countedKinds: readCountedKinds,
  now: systemClock,
});
