import type { Cluster, Instance, Snapshot } from '../aurora/port.ts';
import {
  type Classified,
  classifyClusterStatus,
  classifyInstanceStatus,
  classifySnapshotStatus,
} from '../aurora/statuses.ts';
import type { ErrorName } from '../errors.ts';
import { addSeconds, describeSeconds, isAfter, secondsBetween } from '../instants.ts';
import type { Wait } from './state.ts';

/**
 * The decisions of the wait loops. Each takes what was seen and says whether to go on, to wait or to stop, with the
 * reason. A deadline only matters while there is something to wait for.
 */

/** A wait in progress, ISO 8601: when it began, when it has to end, and the present. */
export type Waiting = { since: string; deadline: string; now: string };

/**
 * Seconds until the next look: 5 at first, then 2 % of the time waited so far, at most 30. A short restore is seen within
 * seconds, and a long one costs few state transitions (docs/design.md has the table).
 */
export const paceWait = (waitedSeconds: number): number =>
  Math.min(30, Math.max(5, Math.floor(waitedSeconds / 50)));

/** @param restoreTo the restore must lie before LatestRestorableTime: RestoreDBClusterToPointInTime refuses equality */
export const decideRestorePoint = (
  source: Cluster | undefined,
  restoreTo: string,
  waiting: Waiting,
): Wait => {
  if (source === undefined) return failed('SourceNotFound', 'the source cluster is gone');
  const latest = source.latestRestorableTime;
  if (latest === null) return failed('SourceNotRestorable', 'the source cluster has no LatestRestorableTime');
  if (isAfter(latest, restoreTo)) {
    return { status: 'ready', reason: `${restoreTo} lies before LatestRestorableTime ${latest}` };
  }
  const behind = describeSeconds(secondsBetween(latest, restoreTo));
  return untilDeadline(`LatestRestorableTime ${latest} must pass ${restoreTo}, ${behind} on`, waiting);
};

/** Describe calls lag behind creations: what was requested this recently is not gone, only not visible yet. */
export const settleMinutes = 5;

const absent = (what: string, error: ErrorName, waiting: Waiting): Wait =>
  isAfter(addSeconds(waiting.since, settleMinutes * 60), waiting.now)
    ? pending(`the ${what} is not visible yet`, waiting)
    : failed(error, `the ${what} is gone`);

/** An available snapshot says when it was taken. @param waiting since the snapshot was requested */
export const decideSnapshot = (snapshot: Snapshot | undefined, waiting: Waiting): Wait => {
  if (snapshot === undefined) return absent('snapshot', 'SnapshotUnusable', waiting);
  const wait = decide(classifySnapshotStatus(snapshot.status), 'SnapshotUnusable', waiting);
  return wait.status === 'ready' && snapshot.createdAt === null
    ? untilDeadline('the snapshot does not say when it was taken', waiting)
    : wait;
};

/** @param waiting since the restore was requested */
export const decideCluster = (cluster: Cluster | undefined, waiting: Waiting): Wait => {
  if (cluster === undefined) return absent('restored cluster', 'ClusterUnusable', waiting);
  return decide(classifyClusterStatus(cluster.status), 'ClusterUnusable', waiting);
};

/** @param waiting since the writer was requested */
export const decideWriter = (writer: Instance | undefined, waiting: Waiting): Wait => {
  if (writer === undefined) return absent('writer instance', 'WriterUnusable', waiting);
  return decide(classifyInstanceStatus(writer.status), 'WriterUnusable', waiting);
};

/** Of the master user, after its change was asked for. An available cluster may have yet to begin with it. */
export const decidePassword = (cluster: Cluster | undefined, waiting: Waiting): Wait => {
  const wait = decideCluster(cluster, waiting);
  return wait.status === 'ready' && cluster?.isPasswordPending
    ? untilDeadline('the password of the master user is yet to change', waiting)
    : wait;
};

/** Of all readers together: the one that is worst off. @param waiting since they were requested */
export const decideReaders = (
  readers: readonly { identifier: string; instance: Instance | undefined }[],
  waiting: Waiting,
): Wait => {
  const waits = readers.map(({ identifier, instance }) => {
    const wait =
      instance === undefined
        ? absent('reader', 'ReaderUnusable', waiting)
        : decide(classifyInstanceStatus(instance.status), 'ReaderUnusable', waiting);
    return { ...wait, reason: `${identifier}: ${wait.reason}` };
  });
  const worst = (['failed', 'pending'] as const).flatMap(
    (status) => waits.find((wait) => wait.status === status) ?? [],
  );
  return worst[0] ?? { status: 'ready', reason: 'every reader is available' };
};

const decide = ({ readiness, reason, trouble }: Classified, error: ErrorName, waiting: Waiting): Wait => {
  switch (readiness) {
    case 'ready':
      return { status: 'ready', reason };
    case 'failed':
      return failed(trouble === 'key' ? 'KeyUnusable' : error, reason);
    case 'pending':
      return untilDeadline(reason, waiting, trouble === 'unknown' ? 'StatusUnknown' : 'DeadlineExceeded');
    default:
      return readiness satisfies never;
  }
};

const failed = (error: ErrorName, reason: string): Wait => ({ status: 'failed', error, reason });

const pending = (reason: string, { since, now }: Waiting): Wait => ({
  status: 'pending',
  reason,
  waitSeconds: paceWait(secondsBetween(since, now)),
});

/** Waits on, or stops once the deadline has passed. @param error what it is then called */
export const untilDeadline = (
  reason: string,
  waiting: Waiting,
  error: ErrorName = 'DeadlineExceeded',
): Wait =>
  isAfter(waiting.deadline, waiting.now)
    ? pending(reason, waiting)
    : failed(error, `${reason}, and the deadline ${waiting.deadline} has passed`);
