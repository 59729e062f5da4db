import { describe, expect, test } from 'vitest';
import type { DigestRequest, Ranges } from '../../../shared/database/port.ts';
import { chooseRanges, countTable, rangesPerTable, readInPieces } from '../../../shared/rows/reading.ts';
import { maxResolution } from '../../../shared/truth/digest.ts';
import { readBracketed } from '../../../shared/truth/digest-reading.ts';
import { failWith } from '../../functions/fakes.ts';
import { makeSimulatedTable, type Row, readerOf } from './simulated-table.ts';

const roomFor = (most: number) => ({ mostMoved: () => most, spendMoved: () => {} });

const table = makeSimulatedTable();
const rowOf = (id: number, value = 'same'): Row => ({ key: [id], value });
const rows = Array.from({ length: 40 }, (_, id) => rowOf(id));
const fourRanges: Ranges = { kind: 'bounds', bounds: ['10', '20', '30'] };
const wanted = { content: 'values', ranges: fourRanges, seed: null, room: roomFor(100) } as const;

/** Above and at the size where reading range by range begins. */
const huge = { estimatedRows: 20_000_001 };
const large = { estimatedRows: 20_000_000 };

const coarse: DigestRequest = {
  content: 'values',
  ranges: fourRanges,
  fine: [],
  resolution: maxResolution,
  only: null,
};

describe('a table read before and after the instant', () => {
  test('nothing moved: one coarse reading each, and every row stood still', async () => {
    const [before, after] = [await readerOf(rows), await readerOf(rows)];
    const { figures, rows: counts } = await readBracketed(
      { before: before.reader, after: after.reader },
      table,
      wanted,
    );
    expect([before.asked, after.asked]).toEqual([[coarse], [coarse]]);
    expect(counts).toEqual({ before: 40, after: 40, moved: 0 });
    expect(figures).toMatchObject({ content: 'values', key: ['id'], ranges: fourRanges, seed: null });
    expect(figures.parts).toMatchObject(
      Array.from({ length: 4 }, () => ({ rows: 10, moved: [], movedRows: 0 })),
    );
  });

  test('rows moved in two ranges: these alone are read once more, bucket by bucket', async () => {
    const changed = [...rows.with(15, rowOf(15, 'other')), rowOf(40)];
    const [before, after] = [await readerOf(rows), await readerOf(changed)];
    const { figures, rows: counts } = await readBracketed(
      { before: before.reader, after: after.reader },
      table,
      wanted,
    );
    const fine = { ...coarse, fine: [1, 3], only: [1, 3] };
    expect([before.asked, after.asked]).toEqual([
      [coarse, fine],
      [coarse, fine],
    ]);
    expect(counts).toEqual({ before: 40, after: 41, moved: 2 });
    expect(figures.parts.map((part) => [part.rows, part.moved.length])).toEqual([
      [10, 0],
      [9, 1],
      [10, 0],
      [10, 1],
    ]);
  });

  test('keys wanted and values changed: nothing moved', async () => {
    const [before, after] = [await readerOf(rows), await readerOf(rows.with(7, rowOf(7, 'other')))];
    const { rows: counts } = await readBracketed({ before: before.reader, after: after.reader }, table, {
      ...wanted,
      content: 'keys',
    });
    expect(counts.moved).toBe(0);
    expect(after.asked).toMatchObject([{ content: 'keys' }]);
  });

  test('a range that was empty before: all that is in it moved', async () => {
    const [before, after] = [await readerOf(rows.slice(0, 30)), await readerOf(rows)];
    const { rows: counts, figures } = await readBracketed(
      { before: before.reader, after: after.reader },
      table,
      wanted,
    );
    expect(counts).toEqual({ before: 30, after: 40, moved: 10 });
    expect(figures.parts[3]).toMatchObject({ rows: 0, movedRows: 10 });
  });

  test.each(['before', 'after'] as const)('the reading %s fails: its error passes through', async (which) => {
    const failing = { readDigest: failWith('OutOfTime') };
    const readers = {
      before: (await readerOf(rows, which === 'before' ? failing : {})).reader,
      after: (await readerOf(rows, which === 'after' ? failing : {})).reader,
    };
    await expect(readBracketed(readers, table, wanted)).rejects.toMatchObject({ name: 'OutOfTime' });
  });
});

describe('a table read in pieces', () => {
  test('of 20 million rows: at once', async () => {
    const { reader, asked } = await readerOf(rows);
    await readInPieces(reader, { ...table, ...large }, coarse);
    expect(asked).toEqual([coarse]);
  });

  test('of more: range by range, and together the same', async () => {
    const [pieces, whole] = [await readerOf(rows), await readerOf(rows)];
    const buckets = await readInPieces(pieces.reader, { ...table, ...huge }, coarse);
    expect(pieces.asked).toEqual([0, 1, 2, 3].map((range) => ({ ...coarse, only: [range] })));
    expect(buckets).toEqual(await readInPieces(whole.reader, table, coarse));
  });

  test('of more, by a reader that cuts it by itself: at once', async () => {
    const { reader, asked } = await readerOf(rows, { cutsTables: () => true });
    await readInPieces(reader, { ...table, ...huge }, coarse);
    expect(asked).toEqual([coarse]);
  });

  test('of more, and only some ranges wanted: these range by range', async () => {
    const { reader, asked } = await readerOf(rows);
    const request = { ...coarse, fine: [0, 2], only: [0, 2] };
    const buckets = await readInPieces(reader, { ...table, ...huge }, request);
    expect(asked).toEqual([0, 2].map((range) => ({ ...request, only: [range] })));
    expect(new Set(buckets.map(({ range }) => range))).toEqual(new Set([0, 2]));
  });

  test.each<[string, Ranges]>([
    ['only one range', { kind: 'bounds', bounds: [] }],
    [
      'samples, which stay small',
      {
        kind: 'samples',
        samples: [
          { from: ['1'], to: ['2'] },
          { from: ['5'], to: null },
        ],
      },
    ],
  ])('of more, with %s: at once', async (_, ranges) => {
    const { reader, asked } = await readerOf(rows);
    const request = { ...coarse, ranges };
    await readInPieces(reader, { ...table, ...huge }, request);
    expect(asked).toEqual([request]);
  });
});

describe('the ranges and the number of rows', () => {
  const bounds = { chooseBounds: async (_: unknown, ranges: number) => [String(ranges)] };

  test('table with a key: split at the bounds that the database chooses', async () => {
    const { reader } = await readerOf(rows, bounds);
    expect(await chooseRanges(reader, table)).toEqual({ kind: 'bounds', bounds: [String(rangesPerTable)] });
  });

  test('table without a key: one range, and no bounds are asked for', async () => {
    const { reader } = await readerOf(rows, { chooseBounds: failWith('DatabaseFailure') });
    expect(await chooseRanges(reader, { ...table, key: [] })).toEqual({ kind: 'bounds', bounds: [] });
  });

  test('table of 20 million rows: counted in one statement, without bounds', async () => {
    const { reader, asked } = await readerOf(rows, { chooseBounds: failWith('DatabaseFailure') });
    expect(await countTable(reader, { ...table, ...large })).toBe(40);
    expect(asked).toMatchObject([{ content: 'rows', ranges: { bounds: [] }, fine: [], only: null }]);
  });

  test('table of more, and a reader that cuts it by itself: counted at once, without bounds', async () => {
    const { reader, asked } = await readerOf(rows, {
      cutsTables: () => true,
      chooseBounds: failWith('DatabaseFailure'),
    });
    expect(await countTable(reader, { ...table, ...huge })).toBe(40);
    expect(asked).toMatchObject([{ content: 'rows', ranges: { bounds: [] }, only: null }]);
  });

  test('table of more: counted range by range', async () => {
    const { reader, asked } = await readerOf(rows, bounds);
    expect(await countTable(reader, { ...table, ...huge })).toBe(40);
    expect(asked.map(({ content, only }) => [content, only])).toEqual([
      ['rows', [0]],
      ['rows', [1]],
    ]);
  });
});
