import type { Cluster, Instance } from '../aurora/port.ts';
import { classifyClusterStatus, classifyInstanceStatus } from '../aurora/statuses.ts';
import type { ErrorName } from '../errors.ts';
import { addSeconds, describeSeconds, isAfter, secondsBetween } from '../instants.ts';
import type { Wait } from './state.ts';

/**
 * The decisions of the wait loops. Each takes what was seen and the present, and says whether to go on, to wait or to
 * stop, with the reason. A deadline only matters while there is something to wait for.
 */

/** @param restoreTo the restore must lie before LatestRestorableTime: RestoreDBClusterToPointInTime refuses equality */
export const decideRestorePoint = (
  source: Cluster | undefined,
  restoreTo: string,
  deadline: string,
  now: string,
): Wait => {
  if (source === undefined) return failed('SourceNotFound', 'the source cluster is gone');
  const latest = source.latestRestorableTime;
  if (latest === null) return failed('SourceNotRestorable', 'the source cluster has no LatestRestorableTime');
  if (isAfter(latest, restoreTo)) {
    return { status: 'ready', reason: `${restoreTo} lies before LatestRestorableTime ${latest}` };
  }
  const behind = describeSeconds(secondsBetween(latest, restoreTo));
  return untilDeadline(
    `LatestRestorableTime ${latest} has to pass ${restoreTo}, ${behind} on`,
    deadline,
    now,
  );
};

/** Describe calls may lag behind creations; what was asked for this recently is not gone, only not visible yet. */
export const settleMinutes = 5;

const absent = (what: string, error: ErrorName, requestedAt: string, now: string): Wait =>
  isAfter(addSeconds(requestedAt, settleMinutes * 60), now)
    ? { status: 'pending', reason: `the ${what} is not visible yet` }
    : failed(error, `the ${what} is gone`);

export const decideCluster = (
  cluster: Cluster | undefined,
  requestedAt: string,
  deadline: string,
  now: string,
): Wait => {
  if (cluster === undefined) return absent('restored cluster', 'ClusterUnusable', requestedAt, now);
  const { readiness, reason } = classifyClusterStatus(cluster.status);
  return decide(readiness, reason, 'ClusterUnusable', deadline, now);
};

export const decideWriter = (
  writer: Instance | undefined,
  requestedAt: string,
  deadline: string,
  now: string,
): Wait => {
  if (writer === undefined) return absent('writer instance', 'WriterUnusable', requestedAt, now);
  const { readiness, reason } = classifyInstanceStatus(writer.status);
  return decide(readiness, reason, 'WriterUnusable', deadline, now);
};

const decide = (
  readiness: Wait['status'],
  reason: string,
  error: ErrorName,
  deadline: string,
  now: string,
): Wait => {
  switch (readiness) {
    case 'ready':
      return { status: 'ready', reason };
    case 'failed':
      return failed(error, reason);
    case 'pending':
      return untilDeadline(reason, deadline, now);
    default:
      return readiness satisfies never;
  }
};

const failed = (error: ErrorName, reason: string): Wait => ({ status: 'failed', error, reason });

/** Waits on, or stops once the deadline has passed. */
export const untilDeadline = (reason: string, deadline: string, now: string): Wait =>
  isAfter(deadline, now)
    ? { status: 'pending', reason }
    : failed('DeadlineExceeded', `${reason}, and the deadline ${deadline} has passed`);
