import type { Aurora, Cluster, Instance, RetainedBackup } from '../aurora/port.ts';
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
 * Finds the source. One that was deleted is known by its retained backups, the newest first.
 * @throws DrillError SourceNotFound when there is neither, NotSupported as `assertSupported` does
 */
export const findSource = async (
  aurora: Pick<Aurora, 'findCluster' | 'listInstances' | 'listRetainedBackups'>,
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
  const [backup] = (await aurora.listRetainedBackups(identifier)).toSorted(byEnd);
  if (backup === undefined) {
    throw new DrillError(
      'SourceNotFound',
      `there is no cluster ${identifier} in this account and Region, and no retained backup of one`,
      {
        hint: 'check the source of the plan, the account and the Region; a final snapshot is restored by hand',
      },
    );
  }
  const described = describeDeleted(backup);
  assertSupported(described);
  return { cluster: described, instances: [], stands: false, window: backup.window };
};

/** The one that reaches furthest first: a name may have been deleted more than once. */
const byEnd = ({ window: one }: RetainedBackup, { window: other }: RetainedBackup): number => {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return isAfter(one.latest, other.latest) ? -1 : 1;
};

const defaultPorts: Record<string, number> = { 'aurora-mysql': 3306, 'aurora-postgresql': 5432 };

/** What the backups do not tell has to come from the plan. */
const describeDeleted = (backup: RetainedBackup): Cluster => ({
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
