import type { Baseline, TableFigures } from './drill-state.ts';
import type { Checks } from './plan.ts';
import { formatTableName, parseTableName } from './tables.ts';
import { allowedRows, formatTolerance, type Tolerance } from './tolerance.ts';
import { countOf, listSome } from './words.ts';

/** One finding of a drill, as the result holds it. `expected` and `actual` are row counts, or texts for schemas. */
export type CheckResult = {
  name: string;
  kind: 'schema' | 'rows' | 'checksum' | 'freshness' | 'query';
  table: string | null;
  expected: string | number | null;
  actual: string | number | null;
  tolerance: string | null;
  verdict: 'passed' | 'failed' | 'skipped';
  reason: string;
};

/** The tolerance for a table: its own where the plan overrides it. Names are compared as names, not as typed. */
export const toleranceOf = (checks: Checks, table: string): Tolerance => {
  const own = Object.entries(checks.overrides).find(([name]) => canonicalName(name) === table)?.[1];
  return own?.tolerance ?? checks.tolerance;
};

/** A table's name from a plan in the one form that figures carry. */
export const canonicalName = (text: string): string => {
  const name = parseTableName(text);
  return name === undefined ? text : formatTableName(name);
};

/**
 * Does the restored copy hold the table with the same columns and types, in the same order?
 * Without a same-instant baseline a difference proves nothing: the schema may have changed since the time restored to.
 */
export const compareSchema = (
  expected: TableFigures,
  actual: TableFigures | undefined,
  baseline: Baseline['kind'],
): CheckResult => {
  const check = {
    name: `schema ${expected.table}`,
    kind: 'schema',
    table: expected.table,
    expected: countColumns(expected),
    tolerance: null,
  } as const;
  const difference =
    actual === undefined
      ? 'the table is missing from the restored copy'
      : describeDifference(expected.columns, actual.columns);
  const seen = { ...check, actual: actual === undefined ? 'no table' : countColumns(actual) };
  if (difference !== null) return { ...seen, ...judgeSchema(difference, baseline) };
  const against = baseline === 'none' ? ' as in production now' : '';
  return { ...seen, verdict: 'passed', reason: `the columns and types are the same${against}` };
};

const judgeSchema = (
  difference: string,
  baseline: Baseline['kind'],
): Pick<CheckResult, 'verdict' | 'reason'> =>
  baseline === 'none'
    ? {
        verdict: 'skipped',
        reason: `${difference}, compared with production now, not at the time restored to`,
      }
    : { verdict: 'failed', reason: difference };

/** A table that production did not have at that instant, or does not have now. */
export const unexpectedTable = (actual: TableFigures, baseline: Baseline['kind']): CheckResult => ({
  name: `schema ${actual.table}`,
  kind: 'schema',
  table: actual.table,
  expected: 'no table',
  actual: countColumns(actual),
  tolerance: null,
  ...judgeSchema('production does not have this table', baseline),
});

/**
 * Does the restored copy hold as many rows as production did at the instant it was restored to?
 * @param delayMs how long after that instant production was counted: what was written in between explains a difference
 */
export const compareRows = (
  expected: TableFigures,
  actual: TableFigures | undefined,
  tolerance: Tolerance,
  delayMs: number,
): CheckResult => {
  const check = {
    name: `rows ${expected.table}`,
    kind: 'rows',
    table: expected.table,
    expected: expected.rows,
    actual: actual?.rows ?? null,
    tolerance: formatTolerance(tolerance),
  } as const;
  if (check.actual === null) {
    return { ...check, verdict: 'skipped', reason: 'the table is not there to be counted' };
  }
  if (expected.rows === null) {
    return {
      ...check,
      verdict: 'skipped',
      reason: 'production can no longer be counted at the time restored to',
    };
  }
  const difference = check.actual - expected.rows;
  const allowed = allowedRows(tolerance, expected.rows);
  if (difference === 0) return { ...check, verdict: 'passed', reason: 'the counts are equal' };
  const seen = `${countOf(Math.abs(difference), 'row')} ${difference < 0 ? 'missing' : 'too many'}, ${allowed} allowed`;
  return Math.abs(difference) <= allowed
    ? { ...check, verdict: 'passed', reason: seen }
    : {
        ...check,
        verdict: 'failed',
        reason: `${seen}; production was counted ${delayMs} ms after the instant`,
      };
};

const countColumns = ({ columns }: TableFigures): string => countOf(columns.length, 'column');

/** State data is small: a wide table that changed altogether is no reason to fill it. */
const maxColumnsListed = 5;

/** In words, or null when there is none. */
const describeDifference = (expected: string[], actual: string[]): string | null => {
  const lacks = expected.filter((column) => !actual.includes(column));
  const adds = actual.filter((column) => !expected.includes(column));
  const parts = [
    ...(lacks.length > 0 ? [`lacks ${listSome(lacks, maxColumnsListed)}`] : []),
    ...(adds.length > 0 ? [`has ${listSome(adds, maxColumnsListed)} instead or besides`] : []),
  ];
  if (parts.length > 0) return `the restored table ${parts.join(' and ')}`;
  const isSameOrder = expected.every((column, index) => column === actual[index]);
  return isSameOrder ? null : 'the restored table has the same columns in another order';
};
