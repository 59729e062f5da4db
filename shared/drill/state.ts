import type { DatabaseAddress } from '../database/port.ts';
import type { RestoreOrigin } from '../job/origin.ts';
import type { Packed } from '../job/packing.ts';
import type { CopyPieces, Job, StateOf, Trigger } from '../job/state.ts';
import type { FirstFigures } from '../kept-baseline/first-reading.ts';
import type { Checks } from '../plan/plans.ts';
import type { SideEffectRule, SideEffectSights } from '../plan/side-effects.ts';
import type { Bracket } from '../truth/bracket.ts';
import type { CheckResult, Comparability } from '../truth/checks.ts';
import type { BaselineFigures } from '../truth/figures.ts';

/** The phases of a drill, in order: all task states of the state machine except the last, which writes the result. */
export const phases = [
  'PrepareDrill',
  'CaptureBaseline',
  'CheckRestorePoint',
  'TakeSnapshot',
  'CheckSnapshot',
  'CompleteBaseline',
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

const ofLog = ['CheckRestorePoint'] satisfies Phase[];
const ofFreshSnapshot = ['TakeSnapshot', 'CheckSnapshot', 'CompleteBaseline'] satisfies Phase[];

const unentered: Record<RestoreOrigin, readonly Phase[]> = {
  log: ofFreshSnapshot,
  'newest-snapshot': [...ofLog, ...ofFreshSnapshot],
  'fresh-snapshot': ofLog,
};

/** The phases of a drill that restores from there. */
export const phasesOf = (from: RestoreOrigin): Phase[] =>
  phases.filter((phase) => !unentered[from].includes(phase));

/** The state data of a drill. */
export type DrillState = StateOf<Pieces>;

export type Pieces = CopyPieces & {
  PrepareDrill: Preparation;
  CaptureBaseline: Baseline;
  /** For a fresh snapshot alone, in place of the one before it. */
  CompleteBaseline: Baseline;
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
  /** How far LatestRestorableTime was behind when the drill began, or how old the snapshot was; null for a fresh one. */
  rpoSeconds: number | null;
};

export type Baseline = {
  kind: Comparability;
  /** The instant to restore to, in whole seconds, or when the snapshot was taken. */
  restoreTo: string;
  /** How long before and after that instant production was read; null if it was read at another time. */
  bracket: Omit<Bracket, 'instant'> | null;
  /** What was read, in words. */
  summary: string;
  /** What may act in the copy all the same; empty if nothing. Undefined in executions that began before an upgrade. */
  sideEffects?: string;
  /** The same, and what is quiet, by kind. Undefined as `sideEffects`. */
  sights?: SideEffectSights;
  figures: Packed<BaselineFigures>;
  /** What was read before a fresh snapshot, in CaptureBaseline. Its figures then are those of CompleteBaseline. */
  first?: Packed<FirstFigures>;
};

export type Verification = {
  /** When the restored writer answered its first query: the end of the RTO. */
  firstAnswerAt: string;
  /** How many checks came out how, and what failed, in words. */
  summary: string;
  findings: string[];
  checks: Packed<CheckResult[]>;
};

/** What the copy is compared with, as far as it has been read. */
export const findBaseline = ({ CaptureBaseline, CompleteBaseline }: DrillState): Baseline | undefined =>
  CompleteBaseline ?? CaptureBaseline;
