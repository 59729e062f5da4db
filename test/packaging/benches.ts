import { describe, expect, test } from 'vitest';
import { benchColdStart } from '../../bench/cold-start.ts';
import { benchSnapshotAge } from '../../bench/snapshot-age.ts';
import type { GetStack } from './stack.ts';

/** Only that they run and measure something. The figures are for people, and depend on the machine. */
export const testBenches = (getStack: GetStack) =>
  describe('npm run bench', () => {
    test('snapshot-age: every row of a small fleet has its figures', async () => {
      const fleet = { clusters: 30, snapshotsPerCluster: 5, latencyMs: 1, throttleEvery: 0 };
      const rows = await benchSnapshotAge(getStack(), fleet, 1);
      expect(rows.map(({ ratio }) => ratio)).toEqual([expect.any(Number), 1, expect.any(Number), null]);
      expect(rows.map(({ ours }) => Number.parseFloat(ours)).every((figure) => figure >= 0)).toBe(true);
    });

    test('cold-start: both monitors beside the unbundled clients', async () => {
      const rows = await benchColdStart(getStack(), 1);
      expect(rows.map(({ name }) => name)).toEqual([
        'cold start of SnapshotAge',
        'cold start of BacktrackWindow',
      ]);
      for (const { ratio } of rows) expect(ratio).toBeGreaterThan(0);
    });
  });
