import { findWaitFailure, nameFailure, readCaught } from '../job/failure.ts';
import { type RecoveryFailure, type RecoveryPhase, recoveryPhases } from '../recovery/document.ts';
import { findCopyFailure } from '../teardown/failure.ts';
import type { RecoveryState } from './state.ts';

/** Everything that went wrong, in the order of the phases; tests that failed left out. */
export const listRecoveryFailures = (state: RecoveryState): RecoveryFailure[] => {
  const found = recoveryPhases.flatMap(
    (phase) => (isSpared(state, phase) ? null : readCaught(state, phase)) ?? findInPhase(state, phase) ?? [],
  );
  return found.length > 0 || isComplete(state) ? found : [unexplained];
};

/** Whether something would act in the copy was not told: the recovery goes on, and says so. */
const isSpared = ({ failures }: RecoveryState, phase: RecoveryPhase): boolean =>
  phase === 'CheckSideEffects' && failures?.[phase]?.Error !== 'SideEffects';

const findInPhase = (state: RecoveryState, phase: RecoveryPhase): RecoveryFailure | null => {
  switch (phase) {
    case 'CheckRestorePoint':
    case 'CheckCluster':
    case 'CheckWriter': {
      const failure = findCopyFailure(state, phase);
      return failure && { ...failure, phase };
    }
    case 'CheckReaders':
      return findWaitFailure(phase, state.CheckReaders);
    case 'PrepareRecovery':
    case 'CheckSideEffects':
    case 'RestoreCluster':
    case 'AddWriter':
    case 'VerifyRecovery':
    case 'HandOver':
    case 'AddReaders':
      // These either throw or succeed.
      return null;
    default:
      return phase satisfies never;
  }
};

/** A dry run ends with its advice, a recovery with a writer that answered. */
const isComplete = ({ PrepareRecovery: job, VerifyRecovery: verified }: RecoveryState): boolean =>
  job?.dryRun === true || verified !== undefined;

const unexplained: RecoveryFailure = nameFailure(
  'VerifyRecovery',
  'UnreadableAnswer',
  'nothing was recovered, and no phase says why',
);
