import type { Bracket } from './bracket.ts';
import { canonicalName, type Wanted, wantedOf } from './checks.ts';
import type { Answer, Reader } from './database.ts';
import type { DigestFigures } from './digest.ts';
import {
  type BracketReaders,
  chooseRanges,
  countTable,
  type RowFigures,
  readBracketed,
} from './digest-reading.ts';
import { DrillError, describeError, isDrillError } from './errors.ts';
import { momentOf, readNewestTime } from './freshness.ts';
import type { Checks } from './plan.ts';
import type { QueryFigures } from './query-checks.ts';
import { trimStatement } from './read-statement.ts';
import { formatTableName, type Table } from './tables.ts';
import { countOf, listSome } from './words.ts';

/** `table` as formatTableName writes it; the rest as in Table. */
export type TableSchema = { table: string; columns: string[]; objects: string[] };

/** What the baseline knows of one table. Null is what it was not asked for, or could not do. */
export type TableFigures = TableSchema & {
  rows: RowFigures | null;
  keys: DigestFigures | null;
  values: DigestFigures | null;
  /** Why the values cannot be sampled, so that all were read. */
  note: string | null;
  /** Why rows or values that the plan asks for are null. */
  unread: string | null;
  /** The newest time of the freshness column, ISO 8601; null where it is empty or not asked for. */
  newest: string | null;
};

export type BaselineFigures = {
  tables: TableFigures[];
  objects: string[];
  /** The counters that are behind their column in production too. */
  lateCounters: string[];
  queries: QueryFigures[];
};

export type FiguresRequest = {
  checks: Checks;
  defaultSchema: string;
  /** Null: the start named its own time, so production's rows and answers of now prove nothing. */
  bracket: Bracket | null;
  /** Chooses samples. */
  seed: number;
};

/** In words, for whoever looks at the execution: "6 tables, 180,051 rows, 99.9 % of them still during the instant". */
export const describeFigures = ({ tables }: BaselineFigures): string => {
  const count = countOf(tables.length, 'table');
  const rows = tables.flatMap((table) => table.rows ?? []);
  if (rows.length === 0) return count;
  const total = rows.reduce((sum, { before }) => sum + before, 0);
  const moved = rows.reduce((sum, row) => sum + Math.max(row.moved, Math.abs(row.after - row.before)), 0);
  const unread = tables.filter((table) => table.unread !== null).map(({ table }) => table);
  return [
    count,
    `${total.toLocaleString('en-US')} rows, ${moved.toLocaleString('en-US')} of them moved during the instant`,
    ...(unread.length === 0 ? [] : [`not read in time: ${listSome(unread, 5)}`]),
  ].join('; ');
};

/** Moved buckets that fit the state data beside 300 tables, over all of them; each takes four bytes or so. */
const maxMovedInAll = 16_000;

/**
 * The figures of what a plan checks, from production just before and just after the instant.
 * @throws DrillError EmptyDatabase when there is no user table, TableNotFound or ColumnNotFound when the plan names one
 *   that is not there, and whatever stops a query of the plan
 */
export const readFigures = async (
  readers: BracketReaders,
  { checks, defaultSchema, bracket, seed }: FiguresRequest,
): Promise<BaselineFigures> => {
  const { before, after } = readers;
  const [listed] = await Promise.all([before.listTables(), after.listTables()]);
  const tables = chooseTables(listed, checks, defaultSchema);
  const maxMoved = Math.max(16, Math.floor(maxMovedInAll / Math.max(1, tables.length)));
  const readOne = async (table: Table): Promise<TableFigures> => {
    const name = formatTableName(table);
    const wanted = wantedOf(checks, name, defaultSchema);
    const schema = { table: name, columns: table.columns, objects: table.objects };
    const nothing = { rows: null, keys: null, values: null, note: null, unread: null, newest: null };
    if (bracket === null) return { ...schema, ...nothing };
    const newest = await readNewestOf(before, table, wanted, bracket.instant);
    try {
      const read = await readRows(readers, table, wanted, { seed, maxMoved });
      return { ...schema, ...nothing, ...read, newest };
    } catch (error) {
      if (!isDrillError(error, 'OutOfTime')) throw error;
      return { ...schema, ...nothing, newest, unread: describeError(error) };
    }
  };
  // Questions go first that may find the plan itself wrong; the sessions bound how many are asked at once.
  const queries = await readQueries(readers, checks, bracket);
  const lateCounters = (await before.listLateCounters()).map(({ name }) => name);
  const objects = await before.listObjects();
  const figures = await settleInOrder(tables.map(readOne));
  return { tables: figures, objects, lateCounters, queries };
};

/** Waits for all, so that no question is left under way; then throws what the first in order threw. */
const settleInOrder = async <Value>(promises: Promise<Value>[]): Promise<Value[]> => {
  await Promise.allSettled(promises);
  return Promise.all(promises);
};

const chooseTables = (tables: Table[], checks: Checks, defaultSchema: string): Table[] => {
  if (tables.length === 0) throw new DrillError('EmptyDatabase', 'the database has no user table');
  const canonical = (name: string) => canonicalName(name, defaultSchema);
  const names = new Set(tables.map(formatTableName));
  const wanted = checks.tables === 'all' ? names : new Set(checks.tables.map(canonical));
  const absent = [...wanted, ...Object.keys(checks.overrides).map(canonical)].filter(
    (name) => !names.has(name),
  );
  if (absent.length > 0) {
    throw new DrillError(
      'TableNotFound',
      `production has no table ${absent.join(', ')}; it has ${listSome([...names], 20)}`,
    );
  }
  return tables.filter((table) => wanted.has(formatTableName(table)));
};

const readNewestOf = async (
  reader: Reader,
  table: Table,
  { freshness }: Wanted,
  instant: string,
): Promise<string | null> => {
  if (freshness === null) return null;
  const newest = await reader.readNewest(table, freshness.column, momentOf(instant, freshness));
  return newest === null ? null : readNewestTime(newest, freshness);
};

type Rows = Pick<TableFigures, 'rows' | 'keys' | 'values' | 'note'>;

/** Reads no more than the plan needs: values hold the count too, and with a tolerance a count alone is enough. */
const readRows = async (
  readers: BracketReaders,
  table: Table,
  { checksum, tolerance }: Wanted,
  { seed, maxMoved }: { seed: number; maxMoved: number },
): Promise<Rows> => {
  const sampled = checksum === 'sampled' ? await readSamples(readers, table, seed, maxMoved) : null;
  if (checksum === 'full' || (checksum === 'sampled' && sampled === null)) {
    const ranges = await chooseRanges(readers.before, table);
    const read = await readBracketed(readers, table, { content: 'values', ranges, seed: null, maxMoved });
    const note = checksum === 'sampled' ? 'too small to sample, or without a key to sample by' : null;
    return { rows: read.rows, keys: null, values: read.figures, note };
  }
  if (tolerance === 'auto') {
    const ranges = await chooseRanges(readers.before, table);
    const read = await readBracketed(readers, table, { content: 'keys', ranges, seed: null, maxMoved });
    return { rows: read.rows, keys: read.figures, values: sampled, note: null };
  }
  const [before, after] = await Promise.all([
    countTable(readers.before, table),
    countTable(readers.after, table),
  ]);
  return { rows: { before, after, moved: 0 }, keys: null, values: sampled, note: null };
};

/** Below this many rows all are read: that is no slower. */
const sampleRanges = 8;
const rowsPerSample = 1000;
const minRowsToSample = 2 * sampleRanges * rowsPerSample;

const readSamples = async (
  readers: BracketReaders,
  table: Table,
  seed: number,
  maxMoved: number,
): Promise<DigestFigures | null> => {
  if (table.key.length === 0 || table.estimatedRows < minRowsToSample) return null;
  const request = { ranges: sampleRanges, rows: rowsPerSample, seed };
  const samples = await readers.before.chooseSamples(table, request);
  if (samples.length === 0) return null;
  const ranges = { kind: 'samples', samples } as const;
  return (await readBracketed(readers, table, { content: 'values', ranges, seed, maxMoved })).figures;
};

/** Every query is asked, so that a wrong one is found before anything is restored. */
const readQueries = async (
  { before, after }: BracketReaders,
  { queries }: Checks,
  bracket: Bracket | null,
): Promise<QueryFigures[]> =>
  settleInOrder(
    queries.map(async ({ name, sql, expect }): Promise<QueryFigures> => {
      const ask = async (reader: Reader): Promise<Answer> => {
        try {
          return await reader.runQuery(trimStatement(sql));
        } catch (error) {
          throw isDrillError(error) ? nameQuery(name, error) : error;
        }
      };
      const isCompared = expect === 'same' && bracket !== null;
      const [one, other] = await Promise.all([ask(before), isCompared ? ask(after) : null]);
      return { name, before: one, after: other };
    }),
  );

const nameQuery = (name: string, error: DrillError): DrillError =>
  new DrillError(error.name, `query "${name}": ${error.summary}`, { hint: error.hint, cause: error });
