import type { PostureRule } from '../plan/posture.ts';

/** What each rule asks of a cluster. */
export const questions: Record<PostureRule, string> = {
  'backup-retention': 'Are automated backups kept long enough?',
  'deletion-protection': 'Is the cluster protected against deletion?',
  encryption: 'Is the cluster encrypted at rest, and with which key?',
  'snapshot-encryption': 'Are all its snapshots encrypted?',
  'snapshots-private': 'Are its snapshots closed to other accounts at large?',
  'tags-to-snapshots': 'Do its snapshots get its tags?',
  'log-exports': 'Are its logs kept in CloudWatch Logs, where they outlive it?',
  'audit-logging': 'Does the engine write an audit log?',
  'iam-sign-in': 'Can users sign in with IAM instead of a password?',
  'two-zones': 'Are its instances in at least two Availability Zones?',
  'minor-upgrades': 'Do the cluster and its instances get minor versions by themselves?',
  'windows-apart': 'Does its backup window keep clear of the maintenance windows?',
  backtrack: 'Is Backtrack on, and does it reach back as far as it should?',
  'backtrack-unblocked': 'Does nothing keep it from being rewound?',
  'snapshot-age': 'Is there a recent snapshot?',
  'restorable-lag': 'Can it be restored to a time just past?',
  'copy-abroad': 'Is there a recent copy of a snapshot in the other Region?',
  'aws-backup': 'Where AWS Backup is used: is there a recent recovery point?',
  'drill-passed': 'Has a drill of each plan passed within its schedule?',
  'side-effects': 'Would nothing run by itself in a copy?',
  coverage: 'Have drills verified every table of late?',
  'required-tags': 'Does it have the tags that its plan asks for?',
};
