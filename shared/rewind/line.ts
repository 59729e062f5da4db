import type { Backtracking } from '../aurora/backtracks.ts';
import { isAfter } from '../instants.ts';

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
  let branch = done[0];
  while (branch !== undefined) {
    const { requestedAt, to: left } = branch;
    if (!isAfter(requestedAt, to)) return undefined;
    if (isAfter(to, left)) return branch;
    branch = done.find(
      (earlier) => isAfter(requestedAt, earlier.requestedAt) && !isAfter(earlier.requestedAt, left),
    );
  }
  return undefined;
};
