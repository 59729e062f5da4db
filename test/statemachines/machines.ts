import { drillMachine, type World } from '../../local/machine/drill.ts';
import type { Machine } from '../../local/machine/execution.ts';
import { drillWorkflow } from '../../shared/drill/workflow.ts';
import { DrillError } from '../../shared/errors.ts';
import { copyMachine } from './copy-machine/machine.ts';

export type ListedMachine = {
  machine: Machine<World, never>;
  sqlPhases: readonly string[];
  /** Makes an execution in this world come to its failed end. */
  spoil: (world: World) => void;
};

/** Every machine whose copy is torn down. One that is listed here is held to what all of them promise. */
export const machines: Record<'drill' | 'copy', ListedMachine> = {
  drill: {
    machine: drillMachine as ListedMachine['machine'],
    sqlPhases: drillWorkflow.sqlPhases,
    spoil: (world) => {
      world.notify = () => Promise.reject(new Error('nobody listens'));
    },
  },
  copy: {
    machine: copyMachine as ListedMachine['machine'],
    sqlPhases: [],
    spoil: (world) => {
      const refuse = () => Promise.reject(new DrillError('QuotaExceeded', 'restore: 40 clusters'));
      world.aurora = { ...world.aurora, restoreCluster: refuse };
    },
  },
};
