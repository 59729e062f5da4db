import { extractPhases } from '../extraction/document.ts';
import type { Workflow } from '../job/workflow.ts';

/** The parts of `statemachines/extract.asl.yaml` that the count of its use needs. */
export const extractWorkflow: Workflow = {
  phases: extractPhases,
  sqlPhases: ['AskSides', 'DescribeTables', 'CopyTables', 'VerifyExtract'],
  choicesAfter: ['AskSides'],
};
