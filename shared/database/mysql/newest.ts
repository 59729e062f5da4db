import type { Moment, NewestTime } from '../port.ts';
import type { MysqlTable } from './catalog.ts';
import { findTimeColumn } from './condition.ts';
import { nameInSql, quoteName } from './names.ts';

/** The newest time of a column that is not after the instant. An index on the column serves it. */
export const newestSql = (
  table: MysqlTable,
  column: string,
  instant: Moment,
): { sql: string; isZoned: boolean } => {
  const found = findTimeColumn(table, column);
  const name = quoteName(found.name);
  const sql = `select max(${name}) from ${nameInSql(table)} where ${name} <= ${found.literal(instant)}`;
  return { sql, isZoned: found.isZoned };
};

/** MySQL's day 0000-00-00 is no time. */
export const toNewestTime = (text: string | null, isZoned: boolean): NewestTime | null => {
  if (text === null || text.startsWith('0000')) return null;
  const whole = text.length === 10 ? `${text} 00:00:00` : text;
  return { text: isZoned ? `${whole.replace(' ', 'T')}Z` : whole, isZoned };
};
