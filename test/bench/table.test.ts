import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '../../bench/measure.ts';
import { showRows } from '../../bench/table.ts';

const row = (change: Partial<Row> = {}): Row => ({
  name: 'full checksum of 1 million rows, 2 cores',
  ours: '812 ms',
  other: '5.61 s md5 of the text',
  ratio: 6.912,
  note: '0.14 times its time, median of 5',
  ...change,
});

test('rows: a table with its figures to the right, the notes below it by number', () => {
  const lines = showRows([
    row(),
    row({ name: 'full checksum of MySQL', ours: 'skipped', ratio: null }),
  ]).split('\n');
  expect(lines.map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['#', 'what', 'ours', 'compared with', 'ratio'],
    ['1', 'full checksum of 1 million rows, 2 cores', '812 ms', '5.61 s md5 of the text', '6.91'],
    ['2', 'full checksum of MySQL', 'skipped', '5.61 s md5 of the text'],
    [''],
    ['#', 'note'],
    ['1', '0.14 times its time, median of 5'],
    ['2', '0.14 times its time, median of 5'],
  ]);
});

test('a long name, a long comparison and a long note: broken between words, nothing lost', () => {
  const long = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');
  const shown = showRows([row({ name: long, other: long, note: long })]);
  for (let index = 0; index < 40; index += 1) {
    expect(shown.match(new RegExp(`\\bword${index}\\b`, 'g'))).toHaveLength(3);
  }
});

test('any texts: no line longer than 120 columns', () => {
  const text = fc.string({ maxLength: 400 });
  const figure = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(text, figure, text, text, (name, ours, other, note) => {
      const lines = showRows([row({ name, ours, other, note, ratio: 1234.5 })]).split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
    }),
  );
});
