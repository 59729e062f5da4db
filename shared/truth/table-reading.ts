import type { Ranges, Reader, Span } from '../database/port.ts';
import { formatTableName, isView, type Table } from '../database/tables.ts';
import { describeError, isDrillError } from '../errors.ts';
import { chooseRanges, countTable } from '../rows/reading.ts';
import type { Bracket, BracketReaders } from './bracket.ts';
import { type DigestFigures, sumMoved } from './digest.ts';
import { type RowFigures, readBracketed } from './digest-reading.ts';
import { momentOf, readNewestTime } from './freshness.ts';
import type { Room } from './room-in-state.ts';
import type { Wanted } from './wanted.ts';

/** `table` as formatTableName writes it; the rest as in Table. */
export type TableSchema = { table: string; columns: string[]; objects: string[] };

/** What the baseline knows about one table. Null: it was not asked for, or could not be read. */
export type TableFigures = TableSchema & {
  rows: RowFigures | null;
  keys: DigestFigures | null;
  values: DigestFigures | null;
  /** Why the values cannot be sampled, so that all were read. */
  note: string | null;
  /** Why rows or values that the plan asks for are null. */
  unread: string | null;
  /** Why the definition cannot be judged: production changed it around T. */
  unsettled?: string;
  /** Did production delete or update rows around T? */
  hasRemovals?: boolean;
  /** The newest time of the freshness column, ISO 8601; null if the column is empty, undefined if it was not read. */
  newest?: string | null | undefined;
};

/** May a row have been written between the two readings? */
export const mayHaveMoved = ({ rows, values, hasRemovals, unread }: TableFigures): boolean =>
  rows === null ||
  unread !== null ||
  hasRemovals === true ||
  rows.before !== rows.after ||
  rows.moved > 0 ||
  (values !== null && sumMoved(values.parts) > 0);

export type ReadOptions = {
  wanted: Wanted;
  /** Null if the start named its own time: production's rows of now prove nothing. */
  bracket: Bracket | null;
  /** Chooses samples. */
  seed: number;
  room: Room;
};

/** A table of which nothing but its definition is known. */
export const withoutRows = (table: Table): TableFigures => {
  const { columns, objects } = table;
  const nothing = { rows: null, keys: null, values: null, note: null, unread: null };
  return { table: formatTableName(table), columns, objects, ...nothing };
};

/** A materialized view that was made, or refreshed, WITH NO DATA. */
export const notPopulated = 'the materialized view is not populated';

/** What a plan asks about one table of production. @throws DrillError ColumnNotFound */
export const readTable = async (
  readers: BracketReaders,
  table: Table,
  options: ReadOptions,
): Promise<TableFigures> => {
  const figures = withoutRows(table);
  const { wanted, bracket } = options;
  if (bracket === null) return figures;
  if (table.isPopulated === false) return { ...figures, unread: notPopulated };
  const read = await orUnread(table, async () => {
    const newest = await readNewestOf(readers.before, table, wanted, bracket.instant);
    return { ...(await readRows(readers, table, options)), newest };
  });
  return { ...figures, ...read };
};

/** No time was left, or somebody locked or dropped the table, or emptied the view. The others can still be read. */
export const orUnread = async <Read>(
  table: Table,
  read: () => Promise<Read>,
): Promise<Read | { unread: string }> => {
  try {
    return await read();
  } catch (error) {
    const isEmptied = isView(table) && isDrillError(error, 'DatabaseFailure');
    if (!isDrillError(error, 'OutOfTime') && !isDrillError(error, 'DatabaseBusy') && !isEmptied) throw error;
    return { unread: describeError(error) };
  }
};

export const readNewestOf = async (
  reader: Reader,
  table: Table,
  { freshness }: Wanted,
  instant: string,
): Promise<string | null | undefined> => {
  if (freshness === null) return undefined;
  const newest = await unlessUnanswered(() =>
    reader.readNewest(table, freshness.column, momentOf(instant, freshness)),
  );
  return newest && readNewestTime(newest, freshness);
};

/** @returns undefined when there was no time for the answer, or somebody locked what it is about */
export const unlessUnanswered = async <Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await ask();
  } catch (error) {
    if (isDrillError(error, 'OutOfTime') || isDrillError(error, 'DatabaseBusy')) return undefined;
    throw error;
  }
};

type Rows = Pick<TableFigures, 'rows' | 'keys' | 'values' | 'note'>;

/** Reads no more than the plan needs: values give the count too, and with a tolerance a count is enough. */
const readRows = async (
  readers: BracketReaders,
  table: Table,
  { wanted: { checksum, tolerance }, bracket, seed, room }: ReadOptions,
): Promise<Rows> => {
  const since = bracket?.span;
  const sampled = checksum === 'sampled' ? await readSamples(readers, table, { seed, since, room }) : null;
  const readAll = async (content: 'keys' | 'values') => {
    const ranges = await chooseRanges(readers.before, table, room.ranges);
    return readBracketed(readers, table, { content, ranges, seed: null, since, room });
  };
  if (checksum === 'full' || (checksum === 'sampled' && sampled === null)) {
    const note = checksum === 'sampled' ? whyNotSampled(table) : null;
    const values = await readAll('values');
    // A changed row has moved. Keys still tell which rows exist.
    const keys = tolerance === 'auto' && values.rows.moved > 0 ? await readAll('keys') : null;
    // Without keys, what moved does not bound the count: most of it was changed, not added or deleted.
    const rows = keys?.rows ?? { ...values.rows, moved: 0 };
    return { rows, keys: keys?.figures ?? null, values: values.figures, note };
  }
  if (tolerance === 'auto') {
    const keys = await readAll('keys');
    return { rows: keys.rows, keys: keys.figures, values: sampled, note: null };
  }
  const [before, after] = await Promise.all([
    countTable(readers.before, table),
    countTable(readers.after, table),
  ]);
  return { rows: { before, after, moved: 0 }, keys: null, values: sampled, note: null };
};

const sampledRows = 8000;
/** Smaller tables are read in full, which is no slower. */
const minRowsToSample = 2 * sampledRows;

export const whyNotSampled = ({ estimatedRows }: Table): string =>
  estimatedRows < minRowsToSample ? 'too few rows to sample' : 'it has no key to sample by';

const readSamples = async (
  readers: BracketReaders,
  table: Table,
  { seed, since, room }: { seed: number; since: Span | undefined; room: Room },
): Promise<DigestFigures | null> => {
  const ranges = await chooseSamples(readers.before, table, { seed, room });
  if (ranges === null) return null;
  return (await readBracketed(readers, table, { content: 'values', ranges, seed, since, room })).figures;
};

/** Null where a table is too small to sample, or cannot be sampled. */
export const chooseSamples = async (
  reader: Reader,
  table: Table,
  { seed, room }: Pick<ReadOptions, 'seed' | 'room'>,
): Promise<Extract<Ranges, { kind: 'samples' }> | null> => {
  if (table.key.length === 0 || table.estimatedRows < minRowsToSample) return null;
  const request = { ranges: room.samples, rows: Math.floor(sampledRows / room.samples), seed };
  const samples = await reader.chooseSamples(table, request);
  return samples.length === 0 ? null : { kind: 'samples', samples };
};
