import type { ReadCells } from './cell-reading.ts';
import type { Counts } from './row-merge.ts';

/** `margin`: by how many rows a count may be off, nearly always (two standard errors). 0 if the counts are exact. */
export type Estimate = Counts & { isExact: boolean; margin: number };

/**
 * Adds up what was read. What was read in part is counted as if all of it were like the sample; by how much one side has
 * more rows is known all the same.
 * @param equal rows whose digests are equal
 */
export const estimateCounts = (equal: number, read: readonly ReadCells[]): Estimate => {
  const parts = read.map(scaleUp);
  const sum = (pick: (part: Estimate) => number): number =>
    parts.reduce((total, part) => total + pick(part), 0);
  return {
    equal: equal + sum((part) => part.equal),
    onlyLeft: sum((part) => part.onlyLeft),
    onlyRight: sum((part) => part.onlyRight),
    different: sum((part) => part.different),
    isExact: parts.every(({ isExact }) => isExact),
    margin: sum((part) => part.margin),
  };
};

const scaleUp = ({ counts, ofAll, isSample }: ReadCells): Estimate => {
  if (!isSample) return { ...counts, isExact: true, margin: 0 };
  const { equal, different } = counts;
  const seen = 2 * (equal + different) + counts.onlyLeft + counts.onlyRight;
  const scale = (ofAll.left + ofAll.right) / Math.max(1, seen);
  const [onlyLeft, onlyRight] = fitExcess(scale * counts.onlyLeft, scale * counts.onlyRight, ofAll);
  const changed = Math.round(scale * different);
  const most = Math.max(different, counts.onlyLeft, counts.onlyRight, 1);
  return {
    equal: Math.max(0, ofAll.left - onlyLeft - changed),
    onlyLeft,
    onlyRight,
    different: changed,
    isExact: false,
    margin: Math.ceil(2 * Math.sqrt(scale * (scale - 1) * most)),
  };
};

/** What one side has more is known. Both estimates give way to it, each by its share. */
const fitExcess = (
  onlyLeft: number,
  onlyRight: number,
  { left, right }: ReadCells['ofAll'],
): [number, number] => {
  const excess = left - right;
  const both = onlyLeft + onlyRight;
  if (both === 0) return [Math.max(0, excess), Math.max(0, -excess)];
  const off = onlyLeft - onlyRight - excess;
  const settle = (count: number, by: number): number => Math.max(0, Math.round(count + (by * count) / both));
  return [settle(onlyLeft, -off), settle(onlyRight, off)];
};
