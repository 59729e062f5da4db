import type { Backtracking } from '../aurora/backtracks.ts';
import type { Cluster } from '../aurora/port.ts';
import { isAfter, secondsBetween } from '../instants.ts';
import { isCodeOf, readMadeAt } from '../rewind/code.ts';
import type { RewindFacts } from '../rewind/facts.ts';

/** Aurora takes the nearest consistent time, and lists that one once it is reached. */
const nearestSeconds = 300;

/** A time to go back to, the code that confirms it, and the clone that a start with that code makes before it asks. */
export type Asking = { to: string; confirm: string; clone: Cluster | undefined };

/**
 * The rewind that this code has already brought about, or undefined. BacktrackDBCluster knows no client token, so the list is
 * all there is: the first rewind to this time since the clone was made. A code says its time in whole seconds, in which
 * another rewind may have begun; it serves only where the clone is gone.
 */
export const findAsked = (
  backtracks: readonly Backtracking[],
  { to, confirm, clone }: Asking,
): Backtracking | undefined => {
  const since = clone?.createdAt ?? readMadeAt(confirm);
  if (since === null) return undefined;
  return backtracks
    .filter(({ requestedAt }) => !isAfter(since, requestedAt))
    .toSorted((one, other) => Date.parse(one.requestedAt) - Date.parse(other.requestedAt))
    .find((one) => Math.abs(secondsBetween(to, one.to)) <= nearestSeconds);
};

/**
 * The same, of a code that somebody typed: one of another cluster or time finds nothing, and neither does one whose rewind was
 * followed by another.
 */
export const findAskedFor = (facts: RewindFacts, asking: Asking): Backtracking | undefined => {
  const { to, confirm } = asking;
  if ('unknown' in facts.backtracks || !isCodeOf(confirm, { facts, to })) return undefined;
  const all = facts.backtracks.value;
  const asked = findAsked(all, asking);
  const isLast = all.every(({ requestedAt }) => !asked || !isAfter(requestedAt, asked.requestedAt));
  return isLast ? asked : undefined;
};
