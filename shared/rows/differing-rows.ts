import { type ReadCells, readCells } from './cell-reading.ts';
import {
  type Cell,
  type CutTables,
  chooseResolution,
  compareBuckets,
  compareRanges,
  countLarger,
  type Sizes,
} from './cells.ts';
import { type Estimate, estimateCounts } from './estimate.ts';
import type { Found } from './row-merge.ts';

/** A probe is worth this share of what may be fetched. */
const mostProbed = 0.1;
/** Buckets are worth another reading if no more of them than this differ. */
const mostDiffering = 0.5;

/**
 * Counts the rows that differ: by ranges first. Where too many rows are in ranges that differ, it reads one of these to see
 * how many rows do. If they are few, it compares buckets before it reads keys.
 */
export const readDiffering = async (
  tables: CutTables,
  sizes: Sizes,
  { mostFetched, found }: { mostFetched: number; found: Found },
): Promise<Estimate> => {
  const { equal, cells } = await compareRanges(tables);
  const [first, ...others] = cells;
  if (first === undefined) return estimateCounts(equal, []);
  if (countLarger(cells) <= Math.min(sizes.fewRows, mostFetched))
    return estimateCounts(equal, [await readCells(tables, cells, 1, { mostFetched, found })]);
  const isProbed = others.length > 0 && countLarger([first]) <= mostProbed * mostFetched;
  const probe = isProbed ? [await readCells(tables, [first], 1, { mostFetched, found })] : [];
  const rest = isProbed ? others : cells;
  const left = { mostFetched: mostFetched - (isProbed ? countLarger([first]) : 0), found };
  const resolution = chooseResolution(sizes, rest, countLarger(rest) > left.mostFetched);
  if (shareOfBuckets(probe, rest, resolution) > mostDiffering)
    return estimateCounts(equal, [...probe, await readCells(tables, rest, 1, left)]);
  const fine = await compareBuckets(tables, rest, resolution);
  const read = await readBuckets(tables, fine.cells, resolution, left);
  return estimateCounts(equal + fine.equal, [...probe, ...read]);
};

/**
 * If only a sample of the buckets can be read, those that have more rows on the left are a sample of their own, and so are
 * those with more on the right: how many there are is known, so each kind of difference is estimated from its like.
 */
const readBuckets = async (
  tables: CutTables,
  cells: readonly Cell[],
  resolution: number,
  { mostFetched, found }: { mostFetched: number; found: Found },
): Promise<ReadCells[]> => {
  const isWhole = countLarger(cells) <= mostFetched;
  const alike = isWhole
    ? [cells]
    : [...Map.groupBy(cells, ({ left, right }) => Math.sign(left - right)).values()];
  // The smallest first: what it does not need is left to the others.
  const sorted = alike.toSorted((one, other) => countLarger(one) - countLarger(other));
  const read: ReadCells[] = [];
  let left = mostFetched;
  for (const [index, some] of sorted.entries()) {
    const most = left / (sorted.length - index);
    read.push(await readCells(tables, some, resolution, { mostFetched: most, found }));
    left -= Math.min(most, countLarger(some));
  }
  return read;
};

/** How many buckets differ if rows differ everywhere as often as in the probe. */
const shareOfBuckets = (probe: readonly ReadCells[], cells: readonly Cell[], resolution: number): number => {
  const rowsPerBucket = countLarger(cells) / cells.length / resolution;
  const { onlyLeft, onlyRight, different, equal } = estimateCounts(0, probe);
  const apart = onlyLeft + onlyRight + different;
  return 1 - Math.exp((-rowsPerBucket * apart) / Math.max(1, equal + apart));
};
