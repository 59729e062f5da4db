import type { DatabaseAddress } from '../database/port.ts';
import type { Packed } from '../job/packing.ts';
import type { CopyPieces, Job, StateOf, Trigger } from '../job/state.ts';
import type { Checks } from '../plan/plans.ts';
import type { SideEffectRule } from '../plan/side-effects.ts';
import type { Bracket } from '../truth/bracket.ts';
import type { CheckResult, Comparability } from '../truth/checks.ts';
import type { BaselineFigures } from '../truth/figures.ts';

/** The phases of a drill, in order: all task states of the state machine except the last, which writes the result. */
export const phases = [
  'PrepareDrill',
  'CaptureBaseline',
  'CheckRestorePoint',
  'RestoreCluster',
  'CheckCluster',
  'AddWriter',
  'CheckWriter',
  'VerifyRestore',
  'NotifyResult',
  'TearDown',
  'CheckTeardown',
] as const;

export type Phase = (typeof phases)[number];

/** The state data of a drill. */
export type DrillState = StateOf<Pieces>;

export type Pieces = CopyPieces & {
  PrepareDrill: Preparation;
  CaptureBaseline: Baseline;
  VerifyRestore: Verification;
  NotifyResult: { subject: string };
};

/** The job, and what only a drill has: how it is compared with production, and measured. */
export type Preparation = Job & {
  trigger: Trigger;
  dryRun: boolean;
  /** Where the baseline is read: the reader endpoint, if there is one. */
  baselineAddress: DatabaseAddress;
  checks: Checks;
  /** Undefined in executions that began before an upgrade. */
  sideEffects?: SideEffectRule;
  objectives: { rtoSeconds: number | null; rpoSeconds: number | null };
  /** How far LatestRestorableTime was behind when the drill began. */
  rpoSeconds: number;
};

export type Baseline = {
  kind: Comparability;
  /** The instant to restore to, in whole seconds. */
  restoreTo: string;
  /** How long before and after that instant production was read; null if it was read at another time. */
  bracket: Omit<Bracket, 'instant'> | null;
  /** What was read, in words. */
  summary: string;
  /** What may act in the copy all the same; empty if nothing. Undefined in executions that began before an upgrade. */
  sideEffects?: string;
  figures: Packed<BaselineFigures>;
};

export type Verification = {
  /** When the restored writer answered its first query: the end of the RTO. */
  firstAnswerAt: string;
  /** How many checks came out how, and what failed, in words. */
  summary: string;
  findings: string[];
  checks: Packed<CheckResult[]>;
};
