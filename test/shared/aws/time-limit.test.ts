import { afterEach, expect, test, vi } from 'vitest';
import { withinSeconds } from '../../../shared/aws/time-limit.ts';
import { type Reports, untilAborted } from '../../../shared/history/reports.ts';

// Fake timers leave node:timers/promises alone.
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

afterEach(() => vi.useRealTimers());

test('work that ends in time: waited for, and no timer is left', async () => {
  vi.useFakeTimers();
  await withinSeconds(15, 'filing', async () => {});
  expect(vi.getTimerCount()).toBe(0);
});

test('work that fails: its own error', async () => {
  await expect(withinSeconds(15, 'filing', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('work that takes longer: OutOfTime, and it begins no more', async () => {
  vi.useFakeTimers();
  const written: string[] = [];
  const reports = {
    write: async (key: string) => {
      written.push(key);
      await sleep(10_000);
    },
  } as unknown as Reports;
  const work = async (signal: AbortSignal) => {
    const { write } = untilAborted(reports, signal);
    for (const key of ['first', 'second', 'third']) await write(key, '');
  };
  const asked = expect(withinSeconds(15, 'filing', work)).rejects.toMatchObject({
    name: 'OutOfTime',
    summary: 'filing took longer than 15 s',
  });
  await vi.advanceTimersByTimeAsync(15_000);
  await asked;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(written).toEqual(['first', 'second']);
});
