import { chooseHashed } from '../hashed-columns.ts';
import type { Hashing } from '../port.ts';
import { quoteName } from './names.ts';

/** `octets`: the most bytes that a text or binary value takes. `isByBytes`: texts sort by their bytes. */
export type MysqlColumn = {
  name: string;
  type: string;
  isNullable: boolean;
  octets: number;
  isByBytes: boolean;
  /** Of a text. */
  charset?: string | null;
  /** Hashed as the text that it would become, in UTF-8, so that another type with the same text has the same hash. */
  isPortable?: boolean;
};

/** How a value is written: as a text without commas (`field`), or as its length, with the value at the end (`value`). */
type Part = { field: string; value?: string };

/** Beyond this many bytes in all, values are hashed one by one: a row beyond max_allowed_packet has no hash at all. */
const inlineOctets = 1024 * 1024;

/** Types whose text is the value, without a comma. */
const plainTypes = new Set(
  'tinyint smallint mediumint int bigint decimal year date time datetime timestamp'.split(' '),
);
const stringTypes = new Set('char varchar binary varbinary tinytext text tinyblob blob'.split(' '));
const longTypes = new Set('mediumtext longtext mediumblob longblob json'.split(' '));

export const hashedColumns = (
  table: { hashed: MysqlColumn[]; key: string[] },
  content: 'keys' | 'values',
  hashing: Hashing = {},
): MysqlColumn[] => chooseHashed(table, content, hashing, asPortable);

/** With a sign for NULL whether it may be NULL or not. */
const asPortable = (column: MysqlColumn): MysqlColumn => ({ ...column, isNullable: true, isPortable: true });

/**
 * Reads a number in full where its text would lose some, else null. BIT, ENUM and SET are stored as numbers, and two
 * members may have one text. The text of a FLOAT has six digits, that of FLOAT(m,d) d decimals. A product keeps every
 * digit, and -0.
 */
export const readNumber = (type: string, name: string): string | null => {
  if (type === 'bit' || type === 'enum' || type === 'set') return `cast(${name} as unsigned)`;
  if (type === 'float' || type === 'double') return `${name} * 1e0`;
  return null;
};

/** The text that ALTER TABLE makes of a value of this type, but for a FLOAT, whose text has lost digits. Null: bytes, or no text. */
const textOf = ({ type, charset }: MysqlColumn, value: string): string | null => {
  const isText = charset != null || plainTypes.has(type);
  const given = isText ? value : readNumber(type, value);
  return given === null ? null : `convert(${given} using utf8mb4)`;
};

const partOf = (column: MysqlColumn, isInline: boolean): Part => {
  const { name, type, isPortable } = column;
  const value = quoteName(name);
  const text = isPortable ? textOf(column, value) : null;
  if (text !== null) return { field: `sha1(${text})` };
  if (plainTypes.has(type)) return { field: value };
  const number = readNumber(type, value);
  if (number !== null) return { field: number };
  if (stringTypes.has(type) && isInline) return { field: `length(${value})`, value };
  if (stringTypes.has(type) || longTypes.has(type)) return { field: `sha1(${value})` };
  return { field: `sha1(hex(${value}))` };
};

/**
 * An SQL expression for the bytes of these columns of a row. Different rows never give the same bytes. First come numbers
 * and lengths, as texts without commas, then the strings that the lengths tell apart. NULL is N, without a string.
 * The binary separator makes all of it binary: bytes count, whatever character sets and collations meet. It must be
 * cast: a plain literal counts for less than a column (MySQL manual, "Collation Coercibility in Expressions").
 */
export const rowText = (columns: readonly MysqlColumn[]): string => {
  let octets = 0;
  const parts = columns.map((column) => {
    const isInline = !column.isPortable && octets + column.octets <= inlineOctets;
    if (stringTypes.has(column.type) && isInline) octets += column.octets;
    const { field, value } = partOf(column, isInline);
    return { field: column.isNullable ? `ifnull(${field}, 'N')` : field, value };
  });
  const values = parts.flatMap(({ value }) => (value === undefined ? [] : [value]));
  return `concat_ws(cast(',' as binary), ${[...parts.map(({ field }) => field), ...values].join(', ')})`;
};

/**
 * An SQL expression for a 64-bit hash of these columns of a row, NULL only for a row beyond max_allowed_packet.
 * SHA-1 is faster than MD5 here and on any processor with instructions for it. CRC32 is faster still, but linear: when
 * rows swap values, the sum can stay the same.
 */
export const hashColumns = (columns: readonly MysqlColumn[]): string =>
  `cast(conv(left(sha1(${rowText(columns)}), 16), 16, 10) as unsigned)`;

/** An SQL expression for the bucket of a row. CRC32 spreads well enough over few buckets. */
export const bucketOf = (columns: readonly MysqlColumn[], resolution: number): string =>
  `crc32(${rowText(columns)}) & ${resolution - 1}`;
