import type { Capacity } from '../aurora/port.ts';
import { secondsBetween } from '../instants.ts';
import { targetNames } from '../job/names.ts';
import { findJob, type JobState, type RestoreSettings } from '../job/state.ts';
import { functionMiB, type Workflow } from '../job/workflow.ts';
import { isAnswerLost } from '../teardown/decision.ts';
import { findGoneAt } from '../teardown/gone.ts';
import { unknownVolume, type VolumeFigures } from './volume.ts';

export type UsedInstance = {
  class: string;
  capacity: Capacity | null;
  minutes: number;
  isSeenAvailable: boolean;
};

/** What a job used of AWS, as far as its state data tells. */
export type Use = {
  /**
   * The restored writer, from when it was seen available until it was seen gone: RDS bills from available on. One that
   * nobody saw available counts from the request for it. Null when none was made.
   */
  instance: UsedInstance | null;
  /** Of a recovery: counted as the writer is. Left out where there are none. */
  readers?: UsedInstance[];
  /** How long the restored cluster had storage. */
  storageMinutes: number;
  /** The copy has the storage of its source. */
  isIoOptimized: boolean;
  volume: VolumeFigures;
  /** What of it was or may be standing although nobody knows since when: the answer to the request was lost. */
  undated: string[];
  /** Something of it was not seen to go, and goes on costing. */
  isStanding: boolean;
  /** States entered, from the first to the last; retries come on top. */
  stateTransitions: number;
  /** Of runs that ended well, without those of the last step, which cannot count itself. */
  functionSeconds: number;
  functionGiBSeconds: number;
};

/** Each is followed by a Choice, and by a Wait before it comes again. */
const loops: readonly string[] = [
  'CheckRestorePoint',
  'CheckSnapshot',
  'CheckCluster',
  'CheckWriter',
  'CheckPassword',
  'CheckReaders',
  'CopyTables',
  'CheckRewind',
  'CheckTeardown',
];

/** @param endedAt ISO 8601: until then counts what nobody has seen go */
export const measureUse = (
  state: JobState,
  workflow: Workflow,
  endedAt: string,
  volume: VolumeFigures = unknownVolume,
): Use => {
  const { TakeSnapshot: taken, RestoreCluster: restore, AddWriter: writer, CheckWriter: check } = state;
  const minutesOf = (name: string, from: string): number =>
    Number((secondsBetween(from, findGoneAt(state, name) ?? endedAt) / 60).toFixed(2));
  const settings = findJob(state)?.restore;
  const availableAt = check?.status === 'ready' ? check.endedAt : null;
  const undated = listUndated(state);
  return {
    instance:
      writer === undefined || settings === undefined
        ? null
        : {
            class: settings.instanceClass,
            capacity: settings.instanceClass === 'db.serverless' ? settings.capacity : null,
            minutes: minutesOf(writer.instance, availableAt ?? writer.startedAt),
            isSeenAvailable: availableAt !== null,
          },
    storageMinutes: restore === undefined ? 0 : minutesOf(restore.cluster, restore.requestedAt),
    isIoOptimized: settings !== undefined && isIoOptimized(settings),
    volume,
    undated,
    isStanding: [...undated, taken?.snapshot, restore?.cluster, writer?.instance].some(
      (name) => name !== undefined && findGoneAt(state, name) === null,
    ),
    stateTransitions: countTransitions(state, workflow),
    ...sumFunctions(state, workflow),
  };
};

/** RDS's own word for the storage that I/O-Optimized clusters have (API, DBCluster). */
const ioOptimized = 'aurora-iopt1';

const isIoOptimized = (settings: RestoreSettings & { inherited?: { storageType: string | null } }): boolean =>
  settings.inherited?.storageType === ioOptimized;

/** Found by the teardown without a record of its making, or asked for without an answer and never seen gone. */
const listUndated = (state: JobState): string[] => {
  const job = findJob(state);
  const { resources = [] } = state.CheckTeardown ?? state.TearDown ?? {};
  const mayBe = (phase: 'TakeSnapshot' | 'RestoreCluster' | 'AddWriter', name: string): boolean => {
    if (state[phase] !== undefined) return false;
    const error = state.failures?.[phase]?.Error;
    const isOpen = error !== undefined && isAnswerLost(error) && findGoneAt(state, name) === null;
    return resources.includes(name) || isOpen;
  };
  if (job === undefined) return [];
  const { cluster, writer } = job.target;
  const { snapshot } = targetNames(job.source.identifier, job.id);
  return [
    ...(mayBe('TakeSnapshot', snapshot) ? [snapshot] : []),
    ...(mayBe('RestoreCluster', cluster) ? [cluster] : []),
    ...(mayBe('AddWriter', writer) ? [writer] : []),
  ];
};

/** The first state before the phases; behind them the concluding one, a Choice and one of the two ends. */
const countTransitions = (state: JobState, workflow: Workflow): number =>
  workflow.phases.reduce((sum, phase) => sum + countEntered(state, workflow, phase), 4);

type Run = { passes: number; functionSeconds: number };

const findRun = (state: object, phase: string): Run | undefined =>
  (state as Record<string, Run | undefined>)[phase];

/** A phase with the choices and waits around it. What failed with an error was entered once more than it ran. */
const countEntered = (state: JobState, { choicesAfter }: Workflow, phase: string): number => {
  const ran = findRun(state, phase)?.passes ?? 0;
  const entered = ran + (state.failures?.[phase] === undefined ? 0 : 1);
  if (entered === 0) return 0;
  if (loops.includes(phase)) return entered + ran + (entered - 1);
  return choicesAfter.includes(phase) ? entered + ran : entered;
};

const sumFunctions = (
  state: JobState,
  workflow: Workflow,
): Pick<Use, 'functionSeconds' | 'functionGiBSeconds'> => {
  const runs = workflow.phases.map((phase) => ({
    seconds: findRun(state, phase)?.functionSeconds ?? 0,
    gib: functionMiB(workflow, phase) / 1024,
  }));
  const sum = (values: number[]) => Number(values.reduce((total, value) => total + value, 0).toFixed(3));
  return {
    functionSeconds: sum(runs.map(({ seconds }) => seconds)),
    functionGiBSeconds: sum(runs.map(({ seconds, gib }) => seconds * gib)),
  };
};
