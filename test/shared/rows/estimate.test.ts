import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateCounts } from '../../../shared/rows/estimate.ts';

const counts = fc.record({
  equal: fc.nat(5000),
  onlyLeft: fc.nat(500),
  onlyRight: fc.nat(500),
  different: fc.nat(500),
});

describe('counts of what differs', () => {
  test('everything was read: the counts are exact, with the rows whose digests are equal', () => {
    const read = { counts: { equal: 7, onlyLeft: 1, onlyRight: 2, different: 3 }, isSample: false };
    expect(estimateCounts(100, [{ ...read, ofAll: { left: 11, right: 12 } }])).toEqual({
      ...{ equal: 107, onlyLeft: 1, onlyRight: 2, different: 3 },
      ...{ isExact: true, margin: 0 },
    });
  });

  test('any sample of a tenth: nothing is below zero, and what one side has more is as known', () => {
    fc.assert(
      fc.property(counts, (sample) => {
        const left = 10 * (sample.equal + sample.different + sample.onlyLeft);
        const right = 10 * (sample.equal + sample.different + sample.onlyRight);
        const found = estimateCounts(0, [{ counts: sample, isSample: true, ofAll: { left, right } }]);
        expect(found.onlyLeft - found.onlyRight).toBe(left - right);
        for (const kind of ['equal', 'onlyLeft', 'onlyRight', 'different'] as const) {
          expect(Math.abs(found[kind] - 10 * sample[kind])).toBeLessThanOrEqual(2);
        }
        expect(found.isExact).toBe(false);
      }),
    );
  });
});
