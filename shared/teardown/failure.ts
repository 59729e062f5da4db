import { findWaitFailure, type JobFailure, nameFailure } from '../job/failure.ts';
import type { JobState } from '../job/state.ts';
import { hasVanished } from './gone.ts';

type JudgedPhase = 'CheckRestorePoint' | 'CheckSnapshot' | 'CheckCluster' | 'CheckWriter' | 'CheckTeardown';

/** Why the copy or its teardown failed without an error; null when it did not. */
export const findCopyFailure = <Phase extends JudgedPhase>(
  state: JobState,
  phase: Phase,
): JobFailure<Phase | 'CheckTeardown'> | null =>
  phase === 'CheckTeardown' ? findUnfinished(state) : findWaitFailure(phase, state[phase]);

/** A teardown has failed unless its last pass says that nothing is left. */
const findUnfinished = (state: JobState): JobFailure<'CheckTeardown'> | null => {
  const { TearDown: began, CheckTeardown: last, RestoreCluster: restore } = state;
  if (began === undefined) return null;
  if (last?.status !== 'ready') {
    return nameFailure('CheckTeardown', 'TeardownFailed', (last ?? began).reason);
  }
  if (!hasVanished(state)) return null;
  const cause = `${restore?.cluster} was available and no teardown found it: somebody has renamed or deleted it`;
  return nameFailure('CheckTeardown', 'TeardownFailed', cause);
};
