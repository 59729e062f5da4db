import type { Answer, Definition, Progress, Reader } from '../database/port.ts';
import { trimStatement } from '../database/read-statement.ts';
import { formatTableName, isView, type Table } from '../database/tables.ts';
import { DrillError, isDrillError } from '../errors.ts';
import type { Checks } from '../plan/plans.ts';
import { countOf, listSome } from '../words.ts';
import {
  type Bracket,
  type BracketReaders,
  type OpenedBracket,
  readLateDefinitions,
  readOthers,
  type Unread,
} from './bracket.ts';
import { notThen } from './checks.ts';
import { type CounterFigures, withoutCounters } from './counter-checks.ts';
import { type DefinitionFigures, summarizeDefinitions } from './definition-checks.ts';
import type { QueryFigures } from './query-checks.ts';
import { shareRoom } from './room-in-state.ts';
import { assertHaveTimes } from './settled-checks.ts';
import { type Change, cameAndWent, compareCounts, findChanges } from './settling.ts';
import { readTable, type TableFigures, unlessUnanswered, withoutRows } from './table-reading.ts';
import { canonicalName, wantedOf } from './wanted.ts';

export type BaselineFigures = {
  tables: TableFigures[];
  objects: string[];
  /** Undefined in executions that began before an upgrade. */
  definitions?: DefinitionFigures;
  /** How far production was at which time around T. */
  progress?: Progress[];
  /** Objects that production made or dropped around T. */
  unsettledObjects?: string[];
  /** Did any definition change around T? `mayHave`: without a trace, as a table that came and went. */
  changes?: { has: boolean; mayHave: boolean };
  /** The counters that are behind their column in production too; null if there was no time to look. */
  lateCounters: string[] | null;
  /** Undefined in executions that began before an upgrade. */
  counters?: CounterFigures;
  queries: QueryFigures[];
};

export type FiguresRequest = {
  checks: Checks;
  defaultSchema: string;
  /** Null if the start named its own time: production's rows and answers of now prove nothing. */
  opened: OpenedBracket | null;
  /** Chooses samples. */
  seed: number;
};

/** "6 tables; 180,051 rows", the rows as of the first reading, where they were read. */
export const describeRows = ({ tables }: BaselineFigures): string => {
  const rows = tables.flatMap((table) => table.rows ?? []);
  const total = rows.reduce((sum, { before }) => sum + before, 0);
  const count = countOf(tables.length, 'table');
  return rows.length === 0 ? count : `${count}; ${total.toLocaleString('en-US')} rows`;
};

/** For whoever looks at the execution: "6 tables; 180,051 rows, 21 of them moved during the instant". */
export const describeFigures = (figures: BaselineFigures): string => {
  const { tables } = figures;
  const rows = tables.flatMap((table) => table.rows ?? []);
  if (rows.length === 0) return describeRows(figures);
  const moved = rows.reduce((sum, row) => sum + Math.max(row.moved, Math.abs(row.after - row.before)), 0);
  const unread = tables.filter((table) => table.unread !== null).map(({ table }) => table);
  return [
    `${describeRows(figures)}, ${moved.toLocaleString('en-US')} of them moved during the instant`,
    ...(unread.length === 0 ? [] : [`not read: ${listSome(unread, 5)}`]),
  ].join('; ');
};

/**
 * The figures of what a plan checks, from production just before and just after the instant.
 * @throws DrillError EmptyDatabase without a user table, TableNotFound or ColumnNotFound when the plan names one that does
 *   not exist, and whatever stops a query of the plan
 */
export const readFigures = async (
  readers: BracketReaders,
  { checks, defaultSchema, opened, seed }: FiguresRequest,
): Promise<BaselineFigures> => {
  const { before, after } = readers;
  const bracket = opened?.bracket ?? null;
  const { tables: listed, known } = await listKnown(readers, opened);
  const tables = chooseTables(listed, checks, defaultSchema);
  assertHaveTimes(before, listed, checks, defaultSchema);
  const room = shareRoom(tables.length);
  const readOne = (table: Table): Promise<TableFigures> => {
    const name = formatTableName(table);
    if (!known.has(name)) return Promise.resolve(withoutRows(table));
    const wanted = wantedOf(checks, name, defaultSchema);
    return readTable(readers, table, { wanted, bracket, seed, room });
  };
  // Queries go first, because they may show that the plan is wrong.
  const queries = await readQueries(readers, checks, bracket);
  const late = await unlessUnanswered(() => before.listLateCounters());
  const [objects, objectsAfter] = await Promise.all([before.listObjects(), after.listObjects()]);
  const figures = await settleInOrder(tables.map(readOne));
  const lateCounters = late?.map(({ name }) => name) ?? null;
  if (opened === null) {
    const others = await readOthers(before);
    const definitions = summarizeBoth(others, others);
    const counters = withoutCounters(notThen);
    return { tables: figures, objects, definitions, lateCounters, counters, queries };
  }
  const lateDefinitions = await readLateDefinitions(after, opened);
  const changes = findChanges(opened.early, lateDefinitions);
  return {
    tables: figures.map((one) => withChange(one, changes.get(one.table) ?? cameAndWent)),
    ...splitObjects(objects, objectsAfter),
    definitions: summarizeBoth(opened.early.others, lateDefinitions.others),
    changes: compareCounts(opened.early.changes, lateDefinitions.changes),
    progress: opened.progress,
    lateCounters,
    counters: opened.counters,
    queries,
  };
};

const summarizeBoth = (early: Definition[] | Unread, late: Definition[] | Unread): DefinitionFigures => {
  if (!Array.isArray(early)) return { kinds: null, ...early };
  if (!Array.isArray(late)) return { kinds: null, ...late };
  return summarizeDefinitions(early, late);
};

/** The tables of either side, in order of name, and the names of those that both readers can read. */
const listKnown = async (
  { before, after }: BracketReaders,
  opened: OpenedBracket | null,
): Promise<{ tables: Table[]; known: Set<string> }> => {
  const [one, other] =
    opened === null
      ? await Promise.all([before.listTables(), after.listTables()])
      : [opened.early.tables, opened.tables];
  const early = new Set(one.map(formatTableName));
  const later = other.filter((table) => !early.has(formatTableName(table)));
  const laterNames = new Set(other.map(formatTableName));
  return {
    tables: opened === null ? one : [...one, ...later],
    known: new Set([...early].filter((name) => laterNames.has(name))),
  };
};

/** A reading of a table that was another one, or rewritten, meanwhile proves nothing. */
export const withChange = (
  figures: TableFigures,
  { unsettled, replaced, hasRemovals }: Change,
): TableFigures => {
  return {
    ...figures,
    ...(replaced === undefined
      ? {}
      : { rows: null, keys: null, values: null, note: null, newest: undefined, unread: replaced }),
    ...(unsettled === undefined ? {} : { unsettled }),
    hasRemovals,
  };
};

export const splitObjects = (
  before: string[],
  after: string[],
): Pick<BaselineFigures, 'objects' | 'unsettledObjects'> => ({
  objects: before.filter((object) => after.includes(object)),
  unsettledObjects: [
    ...before.filter((object) => !after.includes(object)),
    ...after.filter((object) => !before.includes(object)),
  ],
});

/** Waits for all, so that no query is left running. Then throws what the first in order threw. */
export const settleInOrder = async <Value>(promises: Promise<Value>[]): Promise<Value[]> => {
  await Promise.allSettled(promises);
  return Promise.all(promises);
};

/** All tables, or those that the plan names. A materialized view has to be named. */
export const chooseTables = (listed: Table[], checks: Checks, defaultSchema: string): Table[] => {
  const tables = checks.tables === 'all' ? listed.filter((table) => !isView(table)) : listed;
  if (tables.length === 0) throw new DrillError('EmptyDatabase', 'the database has no user table');
  const canonical = (name: string) => canonicalName(name, defaultSchema);
  const names = new Set(tables.map(formatTableName));
  const wanted = checks.tables === 'all' ? names : new Set(checks.tables.map(canonical));
  const named = [...Object.keys(checks.overrides), ...Object.keys(checks.settled ?? {})];
  const absent = [...wanted, ...named.map(canonical)].filter((name) => !names.has(name));
  if (absent.length > 0) {
    throw new DrillError(
      'TableNotFound',
      `production has no table ${absent.join(', ')}; it has ${listSome([...names], 20)}`,
    );
  }
  return tables.filter((table) => wanted.has(formatTableName(table)));
};

/** Runs every query, so that a wrong one is found before anything is restored. */
const readQueries = async (
  { before, after }: BracketReaders,
  { queries }: Checks,
  bracket: Bracket | null,
): Promise<QueryFigures[]> =>
  settleInOrder(
    queries.map(async (query): Promise<QueryFigures> => {
      const isCompared = query.expect === 'same' && bracket !== null;
      const [one, other] = await Promise.all([
        askProduction(before, query),
        isCompared ? askProduction(after, query) : null,
      ]);
      return { name: query.name, before: one, after: other };
    }),
  );

/** @throws DrillError that names the query */
export const askProduction = async (
  reader: Reader,
  { name, sql }: Checks['queries'][number],
): Promise<Answer> => {
  try {
    return await reader.runQuery(trimStatement(sql));
  } catch (error) {
    throw isDrillError(error) ? nameQuery(name, error) : error;
  }
};

const nameQuery = (name: string, error: DrillError): DrillError =>
  new DrillError(error.name, `query "${name}": ${error.summary}`, { hint: error.hint, cause: error });
