import { DrillError } from '../../errors.ts';
import type { Condition, Moment } from '../port.ts';
import { formatTableName } from '../tables.ts';
import type { MysqlTable } from './catalog.ts';
import { quoteName } from './names.ts';

type TimeColumn = { name: string; isZoned: boolean; literal: (moment: Moment) => string };

/**
 * A column that holds times. A TIMESTAMP is an instant, which our session reads in UTC. A DATETIME and a DATE are what a
 * wall clock showed. @throws DrillError ColumnNotFound
 */
export const findTimeColumn = (table: MysqlTable, column: string): TimeColumn => {
  const found = table.hashed.find(({ name }) => name.toLowerCase() === column.toLowerCase());
  const isZoned = found?.type === 'timestamp';
  if (found === undefined || (!isZoned && found.type !== 'datetime' && found.type !== 'date')) {
    const seen = found === undefined ? 'there is no such column' : 'it is no date and no timestamp';
    throw new DrillError('ColumnNotFound', `${formatTableName(table)}: ${column}: ${seen}`);
  }
  const literal = ({ utc, wallClock }: Moment): string => {
    const text = (isZoned ? utc : wallClock).replace('T', ' ').replace('Z', '');
    return `cast(_utf8mb4 x'${Buffer.from(text).toString('hex')}' as datetime(6))`;
  };
  return { name: found.name, isZoned, literal };
};

/** A condition as SQL. A row without a time is in no span of time. */
export const meets = (table: MysqlTable, where: Condition | undefined): string => {
  if (where === undefined) return 'true';
  const { name, literal } = findTimeColumn(table, where.column);
  const column = quoteName(name);
  if ('isNull' in where) return `${column} is null`;
  return [
    `${column} is not null`,
    ...(where.from === undefined ? [] : [`${column} >= ${literal(where.from)}`]),
    ...(where.before === undefined ? [] : [`${column} < ${literal(where.before)}`]),
  ].join(' and ');
};
