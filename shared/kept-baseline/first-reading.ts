import type { ChangeCount, Counter, Mark, Progress, Reader } from '../database/port.ts';
import { formatTableName, type Table } from '../database/tables.ts';
import { DrillError } from '../errors.ts';
import type { Checks } from '../plan/plans.ts';
import { readOthers, type Unread } from '../truth/bracket.ts';
import { readCounters, summarizeCounters } from '../truth/counter-checks.ts';
import { type DefinitionFigures, listHashes, withoutNames } from '../truth/definition-checks.ts';
import {
  askProduction,
  type BaselineFigures,
  chooseTables,
  type FiguresRequest,
  settleInOrder,
} from '../truth/figures.ts';
import { lookOnce } from '../truth/progress.ts';
import type { QueryFigures } from '../truth/query-checks.ts';
import { maxCounters, maxFirstBytes, shareRoom } from '../truth/room-in-state.ts';
import { type TableFigures, unlessUnanswered, withoutRows } from '../truth/table-reading.ts';
import { wantedOf } from '../truth/wanted.ts';
import { countOf } from '../words.ts';
import { fitShelf, mostBucketsIn, openShelf, type Shelf, type Shelved } from './buckets.ts';
import { type FirstTable, nextOf, readTableOnce } from './first-table.ts';

/**
 * Production once, for a copy of a time that comes later. No session lasts until the second reading, so the buckets are
 * chosen beforehand, as many as fit the state data.
 */
export type FirstFigures = {
  /** The server's clock at the snapshot, in milliseconds since 1970. */
  takenMs: number;
  mark: Mark | null;
  /** How far production was. */
  looks: Progress[];
  changes: ChangeCount;
  tables: FirstTable[];
  objects: string[];
  definitions: DefinitionFigures;
  counters: Counter[] | Unread;
  /** How many more counters there are than fit. */
  countersLeft: number;
  lateCounters: string[] | null;
  queries: QueryFigures[];
};

/** `bytesOf`: what a value takes of the state data, packed. */
export type FirstRequest = Omit<FiguresRequest, 'opened'> & { bytesOf: (value: unknown) => number };

type Whole = Omit<FirstFigures, 'tables'> & { tables: FirstTable<Shelved>[] };

/**
 * Reads what a plan checks. completeFigures completes it.
 * @throws DrillError BaselineTooLarge when it does not fit into the state data, and what readFigures throws
 */
export const readFirst = async (reader: Reader, request: FirstRequest): Promise<FirstFigures> => {
  const { checks, defaultSchema, seed } = request;
  const takenMs = await reader.openSnapshot(0);
  const mark = await reader.readMark();
  const counters = await readCounters(reader);
  const changes = await reader.countChanges();
  const chosen = chooseTables(await reader.listTables(), checks, defaultSchema);
  const others = await readOthers(reader);
  const looks = await lookOnce(reader, chosen, takenMs);
  const shelf = openShelf(mostBucketsIn(maxFirstBytes));
  const room = shareRoom(chosen.length);
  // Queries go first, because they may show that the plan is wrong.
  const queries = await readAnswers(reader, checks);
  const late = await unlessUnanswered(() => reader.listLateCounters());
  const objects = await reader.listObjects();
  const readOne = (table: Table): Promise<FirstTable<Shelved>> => {
    const wanted = wantedOf(checks, formatTableName(table), defaultSchema);
    const next = mark === null ? nextOf(table, counters) : undefined;
    return readTableOnce(reader, table, { wanted, seed, room, shelf, takenMs, next });
  };
  const tables = await settleInOrder(chosen.map(readOne));
  const whole: Whole = {
    takenMs: Math.round(takenMs),
    mark,
    looks,
    changes,
    tables,
    objects,
    definitions: Array.isArray(others) ? listHashes(others) : { kinds: null, ...others },
    counters: Array.isArray(counters) ? counters.slice(0, maxCounters) : counters,
    countersLeft: Array.isArray(counters) ? Math.max(0, counters.length - maxCounters) : 0,
    lateCounters: late?.map(({ name }) => name) ?? null,
    queries,
  };
  return fitAll(fitRest(whole, request), shelf, request);
};

const readAnswers = (reader: Reader, { queries }: Checks): Promise<QueryFigures[]> =>
  settleInOrder(
    queries.map(async (query) => ({
      name: query.name,
      before: await askProduction(reader, query),
      after: null,
    })),
  );

/** Rows matter more: the rest may take so many bytes. */
const maxRestBytes = maxFirstBytes / 2;

const fitRest = (whole: Whole, { bytesOf }: FirstRequest): Whole => {
  const unnamed = { ...whole, definitions: withoutNames(whole.definitions) };
  const least = { ...unnamed, counters: { unread: 'they do not fit into the state data' }, countersLeft: 0 };
  return [whole, unnamed].find((one) => bytesOf(one) <= maxRestBytes) ?? least;
};

const fitAll = (whole: Whole, shelf: Shelf, { bytesOf }: FirstRequest): FirstFigures => {
  const take = () => ({ ...whole, tables: whole.tables.map(takeDown) });
  const { figures, bytes } = fitShelf(shelf, maxFirstBytes, take, bytesOf);
  if (bytes <= maxFirstBytes) return figures;
  const tables = countOf(whole.tables.length, 'table');
  const seen = `the figures of ${tables} take ${bytes} bytes, and ${maxFirstBytes} fit`;
  throw new DrillError('BaselineTooLarge', seen);
};

const takeDown = ({ keys, values, ...table }: FirstTable<Shelved>): FirstTable => ({
  ...table,
  keys: keys && { ...keys, buckets: keys.buckets.kept() },
  values: values && { ...values, buckets: values.buckets.kept() },
});

/** A baseline of which nothing can be compared yet. */
export const nothingYet: BaselineFigures = { tables: [], objects: [], lateCounters: null, queries: [] };

/** What a first reading alone tells: which checks there will be, and how many rows there were. */
export const toPlanned = (first: FirstFigures): BaselineFigures => {
  const { objects, definitions, lateCounters, counters, looks, queries } = first;
  return {
    tables: first.tables.map(toTable),
    objects,
    definitions,
    lateCounters,
    counters: summarizeCounters(counters, counters),
    progress: looks,
    queries,
  };
};

const toTable = (first: FirstTable): TableFigures => {
  const { table, unread, note, newest } = first;
  const rows = countRows(first);
  return {
    ...withoutRows(table),
    rows: rows === null ? null : { before: rows, after: rows, moved: 0 },
    unread,
    note,
    newest,
  };
};

/** Null where samples alone were read, or nothing. */
const countRows = ({ count, keys, values }: FirstTable): number | null => {
  const whole = keys ?? (values?.seed === null ? values : null);
  return count ?? whole?.buckets.rows.reduce((sum, rows) => sum + rows, 0) ?? null;
};
