import { findWaitFailure, type JobFailure, nameFailure, readCaught } from '../job/failure.ts';
import { describeMark, type Mark, type MarkWords } from '../rewind/mark.ts';
import type { MarkPieces, MarkState } from './mark-state.ts';

type MarkPhase = keyof MarkPieces;

/** Public: what a mark answers. `mark` and what follows from it are null if nothing can be relied on. */
export type MarkDocument = {
  schema: 'aurora-drills/mark/1';
  verdict: 'passed' | 'failed';
  failure: JobFailure<MarkPhase> | null;
  mark: Mark | null;
  words: MarkWords | null;
};

const phases: readonly MarkPhase[] = [
  'PrepareMark',
  'ReadClock',
  'TakeSafetySnapshot',
  'CheckSafetySnapshot',
];

export const documentMark = (state: MarkState): MarkDocument => {
  const { PrepareMark: prepared, ReadClock: clock, TakeSafetySnapshot: taken, CheckSafetySnapshot } = state;
  const schema = 'aurora-drills/mark/1';
  const failure =
    phases.map((phase) => readCaught(state, phase)).find((one) => one !== null) ??
    findWaitFailure('CheckSafetySnapshot', CheckSafetySnapshot);
  if (failure !== null) return { schema, verdict: 'failed', failure, mark: null, words: null };
  if (prepared === undefined || clock === undefined || taken === undefined) {
    const unexplained = nameFailure('PrepareMark', 'UnreadableAnswer', 'no phase says why nothing is marked');
    return { schema, verdict: 'failed', failure: unexplained, mark: null, words: null };
  }
  const mark: Mark = {
    plan: prepared.plan,
    isAllowed: prepared.isAllowed,
    source: prepared.source.identifier,
    at: clock.at,
    readiness: taken.readiness,
    snapshot: taken.snapshot,
  };
  return { schema, verdict: 'passed', failure: null, mark, words: describeMark(mark) };
};
