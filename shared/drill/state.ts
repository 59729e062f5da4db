import type { Capacity } from '../aurora/port.ts';
import type { Readiness } from '../aurora/statuses.ts';
import type { DatabaseAddress } from '../database/port.ts';
import type { ErrorName } from '../errors.ts';
import type { Packed } from '../job/packing.ts';
import type { Checks } from '../plan/plans.ts';
import type { CheckResult } from '../truth/checks.ts';
import type { BaselineFigures } from '../truth/figures.ts';

/** The phases of a drill, in order: the task states of the state machine but the last, which writes the result. */
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

/** The state data of an execution: what each state adds stands under the state's own name. */
export type DrillState = {
  execution: Execution;
  /** What Catch recorded, under the name of the state that failed. */
  failures?: Partial<Record<Phase, CaughtError>>;
} & { [P in Phase]?: Timed<Pieces[P]> };

/**
 * Step Functions ends an execution whose state data outgrows 256 KiB, without a way to catch it. What the baseline's
 * figures may take packed, in bytes, and what the checks may take in the result, where they stand in full.
 */
export const maxFiguresBytes = 170 * 1024;
export const maxChecksBytes = 240 * 1024;

/** All instants in state data are ISO 8601 in UTC. */
export type Execution = { id: string; name: string; startedAt: string; input: unknown };
export type CaughtError = { Error: string; Cause?: string };
export type Timed<Piece> = Piece & {
  /** Of the last run. */
  startedAt: string;
  endedAt: string;
  /** How often the step has run to its end, and how long all these runs took together. */
  passes: number;
  functionSeconds: number;
};

export type Pieces = {
  PrepareDrill: Preparation;
  CaptureBaseline: Baseline;
  CheckRestorePoint: Wait & { latestRestorableTime: string | null };
  RestoreCluster: { cluster: string; requestedAt: string };
  CheckCluster: Wait & { endpoint: string | null; port: number | null };
  AddWriter: { instance: string };
  CheckWriter: Wait;
  VerifyRestore: Verification;
  NotifyResult: { subject: string };
  TearDown: Teardown;
  CheckTeardown: Teardown;
};

export type Preparation = {
  id: string;
  plan: string;
  trigger: Trigger;
  dryRun: boolean;
  /** `endpoint` is the writer's. */
  source: { identifier: string; engine: string; engineVersion: string; endpoint: string | null };
  target: { cluster: string; writer: string };
  /** Where the baseline is read: the reader endpoint where there is one. */
  baselineAddress: DatabaseAddress;
  /** The plan's settings, completed from the source. */
  restore: RestoreSettings;
  checks: Checks;
  objectives: { rtoSeconds: number | null; rpoSeconds: number | null };
  /** The time that the start named; null for "now, at the instant of the baseline". */
  restoreTo: string | null;
  /** How far LatestRestorableTime lay behind when the drill began. */
  rpoSeconds: number;
  /** Every wait before the teardown ends here. */
  deadline: string;
  tags: Record<string, string>;
  /** What no teardown may touch, by identifier or resource id: the source, and every source in plans.yml. */
  neverDeleted: string[];
};

export type Trigger = { kind: 'schedule' | 'manual' | 'local'; reason: string | null };

export type RestoreSettings = {
  port: number;
  subnetGroup: string | null;
  securityGroups: string[];
  clusterParameterGroup: string | null;
  instanceParameterGroup: string | null;
  instanceClass: string;
  capacity: Capacity | null;
};

export type Baseline = {
  /** none: the start named its own time, so production can no longer be read at that instant. */
  kind: 'same-instant' | 'none';
  /** The instant to restore to, in whole seconds. */
  restoreTo: string;
  /** How long before and after that instant production was read. Null where it was read at some other time. */
  bracket: { beforeMs: number; afterMs: number } | null;
  /** What was read, in words. */
  summary: string;
  figures: Packed<BaselineFigures>;
};

export type Wait = { status: Readiness; reason: string; error?: ErrorName };

export type Verification = {
  /** When the restored writer answered its first query: the end of the RTO. */
  firstAnswerAt: string;
  /** How many checks came out how, and what failed, in words. */
  summary: string;
  findings: string[];
  checks: Packed<CheckResult[]>;
};

export type Teardown = Wait & {
  deadline: string;
  /** Until then "nothing found" is not believed: the answer to the restore request was lost. Null: it was not. */
  settledAt: string | null;
  /** What this drill had made and is being deleted: instances, then the cluster. Empty when nothing was made. */
  resources: string[];
  /** When a pass first missed each of them that is gone, by name. */
  gone: Record<string, string>;
};
