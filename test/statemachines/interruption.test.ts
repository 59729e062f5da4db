import { describe, expect, test } from 'vitest';
import { readDefinition, startMachine } from '../../local/machine/execution.ts';
import type { RestoreOrigin } from '../../shared/job/origin.ts';
import { machines } from './machines.ts';
import {
  addStranger,
  findLeft,
  listSnapshots,
  type ModelWorld,
  makeModelWorld,
  settle,
  sweepUntilGone,
  targetOf,
} from './model-world.ts';

type When = 'before' | 'after';

const never = new Promise<never>(() => {});
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

const kinds = Object.entries(machines).flatMap(([name, listed]) =>
  Object.entries(listed.origins).map(([from, unentered]) => ({
    ...listed,
    name,
    from: from as RestoreOrigin,
    unentered,
  })),
);

test.each(Object.entries(machines))('every state of a %s is entered by some of its executions', (_, one) => {
  const [first = [], ...others] = Object.values(one.origins);
  expect(first.filter((state) => others.every((states) => states.includes(state)))).toEqual([]);
});

describe.each(kinds)(
  'the machine of a $name, from: $from',
  async ({ machine, input, spoil, from, unentered }) => {
    const { States } = await readDefinition(machine.definition);
    const states = Object.keys(States).filter((state) => !unentered.includes(state));
    const isTask = (state: string) => States[state]?.Type === 'Task';
    const isEnd = (state: string) => ['Succeed', 'Fail'].includes(States[state]?.Type ?? '');
    const phases = states.filter(isTask);

    /**
     * Runs the machine as far as this state and no further: before its effect, or right after it. Waits and choices have none of
     * their own, so these are stopped as they, or what follows them, are entered.
     * @returns was the state reached?
     */
    const runUntil = async (model: ModelWorld, name: string, stop: string, when: When): Promise<boolean> => {
      const stopped = Promise.withResolvers<boolean>();
      let isStopped = false;
      const stopHere = () => {
        isStopped = true;
        stopped.resolve(true);
      };
      let isInside = false;
      const execution = await startMachine(machine, {
        name,
        input,
        waitMs: 1,
        world: model.world,
        onState: (state) => {
          if (isTask(stop)) return;
          if (isInside || (state === stop && when === 'before')) stopHere();
          isInside = state === stop;
        },
        aroundTask: async (state, run) => {
          // Until then the states before this one have been seen to be entered.
          await nextTurn();
          if (isStopped) return never;
          if (state !== stop) return run();
          if (when === 'after') await run();
          stopHere();
          return never;
        },
      });
      const ended = execution.finished.then(() => isInside && isEnd(stop));
      return Promise.race([stopped.promise, ended]);
    };

    /** The last phase that is over by then made this. */
    const expectedLeft = (state: string, when: When): number | undefined => {
      if (!isTask(state) || state === phases.at(-1)) return undefined;
      const over = phases.indexOf(state) - (when === 'before' ? 1 : 0);
      const isOver = (phase: string) => phases.includes(phase) && over >= phases.indexOf(phase);
      if (isOver('TearDown')) return undefined;
      const creating = ['TakeSnapshot', 'RestoreCluster', 'AddWriter'];
      return creating.filter(isOver).length;
    };

    test.each(states.flatMap((state) => [[state, 'before'] as const, [state, 'after'] as const]))(
      'stopped at %s, %s its effect: the sweeps leave nothing of the job, and touch nothing else',
      async (state, when) => {
        const model = makeModelWorld(from);
        const stranger = await addStranger(model);
        const others = async () => [
          await model.aurora.findCluster(stranger),
          await model.aurora.listInstances('prod-shop'),
          await listSnapshots(model),
        ];
        const before = await others();
        const name = `local-${state.replace(/\W/g, '')}-${when}`;
        // Only an execution that fails comes to its failed end.
        if (States[state]?.Type === 'Fail') spoil(model.world);

        expect(await runUntil(model, name, state, when)).toBe(true);
        const expected = expectedLeft(state, when);
        if (expected !== undefined) expect(await findLeft(model, name)).toHaveLength(expected);
        await sweepUntilGone(model);
        await settle(model);

        expect(await findLeft(model, name)).toEqual([]);
        expect(await others()).toEqual(before);
        const { clusters } = await model.aurora.listClusters();
        expect(clusters.map(({ identifier }) => identifier).sort()).toEqual([stranger, 'prod-shop']);
        const own = Object.values(targetOf(name));
        expect(model.changes.filter((change) => !own.includes(change.split(' ')[1] ?? ''))).toEqual([]);
      },
    );
  },
);
