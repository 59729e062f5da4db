import type { Ranges, RowSum } from '../database/port.ts';

export const countRanges = (ranges: Ranges): number =>
  ranges.kind === 'bounds' ? ranges.bounds.length + 1 : ranges.samples.length;

export const sumRows = (counted: readonly { rows: number }[]): number =>
  counted.reduce((sum, { rows }) => sum + rows, 0);

export const addSums = (sums: readonly RowSum[]): RowSum => ({
  rows: sumRows(sums),
  hash: BigInt.asUintN(
    64,
    sums.reduce((sum, { hash }) => sum + hash, 0n),
  ),
});
