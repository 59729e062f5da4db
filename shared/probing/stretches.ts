import type { Stretch } from '../rehearsal/measured.ts';

/** How much of one stretch lies in others, which do not overlap each other. */
export const overlapMs = (others: readonly Stretch[], { fromMs, toMs }: Stretch): number =>
  others.reduce(
    (sum, other) => sum + Math.max(0, Math.min(toMs, other.toMs) - Math.max(fromMs, other.fromMs)),
    0,
  );

/** The same time, in order, without overlaps. */
export const joinStretches = (stretches: readonly Stretch[]): Stretch[] => {
  const joined: Stretch[] = [];
  for (const { fromMs, toMs } of stretches.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = joined.at(-1);
    if (last !== undefined && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else joined.push({ fromMs, toMs });
  }
  return joined;
};

export const longestOf = <One extends Stretch>(stretches: readonly One[]): One | undefined =>
  stretches.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))[0];

/** Whole milliseconds, for whoever reads them. */
export const roundStretch = ({ fromMs, toMs }: Stretch): Stretch => ({
  fromMs: Math.round(fromMs),
  toMs: Math.round(toMs),
});

export const lengthMs = (stretch: Stretch | undefined): number =>
  stretch === undefined ? 0 : stretch.toMs - stretch.fromMs;
