import type { DBCluster, DBInstance, RestoreDBClusterToPointInTimeMessage } from '@aws-sdk/client-rds';
import { carriedByClusters } from '../aurora/carried.ts';
import type { CopyRequest } from '../aurora/port.ts';
import type { ClusterSettings, InstanceSettings } from '../aurora/settings.ts';

/** What RDS says of a cluster beyond what a copy needs. */
export const toClusterSettings = (cluster: DBCluster): ClusterSettings => ({
  retentionDays: cluster.BackupRetentionPeriod ?? null,
  backupWindow: cluster.PreferredBackupWindow ?? null,
  maintenanceWindow: cluster.PreferredMaintenanceWindow ?? null,
  kmsKey: cluster.KmsKeyId ?? null,
  logExports: cluster.EnabledCloudwatchLogsExports ?? null,
  hasIamSignIn: cluster.IAMDatabaseAuthenticationEnabled ?? null,
  copiesTagsToSnapshots: cluster.CopyTagsToSnapshot ?? null,
  hasMinorUpgrades: cluster.AutoMinorVersionUpgrade ?? null,
  hasHttpEndpoint: cluster.HttpEndpointEnabled ?? null,
  roles:
    cluster.AssociatedRoles?.flatMap(({ RoleArn: arn, FeatureName: feature }) =>
      arn === undefined ? [] : [{ arn, feature: feature ?? null }],
    ) ?? null,
  customEndpoints: cluster.CustomEndpoints ?? null,
  globalCluster: cluster.GlobalClusterIdentifier ?? null,
  masterSecret: cluster.MasterUserSecret?.SecretArn ?? null,
  hasLocalWriteForwarding:
    cluster.LocalWriteForwardingStatus === undefined
      ? null
      : cluster.LocalWriteForwardingStatus === 'enabled',
  activityStream: toActivityStream(cluster),
  domain: toDomain(cluster),
});

const toActivityStream = ({
  ActivityStreamStatus: status,
  ActivityStreamMode: mode,
  ActivityStreamKmsKeyId: kmsKey,
}: DBCluster): ClusterSettings['activityStream'] =>
  status === 'started' && mode !== undefined && kmsKey !== undefined ? { mode, kmsKey } : null;

const toDomain = ({ DomainMemberships = [] }: DBCluster): ClusterSettings['domain'] => {
  const [{ Domain: id, IAMRoleName: role } = {}] = DomainMemberships;
  return id === undefined || role === undefined ? null : { id, role };
};

/** The same of an instance. An interval of 0 means that Enhanced Monitoring is off (API, DBInstance). */
export const toInstanceSettings = (instance: DBInstance): InstanceSettings => ({
  promotionTier: instance.PromotionTier ?? null,
  hasMinorUpgrades: instance.AutoMinorVersionUpgrade ?? null,
  isPublic: instance.PubliclyAccessible ?? null,
  maintenanceWindow: instance.PreferredMaintenanceWindow ?? null,
  certificateAuthority: instance.CACertificateIdentifier ?? null,
  monitoring:
    instance.MonitoringInterval && instance.MonitoringRoleArn !== undefined
      ? { seconds: instance.MonitoringInterval, role: instance.MonitoringRoleArn }
      : null,
  insights: instance.PerformanceInsightsEnabled
    ? {
        mode: instance.DatabaseInsightsMode ?? null,
        retentionDays: instance.PerformanceInsightsRetentionPeriod ?? null,
        kmsKey: instance.PerformanceInsightsKMSKeyId ?? null,
      }
    : null,
});

const { hasIamSignIn, isProtected, retentionDays } = carriedByClusters;

const tornDown = {
  EnableIAMDatabaseAuthentication: hasIamSignIn.tornDown.is,
  DeletionProtection: isProtected.tornDown.is,
  BackupRetentionPeriod: retentionDays.tornDown.is,
} satisfies Partial<RestoreDBClusterToPointInTimeMessage>;

/** How long a cluster is protected and backed up, and what else of its source a kept one gets. */
export const toKeptInput = ({
  kind,
  kept,
}: CopyRequest): Partial<Omit<RestoreDBClusterToPointInTimeMessage, 'DBClusterIdentifier'>> =>
  kept === undefined
    ? tornDown
    : {
        // From the first call on.
        DeletionProtection: isProtected.kept.is,
        EnableIAMDatabaseAuthentication: kept.hasIamSignIn ?? true,
        BackupRetentionPeriod: kept.retentionDays ?? undefined,
        PreferredBackupWindow: kept.backupWindow ?? undefined,
        // A clone shares pages with its source, so it has its key (Aurora User Guide, Aurora.Managing.Clone).
        KmsKeyId: kind === 'clone' ? undefined : (kept.kmsKey ?? undefined),
        EnableCloudwatchLogsExports: kept.logExports ?? undefined,
        CopyTagsToSnapshot: kept.copiesTagsToSnapshots ?? undefined,
        BacktrackWindow: kept.backtrackSeconds ?? undefined,
      };
