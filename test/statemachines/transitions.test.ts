import { expect, test } from 'vitest';
import { readDrillDefinition } from '../../local/machine/drill.ts';
import { DrillError } from '../../shared/errors.ts';
import type { RestoreOrigin } from '../../shared/job/origin.ts';
import { machines } from './machines.ts';
import { drillOnce, makeModelWorld } from './model-world.ts';

const { States } = await readDrillDefinition();
const taskStates = Object.keys(States).filter((name) => States[name]?.Type === 'Task');

/** Runs a drill in which a task fails, if one is named. @returns the states it entered, and how many it says it did */
const count = async (
  name: string,
  failing: string | null,
  { input = {}, from = 'log' }: { input?: unknown; from?: RestoreOrigin } = {},
) => {
  let entered = 0;
  const { result } = await drillOnce(makeModelWorld(from), `local-transitions-${name}`, {
    input,
    onState: () => {
      entered += 1;
    },
    aroundTask: async (task, run) => {
      if (task === failing) throw new DrillError('AwsFailure', `injected into ${task}`);
      return run();
    },
  });
  return { entered, told: result.cost.used.stateTransitions };
};

test('a drill that passes: its result tells as many state transitions as there were', async () => {
  const { entered, told } = await count('passes', null);
  expect(entered).toBeGreaterThan(taskStates.length);
  expect(told).toBe(entered);
});

test.each(['newest-snapshot', 'fresh-snapshot'] as const)('a drill from a %s: the same', async (from) => {
  const { entered, told } = await count(from, null, { from });
  expect(told).toBe(entered);
});

test('a dry run: its result tells as many state transitions as there were', async () => {
  const { entered, told } = await count('dry', null, { input: { dryRun: true } });
  expect(told).toBe(entered);
});

const failing = taskStates.filter(
  (name) => name !== 'ConcludeDrill' && name !== 'TearDown' && name !== 'CheckTeardown',
);

test.each(failing)('%s fails: the result tells as many state transitions as there were', async (name) => {
  const from = machines.drill?.origins.log?.includes(name) ? 'fresh-snapshot' : 'log';
  const { entered, told } = await count(name.toLowerCase(), name, { from });
  expect(entered).toBeGreaterThan(0);
  expect(told).toBe(entered);
});
