import { type MysqlColumn, readNumber } from '../../database/mysql/hash.ts';
import { quoteName } from '../../database/mysql/names.ts';

const numbers = new Set('tinyint smallint mediumint int bigint decimal year'.split(' '));
const fractions = new Set('float double'.split(' '));
const bytes = new Set('binary varbinary tinyblob blob mediumblob longblob'.split(' '));
const texts = new Set('char varchar tinytext text mediumtext longtext'.split(' '));
/** In these no byte of a letter looks like a quote or a backslash. */
const plainCharsets = new Set('utf8mb4 utf8mb3 utf8 latin1 ascii'.split(' '));
const shapes = new Set(
  'geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection geomcollection vector'.split(
    ' ',
  ),
);

/**
 * An SQL expression for a value, as it stands in a statement that inserts it. The bytes of a text are those of its column,
 * whatever its character set, and go in as bytes: nothing is converted. A quoted fraction keeps its digits, and -0. MySQL
 * has a type for JSON, which takes no bytes (MySQL manual, "The JSON Data Type"); MariaDB's JSON is a text. Nothing stands
 * between QUOTE and its column: of a NULL, as an expression gives it that is too long, QUOTE makes the word.
 */
const written = ({ name, type, charset }: MysqlColumn): string => {
  const column = quoteName(name);
  const number = readNumber(type, column);
  if (fractions.has(type)) return `quote(${number})`;
  if (number !== null) return number;
  if (numbers.has(type)) return column;
  const isText = texts.has(type);
  const isPlain = bytes.has(type) || (isText && plainCharsets.has(charset ?? ''));
  if (isPlain) return `concat('_binary', quote(${column}))`;
  if (isText || shapes.has(type)) return `concat('x''', hex(${column}), '''')`;
  return type === 'json' ? `concat('_utf8mb4', quote(${column}))` : `quote(${column})`;
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
