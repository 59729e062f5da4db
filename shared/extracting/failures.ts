import { type ExtractFailure, type ExtractPhase, extractPhases } from '../extraction/document.ts';
import { findWaitFailure, nameFailure, readCaught } from '../job/failure.ts';
import { findCopyFailure } from '../teardown/failure.ts';
import type { ExtractState } from './state.ts';

/** Everything that went wrong, in the order of the phases; checks that failed left out. */
export const listExtractFailures = (state: ExtractState): ExtractFailure[] => {
  const found = extractPhases.flatMap((phase) => readCaught(state, phase) ?? findInPhase(state, phase) ?? []);
  return found.length > 0 || isComplete(state) ? found : [unexplained];
};

/** Why the teardown left something behind; null when it did not. */
export const findTeardownFailure = (state: ExtractState): ExtractFailure | null =>
  readCaught(state, 'TearDown') ??
  readCaught(state, 'CheckTeardown') ??
  findCopyFailure(state, 'CheckTeardown');

const findInPhase = (state: ExtractState, phase: ExtractPhase): ExtractFailure | null => {
  switch (phase) {
    case 'CheckRestorePoint':
    case 'CheckCluster':
    case 'CheckWriter':
    case 'CheckTeardown':
      return findCopyFailure(state, phase);
    case 'CopyTables':
      return findWaitFailure(phase, state.CopyTables);
    case 'PrepareExtract':
    case 'AskSides':
    case 'RestoreCluster':
    case 'AddWriter':
    case 'DescribeTables':
    case 'VerifyExtract':
    case 'NotifyExtract':
    case 'TearDown':
      // These either throw or succeed.
      return null;
    default:
      return phase satisfies never;
  }
};

const isComplete = ({
  PrepareExtract: job,
  AskSides: asked,
  VerifyExtract: verified,
}: ExtractState): boolean => verified !== undefined || (job?.dryRun === true && asked !== undefined);

const unexplained: ExtractFailure = nameFailure(
  'VerifyExtract',
  'UnreadableAnswer',
  'nothing was verified, and no phase says why',
);
