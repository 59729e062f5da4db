import type { Workflow } from '../job/workflow.ts';
import { rehearsalPhases } from '../rehearsal/document.ts';

/** The parts of `statemachines/rehearse.asl.yaml` that the count of its use needs. */
export const rehearsalWorkflow: Workflow = {
  phases: rehearsalPhases,
  sqlPhases: ['AskProduction', 'RehearseChange'],
  choicesAfter: ['AskProduction'],
};
