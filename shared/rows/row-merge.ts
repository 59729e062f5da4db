import type { RowPack } from '../database/port.ts';
import { hashOf, keyOf } from '../database/row-lines.ts';

/** How many rows two tables have in common, and not. */
export type Counts = { equal: number; onlyLeft: number; onlyRight: number; different: number };

/** How a row is not the same on both sides. */
export type Kind = 'onlyLeft' | 'onlyRight' | 'different';

/** A row that is not the same on both sides, with its hash on each. Its key is null where it is told apart as a whole. */
export type ApartRow = { key: string | null; left: string | null; right: string | null };

/** Hears of every such row in the rows of one range. */
export type FoundRow = (kind: Kind, row: ApartRow) => void;

/** Hears of every such row in all ranges. */
export type Found = (kind: Kind, row: ApartRow & { range: number }) => void;

export const noRows: Counts = { equal: 0, onlyLeft: 0, onlyRight: 0, different: 0 };

export const addCounts = (one: Counts, other: Counts): Counts => ({
  equal: one.equal + other.equal,
  onlyLeft: one.onlyLeft + other.onlyLeft,
  onlyRight: one.onlyRight + other.onlyRight,
  different: one.different + other.different,
});

/**
 * Joins the rows of both sides, pack by pack. Both number their packs by the same hash, so a row has its partner in the pack
 * of the same number, and one pack of each side is all that is kept.
 */
export const mergeRows = async (
  left: AsyncIterable<RowPack[]>,
  right: AsyncIterable<RowPack[]>,
  merge: (left: RowPack | null, right: RowPack | null) => void,
): Promise<void> => {
  const [one, other] = [followPacks(left), followPacks(right)];
  try {
    // Both at once: each server works while the other does.
    await Promise.all([one.advance(), other.advance()]);
    for (;;) {
      const [a, b] = [one.current(), other.current()];
      if (a === null && b === null) return;
      const next = Math.min(a?.pack ?? Number.POSITIVE_INFINITY, b?.pack ?? Number.POSITIVE_INFINITY);
      const [mine, theirs] = [a?.pack === next ? a : null, b?.pack === next ? b : null];
      merge(mine, theirs);
      const ahead = [...(mine ? [one] : []), ...(theirs ? [other] : [])].filter((side) => !side.step());
      if (ahead.length > 0) await Promise.all(ahead.map((side) => side.advance()));
    }
  } finally {
    await Promise.allSettled([one.stop(), other.stop()]);
  }
};

/** One side, pack by pack. `step` is false where the next pack has to be waited for. */
const followPacks = (batches: AsyncIterable<RowPack[]>) => {
  const iterator = batches[Symbol.asyncIterator]();
  let batch: RowPack[] = [];
  let index = 0;
  let isOver = false;
  return {
    current: (): RowPack | null => batch[index] ?? null,
    step: (): boolean => {
      index += 1;
      return index < batch.length || isOver;
    },
    advance: async (): Promise<void> => {
      const next = await iterator.next();
      isOver = next.done === true;
      batch = next.done === true ? [] : next.value;
      index = 0;
    },
    stop: async (): Promise<void> => {
      await iterator.return?.();
    },
  };
};

/** Rows with keys: each key is on a side once at most. */
export const countByKey = (left: RowPack | null, right: RowPack | null, found: FoundRow): Counts => {
  const counts = { ...noRows };
  const unmatched = new Set(left?.lines);
  const others = (right?.lines ?? []).filter((line) => !unmatched.delete(line));
  counts.equal = (right?.lines.length ?? 0) - others.length;
  const onlyLeft = new Map([...unmatched].map((line) => [keyOf(line), hashOf(line)]));
  for (const line of others) {
    const key = keyOf(line);
    const hash = onlyLeft.get(key) ?? null;
    const kind = onlyLeft.delete(key) ? 'different' : 'onlyRight';
    counts[kind] += 1;
    found(kind, { key, left: hash, right: hashOf(line) });
  }
  for (const [key, hash] of onlyLeft) found('onlyLeft', { key, left: hash, right: null });
  counts.onlyLeft = onlyLeft.size;
  return counts;
};

/** Rows without keys: each counts as often as it is there. */
export const countByHash = (left: RowPack | null, right: RowPack | null, found: FoundRow): Counts => {
  const counts = { ...noRows };
  const unmatched = new Map<string, number>();
  for (const hash of left?.lines ?? []) unmatched.set(hash, (unmatched.get(hash) ?? 0) + 1);
  for (const hash of right?.lines ?? []) {
    const times = unmatched.get(hash) ?? 0;
    counts[times > 0 ? 'equal' : 'onlyRight'] += 1;
    if (times > 0) unmatched.set(hash, times - 1);
    else found('onlyRight', { key: null, left: null, right: hash });
  }
  for (const [hash, times] of unmatched) {
    counts.onlyLeft += times;
    for (let row = 0; row < times; row += 1) found('onlyLeft', { key: null, left: hash, right: null });
  }
  return counts;
};
