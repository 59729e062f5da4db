import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RowPack } from '../../../shared/database/port.ts';
import { keepLeast } from '../../../shared/rows/least-keys.ts';
import {
  addCounts,
  type Counts,
  countByHash,
  countByKey,
  mergeRows,
  noRows,
} from '../../../shared/rows/row-merge.ts';

async function* packsOf(rows: Map<number, string>, batch: number): AsyncGenerator<RowPack[]> {
  const packs = [...Map.groupBy(rows, ([key]) => key % 8)]
    .map(([pack, lines]) => ({ pack, lines: lines.map(([key, hash]) => `${hash},${key}`) }))
    .toSorted((one, other) => one.pack - other.pack);
  for (let start = 0; start < packs.length; start += batch) yield packs.slice(start, start + batch);
}

const rowsOf = fc
  .dictionary(fc.nat(60).map(String), fc.constantFrom('same', 'other'))
  .map((rows) => new Map(Object.entries(rows).map(([key, hash]) => [Number(key), hash])));

describe('rows of two sides', () => {
  test('any rows, in batches of any size: every row is counted once, and named with its kind', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf, rowsOf, fc.integer({ min: 1, max: 9 }), async (left, right, batch) => {
        const found: string[] = [];
        let counts: Counts = noRows;
        await mergeRows(packsOf(left, batch), packsOf(right, batch + 1), (one, other) => {
          counts = addCounts(
            counts,
            countByKey(one, other, (kind, { key }) => found.push(`${kind} ${key}`)),
          );
        });
        const expected = [...new Set([...left.keys(), ...right.keys()])].map((key) => {
          const [one, other] = [left.get(key), right.get(key)];
          const kind = one === undefined ? 'onlyRight' : other === undefined ? 'onlyLeft' : 'different';
          return one === other ? 'equal' : `${kind} ${key}`;
        });
        expect(found.toSorted()).toEqual(expected.filter((one) => one !== 'equal').toSorted());
        expect(counts.equal).toBe(expected.filter((one) => one === 'equal').length);
        expect(counts.onlyLeft + counts.onlyRight + counts.different).toBe(found.length);
      }),
    );
  });

  test('rows without keys count as often as they are there', () => {
    const found: string[] = [];
    const one = { pack: 0, lines: ['a', 'a', 'a', 'b'] };
    const counts = countByHash(one, { pack: 0, lines: ['a', 'c', 'a'] }, (kind, { left, right }) =>
      found.push(`${kind} ${left ?? right}`),
    );
    expect(found.toSorted()).toEqual(['onlyLeft a', 'onlyLeft b', 'onlyRight c']);
    expect(counts).toEqual({ equal: 2, onlyLeft: 2, onlyRight: 1, different: 0 });
  });

  test('one side fails: the other one is stopped, and the error is told', async () => {
    let isStopped = false;
    async function* endless(): AsyncGenerator<RowPack[]> {
      try {
        for (let pack = 0; ; pack++) yield [{ pack, lines: ['a,1'] }];
      } finally {
        isStopped = true;
      }
    }
    async function* failing(): AsyncGenerator<RowPack[]> {
      yield [{ pack: 0, lines: ['a,1'] }];
      throw new Error('the server is gone');
    }
    await expect(mergeRows(endless(), failing(), () => {})).rejects.toThrow('the server is gone');
    expect(isStopped).toBe(true);
  });
});

test('the least of any keys: the first in their own order, none twice as many kept', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer()), fc.nat(5), (numbers, most) => {
      const least = keepLeast(most);
      for (const number of numbers) least.add(String(number));
      const expected = numbers.toSorted((one, other) => one - other).slice(0, most);
      expect(least.list()).toEqual(expected.map(String));
    }),
  );
});
