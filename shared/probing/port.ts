import type { DatabaseAddress } from '../database/port.ts';
import type { Catalog } from '../rehearsal/catalog.ts';
import type { StatementMeasured } from '../rehearsal/measured.ts';

/**
 * The port to a copy on which a change is run and measured. It knows the engine and nothing of how a rehearsal goes; `run.ts`
 * knows that, and no SQL. Implementations: `postgres/server.ts` and `mysql/server.ts`.
 */
export type Probing = {
  /** Signs in and reads the catalog. DatabaseUnreachable or DatabaseDenied on failure. */
  open(target: Target): Promise<ProbedServer>;
};

/** Every session goes to this `ip`; TLS verifies the name. */
export type Target = DatabaseAddress & { ip: string };

/** Tables are named as in the catalog. A table keeps its name here when the change renames it. */
export type ProbedServer = {
  engine: string;
  version: string;
  catalog: Catalog;
  /** What this server can tell of no statement, and why. Sentences. */
  notMeasured: string[];
  conflicts: Conflicts;
  /** The one session of the change. Its looks are at these tables. */
  openChange(tables: readonly string[]): Promise<ChangeSession>;
  /** A session of its own that tries, again and again, what an application would do. Null: this kind of table has no such use. */
  openProbe(table: string, kind: ProbeKind): Promise<Probe | null>;
  /** A session that has read each of these tables, and whose transaction stays open until `end`. */
  openContender(tables: readonly string[]): Promise<Contender>;
  /** Asks the running statement to end, from another session. */
  cancel(): Promise<void>;
  /** Ends the session of the change, whatever it does. */
  terminate(): Promise<void>;
  /** The locks that the session of the change holds and waits for now, seen from another session. */
  readLocks(): Promise<LockNow[]>;
  /** Ends every session. */
  close(): Promise<void>;
};

/** `row`: a write of one row, of some that lie spread over the table. It waits for locks of rows too. */
export type ProbeKind = 'read' | 'write' | 'row';

/**
 * - attempt: gets through, or waits, for a row without any other lock. It changes nothing, and fires no trigger. A table that is
 *   gone lets it through.
 * - close: ends the session.
 */
export type Probe = { attempt(): Promise<void>; close(): Promise<void> };

/** `tables`: those that it could read. */
export type Contender = { tables: string[]; end(): Promise<void> };

/** Modes of locks on a table, as `LockNow` calls them, that each kind of probe has to wait for, or may have to. */
export type Conflicts = Record<ProbeKind, readonly string[]>;

/**
 * `relation`: null when it waits for something that is no relation, such as a row. `table`: whose users have to wait for this lock;
 * of an index, its table.
 */
export type LockNow = { relation: string | null; table: string | null; mode: string; isGranted: boolean };

/**
 * The session that runs the change, as a client of production would. For each statement: `prepare`, `execute`, `conclude`.
 * A statement that stands alone may be run in a transaction of its own, so that its locks are seen before they go.
 */
export type ChangeSession = {
  /** Looks before the statement. */
  prepare(statement: Statement): Promise<Look>;
  /** Runs the statement alone. @returns why it did not run, or null */
  execute(): Promise<Refusal | null>;
  /**
   * Looks after the statement, while its locks are held if its transaction is still open. A transaction of its own is
   * committed, which may be refused, and a failed transaction is rolled back.
   */
  conclude(): Promise<Concluded>;
  /** Whether a transaction of the script is open. */
  isInTransaction(): boolean;
  /** Ends a transaction that is still open, and does nothing else. */
  rollBack(): Promise<void>;
};

/** A statement of the change. `isInTransaction`: of the script's, `begin` and `commit` too. `tables`: those it touches. */
export type Statement = Pick<StatementMeasured, 'number' | 'line' | 'sql' | 'isInTransaction' | 'views'> & {
  tables: readonly string[];
};

/** `isLockTimeout`: it gave up waiting for a lock, as its session was told to. */
export type Refusal = { message: string; code: string; isLockTimeout: boolean };

/** `look`: null when the session has ended, or cannot look any more: then `notMeasured` says why. */
export type Concluded = {
  look: Look | null;
  refusal: Refusal | null;
  algorithm: StatementMeasured['algorithm'];
  /** What could not be measured of this statement, and why. Sentences. */
  notMeasured: string[];
};

/** What stands at one moment, as the session of the change sees it. Null: this server does not tell. */
export type Look = {
  /** Tables that are gone are left out. */
  tables: ReadonlyMap<string, TableLook>;
  /** That the session holds. */
  locks: LockNow[];
  /** Bytes of log that were ever written. */
  logPosition: number | null;
  /** What is not valid, such as "index public.i of public.t". */
  invalid: string[];
};

/** `storage` is another after a rewrite. `rowsScanned`: by reading the table from end to end, ever. */
export type TableLook = {
  storage: string | null;
  bytes: number | null;
  indexBytes: number | null;
  rowsScanned: number | null;
};
