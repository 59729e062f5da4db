import type { DatabaseAddress } from '../database/port.ts';
import type { Packed } from '../job/packing.ts';
import type { Production } from '../job/production.ts';
import type { CopyPieces, Job, StateOf, Trigger, Wait } from '../job/state.ts';
import { stepsWith } from '../job/step.ts';
import type { RehearsalLimits } from '../plan/rehearsal-limits.ts';
import type { SideEffectRule } from '../plan/side-effects.ts';
import type { StoredScript } from '../rehearsal/input.ts';
import type { ChangeMeasured } from '../rehearsal/measured.ts';

/** The state data of a rehearsal. */
export type RehearsalState = StateOf<RehearsalPieces>;

export type RehearsalPieces = CopyPieces & {
  PrepareRehearsal: RehearsalPreparation;
  /** `doubt`: what may act in the clone all the same; empty if nothing. */
  AskProduction: { doubt: string };
  /** `user`: the master user of the clone. Its password stands nowhere. */
  SetPassword: { user: string };
  CheckPassword: Wait;
  RehearseChange: Rehearsed;
  NotifyRehearsal: { subject: string };
};

/** The job, and what only a rehearsal has. */
export type RehearsalPreparation = Job & {
  trigger: Trigger;
  dryRun: boolean;
  /** What the script has, in words. */
  summary: string;
  /** The texts of the script, in order. */
  change: Packed<string[]>;
  /** Null: the statements stand in the input. */
  storedAt: StoredScript | null;
  limits: RehearsalLimits;
  contenderSeconds: number;
  production: Production;
  /** Where production is asked what would act in a clone of it, as the plan's user. */
  sourceAddress: DatabaseAddress;
  sideEffects: SideEffectRule;
  /** Where the clone is unlike production, so that its durations are not production's. Sentences. */
  differences: string[];
};

export type Rehearsed = {
  /** How the change went, in words. */
  summary: string;
  /** When the first statement was run. */
  beganAt: string;
  measured: Packed<ChangeMeasured>;
};

/** A step of the rehearsal alone. */
export const defineRehearsalStep = stepsWith<RehearsalPieces>();
