import {
  buildExtract,
  type ExtractDocument,
  type ExtractOutcome,
  type ExtractSandbox,
  extractPhases,
} from '../extraction/document.ts';
import type { ExtractedTable } from '../extraction/tables.ts';
import { jobId } from '../job/names.ts';
import { unpack } from '../job/packing.ts';
import { triggerOf } from '../job/trigger.ts';
import { glanceAtInput } from '../job/typed-input.ts';
import { type Cost, estimateCost } from '../result/cost.ts';
import { listPhaseTimes } from '../result/phase-times.ts';
import type { Prices } from '../result/prices.ts';
import { measureUse } from '../result/use.ts';
import { dialectOf } from '../sql/tokens.ts';
import { describeTeardown } from '../teardown/outcome.ts';
import { listClusterResources } from '../teardown/resources.ts';
import { listExtractFailures } from './failures.ts';
import type { ExtractState } from './state.ts';
import { extractWorkflow } from './workflow.ts';

/** The document as the state data has it so far. @param endedAt ISO 8601 */
export const documentExtract = (state: ExtractState, endedAt: string, prices: Prices): ExtractDocument => {
  const { execution, PrepareExtract: job, AskSides: asked, VerifyExtract: verified } = state;
  const typed = glanceAtInput(execution.input);
  const isRestored = state.CheckCluster?.status === 'ready';
  return buildExtract({
    id: jobId(execution.id),
    plan: job?.plan ?? typed.plan,
    source: job?.source.identifier ?? null,
    engine: job?.source.engine ?? null,
    trigger: job?.trigger ?? triggerOf(execution.name, typed.reason),
    dryRun: job?.dryRun ?? typed.dryRun,
    restore: {
      restoreTo: job?.askedFor ?? null,
      reached: job !== undefined && isRestored ? job.restoreTo : null,
    },
    copy: state.RestoreCluster?.cluster ?? null,
    sandbox: describeSandbox(state),
    tables: listTables(state),
    checks: verified === undefined ? [] : unpack(verified.checks),
    changes: verified === undefined ? null : unpack(verified.changes),
    tablesNow: asked?.tablesNow ?? '',
    sideEffects: asked?.doubt ?? '',
    phases: listPhaseTimes(state, extractPhases, endedAt),
    teardown: describeTeardown(state),
    resources: listClusterResources(state),
    cost: costOf(state, endedAt, prices),
    startedAt: execution.startedAt,
    endedAt,
    failures: listExtractFailures(state),
  });
};

const describeSandbox = (state: ExtractState): ExtractSandbox | null => {
  const job = state.PrepareExtract;
  if (job === undefined) return null;
  const { name, cluster, host, database } = job.sandbox;
  return { name, cluster, host, database, schema: job.schema, state: judgeSchema(state) };
};

/** A copying that failed may have made the schema. Of one that was refused, PostgreSQL undoes all, and MySQL cannot. */
const judgeSchema = ({
  PrepareExtract: job,
  CopyTables: copied,
  VerifyExtract: verified,
  failures,
}: ExtractState): ExtractSandbox['state'] => {
  if (verified !== undefined) {
    const isWhole = unpack(verified.checks).every(({ verdict }) => verdict !== 'failed');
    return isWhole ? 'complete' : 'incomplete';
  }
  const failed = failures?.CopyTables;
  const isUndone =
    failed?.Error === 'SandboxRefused' && job !== undefined && dialectOf(job.source.engine) === 'postgres';
  const hasBegun = copied !== undefined || (failed !== undefined && !isUndone);
  return hasBegun ? 'incomplete' : 'not made';
};

/** Before the copy was asked, as the input names them. */
const listTables = (state: ExtractState): ExtractOutcome['tables'] => {
  const { PrepareExtract: job, DescribeTables: described, CopyTables: copied } = state;
  const asked = job?.tables ?? [];
  const tables = described === undefined ? asked.map(describeAsked) : unpack(described.tables);
  return tables.map(({ table, where, partitions, leftOut, columns, fixed, key }) => {
    const progress = copied?.tables.find((one) => one.table === table);
    return {
      table,
      where,
      partitions,
      leftOut,
      columns,
      fixed,
      key,
      isParent: asked.every((one) => one.table !== table),
      rows: progress?.rows ?? null,
      bytes: progress?.bytes ?? null,
      ranges: progress === undefined ? null : { done: progress.rangesDone, all: progress.ranges },
    };
  });
};

const describeAsked = ({
  table,
  where,
}: Pick<ExtractedTable, 'table' | 'where'>): Pick<
  ExtractedTable,
  'table' | 'where' | 'partitions' | 'leftOut' | 'columns' | 'fixed' | 'key'
> => ({ table, where, partitions: 'none', leftOut: [], columns: [], fixed: [], key: null });

const costOf = (state: ExtractState, endedAt: string, prices: Prices): Cost => {
  const cost = estimateCost(measureUse(state, extractWorkflow, endedAt), prices);
  const isLocal = state.PrepareExtract?.trigger.kind === 'local';
  return {
    ...cost,
    assumptions: [
      ...(isLocal ? ['nothing was billed: this ran on one machine; the figures are for AWS'] : []),
      ...cost.assumptions,
      'what the sandbox costs is left out: it is there in any case',
    ],
  };
};
