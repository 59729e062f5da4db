import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { expect } from 'vitest';

/** An application that asks the same again and again. `stop` tells how long it waited at most, in milliseconds. */
export const startAsking = (client: pg.Client, sql: string): { stop(): Promise<number> } => {
  let isStopping = false;
  let longestMs = 0;
  const asking = (async () => {
    while (!isStopping) {
      const began = performance.now();
      await client.query(sql);
      longestMs = Math.max(longestMs, performance.now() - began);
      await sleep(5);
    }
  })();
  return {
    stop: async () => {
      isStopping = true;
      await asking;
      await client.end();
      return longestMs;
    },
  };
};

/** Within a fifth. */
export const expectWithin = (seen: number, other: number): void => {
  expect(seen).toBeGreaterThan(other * 0.8);
  expect(seen).toBeLessThan(other * 1.2);
};
