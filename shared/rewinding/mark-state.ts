import type { DatabaseAddress } from '../database/port.ts';
import type { StateOf, Wait } from '../job/state.ts';
import { stepsWith } from '../job/step.ts';
import type { MarkInput } from '../rewind/mark-input.ts';
import type { Readiness } from '../rewind/readiness.ts';
import type { ServerFacts } from './state.ts';

/** The state data of a mark. It makes no copy: what it leaves is a snapshot that nobody deletes. */
export type MarkState = StateOf<MarkPieces>;

export type MarkPieces = {
  PrepareMark: MarkPreparation;
  /** `at`: of the database's own clock, the whole second that has just passed. */
  ReadClock: ServerFacts & { at: string };
  TakeSafetySnapshot: SafetyTaken;
  CheckSafetySnapshot: Wait;
};

export type MarkPreparation = Pick<MarkInput, 'snapshot' | 'expiresDays'> & {
  plan: string;
  /** The plan says `rewind: allowed`. */
  isAllowed: boolean;
  source: { identifier: string; engine: string };
  sourceAddress: DatabaseAddress;
  /** The wait for the snapshot ends here. */
  deadline: string;
};

export type SafetyTaken = {
  readiness: Readiness;
  requestedAt: string;
  /** Null: none was wanted. */
  snapshot: { identifier: string; expires: string } | null;
};

/** A step of the mark alone. */
export const defineMarkStep = stepsWith<MarkPieces>();
