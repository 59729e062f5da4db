/** The parts of a state machine whose use is counted. */
export type Workflow = {
  /** Its task states in order, without the last one, which writes the document and cannot count itself. */
  phases: readonly string[];
  /** Those whose functions talk SQL, with twice the memory (serverless.yml). */
  sqlPhases: readonly string[];
  /** Those that a Choice follows once. Wait loops are left out: they are the same in every machine. */
  choicesAfter: readonly string[];
};

export const functionMiB = ({ sqlPhases }: Workflow, phase: string): number =>
  sqlPhases.includes(phase) ? 512 : 256;
