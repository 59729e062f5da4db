import type { Cluster, Instance, Snapshot } from '../aurora/port.ts';
import { drillPrefix, drillTags, jobId, targetNames } from './names.ts';
import { toTagValue } from './tag-values.ts';

/** The job that a deletion is done for: its id, its source, and the ARN of its execution. */
export type Owner = { id: string; source: string; execution: string };

/**
 * The guard before every deletion. First it refuses by identity what must never be deleted, whatever its name and tags
 * say. Then three things must match: the name prefix, our tags, and this job's own id in both.
 * @param neverDeleted identifiers and resource ids: the source of the job, and every source in plans.yml
 * @returns why the cluster must not be touched, or null when it is this job's own
 */
export const findRefusal = (
  cluster: Cluster,
  owner: Owner,
  neverDeleted: readonly string[],
): string | null => {
  const { identifier, resourceId, tags } = cluster;
  if (isNeverDeleted(identifier, [...neverDeleted, owner.source])) {
    return `${identifier} is the source of a drill`;
  }
  if (resourceId !== null && isNeverDeleted(resourceId, neverDeleted)) {
    return `${identifier} is the source of a drill under another name: its resource id is ${resourceId}`;
  }
  return findMismatch({ identifier, tags }, owner, targetNames(owner.source, owner.id).cluster);
};

/**
 * The same before a snapshot is deleted. No backup is ever deleted but the one that the job itself has taken of its
 * source: a manual one, no copy of another, with the three matches.
 */
export const findSnapshotRefusal = (snapshot: Snapshot, owner: Owner): string | null => {
  const { identifier, type, isCopy, cluster } = snapshot;
  if (type !== 'manual' || isCopy) return `${identifier} is ${isCopy ? 'a copy of another snapshot' : type}`;
  if (cluster.toLowerCase() !== owner.source.toLowerCase()) {
    return `${identifier} is a snapshot of ${cluster}, not of ${owner.source}`;
  }
  return findMismatch(snapshot, owner, targetNames(owner.source, owner.id).snapshot);
};

/** The three matches. @param name the one that the job gives */
const findMismatch = (
  { identifier, tags }: Pick<Cluster, 'identifier' | 'tags'>,
  owner: Owner,
  name: string,
): string | null => {
  if (!identifier.startsWith(drillPrefix)) return `${identifier} does not begin with ${drillPrefix}`;
  const id = jobId(owner.execution);
  if (owner.id !== id) return `${owner.id} is not the id of execution ${owner.execution}, ${id}`;
  if (identifier !== name) return `${identifier} is not the name that drill ${owner.id} gives, ${name}`;
  const expected = [
    [drillTags.drill, owner.id],
    [drillTags.source, owner.source],
    [drillTags.execution, toTagValue(owner.execution)],
  ] as const;
  for (const [key, value] of expected) {
    const seen = Object.hasOwn(tags, key) ? tags[key] : undefined;
    if (seen !== value) return `${identifier} carries ${key}=${seen ?? '(no such tag)'}, expected ${value}`;
  }
  return null;
};

/**
 * Instances go with their cluster, whoever made them and whatever their names. The list must hold none of another
 * cluster. @returns why, or null
 */
export const findStranger = (instances: readonly Instance[], cluster: string): string | null => {
  const stranger = instances.find((instance) => instance.cluster !== cluster);
  if (stranger === undefined) return null;
  return `${stranger.identifier} was listed as an instance of ${cluster}, and is of ${stranger.cluster ?? 'no cluster'}`;
};

/** RDS keeps identifiers in lower case, whatever a plan says. */
const isNeverDeleted = (identity: string, neverDeleted: readonly string[]): boolean =>
  neverDeleted.some((one) => one.toLowerCase() === identity.toLowerCase());
