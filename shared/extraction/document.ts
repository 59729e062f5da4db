import { type JobFailure, nameFailure } from '../job/failure.ts';
import type { Trigger } from '../job/state.ts';
import type { Cost } from '../result/cost.ts';
import type { DatabaseChanges } from '../rows/database-changes.ts';
import type { Changes } from '../rows/told-changes.ts';
import { dialectOf } from '../sql/tokens.ts';
import type { CheckResult } from '../truth/checks.ts';
import { type BringBack, describeBringBack } from './bring-back.ts';
import type { ExtractedTable } from './tables.ts';

/** The phases of an extract, in order: all task states of the state machine except the last, which writes the document. */
export const extractPhases = [
  'PrepareExtract',
  'AskSides',
  'CheckRestorePoint',
  'RestoreCluster',
  'CheckCluster',
  'AddWriter',
  'CheckWriter',
  'DescribeTables',
  'CopyTables',
  'VerifyExtract',
  'NotifyExtract',
  'TearDown',
  'CheckTeardown',
] as const;

export type ExtractPhase = (typeof extractPhases)[number];
export type ExtractFailure = JobFailure<ExtractPhase | 'ConcludeExtract'>;

/** Public: what one extract did, the same in AWS and on this machine. Instants: ISO 8601, UTC. */
export type ExtractDocument = {
  schema: 'aurora-drills/extract/1';
  id: string;
  job: 'extract';
  /** plan, source and engine are null if it failed before it knew them. */
  plan: string | null;
  source: string | null;
  engine: string | null;
  trigger: Trigger;
  /** The input and the sandbox were checked, and nothing was made. */
  dryRun: boolean;
  verdict: 'passed' | 'failed';
  failure: ExtractFailure | null;
  /** What went wrong after the failure. */
  otherFailures: ExtractFailure[];
  /** `restoreTo`: the time asked for, null for the latest. `reached`: the time that the copy has, null before it is restored. */
  restore: { restoreTo: string | null; reached: string | null };
  /** The copy that the tables came from; null before it was asked for. */
  copy: string | null;
  /** Where the tables are; null before a sandbox was chosen. */
  sandbox: ExtractSandbox | null;
  tables: TableOutcome[];
  /** The tables in the sandbox against the copy. */
  checks: CheckResult[];
  /** In these tables, between the copy and production now; null if nothing was compared. */
  changes: Changes | null;
  /** Of each table that production has changed since, or may have. */
  bringBack: BringBack[];
  /** Why production has no such tables now; empty if it has. The copy decides. */
  tablesNow: string;
  /** What acts in the copy all the same, as the plan accepts; empty if nothing. */
  sideEffects: string;
  phases: { name: ExtractPhase; startedAt: string; endedAt: string; seconds: number }[];
  teardown: { status: 'completed' | 'failed' | 'not-needed' | 'pending'; deleted: string[] };
  resources: ExtractResource[];
  cost: Cost;
  startedAt: string;
  endedAt: string;
};

/**
 * `schema`: that was made there, on MySQL the database; no job ever drops it. `state`: whether all of the tables are in it, and no check failed.
 * `host` is null before it is known.
 */
export type ExtractSandbox = {
  name: string;
  cluster: string;
  host: string | null;
  database: string;
  schema: string;
  state: 'not made' | 'incomplete' | 'complete';
};

/** One table. Rows and bytes that were copied so far; null before the first of them. */
export type TableOutcome = Pick<ExtractedTable, 'table' | 'where' | 'partitions' | 'leftOut'> & {
  /** It was not asked for: a foreign key of another one points to it. */
  isParent: boolean;
  rows: number | null;
  bytes: number | null;
  ranges: { done: number; all: number } | null;
};

/** Null: not known when. */
export type ExtractResource = {
  kind: 'cluster' | 'instance';
  name: string;
  createdAt: string | null;
  deletedAt: string | null;
};

/** What an extract's own states tell of it. The verdict and all words about it follow from that. */
export type ExtractOutcome = Omit<
  ExtractDocument,
  'schema' | 'job' | 'verdict' | 'failure' | 'otherFailures' | 'tables' | 'bringBack'
> & {
  tables: (TableOutcome & Pick<ExtractedTable, 'columns' | 'fixed' | 'key'>)[];
  /** What went wrong, in the order of the phases; checks that failed left out. */
  failures: ExtractFailure[];
};

/** The document as the states have it so far. A check that failed is a failure. */
export const buildExtract = (outcome: ExtractOutcome): ExtractDocument => {
  const { failures, tables, startedAt, endedAt, ...rest } = outcome;
  const differing = findDiffering(outcome);
  const [failure = null, ...otherFailures] = [
    ...failures,
    ...(differing === null ? [] : [differing]),
  ].toSorted(byPhase);
  return {
    schema: 'aurora-drills/extract/1',
    job: 'extract',
    ...rest,
    verdict: failure === null ? 'passed' : 'failed',
    failure,
    otherFailures,
    tables: tables.map(({ columns: _, fixed: __, key: ___, ...table }) => table),
    bringBack: listBringBack(outcome),
    startedAt,
    endedAt,
  };
};

const order: readonly string[] = [...extractPhases, 'ConcludeExtract'];

const byPhase = (one: ExtractFailure, other: ExtractFailure): number =>
  order.indexOf(one.phase) - order.indexOf(other.phase);

const findDiffering = ({ checks }: ExtractOutcome): ExtractFailure | null => {
  const differing = describeDiffering(checks);
  return differing === null ? null : nameFailure('VerifyExtract', 'ExtractDiffers', differing);
};

/** Which tables in the sandbox are not what they were; null if none is. */
export const describeDiffering = (checks: readonly CheckResult[]): string | null => {
  const failed = checks.filter(({ verdict }) => verdict === 'failed');
  const [first] = failed;
  if (first === undefined) return null;
  const others = failed.length > 1 ? `, and ${failed.length - 1} more` : '';
  return `${first.name}: ${first.reason}${others}`;
};

/** Only out of what is whole and verified. Of every table if nobody knows what production has changed. */
const listBringBack = (outcome: ExtractOutcome): BringBack[] => {
  const { tables, sandbox, engine, changes } = outcome;
  if (sandbox === null || sandbox.state !== 'complete' || engine === null) return [];
  if (findDiffering(outcome) !== null) return [];
  const { schema } = sandbox;
  const found = changes?.found ?? null;
  return tables.flatMap((table) => {
    const fate = found === null ? 'kept' : findFate(table.table, found);
    return fate === null ? [] : [describeBringBack(table, { schema, dialect: dialectOf(engine), fate })];
  });
};

/** What became of a table in production; null if all of its rows are as they were. */
const findFate = (name: string, found: DatabaseChanges): 'kept' | 'redefined' | 'dropped' | null => {
  if (found.goneTables.some(({ table }) => table === name)) return 'dropped';
  const changed = found.tables.find(({ table }) => table === name);
  if (changed === undefined) return found.notCompared.some(({ what }) => what === name) ? 'kept' : null;
  const { dropped, added } = changed.redefined;
  return dropped.length + added.length > 0 ? 'redefined' : 'kept';
};
