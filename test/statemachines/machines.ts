import { drillMachine, type World } from '../../local/machine/drill.ts';
import type { Machine } from '../../local/machine/execution.ts';
import { recoverMachine } from '../../local/machine/recover.ts';
import { drillWorkflow } from '../../shared/drill/workflow.ts';
import { DrillError } from '../../shared/errors.ts';
import type { RestoreOrigin } from '../../shared/job/origin.ts';
import { copyMachine } from './copy-machine/machine.ts';

export type ListedMachine = {
  /** Its functions are given no more than the drill's are. */
  machine: Machine<World, never>;
  /** What talks SQL for minutes, and is not retried when its time is up. */
  sqlPhases: readonly string[];
  /** What its copy may be restored from, and the states that an execution which restores from there never enters. */
  origins: Partial<Record<RestoreOrigin, readonly string[]>>;
  /** Makes an execution in this world come to its failed end. */
  spoil: (world: World) => void;
};

const ofLog = ['CheckRestorePoint', 'RestorePointReached?', 'WaitForRestorePoint'];
const ofFreshSnapshot = [
  'TakeSnapshot',
  'CheckSnapshot',
  'SnapshotAvailable?',
  'WaitForSnapshot',
  'CompleteBaseline',
];

/** Every machine whose copy is torn down. One that is listed here is held to what all of them promise. */
export const machines: Record<string, ListedMachine> = {
  drill: {
    machine: drillMachine as ListedMachine['machine'],
    sqlPhases: drillWorkflow.sqlPhases,
    origins: {
      log: ofFreshSnapshot,
      'newest-snapshot': [...ofLog, ...ofFreshSnapshot],
      'fresh-snapshot': ofLog,
    },
    spoil: (world) => {
      world.notify = () => Promise.reject(new Error('nobody listens'));
    },
  },
  copy: {
    machine: copyMachine as ListedMachine['machine'],
    sqlPhases: [],
    origins: { log: [] },
    spoil: (world) => {
      const refuse = () => Promise.reject(new DrillError('QuotaExceeded', 'restore: 40 clusters'));
      world.aurora = { ...world.aurora, restoreCluster: refuse };
    },
  },
};

/** Every machine, those included whose cluster stays. */
export const allMachines: Record<
  string,
  { machine: Machine<never, never>; sqlPhases: readonly string[]; isKept: boolean }
> = {
  ...Object.fromEntries(
    Object.entries(machines).map(([name, listed]) => [name, { ...listed, isKept: false }]),
  ),
  recover: {
    machine: recoverMachine as Machine<never, never>,
    sqlPhases: ['CheckSideEffects', 'VerifyRecovery'],
    isKept: true,
  },
};
