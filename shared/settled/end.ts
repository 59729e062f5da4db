import { countCopyFrom, type Span } from './spans.ts';
import type { Zones } from './zones.ts';

/**
 * Between which times the copy's rows end: its last row is not before `fromMs`, and the first one that it lacks not after
 * `toMs`, or null if it lacks none. Milliseconds on the axis of the column.
 */
export type End = { fromMs: number; toMs: number | null; spans: Span[] };

/**
 * Finds the time that tells best what the copy has from what it lacks. Some rows always are on the wrong side of it: those
 * of long transactions, those that are ahead of their time, and those that were lost.
 */
export const findEnd = (spans: readonly Span[], { now }: Zones): End | null => {
  const known = spans.filter(({ fromMs }) => fromMs <= now);
  const wrong = countWrong(known);
  const first = wrong.indexOf(Math.min(...wrong));
  const others = wrong.slice(first).findIndex((count) => count !== wrong[first]);
  const last = others < 0 ? known.length : first + others - 1;
  const newest = known.slice(0, last).findLast(({ copy }) => copy > 0);
  const lacking = known.slice(first).find((span) => span.fromMs < now && missingOf(span) > 0);
  if (newest === undefined) return null;
  return {
    fromMs: newest.fromMs,
    toMs: lacking?.toMs ?? null,
    spans: [newest, ...(lacking === undefined ? [] : [lacking])],
  };
};

/** For the beginning of each span: how many rows the copy lacks before it, and has from it on. */
const countWrong = (spans: readonly Span[]): number[] => {
  let wrong = countCopyFrom(spans, Number.NEGATIVE_INFINITY);
  return spans.map((span) => {
    const here = wrong;
    wrong += missingOf(span) - span.copy;
    return here;
  });
};

const missingOf = ({ production, copy }: Span): number => Math.max(0, production - copy);

/** A copy that is too new has at least so many times as many rows as it lacks of that time. */
const nearlyAll = 10;

/**
 * Is the copy newer than asked, beyond the margin? It has rows of later times then, but so has a copy of the right time
 * whose rows are ahead of their time. The difference: a copy that is too new has nearly all rows up to its own end, and lacks
 * none that a transaction shorter than the margin cannot explain.
 */
export const isTooNew = (
  spans: readonly Span[],
  { asked, afterStart, now, marginMs, unitMs }: Zones,
): boolean => {
  const known = spans.filter(({ fromMs }) => fromMs >= asked && fromMs < now);
  const firstLack = known.find((span) => missingOf(span) > 0)?.toMs ?? Number.POSITIVE_INFINITY;
  const wrong = countWrong([...known, { fromMs: now, toMs: now, production: 0, copy: 0 }]);
  const ends = wrong.flatMap((count, index) => {
    const span = known[index];
    if (span === undefined) return [{ count, atMs: now }];
    const begins = { count, atMs: span.fromMs };
    // Rows of one and the same time, as the column writes it: the copy may rightly end among them.
    const isUnit = span.toMs - span.fromMs <= unitMs;
    return isUnit ? [begins, { count: count - span.copy, atMs: span.toMs }] : [begins];
  });
  const within = ends.filter(({ atMs }) => atMs <= afterStart);
  const beyond = ends.filter(({ atMs }) => atMs > afterStart && atMs - marginMs < firstLack);
  const least = (some: typeof ends): number => Math.min(...some.map(({ count }) => count));
  const ahead = countCopyFrom(spans, now);
  const late = countCopyFrom(known, afterStart);
  return nearlyAll * least(beyond) < least(within) && late > ahead;
};
