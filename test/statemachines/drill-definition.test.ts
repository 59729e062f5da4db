import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readDrillDefinition } from '../../local/machine/drill.ts';
import { listTransitions } from '../../local/machine/transitions.ts';
import { phases } from '../../shared/drill/state.ts';

const definition = await readDrillDefinition();
const tasks = Object.entries(definition.States).filter(([, { Type }]) => Type === 'Task');

test('task states: the phases in order and ConcludeDrill, each with its own file', async () => {
  expect(tasks.map(([name]) => name)).toEqual([...phases, 'ConcludeDrill']);
  const kebab = tasks.map(
    ([name]) => `${name.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.ts`,
  );
  const files = ['drill', 'copy'].map((room) => readdir(`functions/${room}`));
  expect((await Promise.all(files)).flat().sort()).toEqual(kebab.sort());
});

test('five loops, one for each wait', () => {
  const waits = Object.entries(definition.States).filter(([, { Type }]) => Type === 'Wait');
  expect(waits.map(([name]) => name)).toEqual([
    'WaitForRestorePoint',
    'WaitForSnapshot',
    'WaitForCluster',
    'WaitForWriter',
    'WaitForTeardown',
  ]);
});

test('after the first create: the teardown begins only once people were told', () => {
  const ways = listTransitions(definition).filter(({ to }) => to === 'TearDown');
  expect(ways.map(({ from }) => from)).toEqual(['NotifyResult']);
});
