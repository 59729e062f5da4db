import { quoteName } from './names.ts';

/**
 * A column as our own SQL needs it. `octets`: the most bytes that a text or binary value takes. `isByBytes`: its texts
 * are in the order of their bytes.
 */
export type MysqlColumn = {
  name: string;
  type: string;
  isNullable: boolean;
  octets: number;
  isByBytes: boolean;
};

/** What stands for a value: a text without commas (`field`), or its length, and the value itself at the end (`value`). */
type Part = { field: string; value?: string };

/** Beyond so many bytes in all, values are hashed one by one: a row longer than max_allowed_packet has no hash at all. */
const inlineOctets = 1024 * 1024;

/** The types whose text is the value, and holds no comma. */
const plainTypes = new Set(
  'tinyint smallint mediumint int bigint decimal year date time datetime timestamp'.split(' '),
);
const stringTypes = new Set('char varchar binary varbinary tinytext text tinyblob blob'.split(' '));
const longTypes = new Set('mediumtext longtext mediumblob longblob json'.split(' '));

/**
 * What reads a number whole where its text would not, else null. BIT, ENUM and SET are numbers in truth, and texts of
 * members need not differ. A FLOAT has six digits as text, and one of so many decimals is rounded to them; a product
 * has all, and -0 too.
 */
export const readNumber = (type: string, name: string): string | null => {
  if (type === 'bit' || type === 'enum' || type === 'set') return `cast(${name} as unsigned)`;
  if (type === 'float' || type === 'double') return `${name} * 1e0`;
  return null;
};

const partOf = ({ name, type }: MysqlColumn, isInline: boolean): Part => {
  const value = quoteName(name);
  if (plainTypes.has(type)) return { field: value };
  const number = readNumber(type, value);
  if (number !== null) return { field: number };
  if (stringTypes.has(type) && isInline) return { field: `length(${value})`, value };
  if (stringTypes.has(type) || longTypes.has(type)) return { field: `sha1(${value})` };
  return { field: `sha1(hex(${value}))` };
};

/**
 * An SQL expression for the bytes of these columns of a row; no two rows have the same. First come texts that hold no
 * comma, of numbers and of lengths, then the strings that the lengths tell apart. NULL is N, and its string left out.
 * The separator is binary, which makes all of it binary: bytes count, whatever character sets and collations meet. It
 * has to be cast: a mere literal counts for less than a column (MySQL manual, "Collation Coercibility in Expressions").
 */
export const rowText = (columns: readonly MysqlColumn[]): string => {
  let octets = 0;
  const parts = columns.map((column) => {
    const isInline = octets + column.octets <= inlineOctets;
    if (stringTypes.has(column.type) && isInline) octets += column.octets;
    const { field, value } = partOf(column, isInline);
    return { field: column.isNullable ? `ifnull(${field}, 'N')` : field, value };
  });
  const values = parts.flatMap(({ value }) => (value === undefined ? [] : [value]));
  return `concat_ws(cast(',' as binary), ${[...parts.map(({ field }) => field), ...values].join(', ')})`;
};

/**
 * An SQL expression for a 64-bit hash of these columns of a row, NULL only for a row beyond max_allowed_packet.
 * SHA-1 takes less time than MD5 here and on any processor with instructions for it; CRC32 takes less still, but is
 * linear, so that values which change places between rows can go unseen in a sum.
 */
export const hashColumns = (columns: readonly MysqlColumn[]): string =>
  `cast(conv(left(sha1(${rowText(columns)}), 16), 16, 10) as unsigned)`;

/** An SQL expression for the bucket of a row: CRC32 spreads well enough over few buckets. */
export const bucketOf = (columns: readonly MysqlColumn[], resolution: number): string =>
  `crc32(${rowText(columns)}) & ${resolution - 1}`;
