import { expect, test } from 'vitest';
import { startMark } from '../../../local/machine/mark.ts';
import { addSeconds, isAfter, toIso } from '../../../shared/instants.ts';
import { settle, sweepWorld } from '../model-world.ts';
import { makeRewindModel, type RewindModel } from './world.ts';

const markOnce = async ({ world }: RewindModel, input: object = {}, name = 'local-mark') =>
  (await startMark({ name, input, waitMs: 1, world })).finished;

test('a mark: the second of the database, a snapshot that is waited for, and inputs that lead back', async () => {
  const model = makeRewindModel();
  const { result, hasSucceeded } = await markOnce(model, { reason: 'before migration 42' });
  expect(result.failure).toBeNull();
  expect(hasSucceeded).toBe(true);
  const { at = '', snapshot } = result.mark ?? {};
  expect(at).toMatch(/:\d\dZ$/);
  expect(snapshot?.identifier).toMatch(/^safety-prod-shop-\d{14}$/);
  expect(snapshot?.expires).toBe(addSeconds(at, 14 * 86_400));
  expect(await model.aurora.findSnapshot(snapshot?.identifier ?? '')).toMatchObject({ status: 'available' });
  expect(model.changes).toEqual([`takeSnapshot ${snapshot?.identifier}`]);
  const { rewind, recover } = result.words?.inputs ?? {};
  expect(JSON.parse(recover ?? 'null')).toMatchObject({ plan: 'shop', restoreTo: at });
  expect(JSON.parse(rewind ?? 'null')).toMatchObject({ plan: 'shop', restoreTo: at });
});

test('without a snapshot: nothing is made, and it is said', async () => {
  const model = makeRewindModel();
  const { result } = await markOnce(model, { snapshot: false });
  expect(result.mark?.snapshot).toBeNull();
  expect(result.words?.notes.join()).toContain('no safety snapshot was taken');
  expect(model.changes).toEqual([]);
});

test('the snapshot fails, or the input is wrong: not marked, and why', async () => {
  const model = makeRewindModel();
  const { aurora } = model.world;
  model.world.aurora = {
    ...aurora,
    findSnapshot: async (name) => {
      const found = await aurora.findSnapshot(name);
      return found && { ...found, status: 'failed' };
    },
  };
  const failed = await markOnce(model);
  expect(failed.hasSucceeded).toBe(false);
  expect(failed.result).toMatchObject({ words: null, failure: { error: 'SnapshotUnusable' } });
  const wrong = await markOnce(model, { expires: 3 }, 'local-wrong');
  expect(wrong.result).toMatchObject({ mark: null, failure: { error: 'InvalidInput' } });
});

test('an expired safety snapshot: the sweeper says how to delete it, and deletes nothing; before, it says nothing', async () => {
  const model = makeRewindModel();
  const { result } = await markOnce(model, { expiresDays: 1 });
  const { identifier = '', expires = '' } = result.mark?.snapshot ?? {};
  expect(isAfter(expires, toIso(model.now()))).toBe(true);
  expect((await sweepWorld(model)).reported).toEqual([]);
  const later = { ...model, world: { ...model.world, now: () => new Date(Date.parse(expires) + 1000) } };
  const { reported, removing } = await sweepWorld(later);
  expect(reported).toEqual([
    {
      snapshot: identifier,
      reason: `${identifier} is a safety snapshot that expired at ${expires}; if nobody needs it: aws rds delete-db-cluster-snapshot --db-cluster-snapshot-identifier ${identifier}`,
    },
  ]);
  expect(removing).toEqual([]);
  await settle(model);
  expect(await model.aurora.findSnapshot(identifier)).toBeDefined();
});
