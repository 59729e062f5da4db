import type { AccountQuota, DBClusterAutomatedBackup } from '@aws-sdk/client-rds';
import type { QuotasLeft, RetainedBackup } from '../aurora/port.ts';
import { toInstant, toTags } from './rds-answers.ts';

/** What RDS answers to questions that only a recovery asks, in our words. */
export const toQuotasLeft = (quotas: AccountQuota[]): QuotasLeft => {
  const leftOf = (name: string): number | null => {
    const { Used, Max } = quotas.find(({ AccountQuotaName }) => AccountQuotaName === name) ?? {};
    return Used === undefined || Max === undefined ? null : Math.max(0, Max - Used);
  };
  return { clusters: leftOf('DBClusters'), instances: leftOf('DBInstances') };
};

/** None for a backup that lacks what a restore of it needs. */
export const toRetainedBackups = (backup: DBClusterAutomatedBackup): RetainedBackup[] => {
  const { DBClusterIdentifier: cluster, DbClusterResourceId: resourceId, Engine: engine } = backup;
  if (cluster === undefined || resourceId === undefined || engine === undefined) return [];
  const earliest = toInstant(backup.RestoreWindow?.EarliestTime);
  const latest = toInstant(backup.RestoreWindow?.LatestTime);
  return [
    {
      cluster,
      resourceId,
      engine,
      engineVersion: backup.EngineVersion ?? 'unknown',
      engineMode: backup.EngineMode ?? null,
      port: backup.Port ?? null,
      window: earliest === null || latest === null ? null : { earliest, latest },
      storageType: backup.StorageType ?? null,
      retentionDays: backup.BackupRetentionPeriod ?? null,
      backupWindow: backup.PreferredBackupWindow ?? null,
      kmsKey: backup.KmsKeyId ?? null,
      hasIamSignIn: backup.IAMDatabaseAuthenticationEnabled ?? null,
      tags: toTags(backup.TagList),
    },
  ];
};
