import { countOf } from '../words.ts';

/**
 * How far a row count may be off, apart from rows that moved during the instant: a percentage of the expected count
 * ("0.1%"), a number of rows (12), or not at all ("auto").
 */
export type Tolerance = string | number;

const percentage = /^(\d+(?:\.\d+)?)\s*%$/;

export const isPercentage = (text: string): boolean => {
  const percent = Number(percentage.exec(text)?.[1] ?? Number.NaN);
  return percent <= 100;
};

/** The rows that a tolerance allows at this count, rounded down. Exact, since all numbers are whole. */
export const allowedRows = (tolerance: Tolerance, expected: number): number => {
  if (tolerance === 'auto') return 0;
  if (typeof tolerance === 'number') return tolerance;
  const [whole = '0', decimals = ''] = (percentage.exec(tolerance)?.[1] ?? '0').split('.');
  const scale = 100n * 10n ** BigInt(decimals.length);
  return Number((BigInt(expected) * BigInt(whole + decimals)) / scale);
};

export const formatTolerance = (tolerance: Tolerance): string =>
  typeof tolerance === 'number' ? countOf(tolerance, 'row') : tolerance;
