import type { KeyRange, Ranges } from '../port.ts';
import type { MysqlTable } from './catalog.ts';
import { readNumber } from './hash.ts';
import { quoteName } from './names.ts';

/** Without it the optimizer may read the whole table for each half. */
export const useIndex = ({ keyIndex }: MysqlTable): string =>
  keyIndex === '' ? '' : ` force index (${quoteName(keyIndex)})`;

/**
 * How a key's value becomes a text: its number (an ENUM sorts by the numbers of its members), its bytes in hexadecimal
 * digits, or its own text.
 */
export type KeyKind = 'number' | 'bytes' | 'text';

const numbers = new Set(
  'tinyint smallint mediumint int bigint decimal float double year bit enum set'.split(' '),
);
const bytes = new Set('binary varbinary'.split(' '));

const typeOf = ({ hashed }: MysqlTable, column: string): string =>
  hashed.find(({ name }) => name === column)?.type ?? '';

export const kindOf = (table: MysqlTable, column: string): KeyKind => {
  const type = typeOf(table, column);
  return numbers.has(type) ? 'number' : bytes.has(type) ? 'bytes' : 'text';
};

/** Reads a key column as such a text. Literals are compared with it. */
export const keyValue = (table: MysqlTable, column: string): string => {
  const name = quoteName(column);
  return readNumber(typeOf(table, column), name) ?? name;
};

/** A string is written as bytes, which every mode of the server reads alike. The column's collation counts. */
export const literal = (table: MysqlTable, column: string, value: string): string => {
  const kind = kindOf(table, column);
  if (kind === 'number' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)) return value;
  if (kind === 'bytes' && /^([0-9a-f]{2})*$/i.test(value)) return `x'${value}'`;
  return `_utf8mb4 x'${Buffer.from(value).toString('hex')}'`;
};

/** A condition that the key's index serves: the first key column is between these bounds. */
export const inBounds = (table: MysqlTable, lower: string | undefined, upper: string | undefined): string => {
  const column = table.key[0] ?? '';
  const parts = [
    ...(lower === undefined ? [] : [`${quoteName(column)} >= ${literal(table, column, lower)}`]),
    ...(upper === undefined ? [] : [`${quoteName(column)} < ${literal(table, column, upper)}`]),
  ];
  return parts.length === 0 ? 'true' : parts.join(' and ');
};

/** Keys from this one on, or before it. Written out, since the optimizer uses no index for (a, b) >= (x, y). */
export const beside = (table: MysqlTable, side: 'from' | 'before', values: readonly string[]): string => {
  const [strict, last] = side === 'from' ? ['>', '>='] : ['<', '<'];
  const compare = (index: number): string => {
    const column = table.key[index] ?? '';
    const [name, value] = [quoteName(column), literal(table, column, values[index] ?? '')];
    if (index === table.key.length - 1) return `${name} ${last} ${value}`;
    return `(${name} ${strict} ${value} or (${name} = ${value} and ${compare(index + 1)}))`;
  };
  return compare(0);
};

export const inSample = (table: MysqlTable, { from, to }: KeyRange): string =>
  to === null
    ? beside(table, 'from', from)
    : `${beside(table, 'from', from)} and ${beside(table, 'before', to)}`;

/** A condition for the rows of one range. None has those of a sample that is not there. */
export const inRange = (table: MysqlTable, ranges: Ranges, index: number): string => {
  if (ranges.kind === 'bounds') return inBounds(table, ranges.bounds[index - 1], ranges.bounds[index]);
  const sample = ranges.samples[index];
  return sample === undefined ? 'false' : inSample(table, sample);
};
