import type { LockHeld, Stretch } from '../rehearsal/measured.ts';
import type { LockNow } from './port.ts';

/** `seenMs`: when it was first seen. `table`: as in `LockNow`. */
export type LockRun = LockHeld & { table: string | null; seenMs: number };

/** The change waited for a lock; `table` as in `LockNow`. */
export type LockWait = Stretch & { table: string | null };

export type LockLog = {
  /**
   * What the session of the change holds and waits for at one moment. Moments come in order.
   * @param isRefused whether its statement has failed, so that it did not get what it waited for
   */
  record(atMs: number, locks: readonly LockNow[], isRefused?: boolean): void;
  held: LockRun[];
  waits: LockWait[];
};

type OpenRun = LockRun & Pick<LockNow, 'isGranted'>;

/**
 * Makes stretches of moments. Each begins at the last moment that did not see it, and ends at the first that no longer does,
 * so that it is never told shorter than it was.
 */
export const startLockLog = (): LockLog => {
  const open = new Map<string, OpenRun>();
  const held: LockRun[] = [];
  const waits: LockWait[] = [];
  let lastMs = 0;

  const end = ({ isGranted, ...run }: OpenRun, toMs: number): void => {
    if (isGranted) held.push({ ...run, toMs });
    else waits.push({ table: run.table, fromMs: run.fromMs, toMs });
  };
  /** Held for so short a time after the wait that no look met it. Of an index, not every lock is told. */
  const endMissed = (
    { isGranted, ...run }: OpenRun,
    seen: ReadonlyMap<string, LockNow>,
    toMs: number,
  ): void => {
    const isMissed =
      !isGranted && run.relation === run.table && !seen.has(keyOf({ ...run, isGranted: true }));
    if (isMissed) held.push({ ...run, fromMs: lastMs, seenMs: toMs, toMs });
  };

  return {
    held,
    waits,
    record: (atMs, locks, isRefused = false) => {
      const seen = new Map(locks.map((lock) => [keyOf(lock), lock]));
      for (const [key, run] of open) {
        if (seen.has(key)) continue;
        open.delete(key);
        end(run, atMs);
        if (!isRefused) endMissed(run, seen, atMs);
      }
      for (const [key, lock] of seen) {
        if (open.has(key)) continue;
        const relation = lock.relation ?? '';
        open.set(key, { ...lock, relation, fromMs: lastMs, toMs: atMs, seenMs: atMs });
      }
      lastMs = atMs;
    },
  };
};

const keyOf = ({ relation, mode, isGranted }: LockNow): string => JSON.stringify([relation, mode, isGranted]);
