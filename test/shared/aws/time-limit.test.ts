import { afterEach, expect, test, vi } from 'vitest';
import { withinSeconds } from '../../../shared/aws/time-limit.ts';

afterEach(() => vi.useRealTimers());

test('work that ends in time: waited for, and no timer is left', async () => {
  vi.useFakeTimers();
  await withinSeconds(15, 'filing', Promise.resolve());
  expect(vi.getTimerCount()).toBe(0);
});

test('work that fails: its own error', async () => {
  await expect(withinSeconds(15, 'filing', Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('work that takes longer: OutOfTime', async () => {
  vi.useFakeTimers();
  const asked = expect(withinSeconds(15, 'filing', new Promise(() => {}))).rejects.toMatchObject({
    name: 'OutOfTime',
    summary: 'filing took longer than 15 s',
  });
  await vi.advanceTimersByTimeAsync(15_000);
  await asked;
});
