import { expect, test } from 'vitest';
import { benchHistory } from '../../bench/history.ts';

test('npm run bench history, on few drills: both are measured, and the files looked at are counted', async () => {
  const [time, reads, ...others] = await benchHistory(20, 3);
  expect(others).toEqual([]);
  expect(time?.ratio).toBeGreaterThan(0);
  expect(reads).toMatchObject({ ours: '2', other: '23 results' });
});
