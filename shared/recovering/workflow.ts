import type { Workflow } from '../job/workflow.ts';
import { recoveryPhases } from '../recovery/document.ts';

/** The parts of `statemachines/recover.asl.yaml` that the count of its use needs. */
export const recoveryWorkflow: Workflow = {
  phases: recoveryPhases,
  sqlPhases: ['CheckSideEffects', 'VerifyRecovery'],
  choicesAfter: ['CheckSideEffects'],
};
