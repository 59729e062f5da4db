import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Changes, sizesOfChanges, tellChanges } from '../../../shared/rows/told-changes.ts';

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

test('sizes: the whole, then without what is for machines, then fewer of the first lines, down to none', () => {
  const lines = Array.from({ length: 201 }, (_, index) =>
    createHash('sha256').update(`${index}`).digest('hex'),
  );
  const changes: Changes = { summary: 'much', lines, found: nothing };
  const [whole, ...cut] = sizesOfChanges(changes);
  expect(whole).toBe(changes);
  expect(cut).toEqual(
    [
      [200, 'and 1 more line'],
      [50, 'and 151 more lines'],
      [10, 'and 191 more lines'],
      [0, 'and 201 more lines'],
    ].map(([most, more]) => ({
      summary: 'much',
      lines: [...lines.slice(0, most as number), more],
      found: null,
    })),
  );
});

test('sizes: few lines are not said to be cut', () => {
  expect(sizesOfChanges(tellChanges(nothing))[1]).toEqual({
    summary: 'nothing changed',
    lines: ['3 tables unchanged'],
    found: null,
  });
});
