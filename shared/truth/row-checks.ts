import type { Bucket } from '../database/port.ts';
import { allowedRows, formatTolerance, type Tolerance } from '../plan/tolerance.ts';
import { sumRows } from '../rows/sums.ts';
import { countOf } from '../words.ts';
import type { Bracket } from './bracket.ts';
import { type CheckResult, tellWhole } from './checks.ts';
import { compareDigest, type DigestFigures, describeDifferences } from './digest.ts';
import type { RowFigures } from './digest-reading.ts';

/** What the baseline says about the rows of a table; null if it could not read them or was not asked to. */
export type ExpectedRows = {
  table: string;
  rows: RowFigures | null;
  keys: DigestFigures | null;
  values?: DigestFigures | null;
};

const makeRowsCheck = (table: string, rows: RowFigures | null, tolerance: Tolerance) => ({
  name: `rows ${table}`,
  kind: 'rows' as const,
  table,
  expected: describeExpected(rows),
  actual: null,
  tolerance: formatTolerance(tolerance),
});

/** A number, or a range if production moved during the instant. */
const describeExpected = (rows: RowFigures | null): number | string | null => {
  if (rows === null) return null;
  const [low, high] = [Math.min(rows.before, rows.after), Math.max(rows.before, rows.after)];
  return low === high ? low : `${show(low)} to ${show(high)}`;
};

const show = (count: number): string => count.toLocaleString('en-US');

export const skipRows = (expected: ExpectedRows, tolerance: Tolerance, reason: string): CheckResult => ({
  ...makeRowsCheck(expected.table, expected.rows, tolerance),
  verdict: 'skipped',
  reason,
});

/**
 * Checks that the restored copy has the rows that production had at the instant restored to. Their number must be between
 * the counts just before and just after, widened by what moved in between and by the plan's tolerance. If keys were read,
 * every row that did not move must be there, and no others.
 * @param restored the copy, read as the baseline was
 */
export const compareRows = (
  { table, rows, keys, values }: ExpectedRows & { rows: RowFigures },
  restored: readonly Bucket[],
  tolerance: Tolerance,
  bracket: Bracket | null,
  mayPass = false,
): CheckResult => {
  const actual = sumRows(restored);
  const check = { ...makeRowsCheck(table, rows, tolerance), actual };
  const newer = sumRows(restored.filter(({ range }) => range === (keys ?? values)?.newer));
  const passing = newer + (mayPass ? sumRows(restored.flatMap(({ fresh }) => fresh ?? [])) : 0);
  const outside = findOutside({ ...rows, moved: rows.moved + passing }, actual, tolerance);
  if (outside !== null) {
    const when = bracket === null ? '' : `; ${describeBracket(bracket)}`;
    return { ...check, verdict: 'failed', reason: `${outside}${when}` };
  }
  if (keys === null) return { ...check, verdict: 'passed', reason: describeCount(rows, actual) };
  const { differences, comparedRows, movedRows, passingRows } = compareDigest(keys, restored, mayPass);
  if (differences.length > 0) {
    return {
      ...check,
      verdict: 'failed',
      reason: `rows differ from production: ${describeDifferences(keys, differences)}`,
    };
  }
  if (comparedRows === 0 && movedRows > 0) return { ...check, verdict: 'skipped', reason: everyRowMoved };
  const coverage = `${describeCoverage(comparedRows, movedRows)}${describePassing(keys, passingRows)}`;
  return {
    ...check,
    verdict: 'passed',
    reason: `${describeCount(rows, actual)}; keys: ${coverage}`,
    ...tellWhole('rows', comparedRows, movedRows),
  };
};

const describeCount = ({ before, after }: RowFigures, actual: number): string => {
  if (before === actual && after === actual) return 'the counts are equal';
  const isBetween = actual >= Math.min(before, after) && actual <= Math.max(before, after);
  return isBetween ? 'between the counts before and after' : 'off, but within what is allowed';
};

/** By how much the count is outside what is allowed; null when it is not. */
const findOutside = (rows: RowFigures, actual: number, tolerance: Tolerance): string | null => {
  const [low, high] = [Math.min(rows.before, rows.after), Math.max(rows.before, rows.after)];
  const allowed = rows.moved + allowedRows(tolerance, high);
  const off = actual < low ? low - actual : actual - high;
  if (off <= allowed) return null;
  return `${countOf(off, 'row', show)} ${actual < low ? 'missing' : 'too many'}, ${show(allowed)} allowed`;
};

const describeBracket = ({ beforeMs, afterMs }: Bracket): string =>
  `production was read ${beforeMs} ms before the instant and ${afterMs} ms after it`;

const showPercent = (share: number): string => `${Math.floor(share * 1000) / 10} %`;

/** "all 1,200 rows verified", or how much of the table moved and so proves nothing. */
export const describeCoverage = (compared: number, moved: number): string => {
  if (moved === 0) return `all ${countOf(compared, 'row', show)} verified`;
  const all = compared + moved;
  return `${showPercent(compared / all)} of rows verified, ${show(moved)} of ${show(all)} moved`;
};

const describePassing = ({ withoutAdded }: DigestFigures, rows: number): string => {
  if (rows === 0) return '';
  const what = withoutAdded ? 'written' : 'written and removed again';
  return `, ${countOf(rows, 'row', show)} ${what} during the instant`;
};

const everyRowMoved = 'every row moved during the instant';

const makeChecksum = (table: string): Pick<CheckResult, 'name' | 'kind' | 'table' | 'tolerance'> => ({
  name: `checksum ${table}`,
  kind: 'checksum',
  table,
  tolerance: null,
});

export const skipChecksum = (table: string, reason: string): CheckResult => ({
  ...makeChecksum(table),
  expected: null,
  actual: null,
  verdict: 'skipped',
  reason,
});

/** Checks that all rows that did not move during the instant have the same values. */
export const compareValues = (
  table: string,
  values: DigestFigures,
  restored: readonly Bucket[],
  mayPass = false,
): CheckResult => {
  const compared = compareDigest(values, restored, mayPass);
  const { expected, actual, differences, comparedRows, movedRows, passingRows } = compared;
  const check = { ...makeChecksum(table), expected, actual };
  if (differences.length > 0) {
    return {
      ...check,
      verdict: 'failed',
      reason: `values differ: ${describeDifferences(values, differences)}`,
    };
  }
  if (comparedRows === 0 && movedRows > 0) {
    return { ...check, verdict: 'skipped', reason: everyRowMoved };
  }
  const coverage = `${describeCoverage(comparedRows, movedRows)}${describePassing(values, passingRows)}`;
  const { seed, parts } = values;
  const sample = seed === null ? '' : `, in ${countOf(parts.length, 'sample')} chosen by seed ${seed}`;
  return {
    ...check,
    verdict: 'passed',
    reason: `${coverage}${sample}`,
    ...(seed === null && tellWhole('values', comparedRows, movedRows)),
  };
};
