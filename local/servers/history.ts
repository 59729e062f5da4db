import { isAfter, secondsBetween } from '../../shared/instants.ts';
import type { BinlogArchive, BinlogPlace, LogEnd } from './binlog-archive.ts';
import type { RestorePoint } from './cluster.ts';

/** What a recovery needs: an archive, and a point in it. */
export type Located = { archive: BinlogArchive; point: RestorePoint<BinlogPlace> };

/** A state of the source that can be brought back: what an archive begins with, or the end of one of its logs. */
export type ConsistentPoint = Located & { at: string };

/** From one rewind to the next, the source has an archive of its own. `end` is null while it runs. */
type Stretch = { archive: BinlogArchive; points: ConsistentPoint[]; end: ConsistentPoint | null };

export type History = {
  /** That of the server that runs. */
  archive(): BinlogArchive;
  add(end: LogEnd): void;
  /**
   * The consistent point nearest to an instant. Null: it lies in a time that later writes threw away.
   * @param hasWritten has the server written anything since the last rewind?
   */
  findNearest(to: string, hasWritten: boolean): ConsistentPoint | null;
  /** The source was rewound to a point, and goes on with another archive. */
  goBack(to: ConsistentPoint, next: BinlogArchive, hasWritten: boolean): void;
  /** What a restore to an instant takes. When no server ran then, it is what the one before had left. */
  locate(restoreTo: string): Located;
};

const begin = (archive: BinlogArchive): Stretch => {
  const at = archive.earliestRestorableTime;
  return { archive, points: [{ at, archive, point: { kind: 'snapshot', takenAt: at } }], end: null };
};

/**
 * What a source was, rewinds included. Backups reach all of it. A rewind reaches one line of it: writes after a rewind
 * throw away what came after the point that it went back to. A rewind without writes leaves no trace.
 * Whether writes do so in Aurora is not documented; this is the safe assumption.
 */
export const keepHistory = (firstArchive: BinlogArchive): History => {
  const first = begin(firstArchive);
  const stretches = [first];
  let running = first;
  /** The points that were reachable when the running stretch began, and those up to the one it began with. */
  let line: ConsistentPoint[] = [];
  let past: ConsistentPoint[] = [];

  const listReachable = (hasWritten: boolean): ConsistentPoint[] =>
    hasWritten || running === first ? [...past, ...running.points] : line;

  return {
    archive: () => running.archive,
    add: ({ at, place }) =>
      void running.points.push({ at, archive: running.archive, point: { kind: 'clone', place } }),
    findNearest: (to, hasWritten) => {
      const points = listReachable(hasWritten);
      const before = points.findLast(({ at }) => !isAfter(at, to));
      const after = points.find(({ at }) => isAfter(at, to));
      if (before === undefined || after === undefined) return before ?? after ?? null;
      const isThrownAway = before.archive !== after.archive && isAfter(to, before.at);
      if (isThrownAway) return null;
      return secondsBetween(before.at, to) < secondsBetween(to, after.at) ? before : after;
    },
    goBack: (to, next, hasWritten) => {
      line = listReachable(hasWritten);
      past = line.slice(0, line.indexOf(to) + 1);
      running.end = running.points.at(-1) ?? null;
      running = begin(next);
      stretches.push(running);
    },
    locate: (restoreTo) => {
      const { archive, end } =
        stretches.findLast((one) => !isAfter(one.archive.earliestRestorableTime, restoreTo)) ?? first;
      if (end !== null && isAfter(restoreTo, end.at)) return end;
      return { archive, point: { kind: 'point-in-time', restoreTo } };
    },
  };
};
