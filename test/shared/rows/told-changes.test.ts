import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { fitChanges, tellChanges } from '../../../shared/rows/told-changes.ts';

const nothing = {
  tables: [],
  unchangedTables: 3,
  goneTables: [],
  addedTables: [],
  definitions: [],
  notCompared: [],
};

test('nothing changed: said, with the whole of it for machines', () => {
  expect(tellChanges(nothing)).toEqual({
    summary: 'nothing changed',
    lines: ['3 tables unchanged'],
    found: nothing,
  });
});

test('what fits is kept as it is; of what does not, the first lines, and how many there are behind them', () => {
  const small = tellChanges(nothing);
  const fits = (changes: object) => JSON.stringify(changes).length < 20_000;
  expect(fitChanges(small, fits)).toBe(small);
  // Texts that hardly shrink.
  const lines = Array.from({ length: 5000 }, (_, index) =>
    createHash('sha256').update(`${index}`).digest('hex'),
  );
  const notCompared = lines.map((what) => ({ what, reason: 'unread' }));
  const cut = fitChanges({ summary: 'much', lines, found: { ...nothing, notCompared } }, fits);
  expect(cut).toMatchObject({ summary: 'much', found: null });
  expect(cut.lines).toEqual([...lines.slice(0, 200), 'and 4800 more lines']);
  expect(fits(cut)).toBe(true);
});
