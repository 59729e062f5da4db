import type { CopyKind } from '../aurora/port.ts';
import type { JobFailure } from '../job/failure.ts';
import type { Trigger } from '../job/state.ts';
import type { Cost } from '../result/cost.ts';
import type { CheckResult } from '../truth/checks.ts';
import type { Changes } from './changes.ts';
import type { SettingRow } from './settings-table.ts';
import type { HowToSwitch } from './switching.ts';
import type { Advice } from './way-back.ts';

/** The phases of a recovery, in order: all task states of the state machine except the last, which writes the document. */
export const recoveryPhases = [
  'PrepareRecovery',
  'CheckRestorePoint',
  'RestoreCluster',
  'CheckCluster',
  'AddWriter',
  'CheckWriter',
  'VerifyRecovery',
  'HandOver',
  'AddReaders',
  'CheckReaders',
] as const;

export type RecoveryPhase = (typeof recoveryPhases)[number];
export type RecoveryFailure = JobFailure<RecoveryPhase | 'ConcludeRecovery'>;

/** Public: what one recovery did, the same in AWS and on this machine. Instants: ISO 8601, UTC. */
export type RecoveryDocument = {
  schema: 'aurora-drills/recovery/1';
  id: string;
  job: 'recover';
  /** plan, source and engine are null if it failed before it knew them. */
  plan: string | null;
  source: string | null;
  engine: string | null;
  trigger: Trigger;
  /** Advice alone: nothing was made. */
  dryRun: boolean;
  verdict: 'passed' | 'failed';
  failure: RecoveryFailure | null;
  /** What went wrong after the failure. */
  otherFailures: RecoveryFailure[];
  advice: Advice | null;
  /** `restoreTo`: the time asked for, null for the latest. `reached`: the time that the cluster has, null before it is restored. */
  restore: { kind: CopyKind | null; restoreTo: string | null; reached: string | null };
  /** What stands; null before the restore was asked for. */
  cluster: RecoveredCluster | null;
  readers: RecoveredReader[];
  /** From the restore request to the first answer of the writer; null before that. */
  usableAfterSeconds: number | null;
  changes: Changes | null;
  /** The plan's tests. */
  tests: CheckResult[];
  settings: SettingRow[];
  howToSwitch: HowToSwitch | null;
  phases: { name: RecoveryPhase; startedAt: string; endedAt: string; seconds: number }[];
  resources: RecoveredResource[];
  cost: Cost;
  startedAt: string;
  endedAt: string;
};

/** `isUsable`: its writer answered. `owner`: the execution that made it, if that is another start of the same recovery. */
export type RecoveredCluster = {
  identifier: string;
  writer: string;
  endpoint: string | null;
  readerEndpoint: string | null;
  port: number;
  isUsable: boolean;
  owner: string | null;
};

export type RecoveredReader = {
  identifier: string;
  instanceClass: string;
  promotionTier: number | null;
  /** The reader of the source that it stands for; null if none. */
  like: string | null;
  isReady: boolean;
};

/** Nothing of it is ever deleted by this job. */
export type RecoveredResource = { kind: 'cluster' | 'instance'; name: string; createdAt: string | null };

/** What a recovery's own states tell of it. The verdict, the words and the switch follow from that. */
export type RecoveryOutcome = Omit<
  RecoveryDocument,
  'schema' | 'job' | 'verdict' | 'failure' | 'otherFailures' | 'howToSwitch'
> & {
  /** What went wrong, in the order of the phases; tests that failed left out. */
  failures: RecoveryFailure[];
};
