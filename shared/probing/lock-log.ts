import type { LockHeld, Stretch } from '../rehearsal/measured.ts';
import type { LockNow } from './port.ts';

/** `seenMs`: when it was first seen. `table`: as in `LockNow`. */
export type LockRun = LockHeld & { table: string | null; seenMs: number };

export type LockLog = {
  /** What the session of the change holds and waits for at one moment. Moments come in order. */
  record(atMs: number, locks: readonly LockNow[]): void;
  held: LockRun[];
  waits: Stretch[];
};

const waiting = 'waiting';

/**
 * Makes stretches of moments. Each begins at the last moment that did not see it, and ends at the first that no longer does,
 * so that it is never told shorter than it was.
 */
export const startLockLog = (): LockLog => {
  const open = new Map<string, LockRun>();
  const held: LockRun[] = [];
  const waits: Stretch[] = [];
  let lastMs = 0;

  const end = (key: string, run: LockRun, toMs: number): void => {
    open.delete(key);
    if (key === waiting) waits.push({ fromMs: run.fromMs, toMs });
    else held.push({ ...run, toMs });
  };

  return {
    held,
    waits,
    record: (atMs, locks) => {
      const seen = new Map(locks.map((lock) => [keyOf(lock), lock]));
      for (const [key, run] of open) if (!seen.has(key)) end(key, run, atMs);
      for (const [key, { relation, table, mode }] of seen) {
        if (open.has(key)) continue;
        open.set(key, { relation: relation ?? '', table, mode, fromMs: lastMs, toMs: atMs, seenMs: atMs });
      }
      lastMs = atMs;
    },
  };
};

const keyOf = ({ relation, mode, isGranted }: LockNow): string =>
  isGranted ? JSON.stringify([relation, mode]) : waiting;
