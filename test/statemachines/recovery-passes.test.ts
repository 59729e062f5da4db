import { expect, test } from 'vitest';
import { makeRecoveryModel, recoveredOf, recoverOnce } from './recovery-world.ts';

test('a recovery to a time in the window: a protected cluster with a writer and readers stands, and people hear of it twice', async () => {
  const model = makeRecoveryModel();
  const states: string[] = [];
  const { result, hasSucceeded } = await recoverOnce(model, 'local-recover', {
    input: { restoreTo: model.restoreTo, readers: 2, reason: 'a bad update' },
    onState: (state) => states.push(state),
  });

  expect(result.failure).toBeNull();
  expect(hasSucceeded).toBe(true);
  const { cluster, writer } = recoveredOf(model.restoreTo);
  expect(await model.aurora.findCluster(cluster)).toMatchObject({ status: 'available', isProtected: true });
  const instances = await model.aurora.listInstances(cluster);
  expect(instances.map(({ identifier, status }) => [identifier, status])).toEqual([
    [writer, 'available'],
    [`${cluster}-reader-1`, 'available'],
    [`${cluster}-reader-2`, 'available'],
  ]);
  expect(model.messages.map(({ kind }) => kind)).toEqual(['recovery-handed-over', 'recovery-handed-over']);
  expect(model.messages[0]?.happened[0]).toContain('0 of 2 readers ready so far');
  expect(model.filed).toHaveLength(2);
  expect(model.filed.at(-1)).toEqual(result);
  expect(result.restore.reached).toBe(model.restoreTo);
  expect(states).not.toContain('CheckRestorePoint');
  expect(states.indexOf('HandOver')).toBeLessThan(states.indexOf('AddReaders'));
});
