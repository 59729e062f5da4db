import { findNewestSnapshot } from '../aurora/newest-snapshots.ts';
import type { Aurora, Cluster, Snapshot } from '../aurora/port.ts';
import { DrillError } from '../errors.ts';
import { type Clock, secondsBetween, toIso } from '../instants.ts';
import { majorOf } from './flavours.ts';
import { assertInsideWindow, readRestorableWindow } from './preparation.ts';
import { type Job, toSourceSnapshot } from './state.ts';

/** What a plan may restore its copy from: the log to an instant, the newest snapshot there is, or one taken for it. */
export const restoreOrigins = ['log', 'newest-snapshot', 'fresh-snapshot'] as const;

export type RestoreOrigin = (typeof restoreOrigins)[number];

/**
 * What the copy will be made of. `rpoSeconds`: how much of the newest data a recovery from there would have lost now;
 * null for a snapshot that is taken only for the job, which says nothing of the ones there are.
 */
export type Origin = Required<Pick<Job, 'copyKind' | 'snapshot' | 'restoreTo'>> & {
  rpoSeconds: number | null;
};

/**
 * @param restoreTo the time that the start named, ISO 8601; null for none
 * @throws DrillError SourceNotRestorable or RestoreTimeOutsideWindow for the log, SnapshotNotFound when there is none,
 *   InvalidInput for a time that a snapshot cannot have
 */
export const chooseOrigin = async (
  aurora: Pick<Aurora, 'listSnapshots'>,
  source: Cluster,
  from: RestoreOrigin,
  { restoreTo, now }: { restoreTo: string | null; now: Clock },
): Promise<Origin> => {
  if (from === 'log') {
    const { earliest, latest } = readRestorableWindow(source);
    if (restoreTo !== null) assertInsideWindow(restoreTo, earliest, latest);
    return { copyKind: 'point-in-time', snapshot: null, restoreTo, rpoSeconds: secondsSince(latest, now) };
  }
  if (restoreTo !== null) {
    throw new DrillError(
      'InvalidInput',
      `restoreTo is ${restoreTo}, and the plan has restore.from: ${from}`,
      {
        hint: 'leave restoreTo out, or start a plan with restore.from: log: a snapshot has its own time',
      },
    );
  }
  if (from === 'fresh-snapshot') {
    return { copyKind: from, snapshot: null, restoreTo, rpoSeconds: null };
  }
  const newest = await findNewestSnapshot(aurora, source);
  if (newest === null) {
    throw new DrillError(
      'SnapshotNotFound',
      `source ${source.identifier} has no available snapshot: automated, of AWS Backup, or taken by hand`,
    );
  }
  assertOfVersion(newest, source);
  const snapshot = toSourceSnapshot(newest);
  const { createdAt } = snapshot;
  return {
    copyKind: 'snapshot',
    snapshot,
    restoreTo: createdAt,
    rpoSeconds: secondsSince(createdAt, now),
  };
};

/** RDS restores a snapshot with its own version, which the parameter groups of a later one do not fit. */
const assertOfVersion = (snapshot: Snapshot, { identifier, engineVersion }: Cluster): void => {
  const [then, now] = [majorOf(snapshot.engineVersion), majorOf(engineVersion)];
  if (Number.isNaN(then) || Number.isNaN(now) || then === now) return;
  throw new DrillError(
    'SnapshotNotFound',
    `the newest snapshot of source ${identifier}, ${snapshot.identifier}, is of version ${snapshot.engineVersion}, from before its upgrade to ${engineVersion}`,
    { hint: 'take a snapshot now, or wait for the next automated one' },
  );
};

/** Never below 0: clocks differ. */
const secondsSince = (instant: string, now: Clock): number =>
  Math.max(0, secondsBetween(instant, toIso(now())));
