import pg from 'pg';
import { DrillError } from '../../errors.ts';
import type { Condition, Moment, TimeColumn } from '../port.ts';
import { formatTableName } from '../tables.ts';
import { timeUnitMs } from '../time-units.ts';
import type { PostgresTable } from './catalog.ts';
import { fromTable, keyColumn } from './key.ts';

/** A column that holds times. A timestamp and a date are what a wall clock showed. @throws DrillError ColumnNotFound */
export const findTimeColumn = (table: PostgresTable, column: string): TimeColumn => {
  const index = table.hashed.findIndex(({ name }) => name === column);
  const found = table.hashed[index];
  if (found?.base === 'timestamptz' || found?.base === 'timestamp' || found?.base === 'date') {
    const typed = (table.columns[index] ?? '').slice(found.name.length);
    // Those of a domain are not shown.
    const digits = /timestamp\((\d)\)/.exec(typed)?.[1] ?? (found.hasModifier ? '0' : '6');
    return {
      name: found.name,
      isZoned: found.base === 'timestamptz',
      unitMs: timeUnitMs(found.base, digits),
    };
  }
  const seen = found === undefined ? 'there is no such column' : 'it is no date and no timestamp';
  throw new DrillError('ColumnNotFound', `${formatTableName(table)}: ${column}: ${seen}`);
};

const literalIn =
  ({ isZoned }: TimeColumn) =>
  ({ utc, wallClock }: Moment): string =>
    isZoned ? `${pg.escapeLiteral(utc)}::timestamptz` : `${pg.escapeLiteral(wallClock)}::timestamp`;

/** A condition as SQL. A row without a time is in no span of time. */
export const meets = (table: PostgresTable, where: Condition | undefined): string => {
  if (where === undefined) return 'true';
  // What it ends with may be a comment to the end of the line.
  if ('expression' in where) return `(\n${where.expression}\n)`;
  const found = findTimeColumn(table, where.column);
  const [column, time] = [keyColumn(found.name), literalIn(found)];
  if ('isNull' in where) return `${column} is null`;
  return [
    `${column} is not null`,
    ...(where.from === undefined ? [] : [`${column} >= ${time(where.from)}`]),
    ...(where.before === undefined ? [] : [`${column} < ${time(where.before)}`]),
  ].join(' and ');
};

/** Rows of span and count. The span of rows without a time is null. */
export const countByTimeSql = (table: PostgresTable, column: string, bounds: readonly Moment[]): string => {
  const found = findTimeColumn(table, column);
  const type = found.isZoned ? 'timestamptz' : 'timestamp';
  const cuts = bounds.map(literalIn(found)).join(', ');
  return `select width_bucket(${keyColumn(found.name)}::${type}, array[${cuts}]::${type}[]) as span, count(*)::float8 as rows
            from ${fromTable(table)} group by 1`;
};
