import type { Aurora, Cluster, Instance } from './aurora.ts';
import { findRefusal, type Owner } from './deletion-guard.ts';
import type { DrillState, Preparation, Teardown, Wait } from './drill-state.ts';
import { DrillError, type ErrorName, errorCatalog, isDrillError } from './errors.ts';
import { isAfter } from './instants.ts';
import { drillTags, targetNames } from './names.ts';
import { untilDeadline } from './waits.ts';

/** How long a teardown may take before people are told to help. RDS needs minutes; refusals may hold it up. */
export const maxTeardownMinutes = 60;

/** What a teardown asks of Aurora. */
export type TeardownVerbs = Pick<
  Aurora,
  'findCluster' | 'listInstances' | 'startCluster' | 'liftProtection' | 'deleteInstance' | 'deleteCluster'
>;

/** One request about a cluster or an instance. */
export type TeardownCall = {
  verb: 'startCluster' | 'liftProtection' | 'deleteInstance' | 'deleteCluster';
  identifier: string;
};

export type TeardownDecision = { action: 'ask' | 'wait' | 'done'; calls: TeardownCall[]; reason: string };

/**
 * What to ask for next about what a drill made; `mayAppear` when nothing found proves nothing yet. Instances go first,
 * then the cluster: RDS refuses a cluster while it has an instance that is not being deleted (Aurora User Guide,
 * "Deleting Aurora DB clusters and DB instances"). In any other status than those below RDS is simply asked: what it
 * refuses now is asked for again in the next pass.
 */
export const decideTeardown = (
  cluster: Cluster | undefined,
  instances: readonly Instance[],
  mayAppear = false,
): TeardownDecision => {
  if (cluster === undefined && instances.length === 0) {
    return mayAppear
      ? { action: 'wait', calls: [], reason: 'a cluster that was asked for may still appear' }
      : { action: 'done', calls: [], reason: 'nothing is left' };
  }
  const standing = instances.filter(({ status }) => status !== 'deleting');
  const isClusterGoing = cluster === undefined || cluster.status === 'deleting';
  if (standing.length === 0 && isClusterGoing) {
    const left = [...instances, ...(cluster ? [cluster] : [])].map(({ identifier }) => identifier);
    return { action: 'wait', calls: [], reason: `being deleted: ${left.join(', ')}` };
  }
  // A stopped cluster can be deleted only once it runs, and so can its instances (User Guide, "Stopping an Aurora DB cluster").
  if (cluster?.status === 'stopped') {
    const call = { verb: 'startCluster', identifier: cluster.identifier } as const;
    return { action: 'ask', calls: [call], reason: `the cluster ${cluster.identifier} is stopped` };
  }
  const calls: TeardownCall[] = standing.map(({ identifier }) => ({ verb: 'deleteInstance', identifier }));
  if (cluster !== undefined && !isClusterGoing) {
    const { identifier, isProtected } = cluster;
    if (isProtected) calls.push({ verb: 'liftProtection', identifier });
    // Once every instance is being deleted the cluster may go too, so ask at once.
    calls.push({ verb: 'deleteCluster', identifier });
  }
  return { action: 'ask', calls, reason: describeStanding(cluster, standing) };
};

const describeStanding = (cluster: Cluster | undefined, standing: readonly Instance[]): string => {
  const parts = standing.map(({ identifier, status }) => `instance ${identifier} (${status})`);
  if (cluster !== undefined) {
    const protection = cluster.isProtected ? ', deletion protection on' : '';
    parts.push(`cluster ${cluster.identifier} (${cluster.status}${protection})`);
  }
  return `still standing: ${parts.join(', ')}`;
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

/** Whose things are removed, and what must stay whatever happens: identifiers and resource ids. */
export type Removal = { owner: Owner; kept: readonly string[] };

/** The removal that a drill's own teardown is. */
export const removalOf = ({ id, source, tags, kept }: Preparation): Removal => ({
  owner: { id, source: source.identifier, execution: tags[drillTags.execution] ?? '' },
  kept,
});

/** What earlier passes know: `earlier` names what they saw, so that the report has it after it is gone. */
export type TeardownProgress = { earlier: string[]; deadline: string; settledAt: string | null; now: string };

/**
 * One pass of a drill's own teardown, and how far it is.
 * @throws DrillError as `removeOnce` does
 */
export const advanceTeardown = async (
  aurora: TeardownVerbs,
  removal: Removal,
  progress: TeardownProgress,
): Promise<Teardown> => {
  const { earlier, deadline, settledAt, now } = progress;
  const target = targetOf(removal);
  const mayAppear = !earlier.includes(target) && settledAt !== null && isAfter(settledAt, now);
  const { isGone, reason, found } = await removeOnce(aurora, removal, mayAppear);
  const seen = new Set([...earlier, ...found]);
  // The cluster goes last, and so it stands in the report.
  const resources = [...seen].filter((name) => name !== target).concat(seen.has(target) ? [target] : []);
  const wait: Wait = isGone ? { status: 'ready', reason } : untilDeadline(reason, deadline, now);
  return { ...wait, deadline, settledAt, resources };
};

/** What a pass found standing, and what of it could not be asked for yet. */
export type Pass = { isGone: boolean; reason: string; found: string[] };

/**
 * Looks, decides and asks, once. Safe to run any number of times; what is already gone, and what cannot be deleted just
 * now, is left to the next pass.
 * @param mayAppear nothing found proves nothing yet
 * @throws DrillError TeardownRefused when the cluster is not provably the owner's, and the first error of AWS once
 *   everything has been tried
 */
export const removeOnce = async (
  aurora: TeardownVerbs,
  removal: Removal,
  mayAppear: boolean,
): Promise<Pass> => {
  const target = targetOf(removal);
  const cluster = await aurora.findCluster(target);
  if (cluster !== undefined) {
    const refusal = findRefusal(cluster, removal.owner, removal.kept);
    if (refusal !== null) throw new DrillError('TeardownRefused', `refused to delete: ${refusal}`);
  }
  // Listed, not remembered: somebody, or autoscaling, may have added an instance.
  const instances = cluster === undefined ? [] : await aurora.listInstances(target);
  const { action, calls, reason } = decideTeardown(cluster, instances, mayAppear);
  const refusals = await askAll(aurora, calls);
  return {
    isGone: action === 'done',
    reason: [reason, ...refusals].join('; '),
    found: [...instances, ...(cluster ? [cluster] : [])].map(({ identifier }) => identifier),
  };
};

const targetOf = ({ owner }: Removal): string => targetNames(owner.source, owner.id).cluster;

/** A status forbids it, or deletion protection that is being switched off (API: InvalidParameterCombination). */
const isForNow = (error: unknown): error is DrillError =>
  isDrillError(error, 'InvalidClusterState') || isDrillError(error, 'RequestRefused');

/**
 * Gone already is success, and not possible yet is a matter of time: the deadline, not this call, gives up. Any other
 * error waits until the rest has been tried.
 * @returns what was refused for now, in words
 */
const askAll = async (aurora: TeardownVerbs, calls: readonly TeardownCall[]): Promise<string[]> => {
  const refusals: string[] = [];
  const errors: unknown[] = [];
  for (const { verb, identifier } of calls) {
    try {
      await aurora[verb](identifier);
    } catch (error) {
      if (isForNow(error)) refusals.push(error.summary);
      else if (!isDrillError(error, 'ClusterNotFound')) errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return refusals;
};
