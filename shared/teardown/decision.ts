import type { Aurora, Cluster, Instance, Snapshot } from '../aurora/port.ts';
import { type ErrorName, errorCatalog } from '../errors.ts';
import type { JobState } from '../job/state.ts';

/** What a removal needs from Aurora. Without `liftProtection` a protected cluster is left alone. */
export type RemovalVerbs = Pick<
  Aurora,
  | 'findCluster'
  | 'listInstances'
  | 'findSnapshot'
  | 'startCluster'
  | 'deleteInstance'
  | 'deleteCluster'
  | 'deleteSnapshot'
> &
  Partial<Pick<Aurora, 'liftProtection'>>;

/** One request to RDS about a cluster, an instance or a snapshot. */
export type TeardownRequest = {
  verb: Exclude<keyof RemovalVerbs, 'findCluster' | 'listInstances' | 'findSnapshot'>;
  identifier: string;
};

export type TeardownDecision =
  | { action: 'request'; requests: TeardownRequest[]; reason: string }
  | { action: 'wait' | 'done'; reason: string };

/**
 * The next requests to remove what a job made. Instances go first, then the cluster: RDS refuses to delete a cluster
 * that has an instance not being deleted (Aurora User Guide, "Deleting Aurora DB clusters and DB instances"). In any
 * status not handled below, RDS is asked; the next pass repeats what it refuses now.
 * @param mayAppear the cluster may still appear, so finding nothing proves nothing
 */
export const decideTeardown = (
  cluster: Cluster | undefined,
  instances: readonly Instance[],
  mayAppear = false,
): TeardownDecision => {
  if (cluster === undefined) {
    return mayAppear
      ? { action: 'wait', reason: 'the cluster that was asked for may still appear' }
      : { action: 'done', reason: 'nothing is left' };
  }
  const { identifier, status, isProtected } = cluster;
  const standing = instances.filter((instance) => instance.status !== 'deleting');
  const isGoing = status === 'deleting';
  if (standing.length === 0 && isGoing) {
    const left = [...instances, cluster].map((one) => one.identifier);
    return { action: 'wait', reason: `being deleted: ${left.join(', ')}` };
  }
  // A stopped cluster must run before it or its instances can be deleted (User Guide, "Stopping an Aurora DB cluster").
  if (status === 'stopped') {
    const requests: TeardownRequest[] = [{ verb: 'startCluster', identifier }];
    return { action: 'request', requests, reason: `the cluster ${identifier} is stopped` };
  }
  const requests: TeardownRequest[] = standing.map((instance) => ({
    verb: 'deleteInstance',
    identifier: instance.identifier,
  }));
  if (!isGoing) {
    if (isProtected) requests.push({ verb: 'liftProtection', identifier });
    // Once every instance is being deleted, RDS takes the request for the cluster.
    requests.push({ verb: 'deleteCluster', identifier });
  }
  return { action: 'request', requests, reason: `still there: ${describeStanding(cluster, standing)}` };
};

const describeStanding = (cluster: Cluster, standing: readonly Instance[]): string => {
  const protection = cluster.isProtected ? ', deletion protection on' : '';
  return [
    ...standing.map(({ identifier, status }) => `instance ${identifier} (${status})`),
    `cluster ${cluster.identifier} (${cluster.status}${protection})`,
  ].join(', ');
};

/**
 * The next request to remove the snapshot that a job has taken. Nothing needs it any more, so it goes beside the cluster.
 * RDS refuses while it is being made, and is asked again.
 * @param mayAppear as for decideTeardown
 */
export const decideSnapshot = (snapshot: Snapshot | undefined, mayAppear: boolean): TeardownDecision => {
  if (snapshot === undefined) {
    return mayAppear
      ? { action: 'wait', reason: 'the snapshot that was asked for may still appear' }
      : { action: 'done', reason: 'nothing is left' };
  }
  const { identifier, status } = snapshot;
  return status === 'deleting'
    ? { action: 'wait', reason: `being deleted: ${identifier}` }
    : {
        action: 'request',
        requests: [{ verb: 'deleteSnapshot', identifier }],
        reason: `still there: snapshot ${identifier} (${status})`,
      };
};

/**
 * Whether something that nobody has seen may still appear: it was requested and the answer was lost. A refusal by name is
 * an answer. A throttle or a deadline is not: only the last attempt is known, and an earlier one may have got through.
 */
export const mayStillAppear = (state: JobState, phase: 'RestoreCluster' | 'TakeSnapshot'): boolean => {
  const caught = state.failures?.[phase];
  if (caught === undefined) return state[phase] !== undefined;
  return isAnswerLost(caught.Error);
};

/** Errors of a request that RDS may have taken after all, including those of Lambda and Step Functions. */
export const isAnswerLost = (error: string): boolean => {
  const lostAnswers: string[] = [
    'AwsUnavailable',
    'AwsFailure',
    'OutOfTime',
    'Throttled',
    'DeadlineExceeded',
  ] satisfies ErrorName[];
  return !Object.hasOwn(errorCatalog, error) || lostAnswers.includes(error);
};
