import type { Backtracking } from '../aurora/backtracks.ts';
import { isAfter, toNextSecond } from '../instants.ts';

/**
 * The rewind that took a time back: what was written at that time is no longer what the cluster has. Undefined if the time is
 * still on the cluster's own line of time.
 *
 * Every rewind begins a new branch of history at the time it went back to. A time is on the line of the present if it lies in
 * the present branch, or before the point where that one left its own branch, and so on back.
 * @param to ISO 8601, in the past
 */
export const findTakenBack = (backtracks: readonly Backtracking[], to: string): Backtracking | undefined => {
  const done = backtracks
    .filter(({ status }) => status === 'completed')
    .toSorted((one, other) => Date.parse(other.requestedAt) - Date.parse(one.requestedAt));
  let left: string | null = null;
  for (const branch of done) {
    // The second that it went back from, which "back to where we were" asks for, is still of the branch before.
    const begin = toNextSecond(branch.from ?? branch.requestedAt);
    // A later one went back to before this branch.
    if (left !== null && !isAfter(left, begin)) continue;
    if (isAfter(to, begin)) return undefined;
    if (isAfter(to, branch.to)) return branch;
    left = branch.to;
  }
  return undefined;
};
