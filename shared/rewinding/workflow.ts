import type { Workflow } from '../job/workflow.ts';
import { rewindPhases } from '../rewind/document.ts';

/** The parts of `statemachines/rewind.asl.yaml` that the count of its use needs. */
export const rewindWorkflow: Workflow = {
  phases: rewindPhases,
  sqlPhases: ['AskServer', 'AskServerAgain', 'VerifyRewind'],
  choicesAfter: ['CheckReadiness', 'RewindCluster'],
};
