import { describe, expect, test } from 'vitest';
import type { Reader } from '../../../shared/database/port.ts';
import { DrillError } from '../../../shared/errors.ts';
import { watchProgress } from '../../../shared/truth/progress.ts';
import { makeDatabase } from '../../functions/fakes.ts';
import { makePassedDrill } from '../drill/state-fixture.ts';

const { baselineAddress } = makePassedDrill().PrepareDrill;

/** A reader on which each look takes so many milliseconds by its own clock, which begins at 0. */
const watch = async (tookMs: number, countAt: (ms: number) => number, changes: Partial<Reader> = {}) => {
  let nowMs = 0;
  const { database } = makeDatabase(
    {},
    {
      readClock: async () => nowMs,
      readProgress: async (_, notBeforeMs) => {
        nowMs = Math.max(nowMs, notBeforeMs) + tookMs;
        // Lets the test go on.
        await new Promise(setImmediate);
        return { atMs: nowMs, counts: { transactions: countAt(nowMs) } };
      },
      ...changes,
    },
  );
  const reader = await database.open(baselineAddress, { sessions: 1, remainingMs: () => 1000 });
  return watchProgress(reader, [], 2000);
};

describe('production is watched', () => {
  test('every 50 ms, until the clock reads the time asked for', async () => {
    const seen = await (await watch(1, (ms) => ms)).until(200);
    expect(seen.map(({ atMs }) => atMs)).toEqual([1, 52, 103, 154, 205]);
  });

  test('a look that takes long: the next one waits three times as long', async () => {
    const seen = await (await watch(100, (ms) => ms)).until(500);
    expect(seen.map(({ atMs }) => atMs)).toEqual([100, 500]);
  });

  test('nothing is written for a while: the first and the last look tell it all', async () => {
    const seen = await (await watch(0, (ms) => (ms < 300 ? 1 : 2))).until(600);
    expect(seen.map(({ atMs }) => atMs)).toEqual([0, 250, 300, 600]);
  });

  test('a reader that lags shows what its writer had so long ago', async () => {
    const seen = await (await watch(0, (ms) => ms, { readLag: async () => 20 })).until(100);
    expect(seen.map(({ atMs }) => atMs)).toEqual([-20, 30, 80]);
  });

  test('a look fails: what was seen before counts', async () => {
    let looks = 0;
    const seen = await (
      await watch(0, (ms) => ms, {
        readProgress: async () => {
          looks += 1;
          if (looks === 3) throw new DrillError('DatabaseBusy', 'locked');
          return { atMs: 50 * looks, counts: { transactions: looks } };
        },
      })
    ).until(1000);
    expect(seen).toHaveLength(2);
  });

  test('there is nothing to look at: nothing seen', async () => {
    const seen = await (
      await watch(0, () => 0, { readProgress: async () => ({ atMs: 0, counts: {} }) })
    ).until(1000);
    expect(seen).toEqual([]);
  });

  test('stopped: nobody looks any more', async () => {
    let looks = 0;
    const watching = await watch(0, (ms) => {
      looks += 1;
      return ms;
    });
    await watching.stop();
    const seen = looks;
    await new Promise(setImmediate);
    expect(looks).toBe(seen);
  });
});
