import { countOf, listSome } from '../words.ts';
import type { CheckResult, Comparability } from './checks.ts';
import type { TableSchema } from './table-reading.ts';

/** Production at that instant, in as far as it did not change definitions meanwhile. */
export type SchemaBasis = {
  baseline: Comparability;
  /** Why the table's definition at that instant is not known. */
  unsettled?: string | undefined;
  /** Was the copy's definition written during the instant, while production changed definitions? */
  isPassing?: boolean;
};

/**
 * Checks that the restored copy has the table with the same columns and types, in the same order, and the same keys,
 * valid indexes and constraints. Without a same-instant baseline a difference proves nothing: the schema may have changed
 * since the time restored to.
 */
export const compareSchema = (
  expected: TableSchema,
  actual: TableSchema | undefined,
  basis: SchemaBasis,
): CheckResult => {
  const check = {
    name: `schema ${expected.table}`,
    kind: 'schema',
    table: expected.table,
    expected: countParts(expected),
    actual: actual === undefined ? 'no table' : countParts(actual),
    tolerance: null,
  } as const;
  const difference =
    actual === undefined
      ? 'the table is missing from the restored copy'
      : describeDifference(expected, actual);
  if (difference !== null) return { ...check, ...judgeSchema(difference, basis) };
  const against = basis.baseline === 'none' ? ' as in production now' : '';
  return {
    ...check,
    verdict: 'passed',
    reason: `columns and objects are the same${against}`,
  };
};

const judgeSchema = (
  difference: string,
  { baseline, unsettled, isPassing }: SchemaBasis,
): Pick<CheckResult, 'verdict' | 'reason'> => {
  if (baseline === 'none') {
    const reason = `${difference}, compared with production now, not at the time restored to`;
    return { verdict: 'skipped', reason };
  }
  const why = unsettled ?? (isPassing ? passing : undefined);
  return why === undefined
    ? { verdict: 'failed', reason: difference }
    : { verdict: 'skipped', reason: `${difference}; ${why}` };
};

const passing = 'production made and undid this change during the instant';

/** A table that production did not have at that instant, or does not have now. */
export const unexpectedTable = (actual: TableSchema, basis: SchemaBasis): CheckResult => ({
  name: `schema ${actual.table}`,
  kind: 'schema',
  table: actual.table,
  expected: 'no table',
  actual: countParts(actual),
  tolerance: null,
  ...judgeSchema('production does not have this table', basis),
});

const countParts = ({ columns, objects }: TableSchema): string =>
  objects.length === 0
    ? countOf(columns.length, 'column')
    : `${countOf(columns.length, 'column')}, ${countOf(objects.length, 'object')}`;

/** State data is small: one wide table that changed completely must not fill it. */
const maxListed = 5;

const describeLacks = (lacks: readonly string[], adds: readonly string[]): string | null => {
  const parts = [
    ...(lacks.length > 0 ? [`lacks ${listSome(lacks, maxListed)}`] : []),
    ...(adds.length > 0 ? [`${lacks.length > 0 ? 'has' : 'also has'} ${listSome(adds, maxListed)}`] : []),
  ];
  return parts.length === 0 ? null : parts.join(' and ');
};

const describeDifference = (expected: TableSchema, actual: TableSchema): string | null => {
  const lacks = listMissing(expected, actual);
  const adds = listMissing(actual, expected);
  const difference = describeLacks(lacks, adds);
  if (difference !== null) return `the restored table ${difference}`;
  const isSameOrder = expected.columns.every((column, index) => column === actual.columns[index]);
  return isSameOrder ? null : 'the restored table has the same columns in another order';
};

const listMissing = (from: TableSchema, to: TableSchema): string[] => [
  ...from.columns.filter((column) => !to.columns.includes(column)),
  ...from.objects.filter((object) => !to.objects.includes(object)),
];

/** What belongs to the database as a whole: extensions, or in MySQL the databases and their collations. */
export const compareObjects = (
  expected: readonly string[],
  actual: readonly string[],
  baseline: Comparability,
  unsettled: readonly string[] = [],
): CheckResult => {
  const lacks = expected.filter((object) => !actual.includes(object));
  const adds = actual.filter((object) => !expected.includes(object) && !unsettled.includes(object));
  const check = {
    name: 'database',
    kind: 'schema',
    table: null,
    expected: countOf(expected.length, 'object'),
    actual: countOf(actual.length, 'object'),
    tolerance: null,
  } as const;
  const difference = describeLacks(lacks, adds);
  if (difference !== null)
    return { ...check, ...judgeSchema(`the restored copy ${difference}`, { baseline }) };
  return { ...check, verdict: 'passed', reason: 'the objects of the database are the same' };
};
