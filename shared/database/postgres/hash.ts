import pg from 'pg';

/** A column as its hash needs it. `base` is the built-in type below any domain, or null for types of extensions. */
export type PostgresColumn = {
  name: string;
  base: string | null;
  hasModifier: boolean;
  isNullable: boolean;
  /** Has this server a hash function named after the type? That of timestamptz is new in PostgreSQL 18. */
  hasOwnHash: boolean;
};

/** A type that is hashed as it is: the function's own argument, and what stands for NULL beside the mask of NULLs. */
type Hashing = {
  call: (value: string, seed: string) => string;
  value?: (name: string) => string;
  blank: string;
};

const call = (name: string) => (value: string, seed: string) => `${name}(${value}, ${seed})`;

/** hashint8extended folds both halves into 32 bits, so that 1 and 2^32 are the same to it: the seed tells them apart. */
const hashInt8 = (value: string, seed: string): string => `hashint8extended(${value}, ${seed} # ${value})`;

/**
 * An interval since 1970, which takes a quarter of the time of a cast to timestamp. Infinite times cannot be subtracted
 * before PostgreSQL 17, and stand for themselves.
 */
const sinceEpoch = (name: string): string =>
  `case when isfinite(${name}) then ${name} - 'epoch'::timestamptz
        when ${name} > 'epoch' then interval '1000000 years' else interval '-1000000 years' end`;

/**
 * Types whose equal values are the same value to a reader, by the functions of their hash operator classes (from
 * PostgreSQL 11). All else is hashed as text: what has no hash (json, xml, point), and what is equal too easily, such as
 * intervals ('1 day' and '24 hours'), floats (0 and -0), citext, jsonb and numeric without a scale (1.0 and 1.00), and
 * arrays of other bounds.
 * Text is hashed by its bytes, whatever its collation holds to be equal.
 */
const hashings: Record<string, Hashing> = {
  bool: { call: call('hashint4extended'), value: (name) => `${name}::int`, blank: '0' },
  int2: { call: call('hashint2extended'), blank: '0::smallint' },
  int4: { call: call('hashint4extended'), blank: '0' },
  int8: { call: hashInt8, blank: '0' },
  oid: { call: call('hashoidextended'), blank: '0::oid' },
  // It leaves out the sign, which stands with the NULLs.
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

const hashingOf = ({ base, hasModifier, hasOwnHash }: PostgresColumn): Hashing => {
  if (base === 'timestamptz' && hasOwnHash) return timestamptz;
  if (base === null || (base === 'numeric' && !hasModifier)) return asText;
  return hashings[base] ?? asText;
};

/** What the hash of a column leaves out, as conditions: is it NULL, is it negative? That of NaN is the seed itself. */
const conditionsOf = (column: PostgresColumn, alias: string): string[] => {
  const name = qualify(alias, column.name);
  const isSigned = column.base === 'numeric' && column.hasModifier;
  return [
    ...(column.isNullable ? [`${name} is null`] : []),
    ...(isSigned ? [`${name} < 0 or ${name} = 'NaN'`] : []),
  ];
};

/** So many conditions stand in one integer, above the three bits of the seed. */
const maskBits = 24;

const sumOf = (conditions: readonly string[]): string =>
  conditions.map((condition, bit) => ` + case when ${condition} then ${8 << bit} else 0 end`).join('');

/**
 * An SQL expression for a 64-bit hash of these columns of a row. Each hash is the seed of the next, so that values
 * cannot change places; NULLs stand in a mask of their own, so that none is taken for a value.
 * Chained built-in functions take less time than hash_record_extended, which looks each type up for each row.
 * @param alias the table's, which keeps the names of columns apart from those of functions
 * @param seed another one gives other hashes; those below 8 keep clear of the conditions
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
