import type { Bucket, Ranges, RowSum } from '../database/port.ts';
import { readCells } from './cell-reading.ts';
import { finestResolution, pairBuckets, readDigests } from './cells.ts';
import { type Estimate, estimateCounts } from './estimate.ts';
import { keepLeast } from './least-keys.ts';
import type { Match, Side } from './matching.ts';
import type { ApartRow, Kind } from './row-merge.ts';
import { addSums } from './sums.ts';

/** Ranges of two tables that were cut before. `leftOut`: the buckets of each range that are not compared. */
export type Part = {
  content: 'keys' | 'values';
  ranges: Ranges;
  only: number[];
  leftOut: { resolution: number; buckets: (range: number) => readonly number[] };
};

/** A row that differs. `change`: by how much the sum of hashes is larger on the right. `key` as in `row-lines.ts`. */
export type DifferingRow = { kind: Kind; key: string | null; change: bigint };

/** Rows of one kind, what they change together, and the first keys. */
export type KindApart = { rows: number; change: bigint; keys: string[] };

/** What differs in one range. `left`: all rows of the left side in it. `each`: every row, or null if they are many. */
export type RangeApart = {
  range: number;
  left: RowSum;
  kinds: Record<Kind, KindApart>;
  each: DifferingRow[] | null;
};

/** If `counts` are an estimate, `ranges` have what was read. */
export type Apart = { counts: Estimate; ranges: RangeApart[] };

/** Of each range, so many rows are kept. */
const mostKept = 10_000;

/**
 * Finds the rows of a part that differ, range by range.
 * @throws DrillError of the readers
 */
export const findApart = async (
  sides: { left: Side; right: Side; match: Match },
  { content, ranges, only, leftOut }: Part,
  { mostFetched, mostListed }: { mostFetched: number; mostListed: number },
): Promise<Apart> => {
  const tables = { ...sides, content, ranges, where: undefined };
  const resolution = Math.max(leftOut.resolution, finestResolution(only.length));
  const whole = await readDigests(tables, { fine: only, only, resolution });
  const isCompared = ({ range, bucket }: Bucket): boolean =>
    !leftOut.buckets(range).includes(bucket & (leftOut.resolution - 1));
  const [left, right] = [whole[0].filter(isCompared), whole[1].filter(isCompared)];
  const { equal, cells } = pairBuckets(left, right, true);
  const kept = new Map(only.map((range) => [range, keepRows(mostListed)]));
  const read = await readCells(tables, cells, resolution, {
    mostFetched,
    found: (kind, row) => kept.get(row.range)?.add(kind, row),
  });
  return {
    counts: estimateCounts(equal, [read]),
    ranges: [...kept].map(([range, rows]) => ({
      range,
      left: addSums(left.filter((bucket) => bucket.range === range)),
      ...rows.list(),
    })),
  };
};

const keepRows = (mostListed: number) => {
  const kinds = {
    onlyLeft: keepKind(mostListed),
    onlyRight: keepKind(mostListed),
    different: keepKind(mostListed),
  };
  const each: DifferingRow[] = [];
  return {
    add: (kind: Kind, { key, left, right }: ApartRow): void => {
      const change = BigInt(right ?? 0) - BigInt(left ?? 0);
      kinds[kind].add(key, change);
      if (each.length <= mostKept) each.push({ kind, key, change });
    },
    list: (): Pick<RangeApart, 'kinds' | 'each'> => ({
      kinds: {
        onlyLeft: kinds.onlyLeft.list(),
        onlyRight: kinds.onlyRight.list(),
        different: kinds.different.list(),
      },
      each: each.length > mostKept ? null : each,
    }),
  };
};

const keepKind = (mostListed: number) => {
  const keys = keepLeast(mostListed);
  let rows = 0;
  let sum = 0n;
  return {
    add: (key: string | null, change: bigint): void => {
      rows += 1;
      sum += change;
      if (key !== null) keys.add(key);
    },
    list: (): KindApart => ({ rows, change: sum, keys: keys.list() }),
  };
};
