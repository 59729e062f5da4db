import type { Rate } from '../sources/source.ts';

/** What a store of change records holds. The oldest go first. */
export type RecordStore = { createdAt: number; targetSeconds: number; capacity: number };

/**
 * Goes back in time until the store is full, the target is reached, or the cluster did not exist yet. All in milliseconds.
 * @param rates since the creation, in order
 */
export const findEarliest = (store: RecordStore, rates: readonly Rate[], now: number): number => {
  const aim = Math.max(store.createdAt, now - store.targetSeconds * 1000);
  let room = store.capacity;
  let until = now;
  for (const { from, perMs } of rates.toReversed()) {
    const written = (until - from) * perMs;
    if (written > room) return Math.max(until - room / perMs, aim);
    room -= written;
    until = from;
  }
  return aim;
};
