import type { Table } from './tables.ts';

/**
 * The port to a database: read-only sessions that answer the checks' questions.
 * Implementations: `postgres/reader.ts` and `mysql/reader.ts`, in AWS and on this machine.
 */
export type Database = {
  /** Opens sessions at one address. DatabaseUnreachable or DatabaseDenied on failure. */
  open(address: DatabaseAddress, options: ReaderOptions): Promise<Reader>;
};

/** `engine` as RDS calls it: aurora-postgresql or aurora-mysql. */
export type DatabaseAddress = { engine: string; host: string; port: number; database: string; user: string };

export type ReaderOptions = {
  /** The most sessions, and so the most questions that are answered side by side. */
  sessions: number;
  /** The time left for all questions, in milliseconds. No statement runs longer. */
  remainingMs: () => number;
};

/**
 * Sessions that read one state of the database. They cannot write, wait long for a lock, or run on unnoticed. Questions
 * may be asked all at once: each waits for a free session, and a session holds the answer to one statement at most.
 * OutOfTime when the time is up, DatabaseFailure for what the server refuses.
 */
export type Reader = {
  /** The server's own clock, in milliseconds since 1970. */
  readClock(): Promise<number>;
  /** How far the server is behind its writer, in milliseconds. 0 on a writer, and where Aurora does not tell. */
  readLag(): Promise<number>;
  /**
   * Waits until the server's clock reads this time (0: no wait), and takes the snapshot that all later questions see.
   * Where sessions cannot share one (MySQL), each takes its own, none before that time.
   * @returns the server's clock after the last snapshot, in milliseconds since 1970
   */
  openSnapshot(notBeforeMs: number): Promise<number>;

  /**
   * Where the snapshot is in the order of all transactions, for `Span`. Null where the engine cannot tell later which rows
   * and definitions were written since (MySQL).
   */
  readMark(): Promise<Mark | null>;
  /**
   * Waits until the server's clock reads this time (0: no wait), and tells how far writing has got by then. Asked before the
   * first snapshot. Afterwards it tells of the snapshot.
   */
  readProgress(tables: readonly Table[], notBeforeMs: number): Promise<Progress>;
  /** How often definitions have changed. */
  countChanges(): Promise<ChangeCount>;
  /**
   * Every user table and every materialized view, in order of name. Left out: other views, foreign tables, tables of extensions, the partitions of a
   * partitioned table, and what no restore brings back: temporary, unlogged and in-memory tables.
   */
  listTables(since?: Span): Promise<Table[]>;
  /** Objects other than tables, as texts in no order: extensions, or in MySQL the databases with their collations. */
  listObjects(): Promise<string[]>;
  /** Everything else that is defined: views, functions, grants and so on, in a few statements. */
  listDefinitions(): Promise<Definition[]>;
  /** Counters (sequences, AUTO_INCREMENT) whose next value their column already has, or has passed. */
  listLateCounters(): Promise<LateCounter[]>;
  /**
   * How far counters are, now and not in the snapshot, since no transaction holds them back. Left out: those that start
   * again at their end, those that no restore brings back, and those that the user may not read.
   */
  listCounters(): Promise<Counter[]>;

  /** How much was written so far, by whom, and whether into a binary log. NotSupported by PostgreSQL */
  readLoad(): Promise<Load>;
  /** What would act by itself in a copy, and what of that this user may not see. */
  listSideEffects(): Promise<SideEffects>;

  /** Does it read a large table in pieces of a few seconds by itself? Known from the first snapshot on. */
  cutsTables(): boolean;
  /** Counts rows, and hashes them when asked, by range and bucket. Buckets without a row are left out. */
  readDigest(table: Table, request: DigestRequest): Promise<Bucket[]>;
  /** Values of the first key column that cut the table into about this many equal ranges, or fewer. */
  chooseBounds(table: Table, ranges: number): Promise<string[]>;
  /**
   * Keys and hashes of rows, pack by pack in order of their number. What is read at a time is bounded, whatever the size of
   * the table. Whoever stops early ends the question.
   */
  readRows(table: Table, request: RowsRequest): AsyncIterable<RowPack[]>;
  /** A hash of each of these columns, for each of these keys that has a row. */
  readByKey(table: Table, keys: readonly string[], hashing: Hashing): Promise<Map<string, string[]>>;
  /** Ranges of about this many rows each, chosen by the seed. The cost does not grow with the table. */
  chooseSamples(table: Table, request: { ranges: number; rows: number; seed: number }): Promise<KeyRange[]>;

  /** How times in a column are to be read. ColumnNotFound. */
  timeColumn(table: Table, column: string): TimeColumn;
  /** How many rows have a time in each of the spans that these moments cut (n moments make n + 1 spans). ColumnNotFound. */
  countByTime(table: Table, column: string, bounds: readonly Moment[]): Promise<TimeCounts>;
  /** The newest time in a column that is not after the instant, or null when there is none. ColumnNotFound. */
  readNewest(table: Table, column: string, instant: Moment): Promise<NewestTime | null>;
  /** The answer of one reading statement, row by row. InvalidPlan for more than `maxAnswerRows` rows. */
  runQuery(sql: string): Promise<Answer>;
  /** Reads every page of a table and its indexes. @returns what is wrong. NotSupported when the server cannot */
  checkIntegrity(table: Table): Promise<string[]>;
  close(): Promise<void>;
};

export const maxAnswerRows = 100;

/** A function may ask questions for this long, of Lambda's 15 minutes. */
export const maxReadingMs = 13.5 * 60_000;

/**
 * One object of a database. `kind` is a plural, such as views; the name is the same in a copy, so it holds no number of the
 * server's own. `isUnread`: the user may not read all of it.
 */
export type Definition = { kind: string; name: string; text: string; isUnread?: boolean };

/**
 * What a server has come to: rows written since it started, at which time of its own clock (milliseconds since 1970), and the
 * other connections now. `consumers`: who reads its binary log; null where this user may not see all of them.
 */
export type Load = {
  atMs: number;
  rowsWritten: number;
  connections: number;
  binlog: { isOn: boolean; consumers: string[] | null };
};

/** A snapshot among all transactions, as the engine writes it. */
export type Mark = string;

/**
 * Numbers that only grow while a server writes, and its clock in milliseconds since 1970: the greatest key of tables that
 * count their rows, by name, and the next transaction (PostgreSQL). A copy has those of the time restored to, but its own
 * transactions go on counting.
 */
export type Progress = { atMs: number; counts: Record<string, number>; transactions?: number };

/** What was written after one snapshot and is seen by a later one of the same server, or of a copy of it. */
export type Span = { from: Mark; to: Mark };

/**
 * How often definitions changed since the server counts: in all, or null where it does not tell, and by renaming tables, if
 * it tells. `trace` differs if something that was changed is still there, or is gone.
 */
export type ChangeCount = { all: number | null; renames: number; trace: string };

/** Every value as the database writes it, in UTC. null is NULL. */
export type Answer = (string | null)[][];

/** An instant in UTC (ISO 8601), and what a wall clock showed then where the column's values come from. */
export type Moment = { utc: string; wallClock: string };

/**
 * `isZoned`: it holds instants; else what a wall clock showed. `unitMs`: to how many milliseconds a time is rounded when it
 * is stored: a day for a date, 0.001 for microseconds.
 */
export type TimeColumn = { name: string; isZoned: boolean; unitMs: number };

/** Rows by span of time, in order. A moment belongs to the span that it begins. `without`: rows without a time. */
export type TimeCounts = { rows: number[]; without: number };

/** The text of a time: with `isZoned` an instant in UTC, else what a wall clock showed. */
export type NewestTime = { text: string; isZoned: boolean };

export type LateCounter = { name: string; table: string; next: string; highest: string };

/**
 * A sequence by its name, or the AUTO_INCREMENT value of a table by the table's. `version` changes when it is made again or
 * altered; undefined where nothing tells. `isRestored`: does a restore bring it back? Not so AUTO_INCREMENT: a restored
 * Aurora MySQL begins after the largest value (Aurora User Guide, "Comparison of Aurora MySQL version 2 and version 3").
 */
export type Counter = {
  name: string;
  next: string;
  version?: string;
  isRising: boolean;
  isRestored: boolean;
};

/**
 * A copy has it too, and there it acts by itself: it changes the copy, reads from production's publishers, or reaches the
 * outside world. Names hold nothing secret.
 */
export type SideEffect = { kind: SideEffectKind; name: string };

export type SideEffectKind =
  | 'subscription'
  | 'pglogical subscription'
  | 'pg_cron job'
  | 'foreign server'
  | 'event'
  | 'replication channel';

/** `unseen`: kinds of which there may be more than the user may see, and why. */
export type SideEffects = { found: SideEffect[]; unseen: { kind: SideEffectKind; reason: string }[] };

/** Rows from one key up to another, which is not included, in the key's own order. null: to the end. Values as texts. */
export type KeyRange = { from: string[]; to: string[] | null };

/**
 * What is read of a table, and how it is told apart.
 * - content: `rows` only counts, `keys` hashes each row's key, `values` hashes every column of each row.
 * - ranges: of the first key column, cut at these bounds (n bounds make n + 1 ranges), or samples of the whole key.
 * - fine: these ranges are split into `resolution` buckets (a power of two) by a hash of the row's key, or of the row
 *   when the table has no key. All other ranges have one bucket, 0.
 * - only: the ranges to read, null for all.
 * - since: tell rows that were written in this span apart. Undefined: do not.
 */
export type DigestRequest = {
  content: 'rows' | 'keys' | 'values';
  ranges: Ranges;
  fine: number[];
  resolution: number;
  only: number[] | null;
  since?: Span | undefined;
  /** Which rows. Undefined: all. */
  where?: Condition | undefined;
} & Hashing;

/**
 * How values are hashed. `columns`: only these, by name, and in this order; undefined for all. `isPortable`: as texts, so
 * that the hashes are the same where types, nullability or the server's version differ. It takes longer. `isKeyless`: as if
 * the table had no key, so that its rows are told apart as a whole.
 */
export type Hashing = { columns?: string[]; isPortable?: boolean; isKeyless?: boolean };

/**
 * Rows whose column holds a time from one moment on (included) up to another (not included), or no time at all: ColumnNotFound
 * where the column holds no times. Or those that meet an expression, which somebody wrote and which was found to be one.
 */
export type Condition = TimeCondition | { expression: string };
export type TimeCondition =
  | { column: string; from?: Moment | undefined; before?: Moment | undefined }
  | { column: string; isNull: true };

/**
 * - content: `values` hashes every column of each row, `keys` its key alone, as in a digest.
 * - range: one range of `ranges`; `bounds` that is empty for the whole table.
 * - buckets: of `resolution` buckets by the hash of the key, as in a digest, only these. Null for all.
 * - packs: how many packs the rows go to, by the same hash: a power of two.
 */
export type RowsRequest = {
  content: 'keys' | 'values';
  ranges: Ranges;
  range: number;
  buckets: number[] | null;
  resolution: number;
  packs: number;
  where?: Condition | undefined;
} & Hashing;

/** Rows of one pack, in no order: each a line of its hash and, if the table has one, its key (`row-lines.ts`). */
export type RowPack = { pack: number; lines: string[] };

export type Ranges = { kind: 'bounds'; bounds: string[] } | { kind: 'samples'; samples: KeyRange[] };

/**
 * `hash`: the sum of the rows' 64-bit hashes, modulo 2^64. Order does not matter, and duplicates do not cancel out.
 * `fresh`: those of them that were written in the span asked for, if any were.
 */
export type Bucket = { range: number; bucket: number } & RowSum & { fresh?: RowSum };
export type RowSum = { rows: number; hash: bigint };
