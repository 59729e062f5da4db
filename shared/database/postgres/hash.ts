import pg from 'pg';
import { chooseHashed } from '../hashed-columns.ts';
import type { Hashing as HashingRequest } from '../port.ts';

/** `base` is the built-in type below any domain, or null for types of extensions. */
export type PostgresColumn = {
  name: string;
  base: string | null;
  hasModifier: boolean;
  isNullable: boolean;
  /** Does this server have a hash function named after the type? That of timestamptz is new in PostgreSQL 18. */
  hasOwnHash: boolean;
};

/** How a type is hashed: the function, its argument, and `blank` for NULL, which the mask of NULLs marks. */
type Hashing = {
  call: (value: string, seed: string) => string;
  value?: (name: string) => string;
  blank: string;
};

const call = (name: string) => (value: string, seed: string) => `${name}(${value}, ${seed})`;

/** hashint8extended folds both halves into 32 bits, so 1 and 2^32 are the same to it. The seed tells them apart. */
const hashInt8 = (value: string, seed: string): string => `hashint8extended(${value}, ${seed} # ${value})`;

/**
 * An interval since 1970, a quarter of the time of a cast to timestamp. Before PostgreSQL 17 infinite times cannot be
 * subtracted, so each gets an interval out of range.
 */
const sinceEpoch = (name: string): string =>
  `case when isfinite(${name}) then ${name} - 'epoch'::timestamptz
        when ${name} > 'epoch' then interval '1000000 years' else interval '-1000000 years' end`;

/**
 * Types whose equal values look the same to a reader, with the functions of their hash operator classes (from
 * PostgreSQL 11). All others are hashed as text: what has no hash (json, xml, point), and what is equal too easily:
 * intervals ('1 day' and '24 hours'), floats (0 and -0), citext, jsonb, numeric without a scale (1.0 and 1.00), and
 * arrays with other bounds. Text is hashed by its bytes, whatever its collation calls equal.
 */
const hashings: Record<string, Hashing> = {
  bool: { call: call('hashint4extended'), value: (name) => `${name}::int`, blank: '0' },
  int2: { call: call('hashint2extended'), blank: '0::smallint' },
  int4: { call: call('hashint4extended'), blank: '0' },
  int8: { call: hashInt8, blank: '0' },
  oid: { call: call('hashoidextended'), blank: '0::oid' },
  // It leaves out the sign, so the mask of NULLs has it.
  numeric: { call: call('hash_numeric_extended'), blank: '0' },
  text: { call: call('hashtextextended'), value: (name) => `${name} collate "C"`, blank: `''` },
  varchar: { call: call('hashtextextended'), value: (name) => `${name} collate "C"`, blank: `''` },
  uuid: {
    call: call('uuid_hash_extended'),
    blank: `'00000000-0000-0000-0000-000000000000'::uuid`,
  },
  time: { call: call('time_hash_extended'), blank: `'00:00'::time` },
  timestamp: { call: call('timestamp_hash_extended'), blank: `'epoch'::timestamp` },
  timestamptz: { call: call('interval_hash_extended'), value: sinceEpoch, blank: `interval '0'` },
  inet: { call: call('hashinetextended'), blank: `'::'::inet` },
  macaddr: { call: call('hashmacaddrextended'), blank: `'00:00:00:00:00:00'::macaddr` },
};

const asText: Hashing = {
  call: call('hashtextextended'),
  value: (name) => `${name}::text collate "C"`,
  blank: `''`,
};

const timestamptz: Hashing = { call: call('timestamptz_hash_extended'), blank: `'epoch'::timestamptz` };

/** Types whose texts hold no comma and no line break. */
export const plainTypes = new Set(
  [
    'int2',
    'int4',
    'int8',
    'oid',
    'numeric',
    'bool',
    'uuid',
    'date',
    'time',
    'timestamp',
    'timestamptz',
  ].concat(['float4', 'float8', 'inet', 'macaddr', 'bytea']),
);

/** Both sides of a comparison hash with these. A row and its bucket need different seeds. */
export const rowSeed = 1;
export const bucketSeed = 2;

export const hashedColumns = (
  table: { hashed: PostgresColumn[]; key: string[] },
  content: 'keys' | 'values',
  hashing: HashingRequest = {},
): PostgresColumn[] => chooseHashed(table, content, hashing, asPortable);

/** Hashed as text, with a bit for NULL whether it may be NULL or not. */
const asPortable = (column: PostgresColumn): PostgresColumn => ({
  ...column,
  base: null,
  hasModifier: false,
  isNullable: true,
});

const hashingOf = ({ base, hasModifier, hasOwnHash }: PostgresColumn): Hashing => {
  if (base === 'timestamptz' && hasOwnHash) return timestamptz;
  if (base === null || (base === 'numeric' && !hasModifier)) return asText;
  return hashings[base] ?? asText;
};

/** What a column's hash leaves out, as conditions: is it NULL, is it negative? The hash of NaN is the seed itself. */
const conditionsOf = (column: PostgresColumn, alias: string): string[] => {
  const name = qualify(alias, column.name);
  const isSigned = column.base === 'numeric' && column.hasModifier;
  return [
    ...(column.isNullable ? [`${name} is null`] : []),
    ...(isSigned ? [`${name} < 0 or ${name} = 'NaN'`] : []),
  ];
};

/** Conditions in one integer, above the three bits of the seed. */
const maskBits = 24;

const sumOf = (conditions: readonly string[]): string =>
  conditions.map((condition, bit) => ` + case when ${condition} then ${8 << bit} else 0 end`).join('');

/**
 * An SQL expression for a 64-bit hash of these columns of a row. Each hash is the seed of the next, so values cannot swap
 * places. NULLs have their own mask, so none is taken for a value.
 * Chained built-in functions are faster than hash_record_extended, which looks each type up for each row.
 * @param alias the table's, which keeps the names of columns apart from those of functions
 * @param seed another seed gives other hashes. One below 8 is clear of the bits of the conditions
 */
export const hashColumns = (columns: readonly PostgresColumn[], alias: string, seed: number): string => {
  const conditions = columns.flatMap((column) => conditionsOf(column, alias));
  let hash = `(${seed}${sumOf(conditions.slice(0, maskBits))})::bigint`;
  for (let first = maskBits; first < conditions.length; first += maskBits) {
    hash = `hashint4extended(0${sumOf(conditions.slice(first, first + maskBits))}, ${hash})`;
  }
  for (const column of columns) {
    const { call: hashWith, value = (name: string) => name, blank } = hashingOf(column);
    const given = value(qualify(alias, column.name));
    hash = hashWith(column.isNullable ? `coalesce(${given}, ${blank})` : given, hash);
  }
  return hash;
};

const qualify = (alias: string, column: string): string => `${alias}.${pg.escapeIdentifier(column)}`;
