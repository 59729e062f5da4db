import { drillMachine } from '../../local/machine/drill.ts';
import { drillWorkflow } from '../../shared/drill/workflow.ts';
import { copyMachine } from './copy-machine/machine.ts';

/** Every machine whose copy is torn down. One that is listed here is held to what all of them promise. */
export const machines = {
  drill: { machine: drillMachine, sqlPhases: drillWorkflow.sqlPhases },
  copy: { machine: copyMachine, sqlPhases: [] as readonly string[] },
};
