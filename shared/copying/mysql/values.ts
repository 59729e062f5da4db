import { type MysqlColumn, readNumber } from '../../database/mysql/hash.ts';
import { quoteName } from '../../database/mysql/names.ts';

const numbers = new Set('tinyint smallint mediumint int bigint decimal year'.split(' '));
const fractions = new Set('float double'.split(' '));
const bytes = new Set('binary varbinary tinyblob blob mediumblob longblob'.split(' '));
const texts = new Set('char varchar tinytext text mediumtext longtext'.split(' '));
const shapes = new Set(
  'geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection geomcollection vector'.split(
    ' ',
  ),
);

/**
 * An SQL expression for a value, as it stands in a statement that inserts it. The bytes of a text are those of its column,
 * whatever its character set, and go in as bytes: nothing is converted. A quoted fraction keeps its digits, and -0. MySQL
 * has a type for JSON, which takes no bytes (MySQL manual, "The JSON Data Type"); MariaDB's JSON is a text.
 */
const written = ({ name, type }: MysqlColumn): string => {
  const column = quoteName(name);
  const number = readNumber(type, column);
  if (fractions.has(type)) return `quote(${number})`;
  if (number !== null) return number;
  if (numbers.has(type)) return column;
  if (bytes.has(type)) return `concat('_binary', quote(${column}))`;
  if (texts.has(type)) return `concat('_binary', quote(cast(${column} as binary)))`;
  if (shapes.has(type)) return `concat('x''', hex(${column}), '''')`;
  if (type === 'json') return `concat('_utf8mb4', quote(cast(${column} as char character set utf8mb4)))`;
  return `quote(${column})`;
};

/**
 * An SQL expression for a row of these columns, as it stands after VALUES. NULL for a row beyond max_allowed_packet. The first
 * part makes all of it binary, so nothing of it is converted on its way.
 */
export const writtenRow = (columns: readonly MysqlColumn[]): string => {
  const parts = columns.map((column) =>
    column.isNullable ? `if(${quoteName(column.name)} is null, 'null', ${written(column)})` : written(column),
  );
  return `concat(cast('(' as binary)${parts.map((part, index) => `, ${index === 0 ? '' : `',', `}${part}`).join('')}, ')')`;
};
