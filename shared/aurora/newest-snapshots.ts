import { isAfter } from '../instants.ts';
import { findGone, identifiersOf, readInGroups } from './in-groups.ts';
import type { Aurora, Cluster, Snapshot, Unreadable } from './port.ts';
import { findTaken, keepNewest, type SnapshotKind } from './snapshots.ts';

export type NewestSnapshots = {
  /**
   * When the newest counted snapshot of each cluster was taken. Clusters without one are absent. Do not trust it for
   * unreadable clusters: the error may have come before their newest page.
   */
  newest: Map<string, string>;
  /** Clusters that were deleted since they were listed. */
  gone: Set<string>;
  unreadable: Unreadable[];
};

/** Lists the snapshots of many clusters: a hundred clusters in one listing, eight listings at once. */
export const readNewestSnapshots = async (
  aurora: Pick<Aurora, 'listClusters' | 'listSnapshots'>,
  clusters: readonly Cluster[],
  counted: readonly SnapshotKind[],
): Promise<NewestSnapshots> => {
  const unreadable: Unreadable[] = [];
  const newest = new Map<string, string>();
  await readInGroups(clusters, unreadable, async (group) => {
    // A fleet has tens of thousands of snapshots, so only instants outlive a page.
    for await (const page of aurora.listSnapshots(identifiersOf(group)))
      keepNewest(newest, group, page, counted);
  });

  // A deleted cluster takes its snapshots with it. Its age would be a false alarm, so look again.
  const unread = new Set(unreadable.map(({ cluster }) => cluster));
  const bare = clusters.filter(({ identifier }) => !newest.has(identifier) && !unread.has(identifier));
  const gone = await findGone(aurora, bare, unreadable);
  return { newest, gone, unreadable };
};

/** Every kind that was made of the cluster itself. A copy of a snapshot is as old as what it copies. */
const restorable: readonly SnapshotKind[] = ['automated', 'aws-backup', 'manual'];

export type TakenSnapshot = Snapshot & { createdAt: string };

/** The newest snapshot that can bring this cluster back, by the rules of the monitor; null when it has none. */
export const findNewestSnapshot = async (
  aurora: Pick<Aurora, 'listSnapshots'>,
  cluster: Cluster,
): Promise<TakenSnapshot | null> => {
  let newest: TakenSnapshot | null = null;
  for await (const page of aurora.listSnapshots([cluster.identifier])) {
    for (const snapshot of page) {
      // Where RDS does not say which cluster it was, it may be an older one of the same name.
      if (snapshot.clusterResourceId === null || cluster.resourceId === null) continue;
      const createdAt = findTaken(snapshot, cluster, restorable);
      if (createdAt === null || (newest !== null && !isAfter(createdAt, newest.createdAt))) continue;
      newest = { ...snapshot, createdAt };
    }
  }
  return newest;
};
