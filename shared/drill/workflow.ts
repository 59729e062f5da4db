import type { Workflow } from '../job/workflow.ts';
import { phases } from './state.ts';

/** `statemachines/drill.asl.yaml`, in as far as its use is counted. */
export const drillWorkflow: Workflow = {
  phases,
  sqlPhases: ['CaptureBaseline', 'VerifyRestore'],
  choicesAfter: ['CaptureBaseline'],
};
