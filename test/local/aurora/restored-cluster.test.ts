import { expect, test } from 'vitest';
import { blankCluster } from '../../../local/aurora/descriptions.ts';
import { createRestoredCluster } from '../../../local/aurora/restored-cluster.ts';
import type { Instance } from '../../../shared/aurora/port.ts';
import { until } from '../world.ts';

/** A restored cluster without servers, whose second reader cannot start. */
const makeCluster = () => {
  const calls: string[] = [];
  const events: string[] = [];
  const note = (call: string) => async () => void calls.push(call);
  const restored = createRestoredCluster(
    { ...blankCluster('postgres', 'copy', 5432), status: 'available', writer: 'copy-writer' },
    {
      makeServers: () => ({
        recover: async () => 5433,
        start: note('start'),
        stop: note('stop'),
        setPassword: note('password'),
        addReader: async (identifier) => {
          calls.push(`add ${identifier}`);
          if (identifier === 'copy-two') throw new Error('no space left on device');
        },
        removeReader: async (identifier) => void calls.push(`remove ${identifier}`),
        listReaders: () => [],
        remove: note('remove'),
      }),
      fault: null,
      pendingMs: 0,
      onEvent: (text) => events.push(text),
    },
  );
  const add = async (identifier: string): Promise<string> => {
    const instance: Instance = {
      identifier,
      cluster: 'copy',
      status: 'creating',
      instanceClass: 'db.serverless',
      parameterGroup: null,
    };
    restored.instances.set(identifier, instance);
    restored.startInstance(instance);
    return until(
      async () => instance.status,
      (status) => status !== 'creating',
    );
  };
  return { restored, calls, events, add };
};

test('a writer, then readers of which one cannot start: that one ends as failed and an event says why, the others are available', async () => {
  const { calls, events, add } = makeCluster();
  const statuses = [];
  for (const name of ['copy-writer', 'copy-one', 'copy-two', 'copy-three']) statuses.push(await add(name));
  expect(statuses).toEqual(['available', 'available', 'failed', 'available']);
  expect(calls).toEqual(['start', 'add copy-one', 'add copy-two', 'add copy-three']);
  expect(events).toEqual(['copy-two: no space left on device']);
});

test('the writer deleted before its reader: the cluster answers until the last one goes, and then has no writer', async () => {
  const { restored, calls, add } = makeCluster();
  await add('copy-writer');
  await add('copy-one');
  calls.length = 0;
  restored.stopInstance('copy-writer');
  restored.stopInstance('copy-one');
  await until(
    async () => restored.instances.size,
    (left) => left === 0,
  );
  expect(restored.cluster.writer).toBeNull();
  expect(calls).toEqual(['remove copy-writer', 'remove copy-one', 'stop']);
});
