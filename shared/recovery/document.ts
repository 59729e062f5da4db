import type { CopyKind } from '../aurora/port.ts';
import { type JobFailure, nameFailure } from '../job/failure.ts';
import type { Trigger } from '../job/state.ts';
import type { Cost } from '../result/cost.ts';
import type { Changes } from '../rows/told-changes.ts';
import type { CheckResult } from '../truth/checks.ts';
import { suggestEarlier } from './another-start.ts';
import type { Wish } from './input.ts';
import type { SettingRow } from './settings-table.ts';
import { explainSwitch, type HowToSwitch } from './switching.ts';
import type { Advice } from './way-back.ts';

/** The phases of a recovery, in order: all task states of the state machine except the last, which writes the document. */
export const recoveryPhases = [
  'PrepareRecovery',
  'CheckSideEffects',
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
  /** Of the source: IAM policies may name its resource id. Null before it was described. */
  old: { resourceId: string | null; endpoint: string | null; stands: boolean } | null;
  trigger: Trigger;
  /** Advice alone: nothing was made. */
  dryRun: boolean;
  /** What was typed of mechanism, readers and tests. */
  wish: Wish;
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

/** `isAvailable`: RDS says so of its writer. `isUsable`: its writer answered. `owner`: the execution that made it, if that is another start of the same recovery. */
export type RecoveredCluster = {
  identifier: string;
  writer: string;
  endpoint: string | null;
  readerEndpoint: string | null;
  port: number;
  isAvailable: boolean;
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

/** What a recovery's own states tell of it. The verdict and the switch follow from that. */
export type RecoveryOutcome = Omit<
  RecoveryDocument,
  'schema' | 'job' | 'verdict' | 'failure' | 'otherFailures' | 'howToSwitch'
> & {
  /** What went wrong, in the order of the phases; tests that failed left out. */
  failures: RecoveryFailure[];
};

/** The document as the states have it so far. A test that failed is a failure, and undoes nothing. */
export const buildRecovery = (outcome: RecoveryOutcome): RecoveryDocument => {
  const { failures, startedAt, endedAt, ...rest } = outcome;
  const tested = findFailedTest(outcome);
  const [failure = null, ...otherFailures] = [...failures, ...(tested === null ? [] : [tested])].toSorted(
    byPhase,
  );
  return {
    schema: 'aurora-drills/recovery/1',
    job: 'recover',
    ...rest,
    verdict: failure === null ? 'passed' : 'failed',
    failure,
    otherFailures,
    howToSwitch: describeSwitch(outcome),
    startedAt,
    endedAt,
  };
};

const order: readonly string[] = [...recoveryPhases, 'ConcludeRecovery'];

const byPhase = (one: RecoveryFailure, other: RecoveryFailure): number =>
  order.indexOf(one.phase) - order.indexOf(other.phase);

const findFailedTest = (outcome: RecoveryOutcome): RecoveryFailure | null => {
  const failed = outcome.tests.filter(({ verdict }) => verdict === 'failed');
  const [first] = failed;
  if (first === undefined) return null;
  const others = failed.length > 1 ? `, and ${failed.length - 1} more` : '';
  return nameFailure(
    'VerifyRecovery',
    'TestsFailed',
    `${first.name}: ${first.reason}${others}`,
    suggestEarlier(outcome),
  );
};

const describeSwitch = ({ source, old, cluster }: RecoveryOutcome): HowToSwitch | null =>
  source === null || old === null || cluster === null
    ? null
    : explainSwitch({ source: { identifier: source, ...old }, recovered: cluster });
