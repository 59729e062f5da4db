import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bucket } from '../../../shared/database/port.ts';
import { fitShelf, keepBuckets, openShelf, recallBuckets } from '../../../shared/kept-baseline/buckets.ts';
import { coarsen, maxResolution } from '../../../shared/truth/digest.ts';

const hash = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

const someBuckets = (resolution: number): fc.Arbitrary<Bucket[]> =>
  fc.uniqueArray(
    fc.record({
      range: fc.nat({ max: 15 }),
      bucket: fc.nat({ max: resolution - 1 }),
      rows: fc.integer({ min: 1, max: 10_000 }),
      hash,
    }),
    { selector: ({ range, bucket }) => `${range} ${bucket}`, maxLength: 60 },
  );

const byPlace = (a: Bucket, b: Bucket): number => a.range - b.range || a.bucket - b.bucket;

test('buckets that are the same now: recalled with the whole hash', () => {
  fc.assert(
    fc.property(someBuckets(256), (buckets) => {
      const kept = keepBuckets(buckets, 256);
      expect(recallBuckets(kept, buckets)).toEqual(buckets.toSorted(byPlace));
    }),
  );
});

test('a bucket that changed, by its rows or its hash, or that is gone: recalled as another one', () => {
  fc.assert(
    fc.property(someBuckets(256), fc.nat(), hash, (buckets, chosen, other) => {
      const index = chosen % Math.max(1, buckets.length);
      const bucket = buckets[index];
      fc.pre(bucket !== undefined && other % 2n ** 40n !== bucket.hash % 2n ** 40n);
      for (const now of [buckets.with(index, { ...bucket, hash: other }), buckets.toSpliced(index, 1)]) {
        const recalled = recallBuckets(keepBuckets(buckets, 256), now);
        const found = recalled.find(
          ({ range, bucket: id }) => range === bucket.range && id === bucket.bucket,
        );
        expect(found?.rows).toBe(bucket.rows);
        expect(now).not.toContainEqual(found);
      }
    }),
  );
});

test('merged, then kept: the same as read at that resolution', () => {
  fc.assert(
    fc.property(someBuckets(maxResolution), fc.nat({ max: 60 }), (buckets, most) => {
      const shelf = openShelf(most);
      const { kept } = shelf.add(buckets);
      const { resolution } = kept();
      expect(kept()).toEqual(keepBuckets(coarsen(buckets, resolution), resolution));
      expect(shelf.count() <= most || resolution === 1).toBe(true);
    }),
  );
});

const makeBuckets = (count: number): Bucket[] =>
  Array.from({ length: count }, (_, bucket) => ({ range: 0, bucket, rows: 1, hash: BigInt(bucket) }));

test('a small table beside a large one: the large one gives way', () => {
  const shelf = openShelf(600);
  const [small, large] = [shelf.add(makeBuckets(50)), shelf.add(makeBuckets(4096))];
  expect([small.kept().rows.length, large.kept().rows.length]).toEqual([50, 512]);
});

test('still too large with one bucket for each range: as small as it can be', () => {
  const shelf = openShelf(1000);
  const { kept } = shelf.add(makeBuckets(900));
  const { figures, bytes } = fitShelf(shelf, 10, kept, (figures) => JSON.stringify(figures).length);
  expect(figures.rows).toEqual([900]);
  expect(bytes).toBeGreaterThan(10);
});
