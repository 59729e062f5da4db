import pg from 'pg';
import { DrillError } from '../../errors.ts';
import type { Condition, Moment } from '../port.ts';
import { formatTableName } from '../tables.ts';
import type { PostgresTable } from './catalog.ts';
import { keyColumn } from './key.ts';

/** Does the column hold instants? A timestamp and a date are what a wall clock showed. @throws DrillError ColumnNotFound */
export const isZonedColumn = (table: PostgresTable, column: string): boolean => {
  const found = table.hashed.find(({ name }) => name === column);
  const isZoned = found?.base === 'timestamptz';
  if (isZoned || found?.base === 'timestamp' || found?.base === 'date') return isZoned;
  const seen = found === undefined ? 'there is no such column' : 'it is no date and no timestamp';
  throw new DrillError('ColumnNotFound', `${formatTableName(table)}: ${column}: ${seen}`);
};

/** A condition as SQL. A row without a time is in no span of time. */
export const meets = (table: PostgresTable, where: Condition | undefined): string => {
  if (where === undefined) return 'true';
  const isZoned = isZonedColumn(table, where.column);
  const column = keyColumn(where.column);
  if ('isNull' in where) return `${column} is null`;
  const time = ({ utc, wallClock }: Moment): string =>
    isZoned ? `${pg.escapeLiteral(utc)}::timestamptz` : `${pg.escapeLiteral(wallClock)}::timestamp`;
  return [
    `${column} is not null`,
    ...(where.from === undefined ? [] : [`${column} >= ${time(where.from)}`]),
    ...(where.before === undefined ? [] : [`${column} < ${time(where.before)}`]),
  ].join(' and ');
};
