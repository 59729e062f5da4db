import type { KeyRange } from '../port.ts';
import type { MysqlTable } from './catalog.ts';
import { readNumber } from './hash.ts';
import { quoteName } from './names.ts';

/** The optimizer would rather read the whole table than half of it, for each half again. */
export const useIndex = ({ keyIndex }: MysqlTable): string =>
  keyIndex === '' ? '' : ` force index (${quoteName(keyIndex)})`;

/**
 * How a value of a key is carried as text: as the number it is (members of an ENUM are in the order of their numbers),
 * as its bytes in hexadecimal digits, or as it reads.
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

/** What reads a column of a key as such a text, and the values literals are compared with. */
export const keyValue = (table: MysqlTable, column: string): string => {
  const name = quoteName(column);
  return readNumber(typeOf(table, column), name) ?? name;
};

/** Strings are written by their bytes, which no mode of the server reads differently; the column's collation counts. */
export const literal = (table: MysqlTable, column: string, value: string): string => {
  const kind = kindOf(table, column);
  if (kind === 'number' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)) return value;
  if (kind === 'bytes' && /^([0-9a-f]{2})*$/i.test(value)) return `x'${value}'`;
  return `_utf8mb4 x'${Buffer.from(value).toString('hex')}'`;
};

/** A condition that an index on the key serves: between bounds of the first column of the key. */
export const inBounds = (table: MysqlTable, lower: string | undefined, upper: string | undefined): string => {
  const column = table.key[0] ?? '';
  const parts = [
    ...(lower === undefined ? [] : [`${quoteName(column)} >= ${literal(table, column, lower)}`]),
    ...(upper === undefined ? [] : [`${quoteName(column)} < ${literal(table, column, upper)}`]),
  ];
  return parts.length === 0 ? 'true' : parts.join(' and ');
};

/** Keys from one on, or before one. The optimizer uses no index for (a, b) >= (x, y), so it is written out. */
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
