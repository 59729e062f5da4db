import { expect, test } from 'vitest';
import { cutRanges } from '../../../../shared/copying/postgres/ranges.ts';
import type { ExtractedTable } from '../../../../shared/extraction/tables.ts';
import { tableNamed } from '../fake-copying.ts';

const mebibytes = 1024 ** 2;
const pagesIn = (bytes: number): number => bytes / 8192;
const cut = (size: number, more: Partial<ExtractedTable> = {}, hasPageRanges = true) =>
  cutRanges(
    { ...tableNamed('public.orders'), bytes: size, ...more },
    { pagesOfLargest: pagesIn(size), hasPageRanges },
  ).map(({ number, of, from, to }) => `${number}/${of} ${from ?? ''}..${to ?? ''}`);

test('a small table is one range, an empty one too', () => {
  expect(cut(0)).toEqual(['1/1 ..']);
  expect(cut(100 * mebibytes)).toEqual(['1/1 ..']);
});

test('a large table is cut into ranges of its pages, the last without an end', () => {
  expect(cut(384 * mebibytes)).toEqual(['1/3 ..16384', '2/3 16384..32768', '3/3 32768..']);
});

test('a huge table has a thousand ranges at most', () => {
  expect(cut(2 * 1024 ** 4)).toHaveLength(1000);
});

test('few rows meet the condition: one range, so that an index can find them', () => {
  expect(cut(384 * mebibytes, { where: 'tenant = 7', estimatedRows: 5000 })).toEqual(['1/1 ..']);
  expect(cut(384 * mebibytes, { where: 'tenant > 7', estimatedRows: 50_000_000 })).toHaveLength(3);
});

test('a server before 14 reads the whole table for some pages: one range', () => {
  expect(cut(384 * mebibytes, {}, false)).toEqual(['1/1 ..']);
});
