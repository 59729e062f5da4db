/** What a rehearsal measures of a change, and what the words about it are made of. Plain data. */

/** Milliseconds since the rehearsal began, both ends. */
export type Stretch = { fromMs: number; toMs: number };

/** A lock that the change held, and how long. `relation`: schema.name; `mode`: as the engine calls it. */
export type LockHeld = Stretch & { relation: string; mode: string };

/** The longest wait of any probe, and all stretches in which probes waited. */
export type Blocked = { longestMs: number; stretches: Stretch[] };

/** What one table felt during one statement, and what became of it. */
export type TableMeasured = {
  /** schema.name */
  table: string;
  blockedRead: Blocked;
  blockedWrite: Blocked;
  /** Of these, how much was the queue behind the contender or the load, and not the statement's own hold. */
  queuedMs: number;
  /** Null: not known, and the statement's `notMeasured` says why. So are the three below. */
  isRewritten: boolean | null;
  rowsScanned: number | null;
  growthBytes: number | null;
  indexGrowthBytes: number | null;
  /** Some of its probes did not measure to the end, so others may have waited longer. Left out: all did. */
  isIncomplete?: boolean;
};

/**
 * A view that a statement drops, or gives another definition. `readBy`: other views that read it. `namedBy`: routines and
 * triggers whose text names it, such as "shop.report".
 */
export type ViewChanged = { view: string; isDropped: boolean; readBy: string[]; namedBy: string[] };

export type StatementMeasured = Stretch & {
  /** From 1. */
  number: number;
  /** Where it begins in the script, from 1. */
  line: number;
  /** As it was written. */
  sql: string;
  /** It runs in one transaction with others of the script. */
  isInTransaction: boolean;
  /** How long the statement itself waited for its locks. */
  lockWaitMs: number;
  locks: LockHeld[];
  tables: TableMeasured[];
  /** Left out: none. */
  views?: ViewChanged[];
  logBytes: number | null;
  /** Such as "index public.i of public.t". */
  leftInvalid: string[];
  /** MySQL alone: INSTANT, INPLACE or COPY. */
  algorithm: { took: string; wouldTake: string } | null;
  error: { message: string; code: string; doneBefore: string } | null;
  /**
   * How often the lock timeout of the script ended its wait before it ran: as people would, the rehearsal then lets the
   * contender end and runs it again, from the beginning of its transaction.
   */
  lockTimeouts: number;
  /** The time of the rehearsal was up. */
  isCancelled: boolean;
  /** Sentences. */
  notMeasured: string[];
};

export type ChangeMeasured = {
  engine: string;
  serverVersion: string;
  statements: StatementMeasured[];
  /** Null: none was asked for. `tables`: those that the contender had read when the change began. */
  contender: { seconds: number; tables: string[] } | null;
  /** PostgreSQL lock_timeout or MySQL lock_wait_timeout, as the script sets it; null: not set, or 0. */
  lockTimeoutMs: number | null;
  isFinished: boolean;
};
