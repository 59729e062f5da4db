import { fromAwsError } from '../../shared/aws/errors.ts';

/** Refuses as AWS would, through the same translation as its real answers. */
export const refusal = (what: string, name: string, message: string): Error =>
  fromAwsError(what, Object.assign(new Error(message), { name }));

/** @throws DrillError InvalidClusterState unless the cluster has that status */
export const assertStatus = (what: string, cluster: { status: string }, status: string): void => {
  if (cluster.status === status) return;
  throw refusal(what, 'InvalidDBClusterStateFault', `the cluster is ${cluster.status}, not ${status}`);
};
