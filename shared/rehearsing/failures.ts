import { findWaitFailure, nameFailure, readCaught } from '../job/failure.ts';
import { type RehearsalFailure, type RehearsalPhase, rehearsalPhases } from '../rehearsal/document.ts';
import { findCopyFailure } from '../teardown/failure.ts';
import type { RehearsalState } from './state.ts';

/** Everything that went wrong, in the order of the phases; what the change itself came to left out. */
export const listRehearsalFailures = (state: RehearsalState): RehearsalFailure[] => {
  const found = rehearsalPhases.flatMap(
    (phase) => readCaught(state, phase) ?? findInPhase(state, phase) ?? [],
  );
  return found.length > 0 || isComplete(state) ? found : [unexplained];
};

/** Why the teardown left something behind; null when it did not. */
export const findTeardownFailure = (state: RehearsalState): RehearsalFailure | null =>
  readCaught(state, 'TearDown') ??
  readCaught(state, 'CheckTeardown') ??
  findCopyFailure(state, 'CheckTeardown');

const findInPhase = (state: RehearsalState, phase: RehearsalPhase): RehearsalFailure | null => {
  switch (phase) {
    case 'CheckCluster':
    case 'CheckWriter':
    case 'CheckTeardown':
      return findCopyFailure(state, phase);
    case 'CheckPassword':
      return findWaitFailure(phase, state.CheckPassword);
    case 'PrepareRehearsal':
    case 'AskProduction':
    case 'RestoreCluster':
    case 'AddWriter':
    case 'SetPassword':
    case 'RehearseChange':
    case 'NotifyRehearsal':
    case 'TearDown':
      // These either throw or succeed.
      return null;
    default:
      return phase satisfies never;
  }
};

const isComplete = ({
  PrepareRehearsal: job,
  AskProduction: asked,
  RehearseChange: ran,
}: RehearsalState): boolean => ran !== undefined || (job?.dryRun === true && asked !== undefined);

const unexplained: RehearsalFailure = nameFailure(
  'RehearseChange',
  'UnreadableAnswer',
  'nothing was rehearsed, and no phase says why',
);
