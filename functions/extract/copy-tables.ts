// Called by the state machine in a loop, until all of the tables are in the sandbox, inside the VPC.
// Makes a schema in the sandbox, copies as many rows as fit into one run, and when all are there makes keys and indexes.
// Running it twice copies nothing twice: what is done stands in the schema, written with the rows themselves.
import { iamExtraction } from '../../shared/aws/iam-extraction.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Extraction, Limits } from '../../shared/copying/port.ts';
import { describeProgress } from '../../shared/copying/progress-words.ts';
import { copyTables as copyRanges } from '../../shared/copying/run.ts';
import { maxReadingMs } from '../../shared/database/port.ts';
import { resolveAll } from '../../shared/database/resolved-host.ts';
import { DrillError, isDrillError } from '../../shared/errors.ts';
import { assertApart, copyOf, sandboxOf } from '../../shared/extracting/sides.ts';
import { defineExtractStep, type ExtractPieces, type TablesCopied } from '../../shared/extracting/state.ts';
import type { CopyProgress, ExtractedTable } from '../../shared/extraction/tables.ts';
import { type Clock, countDown, toIso } from '../../shared/instants.ts';
import { unpack } from '../../shared/job/packing.ts';
import type { Resolve } from '../../shared/job/production.ts';
import type { Wait } from '../../shared/job/state.ts';
import type { StateWith } from '../../shared/job/step.ts';
import { untilDeadline } from '../../shared/job/waits.ts';

type Deps = {
  extraction: Extraction;
  resolve: Resolve;
  /** Of one run, in milliseconds. */
  mostMs: number;
  now: Clock;
};

type State = StateWith<ExtractPieces, 'PrepareExtract' | 'CheckCluster' | 'DescribeTables'>;

export const copyTables = defineExtractStep(
  'CopyTables',
  ['PrepareExtract', 'CheckCluster', 'DescribeTables'],
  async (state, deps: Deps): Promise<TablesCopied> => {
    const limits = { remainingMs: countDown(deps.now, deps.mostMs) };
    const tables = unpack(state.DescribeTables.tables);
    await assertApart(state.PrepareExtract, deps.resolve);
    const earlier = state.CopyTables ?? nothingYet;
    try {
      return hasAllRows(earlier.tables)
        ? await finish(state, earlier, tables, limits, deps)
        : await copyOn(state, tables, limits, deps);
    } catch (error) {
      if (!isDrillError(error, 'OutOfTime')) throw error;
      if (error.summary === earlier.reason) throw blameLength(error);
      return { ...earlier, ...goOn(state, error.summary, deps.now) };
    }
  },
);

const nothingYet = { reason: '', summary: 'nothing is copied yet', tables: [] };

/** The same statement a second time: it had a whole run for itself. */
const blameLength = (cause: DrillError): DrillError =>
  new DrillError('DatabaseFailure', `it needs more time than one run of the function has: ${cause.summary}`, {
    hint: 'give the sandbox a larger instance class meanwhile, or extract fewer rows with a condition',
    cause,
  });

const hasAllRows = (tables: readonly CopyProgress[]): boolean =>
  tables.length > 0 && tables.every(({ rangesDone, ranges }) => rangesDone === ranges);

const copyOn = async (
  state: State,
  described: ExtractedTable[],
  limits: Limits,
  { extraction, now }: Deps,
): Promise<TablesCopied> => {
  const job = state.PrepareExtract;
  const sandbox = sandboxOf(job);
  await extraction.makeSchema(sandbox, described, limits);
  const { sessions } = job;
  const copying = await extraction.openCopying(copyOf(state), sandbox, { sessions, ...limits });
  try {
    const { tables } = await copyRanges(copying, described, { sessions, ...limits });
    const reason = hasAllRows(tables) ? 'all rows are there, without keys and indexes' : 'rows are missing';
    return { ...goOn(state, reason, now), summary: describeProgress(tables), tables };
  } finally {
    await copying.close();
  }
};

/** Statement by statement, each once, so that the next run does those for which no time is left. */
const finish = async (
  state: State,
  { tables, summary }: Pick<TablesCopied, 'tables' | 'summary'>,
  described: ExtractedTable[],
  limits: Limits,
  { extraction }: Deps,
): Promise<TablesCopied> => {
  await extraction.finish(sandboxOf(state.PrepareExtract), described, limits);
  return { status: 'ready', reason: 'rows, keys and indexes are there', summary, tables };
};

const goOn = ({ PrepareExtract: { deadline } }: State, reason: string, now: Clock): Wait => {
  const present = toIso(now());
  return untilDeadline(reason, { since: present, deadline, now: present });
};

export const handler = lambdaHandler(copyTables, {
  extraction: iamExtraction(),
  resolve: resolveAll,
  mostMs: maxReadingMs,
  now: systemClock,
});
