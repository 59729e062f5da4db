import { expect, test } from 'vitest';
import { confirmOnce, countCalls, makeRewindModel, rewindOnce } from './world.ts';

test('without a code: the pre-flight, a code, and nothing made or changed', async () => {
  const model = makeRewindModel();
  const states: string[] = [];
  const { result, hasSucceeded } = await rewindOnce(model, 'local-preflight', {
    onState: (state) => states.push(state),
  });
  expect(result.failure).toBeNull();
  expect(hasSucceeded).toBe(true);
  expect(result).toMatchObject({ outcome: 'ready', preflight: { verdict: 'ready' } });
  expect(model.changes).toEqual([]);
  expect(result.cost.used.stateTransitions).toBe(states.length);
});

test('with the code: a protected clone with a writer stays, the cluster is rewound once, and people hear of it', async () => {
  const model = makeRewindModel();
  const input = await confirmOnce(model);
  const states: string[] = [];
  const { result, hasSucceeded } = await rewindOnce(model, 'local-rewind', {
    input,
    onState: (state) => states.push(state),
  });
  expect(result.failure).toBeNull();
  expect(hasSucceeded).toBe(true);
  expect(result).toMatchObject({
    outcome: 'rewound',
    restore: { restoreTo: model.to, reached: model.to },
    clone: { isUsable: true },
    backtrack: { status: 'completed' },
  });
  const clone = result.clone?.identifier ?? '';
  expect(clone).toMatch(/^recovered-prod-shop-\d{14}-before-rewind$/);
  expect(await model.aurora.findCluster(clone)).toMatchObject({ status: 'available', isProtected: true });
  expect(countCalls(model)).toBe(1);
  expect(model.changes.map((change) => change.split(' ')[0])).toEqual([
    'restoreCluster',
    'addWriter',
    'backtrackCluster',
  ]);
  expect(model.messages.map(({ kind }) => kind)).toEqual(['rewind-ready', 'rewind-done']);
  expect(model.filed.at(-1)).toEqual(result);
  expect(result.cost.used.stateTransitions).toBe(states.length);
  expect(result.phases.every(({ seconds }) => seconds >= 0)).toBe(true);
});
