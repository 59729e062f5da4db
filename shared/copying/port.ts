import type { DatabaseAddress } from '../database/port.ts';
import type { SchemaOrigin } from '../extraction/names.ts';
import type { SandboxServer } from '../extraction/sandbox.ts';
import type { CopyRange, ExtractedTable } from '../extraction/tables.ts';

/**
 * The port that copies tables from a restored copy into a schema of a sandbox. It knows the engine and nothing of how an
 * extract goes; `run.ts` knows that, and no SQL. Rows pass through memory alone.
 * Implementations: `postgres/extraction.ts` and `mysql/extraction.ts`.
 *
 * Each may run twice. DatabaseUnreachable or DatabaseDenied when a side does not let us in, OutOfTime when the time is up.
 */
export type Extraction = {
  /**
   * Reads the catalog of the copy. The tables asked for come first, then their parents, in the order in which they were found.
   * TableNotFound with names that are near, TableNotExtractable with the reason, InvalidInput for a condition that is none.
   */
  describeTables(copy: DatabaseAddress, request: TablesRequest, limits: Limits): Promise<ExtractedTable[]>;
  /** Makes the schema and its empty tables. SandboxRefused when it is there and is not ours. */
  makeSchema(sandbox: Sandbox, tables: readonly ExtractedTable[], limits: Limits): Promise<void>;
  /** Signs in on both sides, as often as ranges are copied side by side. */
  openCopying(
    copy: DatabaseAddress,
    sandbox: Sandbox,
    options: Limits & { sessions: number },
  ): Promise<Copying>;
  /** What its server says of a sandbox, before anything is written there. A schema of this extract's own does not count. */
  inspectSandbox(sandbox: Sandbox, limits: Limits): Promise<SandboxServer>;
  /**
   * Makes what comes after the rows: constraints, indexes, values of sequences, comments, foreign keys. The schema is incomplete
   * until it is verified.
   */
  finish(sandbox: Sandbox, tables: readonly ExtractedTable[], limits: Limits): Promise<void>;
  /** Says in the comment of the schema why it is incomplete; null: all of it is there and was verified. */
  markSchema(sandbox: Sandbox, why: string | null, limits: Limits): Promise<void>;
};

/** No statement runs longer than what is left, in milliseconds. */
export type Limits = { remainingMs: () => number };

/** `origin` stands in the comment of the schema, and tells it from that of another extract. */
export type Sandbox = { address: DatabaseAddress; schema: string; origin: SchemaOrigin };

/** Tables by name, as `formatTableName` writes them. `where`: a condition for the rows of some. `schema`: the sandbox's. */
export type TablesRequest = {
  tables: readonly string[];
  where: Readonly<Record<string, string>>;
  withParents: boolean;
  schema: string;
};

export type Copying = {
  /**
   * The ranges of a table, in order, and what is there of each. They are chosen once and then kept in the sandbox until
   * `finish`, so a later run has the same ones.
   */
  listRanges(table: ExtractedTable): Promise<RangeState[]>;
  /** Copies one range in one transaction, unless it is there already. It may run in several places at once. */
  copyRange(table: ExtractedTable, range: CopyRange): Promise<Copied>;
  close(): Promise<void>;
};

/** `copied`: null while nothing of the range is there. */
export type RangeState = { range: CopyRange; copied: Copied | null };

/** `bytes`: as they went over the network. */
export type Copied = { rows: number; bytes: number };
