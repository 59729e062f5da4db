import type { CopyKind } from '../aurora/port.ts';

/** Every way back from an accident, in the order in which they are shown. */
export const waysBack = ['point-in-time', 'snapshot', 'clone', 'backtrack', 'extract'] as const;
export type WayBack = (typeof waysBack)[number];

/** One way back, judged by the facts. Texts are for people. */
export type Way = {
  name: WayBack;
  isPossible: boolean;
  /** Why it is possible or not, one sentence. */
  why: string;
  /** What is missing of the time asked for, in seconds; null if it cannot be known. */
  loss: { seconds: number | null; words: string };
  /** The state it leaves production in. */
  production: string;
  /** Expected, from this plan's own drills; null if none measured this way. */
  minutes: number | null;
  /** Of what it adds; null if no price is known. */
  costAnHour: { low: number; high: number; currency: string } | null;
};

/** What a recovery does: where the rows come from, and the time that they are of. */
export type Choice = {
  mechanism: CopyKind;
  /** One sentence. */
  reason: string;
  /** The time that the cluster will have, ISO 8601. Of a clone: when it was decided. */
  reaches: string;
  /** Seconds between the time asked for and that. */
  lossSeconds: number;
} & (
  | {
      mechanism: 'point-in-time';
      /** The backups have yet to reach that time. */
      isAhead: boolean;
      /** Of a deleted source, by which RDS finds its backups; null for one that stands. */
      resourceId: string | null;
    }
  | { mechanism: 'snapshot'; snapshot: string; engineVersion: string }
  | { mechanism: 'clone' }
);

/** What the result, the dry run and the message show first. `choice`: null if nothing is possible. */
export type Advice = {
  /** When the facts were seen, ISO 8601. */
  at: string;
  /** The time asked for; null for the latest. */
  restoreTo: string | null;
  ways: Way[];
  choice: Choice | null;
  /** What to know before it starts, one sentence each. */
  warnings: string[];
};
