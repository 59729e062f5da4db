import type { Aurora, Cluster, Instance, RetainedBackup, Snapshot } from '../aurora/port.ts';
import { DrillError } from '../errors.ts';
import { isAfter } from '../instants.ts';
import { assertSupported } from '../job/flavours.ts';

/** What a recovery is made of: the source as RDS describes it, or what the backups of a deleted one tell. */
export type SeenSource = {
  cluster: Cluster;
  instances: Instance[];
  stands: boolean;
  window: { earliest: string; latest: string } | null;
};

/**
 * Finds the source. One that was deleted is known by its retained backups, or else by its newest snapshot: a deletion
 * keeps no automated backups unless it is asked to, and takes a final snapshot unless it is asked not to.
 * @throws DrillError SourceNotFound when there is none of these, NotSupported as `assertSupported` does
 */
export const findSource = async (
  aurora: Pick<Aurora, 'findCluster' | 'listInstances' | 'listRetainedBackups' | 'listSnapshots'>,
  identifier: string,
): Promise<SeenSource> => {
  const cluster = await aurora.findCluster(identifier);
  if (cluster !== undefined) {
    assertSupported(cluster);
    const { earliestRestorableTime: earliest, latestRestorableTime: latest } = cluster;
    return {
      cluster,
      instances: await aurora.listInstances(identifier),
      stands: true,
      window: earliest === null || latest === null ? null : { earliest, latest },
    };
  }
  const left = await findRemains(aurora, identifier);
  if (left === null) {
    throw new DrillError(
      'SourceNotFound',
      `there is no cluster ${identifier} in this account and Region, and no retained backup or snapshot of one`,
      { hint: 'check the source of the plan, the account and the Region' },
    );
  }
  const described = describeDeleted(left);
  assertSupported(described);
  return { cluster: described, instances: [], stands: false, window: left.window };
};

/** What is left of a cluster that was deleted. */
type Remains = Omit<RetainedBackup, 'resourceId'> & { resourceId: string | null };

const findRemains = async (
  aurora: Pick<Aurora, 'listRetainedBackups' | 'listSnapshots'>,
  identifier: string,
): Promise<Remains | null> => {
  const [backup] = (await aurora.listRetainedBackups(identifier)).toSorted(byEnd);
  if (backup !== undefined) return backup;
  let newest: Snapshot | null = null;
  for await (const page of aurora.listSnapshots([identifier]))
    for (const snapshot of page) if (isNewer(snapshot, newest)) newest = snapshot;
  return newest && describeSnapshot(newest);
};

const isNewer = ({ status, createdAt }: Snapshot, newest: Snapshot | null): boolean =>
  status === 'available' &&
  createdAt !== null &&
  (newest?.createdAt == null || isAfter(createdAt, newest.createdAt));

const describeSnapshot = (snapshot: Snapshot): Remains => ({
  cluster: snapshot.cluster,
  resourceId: snapshot.clusterResourceId,
  engine: snapshot.engine,
  engineVersion: snapshot.engineVersion,
  engineMode: null,
  port: null,
  window: null,
  storageType: null,
  tags: snapshot.tags,
  retentionDays: null,
  backupWindow: null,
  kmsKey: null,
  hasIamSignIn: null,
});

/** The one that reaches furthest first: a name may have been deleted more than once. */
const byEnd = ({ window: one }: RetainedBackup, { window: other }: RetainedBackup): number => {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return isAfter(one.latest, other.latest) ? -1 : 1;
};

const defaultPorts: Record<string, number> = { 'aurora-mysql': 3306, 'aurora-postgresql': 5432 };

/** What the backups do not tell has to come from the plan. */
const describeDeleted = (backup: Remains): Cluster => ({
  identifier: backup.cluster,
  resourceId: backup.resourceId,
  engine: backup.engine,
  engineVersion: backup.engineVersion,
  engineMode: backup.engineMode,
  isLimitless: false,
  isInVpc: true,
  status: 'deleted',
  createdAt: null,
  endpoint: null,
  readerEndpoint: null,
  port: backup.port ?? defaultPorts[backup.engine] ?? 0,
  earliestRestorableTime: backup.window?.earliest ?? null,
  latestRestorableTime: backup.window?.latest ?? null,
  subnetGroup: null,
  securityGroups: [],
  parameterGroup: null,
  capacity: null,
  storageType: backup.storageType,
  lifecycleSupport: null,
  networkType: null,
  writer: null,
  backtrack: null,
  isProtected: false,
  tags: backup.tags,
  settings: {
    retentionDays: backup.retentionDays,
    backupWindow: backup.backupWindow,
    maintenanceWindow: null,
    kmsKey: backup.kmsKey,
    logExports: null,
    hasIamSignIn: backup.hasIamSignIn,
    copiesTagsToSnapshots: null,
    hasHttpEndpoint: null,
    roles: null,
    customEndpoints: null,
    globalCluster: null,
    masterSecret: null,
    hasLocalWriteForwarding: null,
    activityStream: null,
    domain: null,
  },
});
