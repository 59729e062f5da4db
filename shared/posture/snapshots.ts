import { isSameHome } from '../aurora/arns.ts';
import { identifiersOf, readInGroups } from '../aurora/in-groups.ts';
import type { Aurora, Cluster, Snapshot, Unreadable } from '../aurora/port.ts';
import type { RegionVerbs } from '../aurora/region.ts';
import { isBackupOf, kindOf } from '../aurora/snapshots.ts';
import { isAfter } from '../instants.ts';
import type { Known } from '../known.ts';
import type { SnapshotFacts } from './facts.ts';

/** What copies may be of, by ARN. Automated snapshots tell their time by their names, so they are not among them. */
export type Originals = Map<string, Pick<Snapshot, 'createdAt' | 'isCopy' | 'copiedFrom'>>;

/** Of one cluster, while pages come. A listing that is begun anew meets some twice. */
type Gathered = Pick<SnapshotFacts, 'newest'> & Record<'public' | 'unencrypted', Set<string>>;

/**
 * Reads the snapshots of many clusters. A fleet has tens of thousands, so next to nothing outlives a page.
 * Clusters without any are absent.
 * @param hasCopies are copies of its snapshots looked for?
 */
export const readSnapshots = async (
  aurora: Pick<Aurora, 'listSnapshots'> & RegionVerbs,
  clusters: readonly Cluster[],
  hasCopies: (cluster: string) => boolean,
): Promise<{ snapshots: Map<string, Known<SnapshotFacts>>; originals: Originals }> => {
  const gathered = new Map<string, Gathered>();
  const originals: Originals = new Map();
  const unreadable: Unreadable[] = [];
  const gatheredOf = ({ identifier }: Cluster): Gathered => {
    const facts = gathered.get(identifier) ?? { newest: {}, public: new Set(), unencrypted: new Set() };
    gathered.set(identifier, facts);
    return facts;
  };
  await readInGroups(clusters, unreadable, async (group) => {
    const names = identifiersOf(group);
    await visitSnapshots(aurora.listSnapshots(names), group, (cluster, snapshot) => {
      if (hasCopies(cluster.identifier)) keepOriginal(originals, snapshot);
      if (isBackupOf(cluster, snapshot)) gather(gatheredOf(cluster), snapshot);
    });
    await visitSnapshots(aurora.listPublicSnapshots(names), group, (cluster, snapshot) => {
      if (isOwn(cluster, snapshot)) gatheredOf(cluster).public.add(snapshot.identifier);
    });
  });
  const snapshots = new Map<string, Known<SnapshotFacts>>();
  for (const [name, facts] of gathered) snapshots.set(name, { value: toFacts(facts) });
  for (const { cluster, reason } of unreadable) snapshots.set(cluster, { unknown: reason });
  return { snapshots, originals };
};

/** Visits the snapshots of a listing, each with the cluster of the group that has the name of its own. */
export const visitSnapshots = async (
  pages: AsyncIterable<Snapshot[]>,
  group: readonly Cluster[],
  visit: (cluster: Cluster, snapshot: Snapshot) => void,
): Promise<void> => {
  const inGroup = new Map(group.map((cluster) => [cluster.identifier, cluster]));
  for await (const page of pages) {
    for (const snapshot of page) {
      const cluster = inGroup.get(snapshot.cluster);
      if (cluster !== undefined) visit(cluster, snapshot);
    }
  }
};

export const noSnapshots: Known<SnapshotFacts> = { value: { newest: {}, public: [], unencrypted: [] } };

/** It has no snapshot that could bring it back. */
export const isBare = (snapshots: Known<SnapshotFacts>): boolean =>
  'value' in snapshots && Object.keys(snapshots.value.newest).length === 0;

const keepOriginal = (originals: Originals, snapshot: Snapshot): void => {
  const { arn, type, createdAt, copiedFrom } = snapshot;
  if (!arn || type === 'automated') return;
  originals.set(arn, { createdAt, isCopy: kindOf(snapshot) === 'copy', copiedFrom: copiedFrom ?? null });
};

const gather = (facts: Gathered, snapshot: Snapshot): void => {
  const { identifier, encryption, createdAt } = snapshot;
  if (encryption === 'none') facts.unencrypted.add(identifier);
  const kind = kindOf(snapshot);
  const known = facts.newest[kind];
  if (createdAt !== null && (known === undefined || isAfter(createdAt, known)))
    facts.newest[kind] = createdAt;
};

/**
 * The listing has the public snapshots of every account. A cluster's resource id is unlike any other. Rows are shown whatever a
 * snapshot is good for: also those of an earlier cluster of this name, which a recovery has replaced, and a drill's.
 */
const isOwn = (cluster: Cluster, snapshot: Snapshot): boolean =>
  isSameHome(cluster.arn, snapshot.arn) ||
  (cluster.resourceId !== null && cluster.resourceId === snapshot.clusterResourceId);

const toFacts = ({ newest, public: shown, unencrypted }: Gathered): SnapshotFacts => ({
  newest,
  public: [...shown].sort(),
  unencrypted: [...unencrypted].sort(),
});
