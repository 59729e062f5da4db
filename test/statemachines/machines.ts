import { drillMachine } from '../../local/machine/drill.ts';
import type { Machine } from '../../local/machine/execution.ts';
import { extractMachine } from '../../local/machine/extract.ts';
import { markMachine } from '../../local/machine/mark.ts';
import { recoverMachine } from '../../local/machine/recover.ts';
import { rehearseMachine } from '../../local/machine/rehearse.ts';
import { rewindMachine } from '../../local/machine/rewind.ts';
import { drillWorkflow } from '../../shared/drill/workflow.ts';
import { DrillError } from '../../shared/errors.ts';
import type { RestoreOrigin } from '../../shared/job/origin.ts';
import { copyMachine } from './copy-machine/machine.ts';
import type { ModelWorld } from './model-world.ts';
import { harmless } from './rehearsal/world.ts';

export type ListedMachine = {
  machine: Machine<ModelWorld['world'], never>;
  input: unknown;
  /** What talks SQL for minutes, and is not retried when its time is up. */
  sqlPhases: readonly string[];
  /** What its copy may be restored from, and the states that an execution which restores from there never enters. */
  origins: Partial<Record<RestoreOrigin, readonly string[]>>;
  /** Makes an execution in this world come to its failed end. */
  spoil: (world: ModelWorld['world']) => void;
};

const ofLog = ['CheckRestorePoint', 'RestorePointReached?', 'WaitForRestorePoint'];
const ofFreshSnapshot = [
  'TakeSnapshot',
  'CheckSnapshot',
  'SnapshotAvailable?',
  'WaitForSnapshot',
  'CompleteBaseline',
];

const nobodyListens = (world: ModelWorld['world']): void => {
  world.notify = () => Promise.reject(new Error('nobody listens'));
};

/** Every machine whose copy is torn down. One that is listed here is held to what all of them promise. */
export const machines: Record<string, ListedMachine> = {
  drill: {
    machine: drillMachine as ListedMachine['machine'],
    input: {},
    sqlPhases: drillWorkflow.sqlPhases,
    origins: {
      log: ofFreshSnapshot,
      'newest-snapshot': [...ofLog, ...ofFreshSnapshot],
      'fresh-snapshot': ofLog,
    },
    spoil: nobodyListens,
  },
  rehearse: {
    machine: rehearseMachine as ListedMachine['machine'],
    input: { change: harmless, contenderSeconds: 0 },
    // AskProduction asks for half a minute at most, and may ask again.
    sqlPhases: ['RehearseChange'],
    origins: { log: [] },
    spoil: nobodyListens,
  },
  extract: {
    machine: extractMachine as ListedMachine['machine'],
    // The restorable time has yet to come so far.
    input: { restoreTo: '1s ago', tables: ['orders'] },
    // What describes and copies goes on where it was.
    sqlPhases: ['VerifyExtract'],
    origins: { log: [] },
    spoil: nobodyListens,
  },
  copy: {
    machine: copyMachine as ListedMachine['machine'],
    input: {},
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
  {
    machine: Machine<never, never>;
    sqlPhases: readonly string[];
    isKept: boolean;
    /** Makes a call that AWS would take twice: retried only where it cannot have been made. */
    callsOnce?: string;
    /** Of those that keep what they make: the state that does. Left out: RestoreCluster. */
    makes?: string;
  }
> = {
  ...Object.fromEntries(
    Object.entries(machines).map(([name, listed]) => [name, { ...listed, isKept: false }]),
  ),
  recover: {
    machine: recoverMachine as Machine<never, never>,
    sqlPhases: ['CheckSideEffects', 'VerifyRecovery'],
    isKept: true,
  },
  rewind: {
    machine: rewindMachine as Machine<never, never>,
    // AskServer asks for a minute and a half at most, and may ask again.
    sqlPhases: ['VerifyRewind'],
    isKept: true,
    callsOnce: 'RewindCluster',
  },
  mark: {
    machine: markMachine as Machine<never, never>,
    // ReadClock asks for a minute and a half at most, and may ask again.
    sqlPhases: [],
    isKept: true,
    makes: 'TakeSafetySnapshot',
  },
};
