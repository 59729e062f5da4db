import type { Backtracking } from '../aurora/backtracks.ts';
import type { Cluster } from '../aurora/port.ts';
import { isAfter, secondsBetween } from '../instants.ts';
import { isCodeOf, readMadeAt } from '../rewind/code.ts';
import type { RewindFacts } from '../rewind/facts.ts';

/** Aurora takes the nearest consistent time, and lists that one once it is reached. */
const nearestSeconds = 300;

/**
 * The rewind that this code has already brought about, or undefined. BacktrackDBCluster knows no client token, so the list is
 * all there is: the first rewind to this time since the code was made.
 */
export const findAsked = (
  backtracks: readonly Backtracking[],
  { to, confirm }: { to: string; confirm: string },
): Backtracking | undefined => {
  const madeAt = readMadeAt(confirm);
  if (madeAt === null) return undefined;
  return backtracks
    .filter(({ requestedAt }) => !isAfter(madeAt, requestedAt))
    .toSorted((one, other) => Date.parse(one.requestedAt) - Date.parse(other.requestedAt))
    .find((one) => Math.abs(secondsBetween(to, one.to)) <= nearestSeconds);
};

/**
 * The same, of a code that somebody typed: one of another cluster or time finds nothing, and neither does one whose rewind was
 * followed by another.
 */
export const findAskedFor = (facts: RewindFacts, to: string, confirm: string): Backtracking | undefined => {
  if ('unknown' in facts.backtracks || !isCodeOf(confirm, { facts, to })) return undefined;
  const all = facts.backtracks.value;
  const asked = findAsked(all, { to, confirm });
  const isLast = all.every(({ requestedAt }) => !asked || !isAfter(requestedAt, asked.requestedAt));
  return isLast ? asked : undefined;
};

/**
 * Whether the clone can be what production was before that rewind. A start makes its clone before it asks, so without such a
 * clone somebody else has asked, by hand or with another code.
 */
export const isOfBefore = (clone: Cluster | undefined, { requestedAt }: Backtracking): boolean =>
  clone?.createdAt != null && !isAfter(clone.createdAt, requestedAt);
