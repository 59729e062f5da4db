import type { Backtracking } from '../aurora/backtracks.ts';
import type { DatabaseAddress } from '../database/port.ts';
import type { Packed } from '../job/packing.ts';
import type { CopyPieces, Job, StateOf, Trigger, Wait } from '../job/state.ts';
import { stepsWith } from '../job/step.ts';
import type { Tests } from '../plan/plans.ts';
import type { SideEffectRule } from '../plan/side-effects.ts';
import type { RewindFacts } from '../rewind/facts.ts';
import type { Readiness } from '../rewind/readiness.ts';
import type { Changes } from '../rows/told-changes.ts';
import type { CheckResult } from '../truth/checks.ts';

/** The state data of a rewind. Its copy is the safety clone, which stays. */
export type RewindState = StateOf<RewindPieces>;

export type RewindPieces = CopyPieces & {
  PrepareRewind: RewindPreparation;
  AskServer: ServerFacts;
  CheckReadiness: ReadinessChecked;
  AskServerAgain: ServerFacts;
  RewindCluster: RewindAsked;
  /** `backtrack`: as RDS lists it; null while it does not. */
  CheckRewind: Wait & { since: string; backtrack: Backtracking | null };
  VerifyRewind: RewindVerified;
};

/** The job, and what only a rewind has. Its `restoreTo` is that of the clone: the present, when it was confirmed. */
export type RewindPreparation = Job & {
  trigger: Trigger;
  /** The time to rewind to, ISO 8601, whole seconds. */
  to: string;
  /** Null: nothing is rewound. */
  confirm: string | null;
  /** The plan says `rewind: allowed`. */
  isAllowed: boolean;
  /** Of production's writer. */
  sourceAddress: DatabaseAddress;
  sessions: number;
  sideEffects: SideEffectRule;
  tests: Tests;
};

/** What only the server can tell. */
export type ServerFacts = Pick<RewindFacts, 'binlog' | 'activity'>;

export type ReadinessChecked = {
  readiness: Readiness;
  /** What comes next: the clone, or the end. */
  isConfirmed: boolean;
  /** Of a pre-flight that nobody has confirmed yet. */
  code: { value: string; until: string } | null;
  /** Why what was confirmed is not done; null if it is, or if nothing was. */
  refusal: string | null;
  /** RDS lists the rewind of this very code: an earlier start has asked for it. */
  isAskedFor: boolean;
};

export type RewindAsked = {
  /** Null where an earlier start, or an earlier run, has asked. */
  readiness: Readiness | null;
  refusal: string | null;
  isAsked: boolean;
  /** Its answer; null where that was lost. */
  backtrack: Backtracking | null;
  /** Why there is no answer. */
  lost: string | null;
};

export type RewindVerified = {
  /** How many tests came out how, and what the rewind took away, in words. */
  summary: string;
  tests: CheckResult[];
  changes: Packed<Changes>;
};

/** A step of the rewind alone. */
export const defineRewindStep = stepsWith<RewindPieces>();
