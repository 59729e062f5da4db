import { isAfter, secondsBetween } from '../instants.ts';
import { drillPrefix } from './drill-prefix.ts';
import type { Cluster, Snapshot } from './port.ts';

/** What a snapshot is to an operator. Settings name the kinds that count as an automatic backup. */
export const snapshotKinds = ['automated', 'aws-backup', 'manual', 'copy'] as const;

export type SnapshotKind = (typeof snapshotKinds)[number];

/**
 * A copied snapshot is as old as its source. AWS Backup's snapshots come as manual ones of this name. Whether they have
 * their own type is unconfirmed, so name or type decides (Aurora User Guide, Aurora.Managing.Backups).
 */
export const kindOf = ({ identifier, type, isCopy }: Snapshot): SnapshotKind => {
  if (isCopy || identifier.startsWith('awsbackup:copyjob-')) return 'copy';
  if (type === 'awsbackup' || identifier.startsWith('awsbackup:')) return 'aws-backup';
  return type === 'automated' ? 'automated' : 'manual';
};

/**
 * Can it bring this cluster back? Only status available counts, and only a snapshot of this cluster, not of an earlier one
 * with its name. A drill deletes its own.
 */
export const isBackupOf = (cluster: Cluster, snapshot: Snapshot): boolean => {
  const { identifier, clusterResourceId: resourceId, status } = snapshot;
  if (snapshot.cluster !== cluster.identifier || status !== 'available') return false;
  const isOfAnother = resourceId !== null && cluster.resourceId !== null && resourceId !== cluster.resourceId;
  return !isOfAnother && !identifier.startsWith(drillPrefix);
};

/** When a snapshot was taken that can bring this cluster back, ISO 8601; null for any other one. */
export const findTaken = (
  snapshot: Snapshot,
  cluster: Cluster | undefined,
  counted: readonly SnapshotKind[],
): string | null =>
  cluster !== undefined && isBackupOf(cluster, snapshot) && counted.includes(kindOf(snapshot))
    ? snapshot.createdAt
    : null;

/** Keeps when the newest usable snapshot of each cluster was taken, by cluster identifier. Snapshots come in any order. */
export const keepNewest = (
  newest: Map<string, string>,
  clusters: readonly Cluster[],
  snapshots: readonly Snapshot[],
  counted: readonly SnapshotKind[],
): void => {
  const byIdentifier = new Map(clusters.map((cluster) => [cluster.identifier, cluster]));
  for (const snapshot of snapshots) {
    const takenAt = findTaken(snapshot, byIdentifier.get(snapshot.cluster), counted);
    if (takenAt === null) continue;
    const known = newest.get(snapshot.cluster);
    if (known === undefined || isAfter(takenAt, known)) newest.set(snapshot.cluster, takenAt);
  }
};

/**
 * Hours since the newest snapshot, or since the cluster was made while it has none. Null when neither is known.
 * Never below 0: clocks differ, so a snapshot may seem to be in the future.
 */
export const measureAgeHours = (
  cluster: Cluster,
  newestSnapshot: string | undefined,
  now: string,
): number | null => {
  const since = newestSnapshot ?? cluster.createdAt;
  return since === null ? null : Math.max(0, secondsBetween(since, now) / 3600);
};

/** Nothing is written in these statuses, so there is nothing to lose. `creating` is a restore or a clone under way. */
const statusesAtRest = ['creating', 'stopping', 'stopped', 'starting'];

export const isAtRest = ({ status }: Pick<Cluster, 'status'>): boolean => statusesAtRest.includes(status);

/**
 * Seconds that a point-in-time restore would lose now: how far LatestRestorableTime is behind, or the age of a cluster
 * that was never restorable. Null for a cluster at rest, and when neither is known.
 */
export const measureLagSeconds = (cluster: Cluster, now: string): number | null => {
  if (isAtRest(cluster)) return null;
  const since = cluster.latestRestorableTime ?? cluster.createdAt;
  return since === null ? null : Math.max(0, secondsBetween(since, now));
};
