/** What a state machine is made of, in as far as its use is counted. */
export type Workflow = {
  /** Its task states in order, but for the last one, which writes the document and cannot count itself. */
  phases: readonly string[];
  /** Those whose functions talk SQL: they have twice the memory (serverless.yml). */
  sqlPhases: readonly string[];
  /** Those that a Choice follows once. The loops of waits, which are the same in every machine, are not among them. */
  choicesAfter: readonly string[];
};

export const functionMiB = ({ sqlPhases }: Workflow, phase: string): number =>
  sqlPhases.includes(phase) ? 512 : 256;
