import { secondsBetween } from '../instants.ts';
import type { Cluster, Snapshot } from './port.ts';

/** What a snapshot is to an operator. Settings name the kinds that count as a backup taken on its own. */
export const snapshotKinds = ['automated', 'aws-backup', 'manual', 'copy'] as const;

export type SnapshotKind = (typeof snapshotKinds)[number];

/**
 * A copy is as old as its source, however new it is itself. AWS Backup's snapshots come as manual ones of this name;
 * whether they have a type of their own is unconfirmed, so either tells them (Aurora User Guide, Aurora.Managing.Backups).
 */
export const kindOf = ({ identifier, type, isCopy }: Snapshot): SnapshotKind => {
  if (isCopy || identifier.startsWith('awsbackup:copyjob-')) return 'copy';
  if (type === 'awsbackup' || identifier.startsWith('awsbackup:')) return 'aws-backup';
  return type === 'automated' ? 'automated' : 'manual';
};

/**
 * Keeps when the newest usable snapshot of each cluster was taken, ISO 8601, by cluster identifier, in whatever order
 * they come. Only status available counts, and only a snapshot of this very cluster, not of an earlier one of its name.
 */
export const keepNewest = (
  newest: Map<string, string>,
  clusters: readonly Cluster[],
  snapshots: readonly Snapshot[],
  counted: readonly SnapshotKind[],
): void => {
  const byIdentifier = new Map(clusters.map((cluster) => [cluster.identifier, cluster]));
  for (const snapshot of snapshots) {
    const { createdAt, clusterResourceId: resourceId, status } = snapshot;
    const cluster = byIdentifier.get(snapshot.cluster);
    if (cluster === undefined || createdAt === null || status !== 'available') continue;
    if (resourceId !== null && cluster.resourceId !== null && resourceId !== cluster.resourceId) continue;
    if (!counted.includes(kindOf(snapshot))) continue;
    const known = newest.get(cluster.identifier);
    if (known === undefined || secondsBetween(known, createdAt) > 0)
      newest.set(cluster.identifier, createdAt);
  }
};

/**
 * Hours since the newest snapshot, or since the cluster was made while it has none; null when neither is known.
 * Never below 0: clocks differ, and a snapshot a little in the future is as fresh as can be.
 */
export const measureAgeHours = (
  cluster: Cluster,
  newestSnapshot: string | undefined,
  now: string,
): number | null => {
  const since = newestSnapshot ?? cluster.createdAt;
  return since === null ? null : Math.max(0, secondsBetween(since, now) / 3600);
};

/** In these statuses nothing is written, so there is nothing to lose: creating is a restore or a clone under way. */
const statusesAtRest = ['creating', 'stopping', 'stopped', 'starting'];

/**
 * Seconds that a point-in-time restore would lose now: how far LatestRestorableTime lies behind, or the age of a cluster
 * that has never been restorable. Null for a cluster at rest, and when neither is known.
 */
export const measureLagSeconds = (cluster: Cluster, now: string): number | null => {
  if (statusesAtRest.includes(cluster.status)) return null;
  const since = cluster.latestRestorableTime ?? cluster.createdAt;
  return since === null ? null : Math.max(0, secondsBetween(since, now));
};
