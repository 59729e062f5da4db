import { describe, expect, test } from 'vitest';
import { readDefinition } from '../../../local/machine/execution.ts';
import { recoverMachine } from '../../../local/machine/recover.ts';
import { settle, sweepUntilGone } from '../model-world.ts';
import { makeRecoveryModel, type RecoveryModel, recoveredOf, recoverOnce, recoverUntil } from './world.ts';

const { States } = await readDefinition(recoverMachine.definition);
const tasks = Object.keys(States).filter((state) => States[state]?.Type === 'Task');

/** A recovery that has to wait for its time enters every state. */
const inputOf = ({ now }: RecoveryModel) => ({
  restoreTo: new Date(Math.floor(now().getTime() / 1000 - 60) * 1000).toISOString().replace('.000Z', 'Z'),
  readers: 2,
});

describe.each(tasks.flatMap((state) => [[state, 'before'] as const, [state, 'after'] as const]))(
  'stopped at %s, %s its effect, then started again with the same input',
  (state, when) => {
    test('ends with exactly one cluster, the same one, and a writer and two readers', async () => {
      const model = makeRecoveryModel();
      const input = inputOf(model);
      await recoverUntil(model, `local-first-${state}-${when}`, input, state, when);
      const { cluster, writer } = recoveredOf(input.restoreTo);
      const made = await model.aurora.findCluster(cluster);

      // A sweep in between finds nothing that it may remove.
      await sweepUntilGone(model);
      const { result } = await recoverOnce(model, `local-second-${state}-${when}`, { input });

      expect(result.failure).toBeNull();
      const { clusters } = await model.aurora.listClusters();
      expect(clusters.map(({ identifier }) => identifier).sort()).toEqual(['prod-shop', cluster]);
      const stands = await model.aurora.findCluster(cluster);
      if (made !== undefined) {
        expect(stands?.createdAt).toBe(made.createdAt);
        expect(result.cluster?.owner).toMatch(/:local-first-/);
      }
      const instances = await model.aurora.listInstances(cluster);
      expect(instances.map(({ identifier }) => identifier).sort()).toEqual(
        [`${cluster}-reader-1`, `${cluster}-reader-2`, writer].sort(),
      );
      await settle(model);
      const verbs = new Set(model.changes.map((change) => change.split(' ')[0]));
      expect([...verbs].sort()).toEqual(['addWriter', 'restoreCluster']);
    });
  },
);

test('two starts at once for the same source and time: one makes the cluster, the other joins it and says whose it is', async () => {
  const model = makeRecoveryModel();
  const both = await Promise.all(['local-one', 'local-other'].map((name) => recoverOnce(model, name)));

  expect(both.map(({ result }) => result.failure)).toEqual([null, null]);
  const { clusters } = await model.aurora.listClusters();
  expect(clusters).toHaveLength(2);
  const owners = both.map(({ result }) => result.cluster?.owner ?? null);
  expect(owners.filter((owner) => owner === null)).toHaveLength(1);
  expect(owners.find((owner) => owner !== null)).toMatch(/:local-(one|other)$/);
});

test('two starts for different times: two clusters', async () => {
  const model = makeRecoveryModel();
  const earlier = new Date(Date.parse(model.restoreTo) - 60_000).toISOString().replace('.000Z', 'Z');
  await Promise.all([
    recoverOnce(model, 'local-one'),
    recoverOnce(model, 'local-other', { input: { restoreTo: earlier } }),
  ]);

  const { clusters } = await model.aurora.listClusters();
  expect(clusters.map(({ identifier }) => identifier).sort()).toEqual(
    ['prod-shop', recoveredOf(earlier).cluster, recoveredOf(model.restoreTo).cluster].sort(),
  );
});
