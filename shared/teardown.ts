import type { Aurora, Cluster, Instance } from './aurora.ts';
import type { Preparation, Teardown } from './drill-state.ts';
import { DrillError, isDrillError } from './errors.ts';
import { drillPrefix, drillTags, targetNames } from './names.ts';
import { untilDeadline } from './waits.ts';

/** How long a teardown may take before people are told to help. RDS needs minutes; refusals may hold it up. */
export const teardownMinutes = 60;

export type TeardownAction =
  | { action: 'delete-instances'; instances: string[]; reason: string }
  | { action: 'delete-cluster'; reason: string }
  | { action: 'wait'; reason: string }
  | { action: 'done'; reason: string };

/**
 * What to do next about what a drill made. Instances go first, then the cluster: RDS refuses a cluster while it has an
 * instance that is not being deleted (Aurora User Guide, "Deleting Aurora DB clusters and DB instances").
 */
export const decideTeardown = (cluster: Cluster | undefined, instances: Instance[]): TeardownAction => {
  if (cluster === undefined && instances.length === 0) return { action: 'done', reason: 'nothing is left' };
  const standing = instances
    .filter(({ status }) => status !== 'deleting')
    .map(({ identifier }) => identifier);
  if (standing.length > 0) {
    return {
      action: 'delete-instances',
      instances: standing,
      reason: `instances stand: ${standing.join(', ')}`,
    };
  }
  if (cluster !== undefined && cluster.status !== 'deleting') {
    return {
      action: 'delete-cluster',
      reason: `the cluster ${cluster.identifier} has no instance left to delete`,
    };
  }
  const left = [...instances, ...(cluster ? [cluster] : [])].map(({ identifier }) => identifier);
  return { action: 'wait', reason: `being deleted: ${left.join(', ')}` };
};

/**
 * The guard before every deletion: the source by identity first, then three matches: the name prefix, our tags, and
 * this drill's own id in both. Returns the reason why the cluster must not be touched, or null when it is ours.
 */
export const findRefusal = (cluster: Cluster, drill: Preparation): string | null => {
  const { identifier, tags } = cluster;
  if (identifier === drill.source.identifier) return `${identifier} is the source of the drill`;
  if (!identifier.startsWith(drillPrefix)) return `${identifier} does not begin with ${drillPrefix}`;
  const name = targetNames(drill.source.identifier, drill.id).cluster;
  if (identifier !== name) return `${identifier} is not the name that drill ${drill.id} gives, ${name}`;
  const expected: [string, string | undefined][] = [
    [drillTags.drill, drill.id],
    [drillTags.source, drill.source.identifier],
    [drillTags.execution, drill.tags[drillTags.execution]],
  ];
  for (const [key, value] of expected) {
    if (value === undefined || tags[key] !== value) {
      return `${identifier} carries ${key}=${tags[key] ?? '(no such tag)'}, expected ${value}`;
    }
  }
  return null;
};

/**
 * One pass of a teardown: looks, decides, acts, and says how far it is. Safe to run any number of times; what is
 * already gone, and what cannot be deleted just now, is left to the next pass.
 * @param earlier resources that earlier passes saw, so that the report names them after they are gone
 * @throws DrillError TeardownRefused when the cluster is not provably this drill's own
 */
export const advanceTeardown = async (
  aurora: Aurora,
  drill: Preparation,
  progress: { earlier: string[]; deadline: string; now: string },
): Promise<Teardown> => {
  const { deadline, now } = progress;
  const target = drill.target.cluster;
  const cluster = await aurora.findCluster(target);
  if (cluster !== undefined) {
    const refusal = findRefusal(cluster, drill);
    if (refusal !== null) throw new DrillError('TeardownRefused', `refused to delete: ${refusal}`);
  }
  // Listed, not remembered: somebody, or autoscaling, may have added an instance.
  const instances = cluster === undefined ? [] : await aurora.listInstances(target);
  const names = new Set([...progress.earlier, ...instances.map(({ identifier }) => identifier)]);
  const isMade = names.delete(target) || cluster !== undefined;
  const resources = isMade ? [...names, target] : [...names];

  const next = decideTeardown(cluster, instances);
  switch (next.action) {
    case 'done':
      return { status: 'ready', reason: next.reason, deadline, resources };
    case 'delete-instances':
      for (const instance of next.instances) await deleteIfPossible(() => aurora.deleteInstance(instance));
      // Once every instance is being deleted the cluster may go too, so ask at once.
      await deleteIfPossible(() => aurora.deleteCluster(target));
      break;
    case 'delete-cluster':
      await deleteIfPossible(() => aurora.deleteCluster(target));
      break;
    case 'wait':
      break;
    default:
      next satisfies never;
  }
  return { ...untilDeadline(next.reason, deadline, now), deadline, resources };
};

/** Gone already is success, and not deletable yet is a matter of time: the deadline, not this call, gives up. */
const deleteIfPossible = async (act: () => Promise<void>): Promise<void> => {
  try {
    await act();
  } catch (error) {
    if (isDrillError(error, 'ClusterNotFound') || isDrillError(error, 'InvalidClusterState')) return;
    throw error;
  }
};
