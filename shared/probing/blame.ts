import type { LockRun } from './lock-log.ts';
import type { Conflicts, ProbeKind } from './port.ts';
import type { Wait } from './probers.ts';
import type { Attempt, Seen } from './seen.ts';
import { lengthMs, overlapMs } from './stretches.ts';

export type Blame = {
  waitsOf(attempts: readonly Attempt[]): Wait[];
  locksOf(attempts: readonly Attempt[]): LockRun[];
};

/**
 * Which attempt took each lock, and held each probe up: within a transaction not always the one that runs. It is the first
 * whose lock the probe had to wait for. A lock is seen some milliseconds after it was taken, so one that is seen later counts
 * if it was held for most of the wait. Where there is none, it is the one that ran or was about to.
 */
export const blame = (attempts: readonly Attempt[], { waits, held, conflicts }: Seen): Blame => {
  /** The one that ran then, or the next. */
  const attemptAt = (ms: number): Attempt | undefined =>
    attempts.find(({ toMs }) => ms <= toMs) ?? attempts.at(-1);
  const locksOn = ({ table }: Wait, modes: readonly string[]): LockRun[] =>
    held.filter((lock) => lock.table === table && modes.includes(lock.mode));
  const lockBehind = (wait: Wait, modes: readonly string[]): LockRun | undefined =>
    locksOn(wait, modes).find(({ fromMs, toMs }) => fromMs <= wait.fromMs && wait.fromMs < toMs);
  const lockDuring = (wait: Wait, modes: readonly string[]): LockRun[] =>
    locksOn(wait, modes).filter((lock) => overlapMs([lock], wait) > lengthMs(wait) / 2);
  const culpritOf = (wait: Wait): Attempt | undefined => {
    for (const modes of modesBehind(wait.kind, conflicts)) {
      const lock = lockBehind(wait, modes);
      if (lock !== undefined) return attemptAt(lock.seenMs);
    }
    const later = modesBehind(wait.kind, conflicts).flatMap((modes) => lockDuring(wait, modes));
    return attemptAt(later.toSorted((a, b) => a.fromMs - b.fromMs)[0]?.seenMs ?? wait.fromMs);
  };
  const culprits = waits.map((wait) => ({ wait, attempt: culpritOf(wait) }));
  const takers = held.map((lock) => ({ lock, attempt: attemptAt(lock.seenMs) }));
  const isOne = (own: readonly Attempt[], attempt: Attempt | undefined): boolean =>
    attempt !== undefined && own.includes(attempt);
  return {
    waitsOf: (own) => culprits.filter(({ attempt }) => isOne(own, attempt)).map(({ wait }) => wait),
    locksOf: (own) => takers.filter(({ attempt }) => isOne(own, attempt)).map(({ lock }) => lock),
  };
};

/** Modes of locks that a kind of probe has to wait for, those first that leave no doubt. */
export const modesBehind = (kind: ProbeKind, conflicts: Conflicts): (readonly string[])[] =>
  kind === 'row' ? [conflicts.write, conflicts.row] : [conflicts[kind]];
