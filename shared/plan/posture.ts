/** What the posture of a cluster is judged by, in the order of the page. Public: plans waive rules by these names. */
export const postureRules = [
  'backup-retention',
  'deletion-protection',
  'encryption',
  'snapshot-encryption',
  'snapshots-private',
  'tags-to-snapshots',
  'log-exports',
  'audit-logging',
  'iam-sign-in',
  'two-zones',
  'minor-upgrades',
  'windows-apart',
  'backtrack',
  'backtrack-unblocked',
  'snapshot-age',
  'restorable-lag',
  'copy-abroad',
  'aws-backup',
  'drill-passed',
  'side-effects',
  'coverage',
  'required-tags',
] as const;

export type PostureRule = (typeof postureRules)[number];
