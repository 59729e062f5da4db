import fc from 'fast-check';

/** A column type, and literals of its values. Different literals are different values in the table. */
type ColumnKind = { definition: string; literals: fc.Arbitrary<string> };

const text = (value: string): string => `_utf8mb4 x'${Buffer.from(value).toString('hex')}'`;
const bytes = (value: Uint8Array): string => `x'${Buffer.from(value).toString('hex')}'`;

/** Neighbours: values that a careless hash, a collation or a conversion takes for the same. */
const strings = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'a',
    'A',
    'á',
    'a\u0301',
    'a ',
    'N',
    'NULL',
    ',',
    'a,b',
    "'",
    '\\',
    '\\N',
    '0',
    '1,N',
  ),
  fc.constantFrom('😀', '😁', 'ß', 'ss', 'ab', 'bc', 'c', 'abc', '1,a', '\u0000', '#'),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const notPadded = strings.filter((value) => !value.endsWith(' '));
const byteStrings = fc.oneof(
  fc.constantFrom([], [0], [0, 0], [44], [78], [97], [65], [255]).map((list) => Uint8Array.from(list)),
  fc.uint8Array({ maxLength: 8 }),
);
const integers = (bits: number, isUnsigned: boolean): fc.Arbitrary<string> => {
  const [min, max] = isUnsigned
    ? [0n, 2n ** BigInt(bits) - 1n]
    : [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n];
  return fc.oneof(fc.constantFrom(min, min + 1n, 0n, 1n, max - 1n, max), fc.bigInt({ min, max })).map(String);
};
const finite = { noNaN: true, noDefaultInfinity: true } as const;
/** Tiny numbers lose digits in a MariaDB literal. These have the neighbours that six digits would hide. */
const isPlain = (value: number): boolean =>
  value === 0 || (Math.abs(value) > 1e-30 && Math.abs(value) < 1e30);
const neighbour = Math.fround(1 + 2 ** -23);
const instant = (max: number, digits: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.integer({ min: 1_000_000, max }), fc.integer({ min: 0, max: 10 ** digits - 1 }))
    .map(([seconds, fraction]) => {
      const whole = new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
      return `'${whole}${digits === 0 ? '' : `.${String(fraction).padStart(digits, '0')}`}'`;
    });

export const columnKinds: Record<string, ColumnKind> = {
  tinyint: { definition: 'tinyint', literals: integers(8, false) },
  int: { definition: 'int', literals: integers(32, false) },
  zerofill: { definition: 'int(10) unsigned zerofill', literals: integers(32, true) },
  bigint: { definition: 'bigint', literals: integers(64, false) },
  unsigned: { definition: 'bigint unsigned', literals: integers(64, true) },
  decimal: {
    definition: 'decimal(12,3)',
    literals: fc
      .integer({ min: -1_000_000_000, max: 1_000_000_000 })
      .map((value) => (value / 1000).toFixed(3)),
  },
  float: {
    definition: 'float',
    literals: fc
      .oneof(fc.constantFrom(1, neighbour, -1, 16_777_215, 16_777_214), fc.float(finite).filter(isPlain))
      .map((value) => `${Object.is(value, -0) ? 0 : value}e0`.replace(/(e[+-]?\d+)e0$/, '$1')),
  },
  double: {
    definition: 'double',
    literals: fc
      .oneof(
        fc.constantFrom(1, 1 + Number.EPSILON, 0.1, 0.30000000000000004, 0.3),
        fc.double(finite).filter(isPlain),
      )
      .map((value) => `${Object.is(value, -0) ? 0 : value}e0`.replace(/(e[+-]?\d+)e0$/, '$1')),
  },
  bit: { definition: 'bit(64)', literals: integers(64, true) },
  year: { definition: 'year', literals: fc.integer({ min: 1901, max: 2155 }).map(String) },
  date: { definition: 'date', literals: instant(9e9, 0).map((literal) => `${literal.slice(0, 11)}'`) },
  time: {
    definition: 'time(3)',
    literals: fc
      .tuple(fc.constantFrom('', '-'), fc.integer({ min: 1, max: 838 }), fc.integer({ min: 0, max: 999 }))
      .map(([sign, hours, fraction]) => `'${sign}${hours}:59:00.${String(fraction).padStart(3, '0')}'`),
  },
  datetime: { definition: 'datetime(6)', literals: instant(9e9, 6) },
  timestamp: { definition: 'timestamp(3)', literals: instant(2e9, 3) },
  char: { definition: 'char(20)', literals: notPadded.map(text) },
  varchar: { definition: 'varchar(40)', literals: strings.map(text) },
  latin1: {
    definition: 'varchar(40) character set latin1',
    literals: fc.constantFrom('', 'a', 'A', 'é', 'É', 'e', ' ', 'a ').map(text),
  },
  utf16: { definition: 'varchar(40) character set utf16', literals: strings.map(text) },
  binary: {
    definition: 'binary(16)',
    literals: fc.uint8Array({ minLength: 16, maxLength: 16 }).map(bytes),
  },
  varbinary: { definition: 'varbinary(16)', literals: byteStrings.map(bytes) },
  text: { definition: 'text', literals: strings.map(text) },
  longtext: { definition: 'longtext', literals: strings.map(text) },
  blob: { definition: 'blob', literals: byteStrings.map(bytes) },
  mediumblob: { definition: 'mediumblob', literals: byteStrings.map(bytes) },
  enum: { definition: "enum('a','b','N','1')", literals: fc.integer({ min: 1, max: 4 }).map(String) },
  set: { definition: "set('a','b','c','N')", literals: fc.integer({ min: 0, max: 15 }).map(String) },
  json: { definition: 'json', literals: fc.json({ maxDepth: 1 }).map(text) },
  point: {
    definition: 'point',
    literals: fc.tuple(fc.integer(), fc.integer()).map(([x, y]) => `point(${x}e0, ${y}e0)`),
  },
};

export type RandomTable = {
  columns: { definition: string; kind: string; isNullable: boolean }[];
  rows: string[][];
};

/** A table of up to five columns of up to three types, and up to eight rows of literals, with duplicates and NULLs. */
export const randomTables: fc.Arbitrary<RandomTable> = fc
  .subarray(Object.keys(columnKinds), { minLength: 1, maxLength: 3 })
  .chain((kinds) =>
    fc.array(fc.record({ kind: fc.constantFrom(...kinds), isNullable: fc.boolean() }), {
      minLength: 1,
      maxLength: 5,
    }),
  )
  .chain((chosen) => {
    const columns = chosen.map(({ kind, isNullable }) => ({
      kind,
      isNullable,
      definition: `${columnKinds[kind]?.definition} ${isNullable ? 'null' : 'not null'}`,
    }));
    const row = chosen.map(({ kind, isNullable }) => {
      const literals = columnKinds[kind]?.literals ?? fc.constant('null');
      return isNullable ? fc.oneof({ weight: 4, arbitrary: literals }, fc.constant('null')) : literals;
    });
    return fc.record({
      columns: fc.constant(columns),
      rows: fc.array(fc.tuple(...row), { minLength: 1, maxLength: 8 }),
    });
  });

/** What may happen to rows. Some of it changes nothing. */
export type Change = {
  kind: 'shuffle' | 'drop' | 'repeat' | 'exchange' | 'copy' | 'cross';
  row: number;
  other: number;
  column: number;
};

const index = fc.nat({ max: 39 });

export const changes: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('shuffle', 'drop', 'repeat', 'exchange', 'exchange', 'copy', 'copy', 'cross'),
  row: index,
  other: index,
  column: index,
});

/** Swaps a value between rows, copies it to another row, or swaps it with another column of the same type. */
export const applyChange = ({ columns, rows }: RandomTable, change: Change): string[][] => {
  const row = change.row % rows.length;
  const here = rows[row] ?? [];
  const column = change.column % columns.length;
  const other = change.other % rows.length;
  const there = rows[other] ?? [];
  const copied = rows.with(row, here.with(column, there[column] ?? ''));
  switch (change.kind) {
    case 'shuffle':
      return rows.toReversed();
    case 'drop':
      return rows.toSpliced(row, 1);
    case 'repeat':
      return [...rows, here];
    case 'copy':
      return copied;
    case 'exchange':
      return other === row ? rows : copied.with(other, there.with(column, here[column] ?? ''));
    case 'cross': {
      const twin = change.other % columns.length;
      if (columns[column]?.definition !== columns[twin]?.definition) return rows;
      return rows.with(row, here.with(column, here[twin] ?? '').with(twin, here[column] ?? ''));
    }
  }
};
