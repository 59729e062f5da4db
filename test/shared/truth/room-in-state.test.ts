import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { pack } from '../../../shared/job/packing.ts';
import type { DigestFigures } from '../../../shared/truth/digest.ts';
import { maxFiguresBytes, shareRoom } from '../../../shared/truth/room-in-state.ts';
import { makeTableFigures } from '../drill/state-fixture.ts';

test.each([
  [1, 16, 8],
  [75, 16, 8],
  [300, 6, 2],
  [3000, 2, 2],
])('%s tables: %s ranges and %s samples of each', (tables, ranges, samples) => {
  expect(shareRoom(tables)).toMatchObject({ ranges, samples });
});

test('one busy table among many that stand still: it may keep half of all moved buckets', () => {
  const room = shareRoom(300);
  room.spendMoved(0);
  expect(room.mostMoved()).toBe(5000);
});

test('one busy table after the other: each may keep half of what is left, and a few in any case', () => {
  const room = shareRoom(2);
  const kept: number[] = [];
  for (let table = 0; table < 12; table++) {
    kept.push(room.mostMoved());
    room.spendMoved(room.mostMoved());
  }
  expect(kept.slice(0, 3)).toEqual([5000, 2500, 1250]);
  expect(kept.at(-1)).toBe(16);
});

/** As good as random, and the same in every run, so that nothing deflates better than real data. */
const digits = (text: string, length: number): string =>
  createHash('sha512').update(text).digest('hex').slice(0, length);

const makeFigures = (table: string, ranges: number, bound: (text: string) => string): DigestFigures => ({
  content: 'values',
  key: ['id'],
  seed: null,
  resolution: 4096,
  ranges: {
    kind: 'bounds',
    bounds: Array.from({ length: ranges - 1 }, (_, index) => bound(`${table}/${index}`)),
  },
  parts: Array.from({ length: ranges }, (_, index) => ({
    rows: Number.parseInt(digits(`rows ${table}/${index}`, 4), 16),
    hash: digits(`hash ${table}/${index}`, 16),
    moved: [],
    movedRows: 0,
  })),
});

test.each([
  ['numbers', (text: string) => String(Number.parseInt(digits(text, 8), 16))],
  ['uuids', (text: string) => digits(text, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')],
])('300 tables of 10 columns with full checksums, keys that are %s: they fit the state data', (_, bound) => {
  const { ranges } = shareRoom(300);
  const tables = Array.from({ length: 300 }, (_, index) => {
    const name = `public.${digits(`table ${index}`, 12)}`;
    const columns = Array.from(
      { length: 10 },
      (_, column) => `${digits(`${name} ${column}`, 10)} bigint not null`,
    );
    const rows = { before: 1_000_000 + index, after: 1_000_000 + index, moved: 0 };
    return {
      ...makeTableFigures(name, 0),
      columns,
      objects: [`${name}_pkey PRIMARY KEY (id)`],
      rows,
      keys: null,
      values: makeFigures(name, ranges, bound),
    };
  });
  const bytes = pack({ tables, objects: [], lateCounters: [], queries: [] }).length;
  expect(bytes).toBeLessThan(maxFiguresBytes);
  expect(bytes).toBeGreaterThan(maxFiguresBytes / 2);
});
