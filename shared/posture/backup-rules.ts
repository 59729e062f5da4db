import { isAtRest, measureAgeHours, measureLagSeconds, type SnapshotKind } from '../aurora/snapshots.ts';
import { addSeconds, describeSeconds, isAfter, secondsBetween } from '../instants.ts';
import { formatInstant } from '../result/format.ts';
import { countOf } from '../words.ts';
import type { CopyFacts, SnapshotFacts } from './facts.ts';
import { byHand, modify, regionOf } from './mend.ts';
import { hold, judgeKnown, judgeTold, notApplicable, type Outcome, type Rule, unreadable } from './rule.ts';

/** Whether there are backups, how far they reach, and how old the newest is. */

const hourSeconds = 3600;

export const judgeRetention: Rule = ({ cluster }, { settings: { retentionDays } }) =>
  judgeTold(cluster.settings?.retentionDays, 'how long backups are kept', (days) =>
    hold(days >= retentionDays, {
      expected: `${countOf(retentionDays, 'day')} or more`,
      seen: countOf(days, 'day'),
      mend: () =>
        modify(
          cluster,
          ['--backup-retention-period', String(retentionDays)],
          'more days cost more storage of backups; where AWS Backup makes continuous backups of it, change its backup plan instead',
        ),
    }),
  );

/** As the monitor of snapshots has it: a young cluster without one is as old as itself. */
export const judgeSnapshotAge: Rule = ({ cluster, snapshots }, { settings, counted }, now) =>
  judgeKnown(snapshots, (seen) => {
    const newest = findNewest(seen, counted);
    const hours = measureAgeHours(cluster, newest?.takenAt, now);
    if (hours === null) return unreadable('it has no snapshot, and RDS does not say how old the cluster is');
    const kinds = counted.join(' or ');
    return hold(hours <= settings.snapshotAgeHours, {
      expected: `one of the last ${describeHours(settings.snapshotAgeHours)}, ${kinds}`,
      seen:
        newest === null
          ? `none, and the cluster is ${describeAge(hours)} old`
          : `the newest, ${newest.kind}, is ${describeAge(hours)} old`,
      mend: () =>
        byHand(
          'find out why snapshots have stopped: docs/runbook.md, rds-snapshot-age-over-26h-by-cluster, has the steps',
        ),
    });
  });

type Newest = { kind: SnapshotKind; takenAt: string };

const findNewest = ({ newest }: SnapshotFacts, kinds: readonly SnapshotKind[]): Newest | null => {
  let best: Newest | null = null;
  for (const kind of kinds) {
    const takenAt = newest[kind];
    if (takenAt !== undefined && (best === null || isAfter(takenAt, best.takenAt))) best = { kind, takenAt };
  }
  return best;
};

export const judgeLag: Rule = ({ cluster }, { settings: { lagMinutes } }, now) => {
  if (isAtRest(cluster))
    return notApplicable(`it is ${cluster.status}, so nothing is written that could be lost`);
  const seconds = measureLagSeconds(cluster, now);
  if (seconds === null) return unreadable('RDS does not say to which time it can be restored');
  return hold(seconds <= lagMinutes * 60, {
    expected: `at most ${describeSeconds(lagMinutes * 60)} behind`,
    seen:
      cluster.latestRestorableTime === null
        ? `it was never restorable since it was made, ${describeSeconds(seconds)} ago`
        : `${describeSeconds(seconds)} behind`,
    mend: () =>
      byHand('its backups may have stopped: docs/runbook.md, rds-restorable-lag-over-30min, has the steps'),
  });
};

/** As old as the snapshot that was copied, which is older than the copy. */
export const judgeCopy: Rule = ({ cluster, copies }, { settings: { copyRegion, copyMaxAgeHours } }, now) => {
  if (copyRegion === undefined) return notApplicable('no plan asks for copies in another Region');
  if (copyRegion === regionOf(cluster))
    return hold(false, {
      expected: 'a copy in another Region',
      seen: `copyRegion is ${copyRegion}, where the cluster is itself`,
      mend: () => byHand('name another Region as copyRegion'),
    });
  if (copies === null) return unreadable(`nobody has looked for copies in ${copyRegion}`);
  return judgeKnown(copies, (found) => judgeNewestCopy(found, copyMaxAgeHours, now));
};

const judgeNewestCopy = (found: CopyFacts, maxAgeHours: number, now: string): Outcome => {
  const { region, newest } = found;
  const since = addSeconds(now, -maxAgeHours * hourSeconds);
  const takenAt = newest?.takenAt ?? null;
  const isFresh = takenAt !== null && !isAfter(since, takenAt);
  const doubt = isFresh ? null : findDoubt(found, since);
  if (doubt !== null)
    return unreadable(`RDS does not say when the source of ${doubt} in ${region} was taken`);
  return hold(isFresh, {
    expected: `one of the last ${describeHours(maxAgeHours)} in ${region}`,
    seen: describeCopy(found, now),
    mend: () =>
      byHand(
        `find out what copies its snapshots to ${region}, such as a copy rule of AWS Backup, and why none came: only a copy that is available counts`,
      ),
  });
};

/** The copy that may hold rows from after `since`, though nobody knows; null where there is none: all were made before. */
const findDoubt = ({ newest, undated }: CopyFacts, since: string): string | null => {
  if (undated === undefined) return newest?.takenAt === null ? newest.snapshot : null;
  return undated.copiedAt === null || isAfter(undated.copiedAt, since) ? undated.snapshot : null;
};

const describeCopy = ({ region, newest, undated }: CopyFacts, now: string): string => {
  if (newest === null) return `none in ${region}`;
  const at = newest.takenAt ?? undated?.copiedAt ?? now;
  const what = newest.takenAt === null ? 'copied' : 'taken';
  return `${newest.snapshot}, ${what} ${formatInstant(at)}, ${describeAge(hoursSince(at, now))} ago`;
};

export const judgeAwsBackup: Rule = ({ snapshots }, { settings: { awsBackupAgeHours } }, now) =>
  judgeKnown(snapshots, ({ newest }): Outcome => {
    const takenAt = newest['aws-backup'];
    if (takenAt === undefined) return notApplicable('AWS Backup has no snapshot of it');
    const hours = hoursSince(takenAt, now);
    return hold(hours <= awsBackupAgeHours, {
      expected: `one of the last ${describeHours(awsBackupAgeHours)}`,
      seen: `the newest is ${describeAge(hours)} old`,
      mend: () =>
        byHand(
          'look at the jobs of its backup plan in AWS Backup; if the plan runs less often, say so with awsBackupAgeHours',
        ),
    });
  });

/** A clock that is ahead makes nothing younger than new. */
const hoursSince = (instant: string, now: string): number =>
  Math.max(0, secondsBetween(instant, now) / hourSeconds);

/** Whole days from three on. */
const describeAge = (hours: number): string =>
  hours < 72 ? describeHours(hours) : countOf(Math.floor(hours / 24), 'day');

const describeHours = (hours: number): string => describeSeconds(hours * hourSeconds);
