import { readFile, writeFile } from 'node:fs/promises';
import { type PostureRule, postureRules } from '../../shared/plan/posture.ts';
import { type Control, controlOwners, controls, lookedAt } from '../../shared/posture/controls.ts';
import { questions } from '../../shared/posture/questions.ts';

/** The sections of docs/posture.md that are made from the tables of the code: one for each rule, and what others call them. */

const posturePage = 'docs/posture.md';

/** `mend`: what mends a failure. `not`: when the rule is not applicable, if ever. */
type Explanation = { passes: string; mend: string; not?: string };

const inPlace = 'Nothing mends it in place:';
const byHand = 'No command does:';
const noPlan = 'No plan drills the cluster.';

const explanations: Record<PostureRule, Explanation> = {
  'backup-retention': {
    passes:
      'RDS keeps automated backups for `retentionDays` or longer, 35 by default, which is the most that RDS offers.',
    mend: 'A command sets it.',
  },
  'deletion-protection': {
    passes: 'It is on.',
    mend: 'A command switches it on.',
  },
  encryption: {
    passes:
      'The storage is encrypted. The key is told: one of KMS, by its ARN, or one that AWS owns. A key that RDS can no longer use fails.',
    mend: `${inPlace} restore a snapshot into a new cluster with a key, and switch over. A key that was disabled has to be enabled within 7 days.`,
  },
  'snapshot-encryption': {
    passes: 'No snapshot of the cluster is without encryption.',
    mend: `${inPlace} RDS encrypts no copy of an unencrypted cluster snapshot. Encrypt the cluster, and delete the old ones when nobody needs them.`,
  },
  'snapshots-private': {
    passes:
      'No snapshot of the cluster, nor of an earlier one of its name in this account, can be restored by anybody. Sharing with single accounts is not looked at.',
    mend: 'A command for each closes it.',
  },
  'tags-to-snapshots': {
    passes: 'It is on, so that rules that go by tags hold for snapshots too.',
    mend: 'A command switches it on, for snapshots to come.',
  },
  'log-exports': {
    passes:
      'Aurora MySQL exports `audit` and `error`, Aurora PostgreSQL `postgresql`. Slow and general logs are for tuning, and may hold rows: they are not asked for.',
    mend: 'A command adds what is missing.',
    not: 'Another engine.',
  },
  'audit-logging': {
    passes:
      'In the cluster parameter group, Aurora MySQL has `server_audit_logging` on and names `server_audit_events`; Aurora PostgreSQL loads `pgaudit`, and has `pgaudit.log` or `pgaudit.role`. Where an instance has not been rebooted since the group changed, what is loaded is not known.',
    mend: 'A command sets the parameters, for every cluster with that group. RDS lets nobody change a default group: then the cluster needs one of its own.',
    not: 'Another engine.',
  },
  'iam-sign-in': {
    passes: 'It is on. Drills sign in with IAM.',
    mend: 'A command switches it on.',
  },
  'two-zones': {
    passes:
      'The instances, Serverless v2 included, are in two Availability Zones or more. The storage always is.',
    mend: 'A command adds a reader like the writer in another zone, which costs as much. It is public only if the writer is.',
    not: 'A cluster of a Global Database without an instance, of Aurora Limitless, or of Serverless v1.',
  },
  'minor-upgrades': {
    passes:
      'The cluster has it on, as far as RDS tells, and so has every instance: one without it keeps it from the whole cluster.',
    mend: 'A command switches it on for each that lacks it.',
    not: 'There is no instance, or the cluster is in a Global Database, or has a replica in another Region: such a cluster gets no minor version by itself.',
  },
  'windows-apart': {
    passes:
      'The backup window shares no minute with the maintenance window of the cluster, nor with that of an instance.',
    mend: 'A command moves the backup window to the next half hour that is free.',
  },
  backtrack: {
    passes: 'It is on, and reaches back as far as its target. A cluster younger than its target passes.',
    mend: `${inPlace} only a cluster that was created, or restored from a snapshot, with it can have it. [backtrack.md](backtrack.md) says what to do instead. For a window that is too short, the [runbook](runbook.md#backtrack-window-shrunk) has the steps.`,
    not: 'Aurora PostgreSQL, Serverless v1, or a Global Database. Serverless v2 without it: AWS says two things of that.',
  },
  'backtrack-unblocked': {
    passes:
      'Nothing replicates from the cluster, it replicates from nothing, and its parameter group has the binary log off. BacktrackReady [asks more](backtrack.md#watched), every 15 minutes.',
    mend: `${byHand} end the replication and the binary log if nobody needs them.`,
    not: 'The cluster has no Backtrack, or cannot have it.',
  },
  'snapshot-age': {
    passes:
      'The newest snapshot of the kinds in `countedSnapshots` is at most `snapshotAgeHours` old, 26 by default, as the [alarm](monitors.md) has it. A cluster younger than that passes.',
    mend: `${byHand} the [runbook](runbook.md#rds-snapshot-age-over-26h-by-cluster) has the steps.`,
  },
  'restorable-lag': {
    passes: 'The latest restorable time is at most `lagMinutes` behind, 30 by default.',
    mend: `${byHand} the [runbook](runbook.md#rds-restorable-lag-over-30min) has the steps.`,
    not: 'The cluster is stopped, or on its way there or back.',
  },
  'copy-abroad': {
    passes:
      'In `copyRegion` there is an available copy of a snapshot of the cluster, by hand or by AWS Backup, and what it is a copy of was taken at most `copyMaxAgeHours` ago, 48 by default. Where RDS does not tell when that was, a copy that was itself made before then fails, and the rule is unreadable with a later one.',
    mend: `${byHand} find out why no copy comes.`,
    not: 'No plan names a `copyRegion`.',
  },
  'aws-backup': {
    passes:
      "AWS Backup's newest snapshot of the cluster is at most `awsBackupAgeHours` old, 34 by default: a daily job begins within 8 hours, not at the same time each day. Where a backup plan runs less often, set that.",
    mend: `${byHand} look at the jobs of the backup plan.`,
    not: 'AWS Backup has no snapshot of the cluster.',
  },
  'drill-passed': {
    passes:
      'Each plan of the cluster has a passed drill that began within the longest pause of its schedule and a day, as the [alarm](runbook.md#no-passed-drill) has it. A plan without a schedule needs one passed drill. A cluster without a plan fails: nobody has ever restored it.',
    mend: `${byHand} find out why the last drill did not pass, or write a plan.`,
  },
  'side-effects': {
    passes:
      'The last drill that asked found nothing that would [act in a copy](plans.md#a-copy-must-not-act), or its plan says `sideEffects: accepted`. Where it could not see all, the rule is unreadable.',
    mend: `${byHand} a quiet parameter group for copies, or the plan.`,
    not: noPlan,
  },
  coverage: {
    passes:
      'Drills have verified every table of each plan as a whole within `coverageDays`, 90 by default: its rows, and where the plan says `checksum: full`, its values. [What counts](checks.md#judged-as-a-whole).',
    mend: `${byHand} rows need \`tolerance: auto\` and a drill that reads production at the same instant; values need \`checksum: full\` too; a table that is skipped is not verified.`,
    not: noPlan,
  },
  'required-tags': {
    passes: 'The cluster has every tag of `requiredTags`, whatever its value. Case counts.',
    mend: `${byHand} only you know the values.`,
    not: 'No plan asks for tags.',
  },
};

const sectionOf = (rule: PostureRule): string => {
  const { passes, mend, not } = explanations[rule];
  return [
    `### ${rule}`,
    questions[rule],
    [
      `- **Passes**: ${passes}`,
      `- **Mend**: ${mend}`,
      ...(not === undefined ? [] : [`- **Not applicable**: ${not}`]),
    ].join('\n'),
  ].join('\n\n');
};

const describeControl = ({ id, source, note }: Control): string =>
  `[${id}](${source})${note === null ? '' : ` (${note})`}`;

const rowOf = (rule: PostureRule): string => {
  const cells = controlOwners.map((owner) => {
    const own = controls[rule].filter(({ by }) => by === owner);
    return own.length === 0 ? '-' : own.map(describeControl).join('<br>');
  });
  return `| [${rule}](#${rule}) | ${cells.join(' | ')} |`;
};

const controlTable = (): string =>
  [
    `| rule | ${controlOwners.join(' | ')} |`,
    `|${'---|'.repeat(controlOwners.length + 1)}`,
    ...postureRules.map(rowOf),
  ].join('\n');

const made = new Map([
  ['rules', () => postureRules.map(sectionOf).join('\n\n')],
  ['controls', () => `The pages that say so were looked at on ${lookedAt}.\n\n${controlTable()}`],
]);

/** The page with every made part as the code makes it now. @throws Error when it lacks one */
export const renderPosturePage = (page: string): string =>
  [...made].reduce((text, [name, make]) => {
    const [begin, end] = [`<!-- made: ${name} -->`, `<!-- end: ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from === -1 || to < from) throw new Error(`${posturePage} has no part between ${begin} and ${end}`);
    return `${text.slice(0, from)}${begin}\n\n${make()}\n\n${text.slice(to)}`;
  }, page);

if (import.meta.main) await writeFile(posturePage, renderPosturePage(await readFile(posturePage, 'utf8')));
