import { expect, test } from 'vitest';
import { assertCloneable, listDifferences } from '../../../shared/rehearsing/source.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';
import { makeJob, writer } from './job-fixture.ts';

const source = makeCluster({ cloneGroup: 'g' });
const withClones = (count: number) => ({
  listClusters: async () => ({
    clusters: [
      source,
      ...Array.from({ length: count }, (_, n) => makeCluster({ identifier: `c${n}`, cloneGroup: 'g' })),
    ],
    unreadable: [],
  }),
});

test('14 clones: one more is made', async () => {
  await expect(assertCloneable(withClones(14), source, [writer])).resolves.toBeUndefined();
});

test('15 clones: refused, since the next one would be a full copy', async () => {
  await expect(assertCloneable(withClones(15), source, [writer])).rejects.toMatchObject({
    name: 'TooManyClones',
    summary: expect.stringContaining('15 clusters'),
  });
});

test('a source without an instance: refused, since it cannot be cloned', async () => {
  await expect(assertCloneable(withClones(0), source, [])).rejects.toMatchObject({
    name: 'SourceNotRestorable',
  });
});

const { restore } = makeJob();

test('a clone with all settings of production: no difference', () => {
  expect(listDifferences(source, [writer], { ...restore, instanceParameterGroup: null })).toEqual([]);
});

test('another class, capacity and groups: each is said', () => {
  const changed = {
    ...restore,
    instanceClass: 'db.serverless',
    capacity: { min: 0.5, max: 8 },
    clusterParameterGroup: 'quiet',
    instanceParameterGroup: 'other',
  };
  expect(listDifferences(source, [writer], changed)).toEqual([
    "The clone's instance class is db.serverless, production's is db.r8g.large.",
    "The clone's capacity is 0.5 to 8 ACUs, production's is 0.5 to 32 ACUs.",
    "The clone's cluster parameter group is quiet, production's is app-cluster.",
    "The clone's instance parameter group is other, production's is the default.",
  ]);
});
