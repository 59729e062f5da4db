import type { PostureRule } from '../plan/posture.ts';

export const postureVerdicts = ['fail', 'unreadable', 'waived', 'pass', 'not-applicable'] as const;

export type PostureVerdict = (typeof postureVerdicts)[number];

/**
 * What one rule came to for one cluster. `expected` and `seen`: in words, null where there is none. `why`: of every verdict
 * but pass and fail, and of a failure whose waiver has ended. `mend`: only of a failure, also a waived one.
 */
export type Finding = {
  rule: PostureRule;
  verdict: PostureVerdict;
  expected: string | null;
  seen: string | null;
  why: string | null;
  mend: Mend | null;
};

/** `command`: to be pasted into a shell; null where nothing mends it in place, and `note` says what does. */
export type Mend = { command: string | null; note: string | null };
