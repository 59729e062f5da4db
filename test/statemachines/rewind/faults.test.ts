import { describe, expect, test } from 'vitest';
import type { BacktrackFault } from '../../../local/aurora/backtracks.ts';
import { DrillError } from '../../../shared/errors.ts';
import { confirmOnce, countCalls, makeRewindModel, rewindOnce } from './world.ts';

/** What can go wrong with a rewind itself, and the outcome that it has. Each asks once. */
const outcomes: [BacktrackFault, object, number][] = [
  ['lost-answer', { outcome: 'rewound', failure: null, verdict: 'passed' }, 1],
  ['failed', { outcome: 'failed', failure: { phase: 'CheckRewind', error: 'RewindFailed' } }, 1],
  ['other-time', { outcome: 'other-time', failure: { phase: 'CheckRewind', error: 'RewoundLater' } }, 1],
  ['overtaken', { outcome: 'blocked', failure: { phase: 'RewindCluster', error: 'RewindBlocked' } }, 1],
];

test.each(outcomes)('%s: a named outcome, and one call', async (fault, expected, calls) => {
  const model = makeRewindModel({ fault });
  const { result } = await rewindOnce(model, 'local-fault', { input: await confirmOnce(model) });
  expect(result).toMatchObject(expected);
  expect(countCalls(model)).toBe(calls);
  expect(await model.aurora.findCluster(result.clone?.identifier ?? '')).toBeDefined();
  // Every way out is in the message, as an input that can be typed.
  const { recover, earlier } = result.next;
  const toDo = model.messages.at(-1)?.toDo.join(' ');
  for (const input of [recover, earlier]) if (input !== null) expect(toDo).toContain(input);
});

test('another time reached, after the one asked for: the next earlier time is offered, and nothing is rewound again', async () => {
  const model = makeRewindModel({ fault: 'other-time' });
  const { result } = await rewindOnce(model, 'local-other', { input: await confirmOnce(model) });
  const earlier = JSON.parse(result.next.earlier ?? 'null');
  expect(Date.parse(earlier.restoreTo)).toBeLessThan(Date.parse(model.to));
  expect(earlier.confirm).toBeUndefined();
  expect(countCalls(model)).toBe(1);
});

describe('the call has no answer, and RDS never lists a rewind', () => {
  test.each(['Throttled', 'AwsUnavailable', 'AwsFailure'] as const)(
    '%s: asked once, looked up, and told as failed',
    async (error) => {
      const model = makeRewindModel();
      const { aurora } = model.world;
      let calls = 0;
      model.world.aurora = {
        ...aurora,
        backtrackCluster: () => {
          calls += 1;
          return Promise.reject(new DrillError(error, 'no answer'));
        },
      };
      const { result } = await rewindOnce(model, 'local-lost', { input: await confirmOnce(model) });
      expect(result.failure).toMatchObject({
        phase: 'CheckRewind',
        error: 'RewindFailed',
        cause: expect.stringContaining(`(${error}: no answer)`),
      });
      expect(calls).toBe(1);
    },
  );
});

test('the function dies right after the call: the rewind is found and followed, and nothing is asked twice', async () => {
  const model = makeRewindModel();
  const input = await confirmOnce(model);
  const { result } = await rewindOnce(model, 'local-died', {
    input,
    aroundTask: async (state, run) => {
      const piece = await run();
      if (state !== 'RewindCluster') return piece;
      throw Object.assign(new Error('the function ended without an answer'), { name: 'Lambda.Unknown' });
    },
  });
  expect(result).toMatchObject({ outcome: 'rewound', failure: null });
  expect(countCalls(model)).toBe(1);
});
