import type { TimeCounts } from '../database/port.ts';
import type { Zones } from './zones.ts';

/** How many rows both sides have from one time on, up to another. The first begins, and the last ends, with no time at all. */
export type Span = { fromMs: number; toMs: number; production: number; copy: number };

/** From an eighth of a second to more than the longest retention of backups. */
const longestMs = 125 * 2 ** 25;

/** Every zone, and spans that are the finer the closer they are to the time asked for: as long as the way to it. */
export const firstBounds = ({ settledEnd, asked, afterStart, now }: Zones): number[] => {
  const bounds = new Set([settledEnd, asked, afterStart, Math.max(now, afterStart)]);
  for (let ms = 125; ms <= Math.max(longestMs, now - asked); ms *= 2) {
    bounds.add(asked - ms);
    if (asked + ms < now) bounds.add(asked + ms);
  }
  return inOrder(bounds);
};

const partsOfSpan = 60;

/** Cuts these spans finer, to no less than a millisecond. */
export const cutFiner = (bounds: readonly number[], spans: readonly Span[]): number[] => {
  const finer = spans.flatMap(({ fromMs, toMs }) =>
    Array.from({ length: partsOfSpan }, (_, part) =>
      Math.round(fromMs + ((toMs - fromMs) * part) / partsOfSpan),
    ),
  );
  return inOrder([...bounds, ...finer]);
};

export const joinCounts = (bounds: readonly number[], production: TimeCounts, copy: TimeCounts): Span[] =>
  copy.rows.map((rows, index) => ({
    fromMs: bounds[index - 1] ?? Number.NEGATIVE_INFINITY,
    toMs: bounds[index] ?? Number.POSITIVE_INFINITY,
    production: production.rows[index] ?? 0,
    copy: rows,
  }));

/** How many rows of the copy are of this time or later. */
export const countCopyFrom = (spans: readonly Span[], fromMs: number): number =>
  spans.reduce((sum, span) => (span.fromMs >= fromMs ? sum + span.copy : sum), 0);

const inOrder = (bounds: Iterable<number>): number[] =>
  [...new Set(bounds)].toSorted((one, other) => one - other);
