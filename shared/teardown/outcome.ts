import type { JobState } from '../job/state.ts';
import { isTornDown } from './gone.ts';

/** `pending`: the result was written before the teardown, and is written again after it. */
export type TeardownStatus = 'completed' | 'failed' | 'not-needed' | 'pending';

export type TeardownOutcome = { status: TeardownStatus; deleted: string[] };

export const describeTeardown = (state: JobState): TeardownOutcome => {
  const deleted = (state.CheckTeardown ?? state.TearDown)?.resources ?? [];
  if (isTornDown(state)) {
    const wasNeeded =
      deleted.length > 0 || state.TakeSnapshot !== undefined || state.RestoreCluster !== undefined;
    return { status: wasNeeded ? 'completed' : 'not-needed', deleted };
  }
  // Nothing was requested, so nothing can be left: a dry run, or a job that failed before its first create.
  const wasNothingMade = (['TakeSnapshot', 'RestoreCluster'] as const).every(
    (name) => state[name] === undefined && state.failures?.[name] === undefined,
  );
  if (wasNothingMade) return { status: 'not-needed', deleted: [] };
  const isAhead = state.TearDown === undefined && state.failures?.TearDown === undefined;
  if (isAhead) return { status: 'pending', deleted: [] };
  return { status: 'failed', deleted: [] };
};
