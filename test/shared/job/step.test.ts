import { expect, test } from 'vitest';
import { defineStep } from '../../../shared/drill/step.ts';
import { DrillError } from '../../../shared/errors.ts';
import { at, dropPhases, makePassedDrill } from '../drill/state-fixture.ts';

/** A clock that gives these instants one after the other. */
const makeClock = (...instants: string[]) => {
  const left = [...instants];
  return () => new Date(left.shift() ?? Number.NaN);
};

test('a step that runs again: stamped with when this run began and ended, and with all runs together', async () => {
  const step = defineStep('AddWriter', ['PrepareDrill'], async ({ PrepareDrill: drill }) => ({
    instance: drill.target.writer,
  }));
  const now = makeClock(at('08:16:42'), at('08:16:43'));
  expect(await step(makePassedDrill(), { now })).toEqual({
    instance: makePassedDrill().PrepareDrill.target.writer,
    startedAt: at('08:16:42'),
    endedAt: at('08:16:43'),
    passes: 2,
    functionSeconds: 2,
  });
});

test('a step that runs for the first time: one pass', async () => {
  const step = defineStep('NotifyResult', [], async () => ({ subject: 'passed' }));
  const state = dropPhases(makePassedDrill(), 'NotifyResult');
  const now = makeClock(at('08:16:42'), '2026-11-16T08:16:42.250Z');
  expect(await step(state, { now })).toMatchObject({ passes: 1, functionSeconds: 0.25 });
});

test('pieces missing from the state data: UnreadableAnswer that names all of them, and nothing is done', async () => {
  const done: string[] = [];
  const step = defineStep('AddWriter', ['PrepareDrill', 'RestoreCluster', 'CheckCluster'], async () => {
    done.push('AddWriter');
    return { instance: 'drill-app-1f2e3d4c-writer' };
  });
  const state = dropPhases(makePassedDrill(), 'PrepareDrill', 'CheckCluster');
  await expect(step(state, { now: () => new Date() })).rejects.toMatchObject({
    name: 'UnreadableAnswer',
    summary: expect.stringContaining('AddWriter needs PrepareDrill, CheckCluster'),
  });
  expect(done).toEqual([]);
});

test('one piece missing: UnreadableAnswer', async () => {
  const step = defineStep('NotifyResult', ['VerifyRestore'], async () => ({ subject: 'passed' }));
  const state = dropPhases(makePassedDrill(), 'VerifyRestore');
  await expect(step(state, { now: () => new Date() })).rejects.toMatchObject({ name: 'UnreadableAnswer' });
});

test('a step that fails: its own error passes through', async () => {
  const failure = new DrillError('QuotaExceeded', 'restore drill-app: 40 clusters');
  const step = defineStep('NotifyResult', [], async () => {
    throw failure;
  });
  await expect(step(makePassedDrill(), { now: () => new Date() })).rejects.toBe(failure);
});

test('a step that waits within: the end is read from the clock after the work, not before', async () => {
  let present = at('08:16:42');
  const step = defineStep('NotifyResult', [], async () => {
    present = at('08:30');
    return { subject: 'Restore drill passed: app' };
  });
  const piece = await step(makePassedDrill(), { now: () => new Date(present) });
  expect(piece).toMatchObject({ startedAt: at('08:16:42'), endedAt: at('08:30') });
});
