import pg from 'pg';
import type { KeyRange, Ranges } from '../port.ts';
import type { TableName } from '../tables.ts';
import { nameInSql, type PostgresTable } from './catalog.ts';

/** ONLY: a child by inheritance is listed as its own table. A partition is not. */
export const fromTable = (table: TableName & Pick<PostgresTable, 'isPartitioned'>): string =>
  `${table.isPartitioned ? '' : 'only '}${nameInSql(table)} t`;

export const keyColumn = (column: string): string => `t.${pg.escapeIdentifier(column)}`;

export const literal = (value: string, type: string | undefined): string =>
  `${pg.escapeLiteral(value)}::${type}`;

/**
 * A condition that an index on the key serves: the first key column is in one of the ranges that these bounds cut, or in
 * those from this one up to the last.
 */
export const inBounds = (
  { key, keyTypes }: PostgresTable,
  bounds: string[],
  index: number,
  last = index,
): string => {
  const [column] = key;
  const [lower, upper] = [bounds[index - 1], bounds[last]];
  const parts = [
    ...(lower === undefined ? [] : [`${keyColumn(column ?? '')} >= ${literal(lower, keyTypes[0])}`]),
    ...(upper === undefined ? [] : [`${keyColumn(column ?? '')} < ${literal(upper, keyTypes[0])}`]),
  ];
  return parts.length === 0 ? 'true' : `(${parts.join(' and ')})`;
};

const keyRow = ({ key }: PostgresTable): string => `row(${key.map(keyColumn).join(', ')})`;

export const inSample = (table: PostgresTable, { from, to }: KeyRange): string => {
  const row = (values: string[]) =>
    `row(${values.map((value, index) => literal(value, table.keyTypes[index])).join(', ')})`;
  const parts = [
    `${keyRow(table)} >= ${row(from)}`,
    ...(to === null ? [] : [`${keyRow(table)} < ${row(to)}`]),
  ];
  return parts.join(' and ');
};

/** A condition for the rows of one range. None has those of a sample that is not there. */
export const inRange = (table: PostgresTable, ranges: Ranges, index: number): string => {
  if (ranges.kind === 'bounds') return inBounds(table, ranges.bounds, index);
  const sample = ranges.samples[index];
  return sample === undefined ? 'false' : inSample(table, sample);
};
