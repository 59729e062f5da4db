import type { PostureRule } from '../plan/posture.ts';

/**
 * What others call a rule. `note`: where theirs asks something else. `source`: the page that says so, as it stood on the day
 * `lookedAt`. What no page says is left out.
 */
export type Control = { by: ControlOwner; id: string; source: string; note: string | null };

export const controlOwners = ['AWS Security Hub', 'AWS Config', 'Prowler', 'CIS AWS Foundations'] as const;

export type ControlOwner = (typeof controlOwners)[number];

/** ISO 8601. */
export const lookedAt = '2026-11-30';

const hubPage = 'https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html';
const hubSection = (number: number): string => `${hubPage}#rds-${number}`;

const hub = (number: number, note: string | null = null): Control => ({
  by: 'AWS Security Hub',
  id: `RDS.${number}`,
  source: hubSection(number),
  note,
});

const config = (id: string, note: string | null = null): Control => ({
  by: 'AWS Config',
  id,
  source: `https://docs.aws.amazon.com/config/latest/developerguide/${id}.html`,
  note,
});

/** A rule that Security Hub brings along: it has no page of its own. */
const ownRuleOfHub = (id: string, control: number): Control => ({
  by: 'AWS Config',
  id,
  source: hubSection(control),
  note: 'a rule of Security Hub alone',
});

const prowler = (id: string, note: string | null = null): Control => ({
  by: 'Prowler',
  id,
  source: `https://github.com/prowler-cloud/prowler/tree/master/prowler/providers/aws/services/rds/${id}`,
  note,
});

/** @param control the one of Security Hub whose page names the section */
const cis = (version: string, section: string, control: number, note: string | null = null): Control => ({
  by: 'CIS AWS Foundations',
  id: `${section} of v${version}`,
  source: hubSection(control),
  note,
});

export const controls: Record<PostureRule, Control[]> = {
  'backup-retention': [
    hub(50, '7 days, unless told otherwise'),
    config('rds-cluster-backup-retention-check', '7 days, unless told otherwise'),
    prowler('rds_instance_backup_enabled', 'asks for any retention'),
  ],
  'deletion-protection': [
    hub(7),
    config('rds-cluster-deletion-protection-enabled'),
    prowler('rds_cluster_deletion_protection'),
  ],
  encryption: [
    hub(27),
    config('rds-cluster-encrypted-at-rest'),
    prowler('rds_cluster_storage_encrypted'),
    cis('5.0.0', '2.2.1', 3, 'of instances'),
    cis('3.0.0', '2.3.1', 3, 'of instances'),
  ],
  'snapshot-encryption': [hub(4), config('rds-snapshot-encrypted'), prowler('rds_snapshots_encrypted')],
  'snapshots-private': [
    hub(1),
    config('rds-snapshots-public-prohibited'),
    prowler('rds_snapshots_public_access'),
  ],
  'tags-to-snapshots': [
    hub(16),
    ownRuleOfHub('rds-cluster-copy-tags-to-snapshots-enabled', 16),
    prowler('rds_cluster_copy_tags_to_snapshots'),
  ],
  'log-exports': [
    hub(34, 'Aurora MySQL, the audit log'),
    hub(37, 'Aurora PostgreSQL'),
    config('rds-aurora-mysql-audit-logging-enabled', 'Aurora MySQL, the audit log'),
    config('rds-aurora-postgresql-logs-to-cloudwatch', 'Aurora PostgreSQL'),
    prowler('rds_cluster_integration_cloudwatch_logs'),
  ],
  'audit-logging': [
    hub(45, 'Aurora MySQL alone'),
    config('aurora-mysql-cluster-audit-logging', 'Aurora MySQL alone'),
  ],
  'iam-sign-in': [
    hub(12),
    config('rds-cluster-iam-authentication-enabled'),
    prowler('rds_cluster_iam_authentication_enabled'),
  ],
  'two-zones': [
    hub(15),
    config('rds-cluster-multi-az-enabled'),
    prowler('rds_cluster_multi_az'),
    cis('5.0.0', '2.2.4', 15),
  ],
  'minor-upgrades': [
    hub(13),
    hub(35, 'Multi-AZ clusters of RDS, and no cluster of Aurora'),
    config('rds-automatic-minor-version-upgrade-enabled'),
    prowler('rds_instance_minor_version_upgrade_enabled'),
    cis('5.0.0', '2.2.2', 13),
    cis('3.0.0', '2.3.2', 13),
  ],
  'windows-apart': [],
  backtrack: [
    hub(14, 'whether it is on'),
    config('aurora-mysql-backtracking-enabled', 'whether it is on'),
    prowler('rds_cluster_backtrack_enabled', 'whether it is on'),
  ],
  'backtrack-unblocked': [],
  'snapshot-age': [],
  'restorable-lag': [],
  'copy-abroad': [
    config(
      'aurora-resources-protected-by-backup-plan',
      'with crossRegionList: whether a plan of AWS Backup would copy to that Region',
    ),
  ],
  'aws-backup': [
    hub(26, 'instances outside clusters, and no cluster of Aurora'),
    config('aurora-last-backup-recovery-point-created', 'a day, unless told otherwise'),
    config('aurora-resources-protected-by-backup-plan', 'whether a plan covers it'),
    prowler('rds_cluster_protected_by_backup_plan', 'whether a plan covers it'),
  ],
  'drill-passed': [],
  'side-effects': [],
  coverage: [],
  'required-tags': [hub(28), ownRuleOfHub('tagged-rds-dbcluster', 28)],
};
