import type { Bucket } from '../database/port.ts';
import { coarsen, maxResolution } from '../truth/digest.ts';

/**
 * Buckets as the state data keeps them, in order of range and bucket: how far each is from the one before, its rows, and
 * 40 bits of its hash, in base64. A bucket that moved looks the same in one of 10^12 cases.
 */
export type KeptBuckets = { resolution: number; steps: number[]; rows: number[]; marks: string };

const markBytes = 5;
const markOf = (hash: bigint): bigint => BigInt.asUintN(8 * markBytes, hash);

/** About how many buckets fit so many bytes, packed. */
export const mostBucketsIn = (bytes: number): number => bytes / 9;

export const keepBuckets = (buckets: readonly Bucket[], resolution: number): KeptBuckets => {
  const placed = buckets
    .map(({ range, bucket, rows, hash }) => ({ place: range * resolution + bucket, rows, hash }))
    .toSorted((a, b) => a.place - b.place);
  const marks = Buffer.alloc(placed.length * markBytes);
  for (const [index, { hash }] of placed.entries()) {
    marks.writeUIntBE(Number(markOf(hash)), index * markBytes, markBytes);
  }
  return {
    resolution,
    steps: placed.map(({ place }, index) => place - (placed[index - 1]?.place ?? 0)),
    rows: placed.map(({ rows }) => rows),
    marks: marks.toString('base64'),
  };
};

/** The buckets that were kept. One that is the same now gets the hash of now, since only that one is whole. */
export const recallBuckets = (
  { resolution, steps, rows, marks }: KeptBuckets,
  now: readonly Bucket[],
): Bucket[] => {
  const found = new Map(now.map(({ range, bucket, hash }) => [range * resolution + bucket, hash]));
  const kept = Buffer.from(marks, 'base64');
  let place = 0;
  return steps.map((step, index) => {
    place += step;
    const mark = BigInt(kept.readUIntBE(index * markBytes, markBytes));
    const whole = found.get(place);
    return {
      range: Math.floor(place / resolution),
      bucket: place % resolution,
      rows: rows[index] ?? 0,
      hash: whole !== undefined && markOf(whole) === mark ? whole : mark,
    };
  });
};

/** Was nothing but added? A bucket with fewer rows, or others, has lost one. */
export const hasOnlyGrown = (before: readonly Bucket[], after: readonly Bucket[]): boolean => {
  const now = new Map(after.map((bucket) => [`${bucket.range} ${bucket.bucket}`, bucket]));
  return before.every(({ range, bucket, rows, hash }) => {
    const found = now.get(`${range} ${bucket}`);
    return found !== undefined && (found.rows > rows || found.hash === hash);
  });
};

/** One reading among those that share the room. */
export type Shelved = { kept(): KeptBuckets };

/**
 * Keeps what was read of all tables until all is read. Where it becomes too much, the largest reading gives way: its buckets
 * are merged two by two.
 */
export const openShelf = (mostBuckets: number) => {
  const shelved: { buckets: Bucket[]; resolution: number }[] = [];
  let count = 0;
  const findLargest = () =>
    shelved.reduce<(typeof shelved)[number] | undefined>(
      (largest, one) =>
        one.resolution > 1 && one.buckets.length > (largest?.buckets.length ?? 0) ? one : largest,
      undefined,
    );
  const shrinkTo = (most: number): void => {
    while (count > most) {
      const largest = findLargest();
      if (largest === undefined) return;
      count -= largest.buckets.length;
      largest.resolution /= 2;
      largest.buckets = coarsen(largest.buckets, largest.resolution);
      count += largest.buckets.length;
    }
  };
  return {
    /** @param buckets read at the finest resolution */
    add: (buckets: Bucket[]): Shelved => {
      const reading = { buckets, resolution: maxResolution };
      shelved.push(reading);
      count += buckets.length;
      shrinkTo(mostBuckets);
      return { kept: () => keepBuckets(reading.buckets, reading.resolution) };
    },
    shrinkTo,
    /** Is every range one bucket, or empty? */
    isLeast: (): boolean => findLargest() === undefined,
    count: (): number => count,
  };
};

export type Shelf = ReturnType<typeof openShelf>;

/**
 * Merges buckets until the figures that hold them fit.
 * @returns figures that are still too large if one bucket for each range is too many
 */
export const fitShelf = <Figures>(
  shelf: Shelf,
  maxBytes: number,
  take: () => Figures,
  bytesOf: (figures: Figures) => number,
): { figures: Figures; bytes: number } => {
  for (;;) {
    const figures = take();
    const bytes = bytesOf(figures);
    if (bytes <= maxBytes || shelf.isLeast()) return { figures, bytes };
    shelf.shrinkTo(Math.min(0.95, maxBytes / bytes) * shelf.count());
  }
};
