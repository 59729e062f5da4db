import { describe, expect, test } from 'vitest';
import { readDefinition } from '../../../local/machine/execution.ts';
import { rewindMachine } from '../../../local/machine/rewind.ts';
import type { Clock } from '../../../shared/instants.ts';
import { sweepUntilGone } from '../model-world.ts';
import { confirmOnce, countCalls, makeRewindModel, rewindOnce, rewindUntil } from './world.ts';

const { States } = await readDefinition(rewindMachine.definition);
const tasks = Object.keys(States).filter((state) => States[state]?.Type === 'Task');

/** An hour: a code holds no longer. */
const passHour = ({ now }: { now: Clock }): void => {
  const end = now().getTime() + 3_600_000;
  while (now().getTime() < end);
};

describe.each(tasks.flatMap((state) => [[state, 'before'] as const, [state, 'after'] as const]))(
  'stopped at %s, %s its effect',
  (state, when) => {
    const stopOnce = async () => {
      const model = makeRewindModel();
      const input = await confirmOnce(model);
      await rewindUntil(model, `local-first-${state}-${when}`, input, state, when);
      return { model, again: () => rewindOnce(model, `local-second-${state}-${when}`, { input }) };
    };

    test('started again with the same input: rewound, by one call, with one clone, unless the code is too old by then', async () => {
      const { model, again } = await stopOnce();
      const wasAsked = countCalls(model) === 1;
      const { result } = await again();
      const isLate = !wasAsked && tasks.indexOf(state) >= tasks.indexOf('CheckWriter');
      if (isLate && result.failure !== null) {
        expect(result.failure.cause).toContain('a code holds for 15 minutes');
        return expect(countCalls(model)).toBe(0);
      }
      expect(result).toMatchObject({ outcome: 'rewound', failure: null, restore: { reached: model.to } });
      expect(countCalls(model)).toBe(1);
      const { clusters } = await model.aurora.listClusters();
      expect(clusters.map(({ identifier }) => identifier).sort()).toEqual(
        ['prod-shop', result.clone?.identifier].sort(),
      );
      return undefined;
    });

    test('started again an hour and many sweeps later: followed to its end if it was asked for, else nothing is', async () => {
      const { model, again } = await stopOnce();
      const calls = countCalls(model);
      passHour(model);
      await sweepUntilGone(model);
      const { result } = await again();
      expect(countCalls(model)).toBe(calls);
      expect(result).toMatchObject(
        calls === 1
          ? { outcome: 'rewound', failure: null, restore: { reached: model.to } }
          : { outcome: 'failed', failure: { error: 'RewindNotConfirmed' } },
      );
      const verbs = model.changes.map((change) => change.split(' ')[0]);
      expect(verbs.filter((verb) => verb?.startsWith('delete'))).toEqual([]);
    });
  },
);

test('started again once it is over, hours later: nothing is rewound a second time, and the outcome is the same', async () => {
  const model = makeRewindModel();
  const input = await confirmOnce(model);
  const { result: first } = await rewindOnce(model, 'local-first', { input });
  const { result: second } = await rewindOnce(model, 'local-second', { input });
  expect(second).toMatchObject({ outcome: 'rewound', backtrack: first.backtrack, clone: first.clone });
  expect(countCalls(model)).toBe(1);
});

test('two starts with one code at once: one rewind', async () => {
  const model = makeRewindModel();
  const input = await confirmOnce(model);
  const both = await Promise.all(
    ['local-one', 'local-other'].map((name) => rewindOnce(model, name, { input })),
  );
  await expect(model.aurora.listBacktracks('prod-shop')).resolves.toHaveLength(1);
  expect(both.map(({ result }) => result.outcome)).toEqual(['rewound', 'rewound']);
});
