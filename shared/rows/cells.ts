import type { Bucket, Condition, DigestRequest, Ranges } from '../database/port.ts';
import type { Match, Side } from './matching.ts';
import { readInPieces } from './reading.ts';
import { sumRows } from './sums.ts';

/** Rows of both sides that are compared as one: those of a range, or of one bucket of it. `left` and `right` count them. */
export type Cell = { range: number; bucket: number | null; left: number; right: number };

/** Two tables, cut alike. */
export type CutTables = {
  left: Side;
  right: Side;
  match: Match;
  /** Are rows compared by all of their values, or by their keys alone? */
  content: 'keys' | 'values';
  ranges: Ranges;
  where: Condition | undefined;
};

/** How finely tables are cut. Tests cut small tables as if they were large. */
export type Sizes = {
  /** A range takes a moment to read. */
  rowsPerRange: number;
  /** If no more rows than this are in ranges that differ, their keys are read at once. */
  fewRows: number;
  /** So many rows share a bucket, if they are not too many buckets to be grouped in memory. */
  rowsPerBucket: number;
};

export const usualSizes: Sizes = { rowsPerRange: 10_000, fewRows: 200_000, rowsPerBucket: 16 };

/** The cells that differ, and how many rows are in those that do not. */
export type ComparedCells = { equal: number; cells: Cell[] };

const mostRanges = 400;
const mostBuckets = 65_536;

/** Ranges of the key that hold the same keys on both sides, or one range. */
export const cutTables = async (
  left: Side,
  right: Side,
  match: Match,
  where: Condition | undefined,
  sizes: Sizes,
): Promise<CutTables> => {
  const rows = Math.max(left.table.estimatedRows, right.table.estimatedRows);
  const count = Math.min(mostRanges, Math.ceil(rows / sizes.rowsPerRange));
  // A side whose rows were purged has none in most ranges of the other one.
  const { reader, table } = left.table.estimatedRows < right.table.estimatedRows ? right : left;
  const bounds = match.hasRanges && count > 1 ? await reader.chooseBounds(table, count) : [];
  return { left, right, match, content: 'values', ranges: { kind: 'bounds', bounds }, where };
};

/** Compares ranges as a whole. */
export const compareRanges = (tables: CutTables): Promise<ComparedCells> =>
  compareDigests(tables, { fine: [], only: null, resolution: 1 });

/** Compares these ranges bucket by bucket. */
export const compareBuckets = async (
  tables: CutTables,
  cells: readonly Cell[],
  resolution: number,
): Promise<ComparedCells> => {
  const only = cells.map(({ range }) => range);
  return compareDigests(tables, { fine: only, only, resolution });
};

/**
 * How many buckets each of these ranges has: a power of two.
 * @param isFinest as many as fit: the smaller they are, the fewer rows share one with a row that differs
 */
export const chooseResolution = (sizes: Sizes, cells: readonly Cell[], isFinest: boolean): number => {
  const wanted = countLarger(cells) / cells.length / (isFinest ? 1 : sizes.rowsPerBucket);
  const most = mostBuckets / cells.length;
  return 2 ** Math.max(1, Math.floor(Math.log2(Math.min(wanted, most))));
};

/** The most buckets for each of so many ranges: a power of two. */
export const finestResolution = (ranges: number): number =>
  2 ** Math.floor(Math.log2(mostBuckets / Math.max(1, ranges)));

/** How many rows the side with more of them has, cell by cell. */
export const countLarger = (cells: readonly Cell[]): number =>
  cells.reduce((sum, { left, right }) => sum + Math.max(left, right), 0);

const compareDigests = async (
  tables: CutTables,
  request: Pick<DigestRequest, 'fine' | 'only' | 'resolution'>,
): Promise<ComparedCells> => {
  const [left, right] = await readDigests(tables, request);
  return pairBuckets(left, right, request.fine.length > 0);
};

/** What both sides hold in each bucket. */
export const readDigests = async (
  { left, right, match, content, ranges, where }: CutTables,
  request: Pick<DigestRequest, 'fine' | 'only' | 'resolution'>,
): Promise<[Bucket[], Bucket[]]> => {
  const whole: DigestRequest = { content, ranges, where, ...match.hashing, ...request };
  const read = ({ reader, table }: Side) => readInPieces(reader, table, whole);
  // If one fails, the other must still end before anything else starts.
  const [one, other] = await Promise.allSettled([read(left), read(right)]);
  if (one.status === 'rejected') throw one.reason;
  if (other.status === 'rejected') throw other.reason;
  return [one.value, other.value];
};

export const pairBuckets = (left: Bucket[], right: Bucket[], isFine: boolean): ComparedCells => {
  const placeOf = ({ range, bucket }: Bucket): string => `${range} ${bucket}`;
  const others = new Map(right.map((bucket) => [placeOf(bucket), bucket]));
  const cellOf = (bucket: Bucket, mine: number, theirs: number): Cell => ({
    range: bucket.range,
    bucket: isFine ? bucket.bucket : null,
    left: mine,
    right: theirs,
  });
  const equal: Bucket[] = [];
  const cells: Cell[] = [];
  for (const bucket of left) {
    const other = others.get(placeOf(bucket));
    others.delete(placeOf(bucket));
    if (other?.rows === bucket.rows && other.hash === bucket.hash) equal.push(bucket);
    else cells.push(cellOf(bucket, bucket.rows, other?.rows ?? 0));
  }
  for (const bucket of others.values()) cells.push(cellOf(bucket, 0, bucket.rows));
  return { equal: sumRows(equal), cells: cells.toSorted((one, other) => one.range - other.range) };
};
