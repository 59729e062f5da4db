/**
 * Step Functions ends an execution whose state data exceeds 256 KiB, and nothing can catch that. These are the limits in
 * bytes for the figures of the baseline, packed, and for the checks in the result, in full.
 */
export const maxFiguresBytes = 170 * 1024;
/** A first reading stays beside what completes it. */
export const maxFirstBytes = 110 * 1024;
export const maxChecksBytes = 240 * 1024;

/** Counters whose position is kept, at about 15 bytes each: a tenth of the figures. */
export const maxCounters = 1000;

/** How much of the state data the tables of a plan may take, shared out as they are read. */
export type Room = {
  /** Ranges of a table's key, and samples of it. */
  ranges: number;
  samples: number;
  /** How many moved buckets the next table may keep: half of what is left. */
  mostMoved(): number;
  spendMoved(count: number): void;
};

/** Moved buckets over all tables that fit the state data with 300 tables; each takes about four bytes. */
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
