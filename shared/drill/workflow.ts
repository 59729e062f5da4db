import type { Workflow } from '../job/workflow.ts';
import { phases } from './state.ts';

/** The parts of `statemachines/drill.asl.yaml` that the count of its use needs. */
export const drillWorkflow: Workflow = {
  phases,
  sqlPhases: ['CaptureBaseline', 'CompleteBaseline', 'VerifyRestore'],
  choicesAfter: ['CaptureBaseline'],
};
