import type { TableFigures } from './drill-state.ts';
import type { Checks } from './plan.ts';
import { formatTableName, parseTableName } from './tables.ts';
import { allowedRows, formatTolerance, type Tolerance } from './tolerance.ts';
import { countOf } from './words.ts';

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

/** Does the restored copy hold the table with the same columns and types, in the same order? */
export const compareSchema = (expected: TableFigures, actual: TableFigures | undefined): CheckResult => {
  const check = {
    name: `schema ${expected.table}`,
    kind: 'schema',
    table: expected.table,
    expected: countColumns(expected),
    tolerance: null,
  } as const;
  if (actual === undefined) {
    return {
      ...check,
      actual: 'no table',
      verdict: 'failed',
      reason: 'the table is missing from the restored copy',
    };
  }
  const difference = describeDifference(expected.columns, actual.columns);
  return difference === null
    ? {
        ...check,
        actual: countColumns(actual),
        verdict: 'passed',
        reason: 'the columns and types are the same',
      }
    : { ...check, actual: countColumns(actual), verdict: 'failed', reason: difference };
};

/** A table that production did not have at that instant. */
export const unexpectedTable = (actual: TableFigures): CheckResult => ({
  name: `schema ${actual.table}`,
  kind: 'schema',
  table: actual.table,
  expected: 'no table',
  actual: countColumns(actual),
  tolerance: null,
  verdict: 'failed',
  reason: 'the restored copy has a table that production did not have',
});

/** Does the restored copy hold as many rows as production did at the instant it was restored to? */
export const compareRows = (
  expected: TableFigures,
  actual: TableFigures | undefined,
  tolerance: Tolerance,
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
  return { ...check, verdict: Math.abs(difference) <= allowed ? 'passed' : 'failed', reason: seen };
};

const countColumns = ({ columns }: TableFigures): string => countOf(columns.length, 'column');

/** In words, or null when there is none. */
const describeDifference = (expected: string[], actual: string[]): string | null => {
  const lacks = expected.filter((column) => !actual.includes(column));
  const adds = actual.filter((column) => !expected.includes(column));
  const parts = [
    ...(lacks.length > 0 ? [`lacks ${lacks.join(', ')}`] : []),
    ...(adds.length > 0 ? [`has ${adds.join(', ')} instead or besides`] : []),
  ];
  if (parts.length > 0) return `the restored table ${parts.join(' and ')}`;
  const isSameOrder = expected.every((column, index) => column === actual[index]);
  return isSameOrder ? null : 'the restored table has the same columns in another order';
};
