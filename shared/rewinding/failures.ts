import { findWaitFailure, nameFailure, readCaught } from '../job/failure.ts';
import { type RewindFailure, type RewindPhase, rewindPhases } from '../rewind/document.ts';
import { listObstacles, type Readiness } from '../rewind/readiness.ts';
import { findCopyFailure } from '../teardown/failure.ts';
import type { RewindState } from './state.ts';

/** Everything that went wrong, in the order of the phases; failed tests and another time reached left out. */
export const listRewindFailures = (state: RewindState): RewindFailure[] => {
  const found = rewindPhases.flatMap(
    (phase) => (isSpared(state, phase) ? null : readCaught(state, phase)) ?? findInPhase(state, phase) ?? [],
  );
  return found.length > 0 || isComplete(state) ? found : [unexplained];
};

const isSpared = (state: RewindState, phase: RewindPhase): boolean => {
  switch (phase) {
    // What the server did not say is unknown to the pre-flight, which tells why.
    case 'AskServer':
      return state.failures?.[phase]?.Error !== 'SideEffects';
    case 'AskServerAgain':
      return true;
    // It died after the call.
    case 'RewindCluster':
      return state.CheckRewind?.backtrack != null;
    default:
      return false;
  }
};

const findInPhase = (state: RewindState, phase: RewindPhase): RewindFailure | null => {
  switch (phase) {
    case 'CheckReadiness':
      return state[phase]?.isConfirmed ? null : findRefusal(phase, state[phase]);
    case 'RewindCluster':
      return state[phase]?.isAsked ? null : findRefusal(phase, state[phase]);
    case 'CheckCluster':
    case 'CheckWriter': {
      const failure = findCopyFailure(state, phase);
      return failure && { ...failure, phase };
    }
    case 'CheckRewind':
      // What was not asked for cannot be listed: RewindCluster says why.
      return state.RewindCluster === undefined && state[phase]?.backtrack == null
        ? null
        : findWaitFailure(phase, state[phase]);
    case 'PrepareRewind':
    case 'AskServer':
    case 'RestoreCluster':
    case 'AddWriter':
    case 'AskServerAgain':
    case 'VerifyRewind':
      // These either throw or succeed.
      return null;
    default:
      return phase satisfies never;
  }
};

type Judged = { readiness: Readiness | null; refusal: string | null };

/** Obstacles first: a code of a cluster that is blocked by now is of no use. */
const findRefusal = (phase: RewindPhase, judged: Judged | undefined): RewindFailure | null => {
  const { readiness = null, refusal = null } = judged ?? {};
  if (readiness !== null && readiness.verdict !== 'ready')
    return nameFailure(phase, 'RewindBlocked', listObstacles(readiness).join('; '));
  return refusal === null ? null : nameFailure(phase, 'RewindNotConfirmed', refusal);
};

/** A pre-flight ends with its verdict, a rewind with production read. */
const isComplete = ({ PrepareRewind: job, CheckReadiness: checked, VerifyRewind: verified }: RewindState) =>
  job?.confirm === null ? checked !== undefined : verified !== undefined;

const unexplained: RewindFailure = nameFailure(
  'VerifyRewind',
  'UnreadableAnswer',
  'the rewind did not come to its end, and no phase says why',
);
