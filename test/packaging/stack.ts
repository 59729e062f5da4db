import type { PackagedStack, Resource } from '../../bench/packaged-stack.ts';
import { readDrillDefinition } from '../../local/machine/drill.ts';

/** Call it only inside tests: the stack is packaged once, before all of them. */
export type GetStack = () => PackagedStack;

export const taskStates = Object.entries((await readDrillDefinition()).States)
  .filter(([, { Type }]) => Type === 'Task')
  .map(([name]) => name);
export const monitors = ['BacktrackWindow', 'DrillAge', 'SnapshotAge', 'SweepLeftovers'];
export const functions = [...taskStates, ...monitors];

/** The resources of one type, with their logical ids. */
export const ofType = (stack: PackagedStack, type: string): [string, Resource][] =>
  Object.entries(stack.template.Resources).filter(([, resource]) => resource.Type === type);
