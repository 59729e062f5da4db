import type { Bucket, DigestRequest, RowSum } from '../port.ts';
import type { PostgresTable } from './catalog.ts';

/** Pages of a table, and of each of its partitions, from one up to another, which is not included. null: to the end. */
export type Pages = { from: number; to: number | null };

/** A few seconds of reading: 1 GiB, or this many rows. */
const pagesPerPiece = 131_072;
const rowsPerPiece = 2_000_000;

/** A row stays on its page for as long as a snapshot sees it, so pages cut a table like a key does, and need none. */
export const inPages = (pages: Pages | null): string => {
  if (pages === null) return 'true';
  const upper = pages.to === null ? '' : ` and t.ctid < '(${pages.to},0)'::tid`;
  return `t.ctid >= '(${pages.from},0)'::tid${upper}`;
};

/** Pieces of a large table that are read in a few seconds each; one for all of a smaller one. */
export const cutByPages = (table: PostgresTable, { ranges, only }: DigestRequest): Pages[] => {
  const { pages, pagesOfLargest, estimatedRows, isClustered } = table;
  const whole = [{ from: 0, to: null }];
  if (ranges.kind === 'samples') return whole;
  const size = Math.max(pages / pagesPerPiece, estimatedRows / rowsPerPiece);
  // The index finds a few ranges sooner.
  const share = isClustered && only !== null ? only.length / (ranges.bounds.length + 1) : 1;
  if (size * share <= 1 || pagesOfLargest < 1) return whole;
  const step = Math.ceil(pagesOfLargest / Math.ceil(size));
  const count = Math.ceil(pagesOfLargest / step);
  return Array.from({ length: count }, (_, index) => ({
    from: index * step,
    // The table may have grown since its pages were counted.
    to: index === count - 1 ? null : (index + 1) * step,
  }));
};

/** Alone, each would wait for the disk. More would keep other tables waiting. */
const sideBySide = 2;

/** Reads piece by piece, and adds them up. Once one fails, no other is begun. */
export const readPieces = async (
  pieces: readonly Pages[],
  read: (piece: Pages) => Promise<Bucket[]>,
): Promise<Bucket[]> => {
  const left = [...pieces];
  const sums = new Map<string, Bucket>();
  const readOn = async (): Promise<void> => {
    for (let piece = left.shift(); piece !== undefined; piece = left.shift()) {
      for (const bucket of await read(piece)) addBucket(sums, bucket);
    }
  };
  const readers = Array.from({ length: sideBySide }, () =>
    readOn().catch((error) => {
      left.length = 0;
      throw error;
    }),
  );
  // If one fails, the other must still end before anything else starts.
  const ended = await Promise.allSettled(readers);
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return [...sums.values()];
};

const addBucket = (sums: Map<string, Bucket>, bucket: Bucket): void => {
  const place = `${bucket.range} ${bucket.bucket}`;
  const seen = sums.get(place);
  sums.set(place, seen === undefined ? bucket : addBuckets(seen, bucket));
};

const addBuckets = (one: Bucket, other: Bucket): Bucket => {
  const fresh = one.fresh && other.fresh ? addSums(one.fresh, other.fresh) : (one.fresh ?? other.fresh);
  return { ...one, ...addSums(one, other), ...(fresh && { fresh }) };
};

const addSums = (one: RowSum, other: RowSum): RowSum => ({
  rows: one.rows + other.rows,
  hash: BigInt.asUintN(64, one.hash + other.hash),
});
