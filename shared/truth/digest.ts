import type { Bucket, DigestRequest, KeyRange, Ranges, Span } from '../database/port.ts';
import { addSums, sumRows } from '../rows/sums.ts';
import { listSome } from '../words.ts';

/**
 * What the baseline knows about the rows of a table. Production is read twice, just before the instant T and just after
 * it. Rows are grouped by ranges of their key, and, in a range that changed in between, by buckets. A bucket that is the
 * same both times, and in which no row was written in between, was the same at T too, so the restored copy must match it
 * exactly. A bucket that moved proves nothing, and its rows are counted.
 */
export type DigestFigures = {
  content: 'keys' | 'values';
  key: string[];
  ranges: Ranges;
  /** The seed that chose the samples; null if every row is read. */
  seed: number | null;
  resolution: number;
  /** One for each range. */
  parts: Part[];
  /** The range that holds only rows added since the first reading, where one does. It proves nothing. */
  newer?: number;
  /** Are rows that were only added left out of its buckets? They are then left out of the copy's, too. */
  withoutAdded?: boolean;
};

/** `rows` and `hash` (hexadecimal) of the buckets that did not move; `moved` and `movedRows` of those that did. */
export type Part = { rows: number; hash: string; moved: number[]; movedRows: number };

/** Buckets within a range that moved. One changed row spoils only its bucket. */
export const maxResolution = 4096;

/** Buckets by range, then by bucket. */
type Found = Map<number, Map<number, Bucket>>;

const sortBuckets = (buckets: readonly Bucket[]): Found => {
  const found: Found = new Map();
  for (const bucket of buckets) {
    const range = found.get(bucket.range) ?? new Map();
    found.set(bucket.range, range.set(bucket.bucket, bucket));
  }
  return found;
};

/** A row that was deleted and written again looks the same, but may have been missing at T. */
const isSame = (a: Bucket | undefined, b: Bucket | undefined): boolean =>
  (a?.rows ?? 0) === (b?.rows ?? 0) && (a?.hash ?? 0n) === (b?.hash ?? 0n) && b?.fresh === undefined;

export const sumMoved = (parts: readonly Part[]): number =>
  parts.reduce((sum, { movedRows }) => sum + movedRows, 0);

const toHex = (sum: bigint): string => BigInt.asUintN(64, sum).toString(16).padStart(16, '0');

/** The ranges that moved between two coarse readings. */
export const findMovedRanges = (before: readonly Bucket[], after: readonly Bucket[]): number[] => {
  const [a, b] = [sortBuckets(before), sortBuckets(after)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((range) => !isSame(a.get(range)?.get(0), b.get(range)?.get(0)))
    .toSorted((one, other) => one - other);
};

/** Two readings of every bucket of a table; a range that did not move is one bucket. */
export type Bracketed = { before: Bucket[]; after: Bucket[] };

/**
 * Separates what did not move from what moved.
 * @param maxMoved how many moved buckets fit the state data; if there are more, buckets are merged
 * @param finest the resolution that both were read at
 */
export const divideParts = (
  { before, after }: Bracketed,
  count: number,
  maxMoved: number,
  finest = maxResolution,
): Pick<DigestFigures, 'resolution' | 'parts'> => {
  for (let resolution = finest; ; resolution /= 2) {
    const parts = divideAt(coarsen(before, resolution), coarsen(after, resolution), count);
    const moved = parts.reduce((sum, part) => sum + part.moved.length, 0);
    if (moved <= maxMoved || resolution === 1) return { resolution, parts };
  }
};

/** A range of which nothing is known but how many rows it has now. */
export const withNewer = (parts: readonly Part[], newer: number, after: readonly Bucket[]): Part[] =>
  parts.with(newer, {
    ...foldBuckets([]),
    moved: [],
    movedRows: sumRows(after.filter(({ range }) => range === newer)),
  });

/** Merges buckets, as if they had been read at that resolution. */
export const coarsen = (buckets: readonly Bucket[], resolution: number): Bucket[] => {
  if (resolution === maxResolution) return [...buckets];
  const merged = new Map<number, Bucket>();
  for (const { range, bucket, rows, hash, fresh } of buckets) {
    const id = bucket & (resolution - 1);
    const key = range * maxResolution + id;
    const seen = merged.get(key) ?? { range, bucket: id, rows: 0, hash: 0n };
    const freshOnes = [seen.fresh, fresh].filter((one) => one !== undefined);
    merged.set(key, {
      range,
      bucket: id,
      ...addSums([seen, { rows, hash }]),
      ...(freshOnes.length > 0 && { fresh: addSums(freshOnes) }),
    });
  }
  return [...merged.values()];
};

const divideAt = (before: readonly Bucket[], after: readonly Bucket[], count: number): Part[] => {
  const [a, b] = [sortBuckets(before), sortBuckets(after)];
  return Array.from({ length: count }, (_, range) => {
    const [one, other] = [a.get(range) ?? new Map(), b.get(range) ?? new Map()];
    const ids = [...new Set<number>([...one.keys(), ...other.keys()])].toSorted((x, y) => x - y);
    const moved = ids.filter((id) => !isSame(one.get(id), other.get(id)));
    const still = foldBuckets(
      ids.filter((id) => isSame(one.get(id), other.get(id))).map((id) => one.get(id)),
    );
    const movedRows = moved.reduce(
      (sum, id) => sum + Math.max(one.get(id)?.rows ?? 0, other.get(id)?.rows ?? 0),
      0,
    );
    return { ...still, moved, movedRows };
  });
};

const foldBuckets = (buckets: readonly (Bucket | undefined)[]): Pick<Part, 'rows' | 'hash'> => {
  const { rows, hash } = addSums(buckets.filter((bucket) => bucket !== undefined));
  return { rows, hash: toHex(hash) };
};

/** How to read the restored copy for the comparison. */
export const requestLike = (
  { content, ranges, resolution, parts }: DigestFigures,
  since?: Span | undefined,
): DigestRequest => ({
  content,
  since,
  ranges,
  fine: parts.flatMap(({ moved }, range) => (moved.length > 0 ? [range] : [])),
  resolution,
  only: null,
});

export type Comparison = {
  /** Rows of the baseline that could be compared, and those that moved during the instant. */
  comparedRows: number;
  movedRows: number;
  /** One number over everything compared, hexadecimal. */
  expected: string;
  actual: string;
  differences: Difference[];
  /** Rows of the copy that production wrote and removed again around T, so that no reading saw them. */
  passingRows: number;
};

export type Difference = { range: number; expectedRows: number; actualRows: number };

/**
 * Compares what did not move with the restored copy, range by range.
 * @param mayPass did production remove rows of the table meanwhile? Then rows that it wrote meanwhile need not be in either
 *   reading, and may be in the copy
 */
export const compareDigest = (
  figures: DigestFigures,
  restored: readonly Bucket[],
  mayPass = false,
): Comparison => {
  const found = sortBuckets(restored);
  let passingRows = 0;
  const actual = figures.parts.map(({ moved, rows, hash }, range) => {
    if (range === figures.newer) return foldBuckets([]);
    const still = new Map(found.get(range));
    for (const id of moved) still.delete(id);
    const all = foldBuckets([...still.values()]);
    const fresh = [...still.values()].flatMap((bucket) => bucket.fresh ?? []);
    if (!mayPass || fresh.length === 0 || (all.rows === rows && all.hash === hash)) return all;
    const older = foldBuckets([...still.values()].map(withoutFresh));
    if (older.rows !== rows || older.hash !== hash) return all;
    passingRows += sumRows(fresh);
    return older;
  });
  const differences = figures.parts.flatMap(({ rows, hash }, range): Difference[] => {
    const seen = actual[range] ?? foldBuckets([]);
    const isEqual = seen.rows === rows && seen.hash === hash;
    return isEqual ? [] : [{ range, expectedRows: rows, actualRows: seen.rows }];
  });
  return {
    comparedRows: sumRows(figures.parts),
    movedRows: sumMoved(figures.parts),
    expected: addHashes(figures.parts),
    actual: addHashes(actual),
    differences,
    passingRows,
  };
};

/** As a bucket was before rows were added to it. */
export const withoutFresh = ({ fresh = { rows: 0, hash: 0n }, ...bucket }: Bucket): Bucket => ({
  ...bucket,
  rows: bucket.rows - fresh.rows,
  hash: BigInt.asUintN(64, bucket.hash - fresh.hash),
});

const addHashes = (parts: readonly Pick<Part, 'hash'>[]): string =>
  toHex(parts.reduce((sum, { hash }) => sum + BigInt(`0x${hash}`), 0n));

const maxListed = 3;

/** Where rows differ, in words: "id from 18752 to before 37503 (2 of 18,750 rows missing)". */
export const describeDifferences = (figures: DigestFigures, differences: readonly Difference[]): string =>
  listSome(
    differences.map((difference) => {
      const where = describeRange(figures, difference.range);
      return `${where} (${describeRowDifference(difference)})`;
    }),
    maxListed,
  );

const describeRowDifference = ({ expectedRows, actualRows }: Difference): string => {
  const all = expectedRows.toLocaleString('en-US');
  const difference = Math.abs(expectedRows - actualRows).toLocaleString('en-US');
  if (expectedRows === actualRows) return `${all} rows, as many as expected`;
  return actualRows < expectedRows
    ? `${difference} of ${all} rows missing`
    : `${difference} rows more than the ${all} expected`;
};

const describeRange = ({ key, ranges }: DigestFigures, index: number): string => {
  if (ranges.kind === 'samples') return describeSample(key, ranges.samples[index]);
  const [column] = key;
  const [lower, upper] = [ranges.bounds[index - 1], ranges.bounds[index]];
  if (column === undefined || (lower === undefined && upper === undefined)) return 'the table';
  if (lower === undefined) return `${column} before ${upper}`;
  return upper === undefined ? `${column} from ${lower}` : `${column} from ${lower} to before ${upper}`;
};

const describeSample = (key: readonly string[], sample: KeyRange | undefined): string => {
  const show = (values: readonly string[]) => (values.length === 1 ? values[0] : `(${values.join(', ')})`);
  if (sample === undefined) return 'a sample';
  const end = sample.to === null ? '' : ` to before ${show(sample.to)}`;
  return `${show(key)} from ${show(sample.from)}${end}`;
};
