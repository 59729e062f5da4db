import type { DatabaseAddress } from '../database/port.ts';
import type { AskedTable } from '../extraction/input.ts';
import type { NamedSandbox } from '../extraction/sandbox.ts';
import type { CopyProgress, ExtractedTable } from '../extraction/tables.ts';
import type { Packed } from '../job/packing.ts';
import type { Production } from '../job/production.ts';
import type { CopyPieces, Job, StateOf, Trigger, Wait } from '../job/state.ts';
import { stepsWith } from '../job/step.ts';
import type { SideEffectRule } from '../plan/side-effects.ts';
import type { Changes } from '../rows/told-changes.ts';
import type { CheckResult } from '../truth/checks.ts';

/** The state data of an extract. No row is ever in it. */
export type ExtractState = StateOf<ExtractPieces>;

export type ExtractPieces = CopyPieces & {
  PrepareExtract: ExtractPreparation;
  /** `doubt`: what may act in the copy all the same. `tablesNow`: why production has no such tables now. Empty if nothing. */
  AskSides: { doubt: string; tablesNow: string };
  DescribeTables: { summary: string; tables: Packed<ExtractedTable[]> };
  CopyTables: TablesCopied;
  VerifyExtract: ExtractVerification;
  NotifyExtract: { subject: string };
};

/** The job, and what only an extract has. */
export type ExtractPreparation = Job & {
  trigger: Trigger;
  dryRun: boolean;
  restoreTo: string;
  /** The time that the start named, ISO 8601; null for the latest. */
  askedFor: string | null;
  tables: AskedTable[];
  withParents: boolean;
  sandbox: NamedSandbox & { host: string; port: number };
  /** That is made there. */
  schema: string;
  /** What the sandbox must not be: the source, and every other source in plans.yml. */
  production: Production[];
  sourceAddress: DatabaseAddress;
  /** How many ranges are copied side by side, and how many sessions read. */
  sessions: number;
  /** Columns of times, by table, as the plan names them. */
  freshness: Record<string, string>;
  sideEffects: SideEffectRule;
};

/** `summary`: how far the copying is, in words. */
export type TablesCopied = Wait & { summary: string; tables: CopyProgress[] };

export type ExtractVerification = {
  /** The proof and what has changed since, in words. */
  summary: string;
  checks: Packed<CheckResult[]>;
  changes: Packed<Changes>;
};

/** A step of the extract alone. */
export const defineExtractStep = stepsWith<ExtractPieces>();
