import { expect, test } from 'vitest';
import { rewindExample } from '../../../local/documents/rewind-example.ts';
import { buildRewind } from '../../../shared/rewind/document.ts';
import { fitRewind } from '../../../shared/rewinding/fit.ts';

test('what a rewind took away is too long for an output: the first lines of it, and how many are left', () => {
  const small = buildRewind(rewindExample);
  expect(fitRewind(small)).toEqual(small);
  const lines = Array.from(
    { length: 5000 },
    (_, index) => `shop.orders: row ${index} is gone, ${'x'.repeat(80)}`,
  );
  const long = buildRewind({ ...rewindExample, changes: { summary: 'much', lines, found: null } });
  const { changes } = fitRewind(long);
  expect(changes?.lines).toHaveLength(201);
  expect(changes?.lines.at(-1)).toBe('and 4800 more lines');
});
