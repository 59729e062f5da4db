import { describe, expect, test } from 'vitest';
import { drillMachine } from '../../local/machine/drill.ts';
import { readDefinition } from '../../local/machine/execution.ts';
import { allMachines } from './machines.ts';

/** A mark makes no copy. */
const { drill: _, mark: __, ...others } = allMachines;

/** What states of one name have in common, whatever comes after them. */
const readTask = async (file: URL, name: string) => {
  const { States } = await readDefinition(file);
  const { Type, Resource, TimeoutSeconds, ResultPath, Retry } = States[name] as unknown as Record<
    string,
    unknown
  >;
  return { name, Type, Resource, TimeoutSeconds, ResultPath, Retry };
};

describe.each(Object.entries(others))('%s', (_, { machine }) => {
  const shared = Object.keys(machine.steps).filter((name) => Object.hasOwn(drillMachine.steps, name));

  test('shares steps with the drill', () => {
    expect(shared).toContain('RestoreCluster');
  });

  test.each(shared)('%s: the same function, time-out and retries as in the drill', async (name) => {
    expect(Object.entries(machine.steps)).toContainEqual([name, drillMachine.steps[name]]);
    expect(await readTask(machine.definition, name)).toEqual(await readTask(drillMachine.definition, name));
  });
});
