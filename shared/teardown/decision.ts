import type { Aurora, Cluster, Instance } from '../aurora/port.ts';
import { type ErrorName, errorCatalog } from '../errors.ts';
import type { JobState } from '../job/state.ts';

/** What a removal asks of Aurora. Without `liftProtection` a protected cluster is left alone. */
export type RemovalVerbs = Pick<
  Aurora,
  'findCluster' | 'listInstances' | 'startCluster' | 'deleteInstance' | 'deleteCluster'
> &
  Partial<Pick<Aurora, 'liftProtection'>>;

/** One request to RDS about a cluster or an instance. */
export type TeardownRequest = {
  verb: Exclude<keyof RemovalVerbs, 'findCluster' | 'listInstances'>;
  identifier: string;
};

export type TeardownDecision =
  | { action: 'request'; requests: TeardownRequest[]; reason: string }
  | { action: 'wait' | 'done'; reason: string };

/**
 * What to ask for next about what a job made; `mayAppear` when nothing found proves nothing yet. Instances go first,
 * then the cluster: RDS refuses a cluster while it has an instance that is not being deleted (Aurora User Guide,
 * "Deleting Aurora DB clusters and DB instances"). In any other status than those below RDS is simply asked: what it
 * refuses now is asked for again in the next pass.
 */
export const decideTeardown = (
  cluster: Cluster | undefined,
  instances: readonly Instance[],
  mayAppear = false,
): TeardownDecision => {
  if (cluster === undefined) {
    return mayAppear
      ? { action: 'wait', reason: 'a cluster that was asked for may still appear' }
      : { action: 'done', reason: 'nothing is left' };
  }
  const { identifier, status, isProtected } = cluster;
  const standing = instances.filter((instance) => instance.status !== 'deleting');
  const isGoing = status === 'deleting';
  if (standing.length === 0 && isGoing) {
    const left = [...instances, cluster].map((one) => one.identifier);
    return { action: 'wait', reason: `being deleted: ${left.join(', ')}` };
  }
  // A stopped cluster can be deleted only once it runs, and so can its instances (User Guide, "Stopping an Aurora DB cluster").
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
    // Once every instance is being deleted the cluster may go too, so ask at once.
    requests.push({ verb: 'deleteCluster', identifier });
  }
  return { action: 'request', requests, reason: `standing: ${describeStanding(cluster, standing)}` };
};

const describeStanding = (cluster: Cluster, standing: readonly Instance[]): string => {
  const protection = cluster.isProtected ? ', deletion protection on' : '';
  return [
    ...standing.map(({ identifier, status }) => `instance ${identifier} (${status})`),
    `cluster ${cluster.identifier} (${cluster.status}${protection})`,
  ].join(', ');
};

/**
 * May a cluster still appear that nobody has seen? So it is when the restore was asked for and the answer was lost; a
 * refusal by name is an answer. A throttle is none, nor is a deadline: only the last attempt is known, and an earlier one
 * may have got through.
 */
export const mayStillAppear = (state: JobState): boolean => {
  const caught = state.failures?.RestoreCluster;
  if (caught === undefined) return state.RestoreCluster !== undefined;
  return isAnswerLost(caught.Error);
};

/** Errors of a request that RDS may have taken all the same; those of Lambda and Step Functions are among them. */
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
