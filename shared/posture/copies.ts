import { isSameHome } from '../aurora/arns.ts';
import { identifiersOf, readInGroups } from '../aurora/in-groups.ts';
import type { Aurora, Cluster, Snapshot, Unreadable } from '../aurora/port.ts';
import { isBackupOf, kindOf } from '../aurora/snapshots.ts';
import { isAfter, toIso } from '../instants.ts';
import type { Known } from '../known.ts';
import type { CopyFacts } from './facts.ts';
import { type Originals, visitSnapshots } from './snapshots.ts';

type Copy = { snapshot: string; takenAt: string | null; createdAt: string | null };

/**
 * Reads what there is in another Region of the snapshots of these clusters: made by hand, by a script or by AWS Backup. A copy
 * keeps the name of its cluster, and RDS lists it by that name where there is no such cluster.
 */
export const readCopies = async (
  aurora: Pick<Aurora, 'listSnapshots'>,
  region: string,
  clusters: readonly Cluster[],
  originals: Originals,
): Promise<Map<string, Known<CopyFacts>>> => {
  const newest = new Map<string, Copy>();
  const undated = new Map<string, Copy>();
  const unreadable: Unreadable[] = [];
  await readInGroups(clusters, unreadable, async (group) => {
    await visitSnapshots(aurora.listSnapshots(identifiersOf(group)), group, (cluster, snapshot) => {
      if (!isCopyOf(cluster, snapshot)) return;
      const copy = toCopy(snapshot, originals);
      keepNewer(newest, cluster.identifier, copy);
      if (copy.takenAt === null) keepNewer(undated, cluster.identifier, copy);
    });
  });
  const facts = new Map<string, Known<CopyFacts>>();
  for (const { identifier } of clusters) {
    facts.set(identifier, { value: toFacts(region, newest.get(identifier), undated.get(identifier)) });
  }
  for (const { cluster, reason } of unreadable) facts.set(cluster, { unknown: `in ${region}: ${reason}` });
  return facts;
};

const toFacts = (region: string, newest: Copy | undefined, undated: Copy | undefined): CopyFacts => ({
  region,
  newest: newest === undefined ? null : { snapshot: newest.snapshot, takenAt: newest.takenAt },
  ...(undated !== undefined && { undated: { snapshot: undated.snapshot, copiedAt: undated.createdAt } }),
});

/** The other Region may have a cluster of the same name. Where RDS tells the resource id, that decides. */
const isCopyOf = (cluster: Cluster, snapshot: Snapshot): boolean => {
  if (kindOf(snapshot) !== 'copy' || !isBackupOf(cluster, snapshot)) return false;
  const { clusterResourceId, copiedFrom } = snapshot;
  const isTold = clusterResourceId !== null && cluster.resourceId !== null;
  return isTold || !copiedFrom || !cluster.arn || isSameHome(copiedFrom, cluster.arn);
};

const toCopy = ({ identifier, createdAt, copiedFrom }: Snapshot, originals: Originals): Copy => ({
  snapshot: identifier,
  takenAt: findTakenAt(copiedFrom ?? null, originals),
  createdAt,
});

/** A snapshot may be copied at home before it is copied abroad. More often than this is no chain but a loop. */
const mostCopies = 5;

/** When what a copy holds was taken, whatever it was copied by. */
const findTakenAt = (arn: string | null, originals: Originals, copies = 0): string | null => {
  if (arn === null || copies > mostCopies) return null;
  const original = originals.get(arn);
  if (original === undefined) return readStamp(arn);
  return original.isCopy
    ? findTakenAt(original.copiedFrom ?? null, originals, copies + 1)
    : original.createdAt;
};

/** An automated snapshot is named after the minute of its beginning (Aurora User Guide, Aurora.Managing.Backups). */
const readStamp = (arn: string): string | null => {
  const stamp = /:rds:.*-(\d{4}-\d\d-\d\d)-(\d\d)-(\d\d)$/.exec(arn);
  if (stamp === null) return null;
  const [, date, hour, minute] = stamp;
  const instant = new Date(`${date}T${hour}:${minute}:00Z`);
  return Number.isNaN(instant.getTime()) ? null : toIso(instant);
};

const keepNewer = (newest: Map<string, Copy>, cluster: string, copy: Copy): void => {
  const known = newest.get(cluster);
  if (known === undefined || isNewer(copy, known)) newest.set(cluster, copy);
};

/** One of known age before any other. In the end the name decides, so that the order of the pages does not. */
const isNewer = (a: Copy, b: Copy): boolean => {
  for (const member of ['takenAt', 'createdAt'] as const) {
    if (a[member] === null && b[member] === null) continue;
    if (a[member] === null || b[member] === null) return b[member] === null;
    if (Date.parse(a[member]) !== Date.parse(b[member])) return isAfter(a[member], b[member]);
  }
  return a.snapshot < b.snapshot;
};
