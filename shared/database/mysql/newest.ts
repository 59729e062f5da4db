import { DrillError } from '../../errors.ts';
import type { Moment, NewestTime } from '../port.ts';
import { formatTableName } from '../tables.ts';
import type { MysqlTable } from './catalog.ts';
import { nameInSql, quoteName } from './names.ts';

/**
 * The newest time of a column that is not after the instant. An index on the column serves it. A TIMESTAMP is an instant,
 * which our session reads in UTC. A DATETIME and a DATE are what a wall clock showed.
 */
export const newestSql = (
  table: MysqlTable,
  column: string,
  instant: Moment,
): { sql: string; isZoned: boolean } => {
  const found = table.hashed.find(({ name }) => name.toLowerCase() === column.toLowerCase());
  const isZoned = found?.type === 'timestamp';
  if (found === undefined || (!isZoned && found.type !== 'datetime' && found.type !== 'date')) {
    const seen = found === undefined ? 'there is no such column' : 'it is no date and no timestamp';
    throw new DrillError('ColumnNotFound', `freshness of ${formatTableName(table)}: ${column}: ${seen}`);
  }
  const limit = (isZoned ? instant.utc : instant.wallClock).replace('T', ' ').replace('Z', '');
  const name = quoteName(found.name);
  const sql = `select max(${name}) from ${nameInSql(table)}
    where ${name} <= cast(_utf8mb4 x'${Buffer.from(limit).toString('hex')}' as datetime(6))`;
  return { sql, isZoned };
};

/** MySQL's day 0000-00-00 is no time. */
export const toNewestTime = (text: string | null, isZoned: boolean): NewestTime | null => {
  if (text === null || text.startsWith('0000')) return null;
  const whole = text.length === 10 ? `${text} 00:00:00` : text;
  return { text: isZoned ? `${whole.replace(' ', 'T')}Z` : whole, isZoned };
};
