import pMap from 'p-map';
import { type ErrorName, isDrillError } from '../errors.ts';
import { isAfter } from '../instants.ts';
import type { Aurora, Cluster, Snapshot, Unreadable } from './port.ts';
import { findTaken, keepNewest, type SnapshotKind } from './snapshots.ts';

/** Calls at once. RDS throttles the whole account, drills and deployments included. */
const maxCallsInFlight = 8;
/** RDS takes this many clusters in one filter. Full groups need the fewest pages. */
const maxClustersInCall = 100;

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
  const gone = new Set<string>();
  const unread = new Set(unreadable.map(({ cluster }) => cluster));
  const bare = clusters.filter(({ identifier }) => !newest.has(identifier) && !unread.has(identifier));
  await readInGroups(bare, unreadable, async (group) => {
    const { clusters: left, unreadable: odd } = await aurora.listClusters(identifiersOf(group));
    const standing = left.filter(({ status }) => status !== 'deleting');
    const remaining = new Set([...identifiersOf(standing), ...odd.map(({ cluster }) => cluster)]);
    for (const { identifier } of group) if (!remaining.has(identifier)) gone.add(identifier);
  });
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

/** Reads clusters in groups. Those that cannot be read go to `unreadable` and do not stop the others. */
const readInGroups = async (
  clusters: readonly Cluster[],
  unreadable: Unreadable[],
  read: (group: Cluster[]) => Promise<void>,
): Promise<void> => {
  const readGroup = async (group: Cluster[]): Promise<void> => {
    try {
      await read(group);
    } catch (error) {
      if (!isDrillError(error)) throw error;
      if (group.length === 1 || !errorsOfOne.includes(error.name)) {
        unreadable.push(...group.map(({ identifier }) => ({ cluster: identifier, reason: error.summary })));
        return;
      }
      // One cluster may have spoiled the call for the others. Halving finds it in a few calls.
      const half = Math.ceil(group.length / 2);
      await readGroup(group.slice(0, half));
      await readGroup(group.slice(half));
    }
  };
  const groups: Cluster[][] = [];
  for (let start = 0; start < clusters.length; start += maxClustersInCall) {
    groups.push(clusters.slice(start, start + maxClustersInCall));
  }
  await pMap(groups, readGroup, { concurrency: maxCallsInFlight });
};

/** Errors that one odd cluster can cause. Others hit every cluster alike, so halving would only multiply calls. */
const errorsOfOne: readonly ErrorName[] = [
  'ClusterNotFound',
  'InvalidClusterState',
  'RequestRefused',
  'UnreadableAnswer',
];

const identifiersOf = (clusters: readonly Cluster[]): string[] =>
  clusters.map(({ identifier }) => identifier);
