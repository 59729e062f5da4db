/** One way to lead the application to the recovered cluster: steps in order, each in words, with its command if there is one. */
export type SwitchVariant = { name: string; when: string; steps: Step[]; back: Step[] };
export type Step = { words: string; command: string | null };

/** Everything about the switch that a person needs at 3 a.m. */
export type HowToSwitch = {
  variants: SwitchVariant[];
  /** What to look at before the old cluster is deleted. */
  beforeDeletion: string[];
  /** What is as it was at the time recovered to, or names the old cluster. */
  stale: string[];
};
