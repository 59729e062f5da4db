import type { CopyKind, Snapshot } from '../aurora/port.ts';
import { classifyClusterStatus } from '../aurora/statuses.ts';
import {
  addSeconds,
  describeSeconds,
  isAfter,
  secondsBetween,
  toNextSecond,
  toWholeSecond,
} from '../instants.ts';
import { formatInstant } from '../result/format.ts';
import type { RecoveryFacts } from './facts.ts';
import type { Choice } from './way-back.ts';

/** A way back by a copy: what would be done, or why it cannot be. */
export type Judged = { choice: Choice | null; why: string };

const impossible = (why: string): Judged => ({ choice: null, why });
const possible = (choice: Choice): Judged => ({ choice, why: choice.reason });

/** Judges the three kinds of copies, each by itself. @param now ISO 8601 */
export const judgeCopies = (facts: RecoveryFacts, now: string): Record<CopyKind, Judged> => {
  const obstacle = findObstacle(facts, now);
  const judge = (look: (facts: RecoveryFacts, now: string) => Judged): Judged =>
    obstacle === null ? look(facts, now) : impossible(obstacle);
  return {
    'point-in-time': judge(judgePointInTime),
    snapshot: judge(judgeSnapshot),
    clone: judge(judgeClone),
  };
};

/** Nothing is written to it any more, so its backups reach no further, and lose nothing either. */
export const isAtRest = ({ source: { status } }: RecoveryFacts): boolean =>
  status === null || status === 'deleting' || status === 'stopped';

/** What stands in the way of every copy, or null. */
const findObstacle = (
  { source, restoreTo, left, sideEffects }: RecoveryFacts,
  now: string,
): string | null => {
  if (restoreTo !== null && isAfter(restoreTo, now))
    return `${formatInstant(restoreTo)} lies in the future: it is ${formatInstant(now)}`;
  if (source.status !== null && classifyClusterStatus(source.status).trouble === 'key')
    return `the key of ${source.identifier} cannot be used (${source.status}): enable it first`;
  if (left.clusters === 0) return 'the account has as many clusters as it may have';
  if (left.instances === 0) return 'the account has as many instances as it may have';
  return sideEffects.refusal;
};

const judgePointInTime = (facts: RecoveryFacts, now: string): Judged => {
  const { source, restoreTo, window } = facts;
  const { identifier, status } = source;
  if (window === null) {
    return impossible(
      status === null
        ? `${identifier} was deleted, and none of its automated backups was retained`
        : `${identifier} has no restorable window: its backups are off, or its own restore goes on`,
    );
  }
  if (!allowsRestore(status)) return impossible(`${identifier} is ${status}, which allows no restore`);
  const [first, last] = [toNextSecond(window.earliest), toSecondBefore(window.latest)];
  const reach = (reaches: string, reason: string, isAhead = false): Judged =>
    possible({
      mechanism: 'point-in-time',
      reaches,
      reason,
      isAhead,
      resourceId: status === null ? source.resourceId : null,
      lossSeconds: Math.max(0, secondsBetween(reaches, restoreTo ?? now)),
    });
  const shown = `${formatInstant(window.earliest)} to ${formatInstant(window.latest)}`;
  if (isAfter(first, last)) return impossible(`its restorable window, ${shown}, holds no whole second`);
  if (restoreTo === null) return reach(last, `the backups reach ${formatInstant(last)}`);
  if (isAfter(first, restoreTo))
    return impossible(`${formatInstant(restoreTo)} lies before the restorable window, ${shown}`);
  if (!isAfter(restoreTo, last))
    return reach(restoreTo, `${formatInstant(restoreTo)} lies in the restorable window, ${shown}`);
  if (isAtRest(facts)) {
    const end = status === null ? 'with the cluster, which was deleted' : `there, since it is ${status}`;
    return reach(last, `the backups reach ${formatInstant(last)}, and end ${end}`);
  }
  const lag = describeSeconds(secondsBetween(window.latest, restoreTo) + 1);
  return reach(
    restoreTo,
    `the backups reach ${formatInstant(window.latest)} so far: the restore waits until they are ${lag} further`,
    true,
  );
};

/** RDS restores a stopped cluster too (Aurora User Guide, "Stopping and starting"). Pending statuses pass. */
const allowsRestore = (status: string | null): boolean =>
  status === null || status === 'stopped' || classifyClusterStatus(status).readiness !== 'failed';

/** RestoreToTime has to lie before LatestRestorableTime (API). */
const toSecondBefore = (instant: string): string => addSeconds(toNextSecond(instant), -1);

const judgeSnapshot = (facts: RecoveryFacts, now: string): Judged => {
  const { source, restoreTo } = facts;
  const usable = listUsable(facts);
  const [newest] = usable.filter(({ at }) => !isAfter(at, restoreTo ?? now));
  if (newest !== undefined) {
    const { snapshot, at } = newest;
    return possible({
      mechanism: 'snapshot',
      snapshot: snapshot.identifier,
      engineVersion: snapshot.engineVersion ?? source.engineVersion,
      reaches: at,
      reason: `${snapshot.identifier}, taken at ${formatInstant(at)}, is the newest snapshot ${restoreTo === null ? 'there is' : 'before that time'}`,
      lossSeconds: secondsBetween(at, restoreTo ?? now),
    });
  }
  const oldest = usable.at(-1);
  return impossible(
    oldest === undefined
      ? `there is no snapshot of ${source.identifier} that can be used`
      : `no snapshot is from before ${formatInstant(restoreTo ?? now)}: the oldest was taken at ${formatInstant(oldest.at)}`,
  );
};

/** Complete snapshots of this very cluster, not of an earlier one with its name; the newest first. */
const listUsable = ({ source, snapshots }: RecoveryFacts): { snapshot: Snapshot; at: string }[] =>
  snapshots
    .flatMap((snapshot) => {
      const { createdAt: at, status, clusterResourceId: of } = snapshot;
      const isOther = of !== null && source.resourceId !== null && of !== source.resourceId;
      return at === null || status !== 'available' || isOther ? [] : [{ snapshot, at }];
    })
    .toSorted((one, other) => secondsBetween(one.at, other.at));

const judgeClone = ({ source, restoreTo }: RecoveryFacts, now: string): Judged => {
  const { identifier, status } = source;
  if (status === null) return impossible(`${identifier} was deleted: there is nothing to clone`);
  if (restoreTo !== null)
    return impossible('a clone has production as it is now, with what has happened to it since');
  if (status !== 'available')
    return impossible(`${identifier} is ${status}, and a clone needs a source that is available`);
  return possible({
    mechanism: 'clone',
    // Its name has whole seconds, and so has the input that finds it again.
    reaches: toWholeSecond(now),
    reason: `a clone has ${identifier} as it is now`,
    lossSeconds: 0,
  });
};
