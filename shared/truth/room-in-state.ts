/**
 * Step Functions ends an execution whose state data outgrows 256 KiB, without a way to catch it. What the baseline's
 * figures may take packed, in bytes, and what the checks may take in the result, where they stand in full.
 */
export const maxFiguresBytes = 170 * 1024;
export const maxChecksBytes = 240 * 1024;

/** What the tables of a plan may take of the state data, shared out as they are read. */
export type Room = {
  /** Ranges of a table's key, and samples of it. */
  ranges: number;
  samples: number;
  /** How many moved buckets the next table may keep: half of what is left, so that one busy table is not cut short. */
  mostMoved(): number;
  spendMoved(count: number): void;
};

/** Moved buckets that fit the state data beside 300 tables, over all of them; each takes four bytes or so. */
const maxMovedInAll = 10_000;
const leastMoved = 16;

const between = (low: number, value: number, high: number): number =>
  Math.max(low, Math.min(high, Math.floor(value)));

export const shareRoom = (tables: number): Room => {
  let left = maxMovedInAll;
  return {
    ranges: between(2, 1800 / tables, 16),
    samples: between(2, 600 / tables, 8),
    mostMoved: () => Math.max(leastMoved, Math.floor(left / 2)),
    spendMoved: (count) => {
      left -= count;
    },
  };
};
