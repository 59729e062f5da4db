import type { Table } from './tables.ts';

/**
 * The port to a database: read-only sessions that answer the checks' questions.
 * Implementations: `database-postgres.ts` for Aurora PostgreSQL, in AWS and on this machine alike.
 */
export type Database = {
  /** Opens a session. DatabaseUnreachable or DatabaseDenied when that fails. */
  open(address: DatabaseAddress): Promise<Session>;
};

export type DatabaseAddress = { host: string; port: number; database: string; user: string };

/** One read-only session. Nothing in it can write, wait for a lock for long, or run on unnoticed. */
export type Session = {
  /**
   * Opens the one snapshot that all later questions see.
   * With `atWholeSecond` it first waits for a whole second on the server's own clock.
   */
  openSnapshot(options: { atWholeSecond: boolean }): Promise<Snapshot>;
  /**
   * Every user table with its columns, in order of name. Left out: views, foreign tables, the single partitions of a
   * partitioned table, and temporary and unlogged tables, which no restore brings back.
   */
  listTables(): Promise<Table[]>;
  /** The exact number of rows in the snapshot; of all partitions, where there are any. */
  countRows(table: Table): Promise<number>;
  close(): Promise<void>;
};

export type Snapshot = {
  /** The whole second, ISO 8601, by the server's clock, at or just before the snapshot. */
  second: string;
  /** How long after that second the snapshot was taken, in milliseconds. */
  delayMs: number;
};
