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
    'stopping',
    'backtracking',
    'failing-over',
    'renaming',
    'promoting',
    'configuring-*',
    'scaling-*',
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
    'upgrading',
    'backtracking',
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

/** Of a snapshot of a cluster, from the waiters of the RDS service model. */
export const snapshotStatuses: Record<Readiness, readonly string[]> = {
  ready: ['available'],
  pending: ['creating', 'copying'],
  failed: ['failed', 'deleting', 'deleted', 'incompatible-restore', 'incompatible-parameters'],
};

/** Of a rewind, from DBClusterBacktrack in the RDS API. */
export const backtrackStatuses: Record<Readiness, readonly string[]> = {
  ready: ['completed'],
  pending: ['pending', 'applying'],
  failed: ['failed'],
};

/** The key that encrypts the data cannot be used, for good or until somebody enables it again. */
const keyStatuses = [
  'inaccessible-encryption-credentials',
  'inaccessible-encryption-credentials-recoverable',
];

/** `trouble`: what a status says beyond its readiness. */
export type Classified = { readiness: Readiness; reason: string; trouble: 'unknown' | 'key' | null };

/** Classifies a raw status. New words appear every year, so an unknown one is waited for, and says nothing of the backups. */
const classify = (lists: Record<Readiness, readonly string[]>, kind: string, status: string): Classified => {
  for (const readiness of ['ready', 'pending', 'failed'] as const) {
    if (lists[readiness].some((pattern) => matches(pattern, status))) {
      const trouble = keyStatuses.includes(status) ? 'key' : null;
      return { readiness, reason: `the ${kind} is ${status}`, trouble };
    }
  }
  const reason = `the ${kind} has the status "${status}", which is unknown to this tool`;
  return { readiness: 'pending', reason, trouble: 'unknown' };
};

/** A pattern ending in * means a family, as in the User Guide's own table. */
const matches = (pattern: string, status: string): boolean =>
  pattern.endsWith('*') ? status.startsWith(pattern.slice(0, -1)) : status === pattern;

export const classifyClusterStatus = (status: string) => classify(clusterStatuses, 'cluster', status);
export const classifyInstanceStatus = (status: string) => classify(instanceStatuses, 'instance', status);
export const classifySnapshotStatus = (status: string) => classify(snapshotStatuses, 'snapshot', status);
export const classifyBacktrackStatus = (status: string) => classify(backtrackStatuses, 'rewind', status);
