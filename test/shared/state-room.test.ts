import { expect, test } from 'vitest';
import { shareRoom } from '../../shared/state-room.ts';

test.each([
  [1, 16, 8],
  [150, 16, 8],
  [300, 8, 4],
  [3000, 2, 2],
])('%s tables: %s ranges and %s samples of each', (tables, ranges, samples) => {
  expect(shareRoom(tables)).toMatchObject({ ranges, samples });
});

test('one busy table among many that stand still: it may keep half of all moved buckets', () => {
  const room = shareRoom(300);
  room.spendMoved(0);
  expect(room.mostMoved()).toBe(8000);
});

test('one busy table after the other: each may keep half of what is left, and a few in any case', () => {
  const room = shareRoom(2);
  const kept: number[] = [];
  for (let table = 0; table < 12; table++) {
    kept.push(room.mostMoved());
    room.spendMoved(room.mostMoved());
  }
  expect(kept.slice(0, 3)).toEqual([8000, 4000, 2000]);
  expect(kept.at(-1)).toBe(16);
});
