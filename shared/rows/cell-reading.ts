import pMap from 'p-map';
import type { RowsRequest } from '../database/port.ts';
import { type Cell, type CutTables, countLarger } from './cells.ts';
import {
  addCounts,
  type Counts,
  countByHash,
  countByKey,
  type Found,
  type FoundRow,
  mergeRows,
  noRows,
} from './row-merge.ts';

/** What was found in cells. If those read are a sample, `ofAll` counts the rows of all. */
export type ReadCells = { counts: Counts; isSample: boolean; ofAll: { left: number; right: number } };

/** A server sorts the next range while the rows of the one before come in. */
const rangesAtOnce = 2;
/** A pack is one text, which a server must hold. To sort rows by pack takes longer than to read them. */
const bytesInOnePack = 1_000_000;
const bytesPerPack = 8000;
const bytesPerHash = 21;
const mostPacks = 2 ** 22;

/** Buckets to sample from, where the cells are whole ranges. */
const sampleResolution = 4096;

/**
 * Reads the keys and hashes of the rows in these cells, and joins them. If they are more than `mostFetched`, it reads a fair
 * sample: buckets are chosen by hashes of keys, which know nothing of what differs.
 * @param resolution of the buckets; 1 for whole ranges
 */
export const readCells = async (
  tables: CutTables,
  cells: readonly Cell[],
  resolution: number,
  { mostFetched, found }: { mostFetched: number; found: Found },
): Promise<ReadCells> => {
  const share = mostFetched / Math.max(1, countLarger(cells));
  const isWhole = resolution === 1;
  const chosen = share >= 1 || isWhole ? cells : cells.filter((cell) => isSampled(cell, share));
  const parts = [...Map.groupBy(chosen, ({ range }) => range)].map(([range, inRange]) => {
    const rows = countLarger(inRange);
    const packs = choosePacks(tables, rows);
    if (isWhole) return { range, packs, ...someOf(share) };
    return { range, packs, resolution, buckets: inRange.flatMap(({ bucket }) => bucket ?? []) };
  });
  const counted = await pMap(parts, (part) => readRange(tables, part, found), { concurrency: rangesAtOnce });
  return {
    counts: counted.reduce(addCounts, noRows),
    isSample: share < 1,
    ofAll: {
      left: cells.reduce((sum, { left }) => sum + left, 0),
      right: cells.reduce((sum, { right }) => sum + right, 0),
    },
  };
};

type RangePart = Pick<RowsRequest, 'range' | 'buckets' | 'resolution' | 'packs'>;

/** All rows of a range, or a share of them: the first buckets are as good a sample as any others. */
const someOf = (share: number): Pick<RangePart, 'buckets' | 'resolution'> => {
  if (share >= 1) return { buckets: null, resolution: 1 };
  const count = Math.max(1, Math.floor(share * sampleResolution));
  return { buckets: Array.from({ length: count }, (_, bucket) => bucket), resolution: sampleResolution };
};

/** Spreads the sample over ranges that have but one bucket each (Knuth, "multiplicative hashing"). */
const isSampled = ({ range, bucket }: Cell, share: number): boolean =>
  (Math.imul((bucket ?? 0) * 1024 + range + 1, 0x9e3779b1) >>> 0) / 2 ** 32 < share;

/** A power of two. */
const choosePacks = ({ left, right, match }: CutTables, rows: number): number => {
  const keyBytes = match.key.length === 0 ? 0 : Math.max(left.table.keyBytes ?? 0, right.table.keyBytes ?? 0);
  const bytes = rows * (keyBytes + bytesPerHash);
  if (bytes <= bytesInOnePack) return 1;
  return Math.min(mostPacks, 2 ** Math.ceil(Math.log2(bytes / bytesPerPack)));
};

const readRange = async (tables: CutTables, part: RangePart, found: Found): Promise<Counts> => {
  const { left, right, match, content, ranges, where } = tables;
  const request = { content, ranges, where, ...match.hashing, ...part };
  const inRange: FoundRow = (kind, row) => found(kind, { ...row, range: part.range });
  let counts = noRows;
  await mergeRows(
    left.reader.readRows(left.table, request),
    right.reader.readRows(right.table, request),
    (mine, theirs) => {
      const more =
        match.key.length > 0 ? countByKey(mine, theirs, inRange) : countByHash(mine, theirs, inRange);
      counts = addCounts(counts, more);
    },
  );
  return counts;
};
