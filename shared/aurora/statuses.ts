/** What the state machine's wait loops test, instead of the raw words of RDS. */
export type Readiness = 'ready' | 'pending' | 'failed';

/**
 * Statuses of an Aurora cluster and of its instances, from "Viewing DB cluster status" in the Aurora User Guide and
 * the waiters of the RDS service model. The SDK's own waiters miss several and give up after 30 minutes.
 */
export const clusterStatuses: Record<Readiness, readonly string[]> = {
  ready: ['available'],
  pending: [
    'creating',
    'backing-up',
    'migrating',
    'modifying',
    'preparing-data-migration',
    'rebooting',
    'resetting-master-credentials',
    'maintenance',
    'upgrading',
    'storage-optimization',
    'update-iam-db-auth',
    'starting',
    'backtracking',
    'failing-over',
    'renaming',
    'promoting',
  ],
  failed: [
    'cloning-failed',
    'migration-failed',
    'inaccessible-encryption-credentials',
    'inaccessible-encryption-credentials-recoverable',
    'upgrade_failed',
    'failed',
    'incompatible-restore',
    'incompatible-parameters',
    'deleting',
    'deleted',
    'stopped',
  ],
};

export const instanceStatuses: Record<Readiness, readonly string[]> = {
  ready: ['available'],
  pending: [
    'creating',
    'backing-up',
    'configuring-*',
    'modifying',
    'maintenance',
    'rebooting',
    'renaming',
    'resetting-master-credentials',
    'starting',
    'stopping',
    'storage-*',
    'delete-precheck',
  ],
  failed: [
    'failed',
    'incompatible-create',
    'incompatible-network',
    'incompatible-option-group',
    'incompatible-parameters',
    'incompatible-restore',
    'insufficient-capacity',
    'restore-error',
    'inaccessible-encryption-credentials',
    'inaccessible-encryption-credentials-recoverable',
    'deleting',
  ],
};

/** Classifies a raw status. An unknown one counts as failed: a drill never guesses. */
const classify = (lists: Record<Readiness, readonly string[]>, kind: string, status: string) => {
  for (const readiness of ['ready', 'pending', 'failed'] as const) {
    if (lists[readiness].some((pattern) => matches(pattern, status)))
      return { readiness, reason: `the ${kind} is ${status}` };
  }
  return {
    readiness: 'failed' as const,
    reason: `the ${kind} has the status "${status}", which is on no known list`,
  };
};

/** A pattern ending in * means a family, as in the User Guide's own table. */
const matches = (pattern: string, status: string): boolean =>
  pattern.endsWith('*') ? status.startsWith(pattern.slice(0, -1)) : status === pattern;

export const classifyClusterStatus = (status: string) => classify(clusterStatuses, 'cluster', status);
export const classifyInstanceStatus = (status: string) => classify(instanceStatuses, 'instance', status);
