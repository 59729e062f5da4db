import pMap from 'p-map';
import { type ErrorName, isDrillError } from '../errors.ts';
import type { Aurora, Cluster, Unreadable } from './port.ts';

/** Calls at once. RDS throttles the whole account, drills and deployments included. */
export const maxCallsInFlight = 8;
/** RDS takes this many clusters in one filter. Full groups need the fewest pages. */
const maxClustersInCall = 100;

/** Reads clusters in groups. Those that cannot be read go to `unreadable` and do not stop the others. */
export const readInGroups = async (
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

/** Those of the clusters that have been deleted since they were listed, or are being deleted. */
export const findGone = async (
  aurora: Pick<Aurora, 'listClusters'>,
  clusters: readonly Cluster[],
  unreadable: Unreadable[],
): Promise<Set<string>> => {
  const gone = new Set<string>();
  await readInGroups(clusters, unreadable, async (group) => {
    const { clusters: left, unreadable: odd } = await aurora.listClusters(identifiersOf(group));
    const standing = left.filter(({ status }) => status !== 'deleting');
    const remaining = new Set([...identifiersOf(standing), ...odd.map(({ cluster }) => cluster)]);
    for (const { identifier } of group) if (!remaining.has(identifier)) gone.add(identifier);
  });
  return gone;
};

export const identifiersOf = (clusters: readonly Cluster[]): string[] =>
  clusters.map(({ identifier }) => identifier);
