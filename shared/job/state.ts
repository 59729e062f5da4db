import type { Capacity, CopyKind, Inherited, Snapshot } from '../aurora/port.ts';
import type { KeptSettings } from '../aurora/settings.ts';
import type { Readiness } from '../aurora/statuses.ts';
import { DrillError, type ErrorName } from '../errors.ts';

/** The jobs there are: what an execution of one of the state machines does. */
export type JobKind = 'drill' | 'rehearse' | 'extract' | 'recover' | 'rewind';

/**
 * What the first state of every machine fixes, under its own name, which begins with Prepare: whose copy is made, of
 * what, under which name, and until when. A machine adds to it what it alone needs.
 */
export type Job = {
  /** Eight hex digits, of the execution. */
  id: string;
  /** The plan's name. */
  plan: string;
  /** Where the copy's rows come from. Executions that began before an upgrade have none: point-in-time. */
  copyKind?: JobCopyKind;
  /** The snapshot that the first state has found; null in every other job. */
  snapshot?: SourceSnapshot | null;
  /** `endpoint` is the writer's. */
  source: { identifier: string; engine: string; engineVersion: string; endpoint: string | null };
  target: { cluster: string; writer: string };
  /** The plan's settings, completed from the source. */
  restore: RestoreSettings;
  /** The time that the start named, ISO 8601; null for "now". */
  restoreTo: string | null;
  /** Every wait before the teardown ends here. */
  deadline: string;
  /** Those of the plan, and ours. */
  tags: Record<string, string>;
  /** Of a cluster that stays. Left out: a copy that is torn down. */
  kept?: Kept;
  /** What no teardown may touch, by identifier or resource id: the source, and every source in plans.yml. */
  neverDeleted: string[];
};

/** `resourceId`: of a deleted source, whose backups are found by it. `promotionTier`: the writer's. */
export type Kept = {
  settings: KeptSettings;
  resourceId: string | null;
  promotionTier: number | null;
};

/** `fresh-snapshot`: one that the job takes itself, and deletes in the end. */
export type JobCopyKind = CopyKind | 'fresh-snapshot';

/** What a copy is restored from. `createdAt`: what it holds is of about then. */
export type SourceSnapshot = Pick<Snapshot, 'identifier' | 'type' | 'engine' | 'engineVersion'> & {
  createdAt: string;
};

export type RestoreSettings = {
  port: number;
  subnetGroup: string | null;
  securityGroups: string[];
  clusterParameterGroup: string | null;
  instanceParameterGroup: string | null;
  instanceClass: string;
  capacity: Capacity | null;
  /** Executions that began before an upgrade have none. */
  inherited?: Inherited;
};

/** What the steps that bring a copy up and tear it down leave in the state data, each under its state's name. */
export type CopyPieces = {
  /** `since`: when the first pass looked. */
  CheckRestorePoint: Wait & { since: string; latestRestorableTime: string | null };
  TakeSnapshot: { snapshot: string; requestedAt: string };
  /** The snapshot, once it is available. */
  CheckSnapshot: Wait & { snapshot: SourceSnapshot | null };
  /** `owner`: the execution that made it, if that is another start of the same recovery. */
  RestoreCluster: { cluster: string; requestedAt: string; owner?: string };
  CheckCluster: Wait & { endpoint: string | null; readerEndpoint?: string | null; port: number | null };
  AddWriter: { instance: string };
  CheckWriter: Wait;
  TearDown: Teardown;
  CheckTeardown: Teardown;
};

/** The state data of an execution: what each state adds stands under the state's own name. */
export type StateOf<Pieces> = {
  execution: Execution;
  /** What Catch recorded, under the name of the state that failed. */
  failures?: Partial<Record<string, CaughtError>>;
} & { [P in keyof Pieces]?: Timed<Pieces[P]> };

/** What the shared steps know of any job's state data. */
export type JobState = StateOf<CopyPieces>;

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

export type Trigger = { kind: 'schedule' | 'manual' | 'local'; reason: string | null };

export type Wait = {
  status: Readiness;
  reason: string;
  error?: ErrorName;
  /** Set while pending: how long the Wait state that follows waits, in whole seconds. */
  waitSeconds?: number;
};

export type Teardown = Wait & {
  deadline: string;
  /** Until then "nothing found" is not believed of what was asked for. Null: nothing was. */
  settledAt: string | null;
  /** What this job had made and is being deleted: instances, a snapshot, then the cluster. Empty when nothing was made. */
  resources: string[];
  /** When a pass first missed each of them that is gone, by name. */
  gone: Record<string, string>;
};

/** The piece of the machine's first state; undefined when that state failed. */
export const findJob = (state: object): Job | undefined =>
  Object.entries(state).find(([name]) => name.startsWith('Prepare'))?.[1];

/**
 * The instant to restore to, ISO 8601: the `restoreTo` that a later state of this machine has fixed, as a drill does when
 * it reads production, or else the one that the start named.
 * @throws DrillError UnreadableAnswer when there is neither
 */
export const getRestoreTo = (state: object): string => {
  const job = findJob(state);
  const others: { restoreTo?: unknown }[] = Object.values(state).filter((piece) => piece !== job);
  const fixed = others.map(({ restoreTo }) => restoreTo).find((instant) => typeof instant === 'string');
  const restoreTo = fixed ?? job?.restoreTo ?? null;
  if (restoreTo !== null) return restoreTo;
  throw new DrillError('UnreadableAnswer', 'no state has fixed the instant to restore to (restoreTo)');
};

export const toSourceSnapshot = (snapshot: SourceSnapshot): SourceSnapshot => {
  const { identifier, createdAt, type, engine, engineVersion } = snapshot;
  return { identifier, createdAt, type, engine, engineVersion };
};

/**
 * The snapshot to restore: the one that this job has taken, or else the one that its first state has found.
 * @throws DrillError UnreadableAnswer when there is neither
 */
export const getSnapshot = (state: JobState): SourceSnapshot => {
  const snapshot = state.CheckSnapshot?.snapshot ?? findJob(state)?.snapshot ?? null;
  if (snapshot !== null) return snapshot;
  throw new DrillError('UnreadableAnswer', 'no state has fixed the snapshot to restore');
};
