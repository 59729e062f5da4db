import { describeError } from '../errors.ts';
import type { LockLog } from './lock-log.ts';
import type { Contender, ProbedServer, Refusal } from './port.ts';
import type { Time } from './time.ts';

/** Looks on while the change runs: at its locks, at the time, and at the contender. */
export type Watch = {
  /** Runs one statement, which is cancelled when the time is up. */
  during(execute: () => Promise<Refusal | null>): Promise<Refusal | null>;
  /** Looks at the locks out of turn. */
  lookNow(): void;
  isTimeUp(): boolean;
  hasCancelled(): boolean;
  /** Whether a contender is still there. If so, it is waited for. */
  outlastContender(): Promise<boolean>;
  /** Why it saw no locks for a while, if so. Sentences. */
  unseen(): string[];
  stop(): Promise<void>;
};

/** Each look stops the server's whole table of locks for a moment. */
const lookEveryMs = 40;

/** A statement that does not heed its cancellation loses its session. */
const graceMs = 5000;

export const startWatch = (
  server: ProbedServer,
  log: LockLog,
  contender: Contender | null,
  { contenderMs, deadlineMs }: { contenderMs: number; deadlineMs: number },
  { nowMs, sleep }: Time,
): Watch => {
  let isStopping = false;
  let isRunning = false;
  let hasCancelled = false;
  let hasTerminated = false;
  let hasContender = contender !== null;
  /** Counted from the first statement. */
  let contenderEndsMs = Number.POSITIVE_INFINITY;
  /** What was asked before a statement began or ended and answered after it tells nothing. */
  let turn = 0;
  let isLooking = false;
  const failures = new Set<string>();

  const lookAtLocks = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      const [asked, atMs] = [turn, nowMs()];
      const locks = await server.readLocks();
      if (isRunning && asked === turn) log.record(atMs, locks);
    } finally {
      isLooking = false;
    }
  };
  const keepFailure = (look: () => Promise<void>): Promise<unknown> =>
    look().catch((error) => failures.add(describeError(error)));
  /** Some statements are over before the next look, so the first looks follow close upon each other. */
  const lookOften = async (): Promise<void> => {
    const own = turn;
    for (let restMs = 1; own === turn && restMs < lookEveryMs; restMs *= 2) {
      await sleep(restMs);
      await keepFailure(lookAtLocks);
    }
  };
  const endContender = async (): Promise<void> => {
    if (!hasContender) return;
    hasContender = false;
    await contender?.end();
  };
  const lookAtTime = async (): Promise<void> => {
    if (nowMs() >= contenderEndsMs) await endContender();
    if (!isRunning || nowMs() < deadlineMs) return;
    if (!hasCancelled) {
      hasCancelled = true;
      await server.cancel();
    } else if (!hasTerminated && nowMs() >= deadlineMs + graceMs) {
      hasTerminated = true;
      await server.terminate();
    }
  };
  const watching = (async () => {
    while (!isStopping) {
      await keepFailure(lookAtLocks);
      await keepFailure(lookAtTime);
      await sleep(lookEveryMs);
    }
  })();

  return {
    during: async (execute) => {
      turn++;
      isRunning = true;
      contenderEndsMs = Math.min(contenderEndsMs, nowMs() + contenderMs);
      void lookOften();
      try {
        return await execute();
      } finally {
        isRunning = false;
        turn++;
      }
    },
    lookNow: () => {
      void keepFailure(lookAtLocks);
    },
    hasCancelled: () => hasCancelled,
    isTimeUp: () => nowMs() >= deadlineMs,
    outlastContender: async () => {
      const wasThere = hasContender;
      while (hasContender) await sleep(lookEveryMs);
      return wasThere;
    },
    unseen: () => [...failures].map((failure) => `locks were not seen all the time: ${failure}`),
    stop: async () => {
      isStopping = true;
      await watching;
      await endContender();
    },
  };
};
