import { expect, test } from 'vitest';
import { addWriter } from '../../../functions/copy/add-writer.ts';
import type { Aurora, Instance, WriterRequest } from '../../../shared/aurora/port.ts';
import { makeDrillUpTo, makePassedDrill } from '../../shared/drill/state-fixture.ts';
import { clockAt, failWith, makeAurora, makeInstance } from '../fakes.ts';

const drill = makePassedDrill().PrepareDrill;
const { cluster, writer } = drill.target;

const add = (verbs: Partial<Aurora>) =>
  addWriter(makeDrillUpTo('CheckCluster'), { aurora: makeAurora(verbs), now: clockAt('08:16:42') });

/** The name is taken. These are the instances of each cluster. */
const addOnto = (instances: Record<string, Instance[]>) =>
  add({
    addWriter: failWith('TargetNameTaken'),
    listInstances: async (identifier) => instances[identifier] ?? [],
  });

test('nothing of that name: one request with class, parameter group and tags of the drill', async () => {
  const requests: WriterRequest[] = [];
  const piece = await add({ addWriter: async (request) => void requests.push(request) });
  expect(piece.instance).toBe(writer);
  expect(requests).toEqual([
    {
      cluster,
      identifier: writer,
      engine: 'aurora-postgresql',
      instanceClass: 'db.serverless',
      parameterGroup: 'app-instance',
      tags: drill.tags,
    },
  ]);
});

test("instance of that name in the drill's own cluster: a success", async () => {
  const instances = { [cluster]: [makeInstance('by-hand'), makeInstance(writer)] };
  expect((await addOnto(instances)).instance).toBe(writer);
});

test.each([
  ['in another cluster', { 'prod-aurora-main': [makeInstance(writer)] }],
  [
    'in another cluster, ours has others',
    { other: [makeInstance(writer)], [cluster]: [makeInstance('by-hand')] },
  ],
])('instance of that name %s: TargetNameTaken', async (_condition, instances) => {
  await expect(addOnto(instances)).rejects.toMatchObject({ name: 'TargetNameTaken' });
});

test('request refused for another reason: its error passes through, and nothing is looked up', async () => {
  const verbs = { addWriter: failWith('CapacityUnavailable') };
  await expect(add(verbs)).rejects.toMatchObject({ name: 'CapacityUnavailable' });
});
