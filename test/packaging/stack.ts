import type { PackagedStack, Resource } from '../../bench/packaged-stack.ts';
import { readDrillDefinition } from '../../local/machine/drill.ts';
import { readDefinition } from '../../local/machine/execution.ts';
import { extractMachine } from '../../local/machine/extract.ts';
import { markMachine } from '../../local/machine/mark.ts';
import { recoverMachine } from '../../local/machine/recover.ts';
import { rehearseMachine } from '../../local/machine/rehearse.ts';
import { rewindMachine } from '../../local/machine/rewind.ts';

/** Call it only inside tests: the stack is packaged once, before all of them. */
export type GetStack = () => PackagedStack;

const listTasks = ({ States }: Awaited<ReturnType<typeof readDrillDefinition>>): string[] =>
  Object.entries(States)
    .filter(([, { Type }]) => Type === 'Task')
    .map(([name]) => name);

export const taskStates = listTasks(await readDrillDefinition());
export const recoveryStates = listTasks(await readDefinition(recoverMachine.definition));
export const rehearsalStates = listTasks(await readDefinition(rehearseMachine.definition));
export const extractStates = listTasks(await readDefinition(extractMachine.definition));
export const rewindStates = listTasks(await readDefinition(rewindMachine.definition));
export const markStates = listTasks(await readDefinition(markMachine.definition));
export const monitors = [
  'BacktrackReady',
  'BacktrackWindow',
  'DrillAge',
  'Posture',
  'SnapshotAge',
  'SweepLeftovers',
];
export const functions = [
  ...new Set([
    ...taskStates,
    ...recoveryStates,
    ...rehearsalStates,
    ...extractStates,
    ...rewindStates,
    ...markStates,
    ...monitors,
  ]),
];

/** The resources of one type, with their logical ids. */
export const ofType = (stack: PackagedStack, type: string): [string, Resource][] =>
  Object.entries(stack.template.Resources).filter(([, resource]) => resource.Type === type);
