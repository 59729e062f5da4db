import { expect, test } from 'vitest';
import { DrillError, type ErrorName, errorCatalog } from '../../../shared/errors.ts';
import { judge } from '../../../shared/truth/unreadable.ts';
import { makeCheck } from '../drill/state-fixture.ts';

const { verdict: _verdict, reason: _reason, ...check } = makeCheck();
const fail = (error: unknown) => judge(check, () => Promise.reject(error));

test('checks that can be done: handed on as they are', async () => {
  const done = [makeCheck(), makeCheck({ verdict: 'failed' })];
  expect(await judge(check, async () => done)).toBe(done);
});

const failed: ErrorName[] = ['DatabaseFailure', 'DatabaseDenied', 'ColumnNotFound', 'InvalidPlan'];
const skipped: ErrorName[] = ['OutOfTime', 'NotSupported'];

test.each(failed)('%s: a finding, since the copy does not hold what it should', async (name) => {
  const [finding, ...others] = await fail(new DrillError(name, 'as it was seen'));
  expect(finding).toEqual({ ...check, verdict: 'failed', reason: 'it cannot be read: as it was seen' });
  expect(others).toEqual([]);
});

test.each(skipped)('%s: skipped with the reason, since it says nothing about the copy', async (name) => {
  const [finding] = await fail(new DrillError(name, 'as it was seen'));
  expect(finding).toEqual({ ...check, verdict: 'skipped', reason: 'as it was seen' });
});

const others = (Object.keys(errorCatalog) as ErrorName[]).filter(
  (name) => ![...failed, ...skipped].includes(name),
);

test.each(others)('%s: thrown, so that it is no verdict on the copy', async (name) => {
  await expect(fail(new DrillError(name, 'as it was seen'))).rejects.toMatchObject({ name });
});

test('a defect of ours: thrown', async () => {
  await expect(fail(new TypeError('undefined is no function'))).rejects.toMatchObject({ name: 'TypeError' });
});
