import { type ReadCells, readCells } from './cell-reading.ts';
import {
  type Cell,
  type CutTables,
  compareBuckets,
  compareRanges,
  countLarger,
  rowsPerBucketOf,
} from './cells.ts';
import { type Estimate, estimateCounts } from './estimate.ts';
import type { Found } from './row-merge.ts';

/** If no more rows than this are in ranges that differ, their keys are read at once. */
const fewRows = 50_000;
/** Buckets are worth another reading if no more of them than this differ. */
const mostDiffering = 0.5;

/**
 * Counts the rows that differ: by ranges first. Then it reads one range that differs to see how many rows do. If they are
 * few, it compares buckets before it reads keys.
 */
export const readDiffering = async (
  tables: CutTables,
  wanted: { mostFetched: number; found: Found },
): Promise<Estimate> => {
  const { equal, cells } = await compareRanges(tables);
  if (cells.length === 0) return estimateCounts(equal, []);
  const [first, ...others] = cells;
  if (first === undefined || others.length === 0 || countLarger(cells) <= fewRows)
    return readAll(tables, cells, wanted, equal, [], 0);
  const read = await readCells(tables, [first], 1, wanted);
  const mostFetched = Math.max(1, wanted.mostFetched - countLarger([first]));
  return readAll(tables, others, { ...wanted, mostFetched }, equal, [read], shareOf(read));
};

/** @param share of the rows that differ, as far as is known */
const readAll = async (
  tables: CutTables,
  cells: readonly Cell[],
  wanted: { mostFetched: number; found: Found },
  equal: number,
  earlier: ReadCells[],
  share: number,
): Promise<Estimate> => {
  const differing = 1 - Math.exp(-share * rowsPerBucketOf(cells));
  if (countLarger(cells) <= fewRows || differing > mostDiffering)
    return estimateCounts(equal, [...earlier, await readCells(tables, cells, 1, wanted)]);
  const fine = await compareBuckets(tables, cells);
  const read = await readCells(tables, fine.cells, fine.resolution, wanted);
  return estimateCounts(equal + fine.equal, [...earlier, read]);
};

const shareOf = ({ counts: { equal, onlyLeft, onlyRight, different } }: ReadCells): number => {
  const apart = onlyLeft + onlyRight + different;
  return apart / Math.max(1, equal + apart);
};
