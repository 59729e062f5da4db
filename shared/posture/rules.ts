import type { PostureRule } from '../plan/posture.ts';
import { judgeBacktrack, judgeBlocks } from './backtrack-rules.ts';
import { judgeAwsBackup, judgeCopy, judgeLag, judgeRetention, judgeSnapshotAge } from './backup-rules.ts';
import { judgeCoverage, judgeDrills, judgeSideEffects } from './drill-rules.ts';
import { judgeMinorUpgrades, judgeZones } from './instance-rules.ts';
import { judgeAuditLogging, judgeLogExports } from './log-rules.ts';
import {
  judgeEncryption,
  judgeIamSignIn,
  judgePrivacy,
  judgeProtection,
  judgeSnapshotEncryption,
  judgeTagCopies,
  judgeTags,
} from './protection-rules.ts';
import type { Rule } from './rule.ts';
import { judgeWindows } from './window-rules.ts';

export const rules: Record<PostureRule, Rule> = {
  'backup-retention': judgeRetention,
  'deletion-protection': judgeProtection,
  encryption: judgeEncryption,
  'snapshot-encryption': judgeSnapshotEncryption,
  'snapshots-private': judgePrivacy,
  'tags-to-snapshots': judgeTagCopies,
  'log-exports': judgeLogExports,
  'audit-logging': judgeAuditLogging,
  'iam-sign-in': judgeIamSignIn,
  'two-zones': judgeZones,
  'minor-upgrades': judgeMinorUpgrades,
  'windows-apart': judgeWindows,
  backtrack: judgeBacktrack,
  'backtrack-unblocked': judgeBlocks,
  'snapshot-age': judgeSnapshotAge,
  'restorable-lag': judgeLag,
  'copy-abroad': judgeCopy,
  'aws-backup': judgeAwsBackup,
  'drill-passed': judgeDrills,
  'side-effects': judgeSideEffects,
  coverage: judgeCoverage,
  'required-tags': judgeTags,
};
