import { listRewound, type Plan } from '../plan/plans.ts';
import { clusterArn } from './plan-resources.ts';

/**
 * The policy that lets RewindCluster rewind the sources whose plans say `rewind: allowed`, each by its name, and denies it for
 * every other cluster. Without such a plan it only denies.
 */
export const rewindPolicy = (plans: Record<string, Plan>): object => {
  const allowed = listRewound(plans).map(clusterArn);
  const deny = { Effect: 'Deny', Action: ['rds:Backtrack*'] };
  return {
    Version: '2012-10-17',
    Statement:
      allowed.length === 0
        ? [{ ...deny, Resource: '*' }]
        : [
            { ...deny, NotResource: allowed },
            { Effect: 'Allow', Action: ['rds:BacktrackDBCluster'], Resource: allowed },
          ],
  };
};
