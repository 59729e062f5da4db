import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bucket, Ranges } from '../../../shared/database/port.ts';
import { countRanges } from '../../../shared/rows/sums.ts';
import {
  type Comparison,
  compareDigest,
  type DigestFigures,
  describeDifferences,
  divideParts,
  findMovedRanges,
  maxResolution,
  requestLike,
} from '../../../shared/truth/digest.ts';
import { readBracketed } from '../../../shared/truth/digest-reading.ts';
import { makeDigest } from '../drill/state-fixture.ts';
import {
  bucketOf,
  makeSimulatedTable,
  type Row,
  rangeOf,
  readerOf,
  readSimulated,
} from './simulated-table.ts';

/**
 * A row just before the instant, just after it, or both, with its value each time, and which of both the copy has. A null
 * value: no row.
 */
type History = { key: number[]; before: string | null; after: string | null; isLater: boolean };

type World = {
  content: 'keys' | 'values';
  ranges: Ranges;
  histories: History[];
  maxMoved: number;
};

const versionOf = ({ key }: History, value: string | null): Row[] => (value === null ? [] : [{ key, value }]);
const stateBefore = ({ histories }: World) => histories.flatMap((row) => versionOf(row, row.before));
const stateAfter = ({ histories }: World) => histories.flatMap((row) => versionOf(row, row.after));
const stateRestored = ({ histories }: World) =>
  histories.flatMap((row) => versionOf(row, row.isLater ? row.after : row.before));

const hasMoved = ({ before, after }: History, content: World['content']): boolean =>
  content === 'values' ? before !== after : (before === null) !== (after === null);

/** Most rows stand still, as in production. Each row has its own values, so that none turns into another. */
const makeHistory = (id: number, hasKey: boolean): fc.Arbitrary<History> =>
  fc
    .record({
      fate: fc.constantFrom('still', 'still', 'still', 'still', 'new', 'gone', 'updated'),
      isLater: fc.boolean(),
    })
    .map(({ fate, isLater }) => ({
      key: hasKey ? [id % 40, id] : [],
      before: fate === 'new' ? null : `one of ${id}`,
      after: fate === 'gone' ? null : fate === 'updated' ? `another of ${id}` : `one of ${id}`,
      isLater,
    }));

const boundsOf = (bounds: number[]): Ranges => ({ kind: 'bounds', bounds: bounds.map(String) });
const twoSamples: Ranges = {
  kind: 'samples',
  samples: [
    { from: ['3', '0'], to: ['7', '47'] },
    { from: ['20', '60'], to: null },
  ],
};

const makeRanges = (hasKey: boolean): fc.Arbitrary<Ranges> =>
  hasKey
    ? fc.constantFrom<Ranges>(boundsOf([]), boundsOf([20]), boundsOf([5, 10, 15, 20, 25, 30, 35]), twoSamples)
    : fc.constant(boundsOf([]));

const worlds: fc.Arbitrary<World> = fc.boolean().chain((hasKey) =>
  fc.record({
    // Without a key, only the whole row can be hashed.
    content: hasKey ? fc.constantFrom('keys' as const, 'values' as const) : fc.constant('values' as const),
    ranges: makeRanges(hasKey),
    histories: fc
      .nat({ max: 120 })
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, id) => makeHistory(id, hasKey)))),
    maxMoved: fc.oneof(fc.nat({ max: 12 }), fc.constant(10_000)),
  }),
);

const capture = async (world: World): Promise<DigestFigures> => {
  const { content, ranges, maxMoved, histories } = world;
  const [before, after] = [await readerOf(stateBefore(world)), await readerOf(stateAfter(world))];
  const table = makeSimulatedTable({ key: histories[0]?.key.length === 0 ? [] : ['shard', 'id'] });
  const room = { mostMoved: () => maxMoved, spendMoved: () => {} };
  const wanted = { content, ranges, seed: null, room };
  return (await readBracketed({ before: before.reader, after: after.reader }, table, wanted)).figures;
};

const compare = (figures: DigestFigures, rows: Row[]): Comparison =>
  compareDigest(figures, readSimulated(rows, requestLike(figures)));

/** Does the comparison look at this row? Not outside all samples, nor in a bucket that moved. */
const isCompared = ({ parts, ranges, resolution }: DigestFigures, row: Row): boolean => {
  const moved = parts[rangeOf(row, ranges)]?.moved;
  if (moved === undefined) return false;
  return !moved.includes(moved.length === 0 ? 0 : bucketOf(row, resolution));
};

const countMoved = ({ parts }: DigestFigures): number =>
  parts.reduce((sum, { moved }) => sum + moved.length, 0);

/** How many buckets of this resolution have a row that moved, judged only from the rows. */
const countTouched = ({ histories, content, ranges }: World, resolution: number): number => {
  const rows = histories
    .filter((row) => hasMoved(row, content))
    .flatMap((row) => [...versionOf(row, row.before), ...versionOf(row, row.after)])
    .filter((row) => rangeOf(row, ranges) !== -1);
  return new Set(rows.map((row) => `${rangeOf(row, ranges)} ${bucketOf(row, resolution)}`)).size;
};

const numRuns = 150;

describe('any table, however its rows move around the instant', () => {
  test('every row of the copy is as it was before or after the instant: no difference is found', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { differences, expected, actual } = compare(await capture(world), stateRestored(world));
        expect({ differences, actual }).toEqual({ differences: [], actual: expected });
      }),
      { numRuns },
    );
  });

  test('one row of the copy is gone: found if and only if it is compared', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.nat(), async (world, at) => {
        const rows = stateRestored(world);
        const [lost] = rows.splice(at % Math.max(1, rows.length), 1);
        fc.pre(lost !== undefined);
        const figures = await capture(world);
        const { differences, expected, actual } = compare(figures, rows);
        const range = rangeOf(lost, world.ranges);
        expect(differences).toMatchObject(isCompared(figures, lost) ? [{ range }] : []);
        expect(actual === expected).toBe(!isCompared(figures, lost));
        for (const { expectedRows, actualRows } of differences) expect(actualRows).toBe(expectedRows - 1);
      }),
      { numRuns },
    );
  });

  test('one row of the copy is there twice, or two more alike: found if and only if it is compared', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.nat(), fc.constantFrom(1, 2), async (world, at, times) => {
        const rows = stateRestored(world);
        const twin = rows[at % Math.max(1, rows.length)];
        fc.pre(twin !== undefined);
        const figures = await capture(world);
        const { differences } = compare(figures, [...rows, ...Array.from({ length: times }, () => twin)]);
        expect(differences.length > 0).toBe(isCompared(figures, twin));
      }),
      { numRuns },
    );
  });

  test('one row of the copy has become another one, as many as before: found if and only if either is compared', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.nat(), async (world, at) => {
        const rows = stateRestored(world);
        const index = at % Math.max(1, rows.length);
        const lost = rows[index];
        fc.pre(lost !== undefined);
        const other = { key: lost.key.map((part) => part + 1000), value: 'never in production' };
        const figures = await capture(world);
        const { differences } = compare(figures, rows.with(index, other));
        expect(differences.length > 0).toBe(isCompared(figures, lost) || isCompared(figures, other));
      }),
      { numRuns },
    );
  });

  test('one value of the copy has changed: found with values if and only if it is compared, never with keys', async () => {
    const keyed = worlds.filter(({ histories }) => histories[0]?.key.length !== 0);
    await fc.assert(
      fc.asyncProperty(keyed, fc.nat(), async (world, at) => {
        const rows = stateRestored(world);
        const index = at % Math.max(1, rows.length);
        const row = rows[index];
        fc.pre(row !== undefined);
        const figures = await capture(world);
        const { differences } = compare(figures, rows.with(index, { ...row, value: 'damaged' }));
        expect(differences.length > 0).toBe(world.content === 'values' && isCompared(figures, row));
      }),
      { numRuns },
    );
  });

  test('rows compared and rows moved: together all rows, and no bucket moved but where a row did', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const figures = await capture(world);
        const isRead = (row: Row) => rangeOf(row, world.ranges) !== -1;
        const [before, after] = [stateBefore(world).filter(isRead), stateAfter(world).filter(isRead)];
        const { comparedRows, movedRows } = compare(figures, before);
        expect(comparedRows).toBe(before.filter((row) => isCompared(figures, row)).length);
        expect(comparedRows).toBe(after.filter((row) => isCompared(figures, row)).length);
        expect(movedRows).toBeGreaterThanOrEqual(Math.max(before.length, after.length) - comparedRows);
        expect(movedRows).toBeLessThanOrEqual(before.length + after.length - 2 * comparedRows);
        expect(countMoved(figures)).toBe(countTouched(world, figures.resolution));
      }),
      { numRuns },
    );
  });

  test('more buckets moved than fit: as coarse as it takes, and no coarser', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { resolution } = await capture(world);
        const fits = (each: number) => countTouched(world, each) <= world.maxMoved;
        expect(Math.log2(resolution) % 1).toBe(0);
        if (resolution > 1) expect(fits(resolution)).toBe(true);
        if (resolution < maxResolution) expect(fits(resolution * 2)).toBe(false);
      }),
      { numRuns },
    );
  });
});

describe('where rows differ, in words', () => {
  const bounds = makeDigest(3, { ranges: boundsOf([100, 200]) });
  const samples = makeDigest(3, {
    key: ['shard', 'id'],
    ranges: {
      kind: 'samples',
      samples: [
        { from: ['7', '0'], to: ['8', '0'] },
        { from: ['9', '1'], to: null },
      ],
    },
  });
  const oneColumn = {
    ...samples,
    key: ['id'],
    ranges: { kind: 'samples' as const, samples: [{ from: ['7'], to: ['9'] }] },
  };
  const missing = { expectedRows: 18_750, actualRows: 18_748 };

  test.each([
    ['the first range', bounds, 0, 'id before 100'],
    ['a range between', bounds, 1, 'id from 100 to before 200'],
    ['the last range', bounds, 2, 'id from 200'],
    ['one range', makeDigest(3), 0, 'the table'],
    ['no key', makeDigest(3, { key: [] }), 0, 'the table'],
    ['a sample', samples, 0, '(shard, id) from (7, 0) to before (8, 0)'],
    ['a sample to the end', samples, 1, '(shard, id) from (9, 1) (2'],
    ['a sample of one column', oneColumn, 0, 'id from 7 to before 9'],
  ])('%s: named by its bounds', (_, figures, range, where) => {
    const text = describeDifferences(figures, [{ range, ...missing }]);
    expect(text).toContain(where);
    expect(text).toContain('(2 of 18,750 rows missing)');
  });

  test.each([
    [{ expectedRows: 2000, actualRows: 2000 }, '2,000 rows, as many as expected'],
    [{ expectedRows: 2000, actualRows: 3001 }, '1,001 rows more than the 2,000 expected'],
    [{ expectedRows: 2000, actualRows: 0 }, '2,000 of 2,000 rows missing'],
  ])('%o: %s', (rows, words) => {
    expect(describeDifferences(makeDigest(3), [{ range: 0, ...rows }])).toBe(`the table (${words})`);
  });

  test('many ranges differ: three are named and the others counted', () => {
    const all = [0, 1, 2, 0, 1].map((range) => ({ range, ...missing }));
    expect(describeDifferences(bounds, all)).toMatch(/id from 200 \(2 of 18,750 rows missing\) and 2 more$/);
  });
});

test('as many rows with other hashes, or other rows with the same hash: moved, and found', () => {
  const one = { range: 0, bucket: 0, rows: 3, hash: 5n };
  const figures = makeDigest(3, { parts: [{ rows: 3, hash: '0000000000000005', moved: [], movedRows: 0 }] });
  const differsFrom = (other: Bucket) => [
    findMovedRanges([one], [other]).length > 0,
    divideParts({ before: [one], after: [other] }, 1, 9).parts[0]?.moved.length === 1,
    compareDigest(figures, [other]).differences.length > 0,
  ];
  expect(differsFrom({ ...one, hash: 6n })).toEqual([true, true, true]);
  expect(differsFrom({ ...one, rows: 4 })).toEqual([true, true, true]);
  expect(differsFrom(one)).toEqual([false, false, false]);
});

test('the copy: told apart as finely as production was, and only where it moved', () => {
  const still = { rows: 3, hash: '0000000000000005', moved: [], movedRows: 0 };
  const parts = [still, { ...still, moved: [7], movedRows: 1 }, still];
  const ranges = boundsOf([10, 20]);
  expect(requestLike(makeDigest(9, { content: 'values', ranges, resolution: 64, parts }))).toEqual({
    content: 'values',
    ranges,
    fine: [1],
    resolution: 64,
    only: null,
  });
});

test('ranges: one more than bounds, and as many as samples', () => {
  expect([countRanges(boundsOf([])), countRanges(boundsOf([1, 2])), countRanges(twoSamples)]).toEqual([
    1, 3, 2,
  ]);
});
