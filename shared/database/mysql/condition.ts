import { DrillError } from '../../errors.ts';
import type { Condition, Moment, TimeColumn as PortColumn } from '../port.ts';
import { formatTableName } from '../tables.ts';
import { timeUnitMs } from '../time-units.ts';
import type { MysqlTable } from './catalog.ts';
import { nameInSql, quoteName } from './names.ts';

type TimeColumn = PortColumn & { literal: (moment: Moment) => string };

/**
 * A column that holds times. A TIMESTAMP is an instant, which our session reads in UTC. A DATETIME and a DATE are what a
 * wall clock showed. @throws DrillError ColumnNotFound
 */
export const findTimeColumn = (table: MysqlTable, column: string): TimeColumn => {
  const index = table.hashed.findIndex(({ name }) => name.toLowerCase() === column.toLowerCase());
  const found = table.hashed[index];
  const isZoned = found?.type === 'timestamp';
  if (found === undefined || (!isZoned && found.type !== 'datetime' && found.type !== 'date')) {
    const seen = found === undefined ? 'there is no such column' : 'it is no date and no timestamp';
    throw new DrillError('ColumnNotFound', `${formatTableName(table)}: ${column}: ${seen}`);
  }
  const literal = ({ utc, wallClock }: Moment): string => {
    const text = (isZoned ? utc : wallClock).replace('T', ' ').replace('Z', '');
    return `cast(_utf8mb4 x'${Buffer.from(text).toString('hex')}' as datetime(6))`;
  };
  const typed = (table.columns[index] ?? '').slice(quoteName(found.name).length);
  const digits = /^ \w+\((\d)\)/.exec(typed)?.[1] ?? '0';
  return { name: found.name, isZoned, unitMs: timeUnitMs(found.type, digits), literal };
};

/** A condition as SQL. A row without a time is in no span of time. */
export const meets = (table: MysqlTable, where: Condition | undefined): string => {
  if (where === undefined) return 'true';
  // What it ends with may be a comment to the end of the line.
  if ('expression' in where) return `(\n${where.expression}\n)`;
  const { name, literal } = findTimeColumn(table, where.column);
  const column = quoteName(name);
  if ('isNull' in where) return `${column} is null`;
  return [
    `${column} is not null`,
    ...(where.from === undefined ? [] : [`${column} >= ${literal(where.from)}`]),
    ...(where.before === undefined ? [] : [`${column} < ${literal(where.before)}`]),
  ].join(' and ');
};

/** Rows of span and count. INTERVAL looks numbers up in a list, and is -1 for NULL. Day 0000-00-00 is before all others. */
export const countByTimeSql = (table: MysqlTable, column: string, bounds: readonly Moment[]): string => {
  const { name, literal } = findTimeColumn(table, column);
  const time = quoteName(name);
  const since = (value: string): string => `timestampdiff(microsecond, '1970-01-01', ${value})`;
  const number = `if(${time} is null, null, ifnull(${since(time)}, ${-(10n ** 17n)}))`;
  const cuts = bounds.map((moment) => since(literal(moment))).join(', ');
  return `select interval(${number}, ${cuts}) as span, count(*) from ${nameInSql(table)} group by span`;
};
