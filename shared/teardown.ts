import type { Aurora, Cluster, Instance } from './aurora.ts';
import type { DrillState, Preparation, Teardown } from './drill-state.ts';
import { DrillError, type ErrorName, errorCatalog, isDrillError } from './errors.ts';
import { isAfter } from './instants.ts';
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
 * What to do next about what a drill made; `mayAppear` when nothing found proves nothing yet. Instances go first, then the cluster: RDS refuses a cluster while it has an
 * instance that is not being deleted (Aurora User Guide, "Deleting Aurora DB clusters and DB instances").
 */
export const decideTeardown = (
  cluster: Cluster | undefined,
  instances: Instance[],
  mayAppear = false,
): TeardownAction => {
  if (cluster === undefined && instances.length === 0) {
    return mayAppear
      ? { action: 'wait', reason: 'a cluster that was asked for may still appear' }
      : { action: 'done', reason: 'nothing is left' };
  }
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
 * May a cluster still appear that nobody has seen? So it is when the restore was asked for and the answer was lost; a
 * refusal by name is an answer. A throttle is none: only the last attempt is known, and an earlier one may have got through.
 */
export const mayStillAppear = (state: DrillState): boolean => {
  const caught = state.failures?.RestoreCluster;
  if (caught === undefined) return state.RestoreCluster !== undefined;
  const lostAnswers: string[] = [
    'AwsUnavailable',
    'AwsFailure',
    'OutOfTime',
    'Throttled',
  ] satisfies ErrorName[];
  return !Object.hasOwn(errorCatalog, caught.Error) || lostAnswers.includes(caught.Error);
};

/** What earlier passes know: `earlier` names what they saw, so that the report has it after it is gone. */
export type TeardownProgress = { earlier: string[]; deadline: string; settledAt: string | null; now: string };

/**
 * One pass of a teardown: looks, decides, acts, and says how far it is. Safe to run any number of times; what is
 * already gone, and what cannot be deleted just now, is left to the next pass.
 * @throws DrillError TeardownRefused when the cluster is not provably this drill's own, and the first error of AWS once
 *   everything has been tried
 */
export const advanceTeardown = async (
  aurora: Aurora,
  drill: Preparation,
  progress: TeardownProgress,
): Promise<Teardown> => {
  const { earlier, deadline, settledAt, now } = progress;
  const target = drill.target.cluster;
  const cluster = await aurora.findCluster(target);
  if (cluster !== undefined) {
    const refusal = findRefusal(cluster, drill);
    if (refusal !== null) throw new DrillError('TeardownRefused', `refused to delete: ${refusal}`);
  }
  // Listed, not remembered: somebody, or autoscaling, may have added an instance.
  const instances = cluster === undefined ? [] : await aurora.listInstances(target);
  const names = new Set([...earlier, ...instances.map(({ identifier }) => identifier)]);
  const isMade = cluster !== undefined || names.has(target);
  names.delete(target);
  const resources = isMade ? [...names, target] : [...names];

  const mayAppear = !isMade && settledAt !== null && isAfter(settledAt, now);
  const next = decideTeardown(cluster, instances, mayAppear);
  switch (next.action) {
    case 'done':
      return { status: 'ready', reason: next.reason, deadline, settledAt, resources };
    case 'delete-instances':
      // Once every instance is being deleted the cluster may go too, so ask at once.
      await tryAll([
        ...next.instances.map((instance) => () => aurora.deleteInstance(instance)),
        () => aurora.deleteCluster(target),
      ]);
      break;
    case 'delete-cluster':
      await tryAll([() => aurora.deleteCluster(target)]);
      break;
    case 'wait':
      break;
    default:
      next satisfies never;
  }
  return { ...untilDeadline(next.reason, deadline, now), deadline, settledAt, resources };
};

/**
 * Gone already is success, and not deletable yet is a matter of time: the deadline, not this call, gives up. Any other
 * error waits until the rest has been tried.
 */
const tryAll = async (deletions: (() => Promise<void>)[]): Promise<void> => {
  const errors: unknown[] = [];
  for (const act of deletions) {
    try {
      await act();
    } catch (error) {
      if (!isDrillError(error, 'ClusterNotFound') && !isDrillError(error, 'InvalidClusterState'))
        errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
};
