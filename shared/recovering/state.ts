import type { Cluster, Instance } from '../aurora/port.ts';
import type { DatabaseAddress } from '../database/port.ts';
import type { Packed } from '../job/packing.ts';
import type { CopyPieces, Job, StateOf, Trigger, Wait } from '../job/state.ts';
import { stepsWith } from '../job/step.ts';
import type { Tests } from '../plan/plans.ts';
import type { SideEffectRule } from '../plan/side-effects.ts';
import type { PlannedReader } from '../recovery/readers.ts';
import type { Advice } from '../recovery/way-back.ts';
import type { Changes } from '../rows/told-changes.ts';
import type { CheckResult } from '../truth/checks.ts';

/** The state data of a recovery. */
export type RecoveryState = StateOf<RecoveryPieces>;

export type RecoveryPieces = CopyPieces & {
  PrepareRecovery: RecoveryPreparation;
  /** `doubt`: what may act in the recovered cluster, or why that is not known; empty if nothing. */
  CheckSideEffects: { doubt: string };
  VerifyRecovery: RecoveryVerification;
  HandOver: { subject: string };
  AddReaders: { readers: string[] };
  /** `ready`: the identifiers of those that are available. */
  CheckReaders: Wait & { ready: string[] };
};

/** The job, and what only a recovery has. */
export type RecoveryPreparation = Job & {
  trigger: Trigger;
  dryRun: boolean;
  advice: Advice;
  /** The backups have yet to reach the time. */
  isAhead: boolean;
  /**
   * The source as it was seen; `stands` is false if it was deleted, and then its description is what its backups tell.
   * `readers`: those that planned ones are like. Executions that began before an upgrade have none.
   */
  seen: { cluster: Cluster; writer: Instance | null; readers?: Instance[]; stands: boolean };
  /** Of production's writer. */
  sourceAddress: DatabaseAddress;
  sessions: number;
  sideEffects: SideEffectRule;
  readers: PlannedReader[];
  tests: Tests;
};

export type RecoveryVerification = {
  /** When the recovered writer answered its first query: from then on it is usable. */
  firstAnswerAt: string;
  /** How many tests came out how, and what changed in production since, in words. */
  summary: string;
  tests: CheckResult[];
  changes: Packed<Changes>;
};

/** A step of the recovery alone. */
export const defineRecoveryStep = stepsWith<RecoveryPieces>();
