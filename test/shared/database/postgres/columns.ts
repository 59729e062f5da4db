import fc from 'fast-check';

/** A column type. Its values are different texts, the first one what a hash takes for NULL. */
export type Kind = {
  type: string;
  values: [string, ...string[]];
  /** More values, without end. */
  random?: fc.Arbitrary<string>;
  /** Other texts for a value of the list. */
  same?: [string, string][];
};

export const createTypes = `
  create extension hstore;
  create extension citext;
  create collation insensitive (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
  create type mood as enum ('sad', 'ok', 'happy');
  create domain price as numeric(8, 2);
  create domain ratio as numeric;
  create domain code as varchar(8) not null;
  create domain stricter_code as code check (value <> 'x');
  create domain stricter_price as price;
  create domain positive as bigint check (value > 0);
  create type pair as (one integer, other text);
  create type nested as (inner_pair pair, many integer[])`;

const long = 'long '.repeat(3000);
const words = [
  ...[
    '',
    ' ',
    '  ',
    'a',
    'A',
    'b',
    'a ',
    ' a',
    'ab',
    'NULL',
    'null',
    '\\N',
    "'",
    '"',
    '\n',
    '\t',
    '0',
    '()',
    long,
  ],
  // One letter or two, emoji of several parts, right to left, and no width.
  ...[
    '\u00e9',
    'e\u0301',
    '👩',
    '👩‍👧',
    '👧',
    'שלום',
    'םולש',
    'a\u200b',
    '\u200b',
    '\ufeff',
    'ß',
    'ss',
    'İ',
    'i',
  ],
] as [string, ...string[]];
const word = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\0', ''));

const whole = (min: bigint, max: bigint) => fc.bigInt({ min, max }).map(String);
const moment = (min: string, max: string) =>
  fc
    .tuple(
      fc.date({ min: new Date(min), max: new Date(max), noInvalidDate: true }),
      fc.integer({ min: 0, max: 999 }),
    )
    .map(([at, micros]) => at.toISOString().replace('Z', String(micros).padStart(3, '0')));
const real = (arbitrary: fc.Arbitrary<number>) =>
  arbitrary.map((value) => (Object.is(value, -0) ? '-0' : `${value}`));

export const kinds: Kind[] = [
  { type: 'boolean', values: ['f', 't'], same: [['t', 'yes']] },
  { type: 'smallint', values: ['0', '1', '-1', '2', '32767', '-32768'], random: whole(-32768n, 32767n) },
  {
    type: 'integer',
    values: ['0', '1', '-1', '2', '65536', '2147483647', '-2147483648'],
    random: whole(-(2n ** 31n), 2n ** 31n - 1n),
  },
  {
    type: 'bigint',
    // Some have the same XOR of their halves.
    values: [
      ...(['0', '1', '-1', '-2', '4294967296', '4294967297', '8589934592', '12884901891'] as const),
      ...['-4294967296', '-4294967297', '2147483648', '9223372036854775807', '-9223372036854775808'],
    ],
    random: whole(-(2n ** 63n), 2n ** 63n - 1n),
  },
  { type: 'oid', values: ['0', '1', '4294967295'] },
  {
    type: 'numeric',
    values: [
      ...([
        '0',
        '0.0',
        '0.00',
        '1',
        '1.0',
        '1.00',
        '-1',
        '-1.0',
        '10',
        '100',
        '10000',
        '0.1',
        '0.0001',
      ] as const),
      ...['NaN', 'Infinity', '-Infinity', '1e1000', '-1e1000', '1e-1000', '9'.repeat(200)],
    ],
    random: fc.tuple(whole(-(10n ** 30n), 10n ** 30n), whole(0n, 10n ** 9n)).map(([a, b]) => `${a}.${b}`),
  },
  {
    type: 'numeric(12,2)',
    values: [
      '0',
      '1',
      '-1',
      '0.01',
      '-0.01',
      '0.1',
      '10',
      '100',
      '10000',
      '100000000',
      'NaN',
      '9999999999.99',
    ],
    random: whole(-(10n ** 11n), 10n ** 11n).map((cents) => `${cents}e-2`),
    same: [['1', '1.001']],
  },
  { type: 'numeric(40,0)', values: ['0', '1', '-1', `1${'0'.repeat(39)}`, `-1${'0'.repeat(39)}`] },
  {
    type: 'real',
    values: [
      '0',
      '-0',
      '1',
      '1.0000001',
      '-1',
      'NaN',
      'Infinity',
      '-Infinity',
      '3.4028235e38',
      '1e-45',
      '16777216',
    ],
    random: real(fc.float()),
    same: [['16777216', '16777217']],
  },
  {
    type: 'double precision',
    values: [
      ...(['0', '-0', '0.1', '0.10000000000000002', '0.3', '0.30000000000000004', '-1', 'NaN'] as const),
      ...[
        'Infinity',
        '-Infinity',
        '1.7976931348623157e308',
        '5e-324',
        '9007199254740992',
        '9007199254740994',
      ],
    ],
    random: real(fc.double()),
  },
  { type: 'money', values: ['0', '0.01', '-0.01', '1', '100'] },
  { type: 'text', values: words, random: word },
  { type: 'text collate insensitive', values: words, random: word },
  { type: 'citext', values: words, random: word },
  { type: 'varchar(12)', values: ['', ' ', 'a', 'A', 'a ', 'é', '👩'] },
  { type: 'char(4)', values: ['', 'a', 'A', ' a', 'a b', 'abcd', '👩'], same: [['a', 'a  ']] },
  { type: '"char"', values: ['', 'a', 'A'] },
  { type: 'name', values: ['', 'a', 'A'] },
  {
    type: 'bytea',
    values: ['\\x', '\\x00', '\\x0000', '\\xff', '\\x5c78', '\\x5c'],
    same: [['\\xff', '\\xFF']],
  },
  {
    type: 'uuid',
    values: [
      '00000000-0000-0000-0000-000000000000',
      '00000000-0000-0000-0000-000000000001',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
      '01000000-0000-0000-0000-000000000000',
    ],
    random: fc.uuid(),
    same: [['ffffffff-ffff-ffff-ffff-ffffffffffff', 'FFFFFFFF-ffff-ffff-ffff-ffffffffffff']],
  },
  {
    type: 'date',
    values: [
      ...(['epoch', '2000-01-01', '2026-11-16', '0001-01-01', '0001-01-01 BC', '0002-01-01 BC'] as const),
      ...['4714-11-24 BC', '5874897-12-31', 'infinity', '-infinity'],
    ],
  },
  {
    type: 'time',
    values: ['00:00', '24:00', '00:00:00.000001', '23:59:59.999999', '12:00', '12:00:00.000001'],
  },
  { type: 'timetz', values: ['00:00+00', '00:00+01', '01:00+01', '24:00+00', '12:00+00', '13:00+01'] },
  {
    type: 'timestamp',
    values: [
      ...(['epoch', '2000-01-01', '2000-01-01 00:00:00.000001', '1999-12-31 23:59:59.999999'] as const),
      ...['2026-11-16 08:00', '2026-11-16 09:00', '0044-03-15 BC', '4714-11-24 BC'],
      ...['294276-12-31 23:59:59.999999', 'infinity', '-infinity'],
    ],
    random: moment('0001-01-01', '9999-12-31'),
  },
  {
    type: 'timestamptz',
    values: [
      ...(['epoch', '2000-01-01 00:00+00', '2000-01-01 00:00:00.000001+00', '2026-10-25 00:30+00'] as const),
      ...['2026-10-25 01:30+00', '0044-03-15 00:00+00 BC', 'infinity', '-infinity'],
    ],
    random: moment('0001-01-01', '9999-12-31').map((text) => `${text}+00`),
    same: [['2026-10-25 00:30+00', '2026-10-25 02:30+02']],
  },
  {
    type: 'interval',
    values: [
      ...([
        '0',
        '1 day',
        '24 hours',
        '1 month',
        '30 days',
        '720 hours',
        '-1 day',
        '-24 hours',
        '1 year',
      ] as const),
      ...['1 month -30 days', '1 microsecond', '-1 microsecond', '1 day -24 hours'],
    ],
    same: [['1 year', '12 months']],
  },
  { type: 'json', values: ['null', '1', '1.0', '{"a":1}', '{"a": 1}', '{"a":1,"a":2}', '""', '[]', '{}'] },
  {
    type: 'jsonb',
    values: ['null', '1', '1.0', '1.00', '{"a":1}', '{"a":null}', '""', '[]', '{}', '"a"', '"A"', '[1]'],
    same: [['{"a":1}', '{"a": 0, "a": 1}']],
  },
  { type: 'xml', values: ['', 'x', '<a/>', '<a></a>', '<a> </a>'] },
  { type: 'point', values: ['(0,0)', '(-0,0)', '(0,-0)', '(1,2)', '(2,1)', '(NaN,0)'] },
  {
    type: 'inet',
    values: ['::', '0.0.0.0', '::/0', '0.0.0.0/0', '10.0.0.1', '10.0.0.1/24', '10.0.0.1/8', '::1'],
  },
  { type: 'cidr', values: ['::/0', '0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/16', '10.0.0.0/32'] },
  {
    type: 'macaddr',
    values: ['00:00:00:00:00:00', '08:00:2b:01:02:03', '08:00:2b:01:03:02', 'ff:ff:ff:ff:ff:ff'],
    same: [['08:00:2b:01:02:03', '08002B:010203']],
  },
  { type: 'bit(4)', values: ['0000', '0001', '1000', '1111'] },
  { type: 'varbit', values: ['', '0', '00', '1', '10'] },
  {
    type: 'integer[]',
    values: ['{}', '{NULL}', '{1}', '{1,2}', '{2,1}', '[0:1]={1,2}', '[2:3]={1,2}', '{{1,2}}', '{{1},{2}}'],
    same: [['{1,2}', '[1:2]={1,2}']],
  },
  {
    type: 'text[]',
    values: ['{}', '{NULL}', '{"NULL"}', '{""}', '{a,b}', '{"a,b"}', '{b,a}', '{{a,b}}', '{a}'],
  },
  { type: 'mood', values: ['sad', 'ok', 'happy'] },
  { type: 'price', values: ['0', '1', '-1', '0.01', '-0.01', '100', 'NaN'] },
  { type: 'ratio', values: ['0', '0.0', '1', '1.0', '-1', 'NaN'] },
  { type: 'stricter_price', values: ['0', '1', '-1', '100'] },
  { type: 'positive', values: ['1', '2', '4294967296', '8589934592', '4294967297'] },
  { type: 'stricter_code', values: ['', ' ', 'a', 'A'] },
  { type: 'pair', values: ['(,)', '(1,)', '(,a)', '(1,a)', '(1,"")', '(1," ")', '(,"")', '(1,"a,")'] },
  { type: 'nested', values: ['(,)', '("(,)",)', '("(1,a)",{})', '("(1,a)",{1})', '("(1,a)",)'] },
  {
    type: 'int4range',
    values: ['empty', '[1,2)', '[1,3)', '(,)', '[1,)', '(,1)'],
    same: [['[1,3)', '[1,2]']],
  },
  { type: 'numrange', values: ['empty', '[1,2)', '[1.0,2)', '[1,2.0)', '(1,2)', '[1,2]', '(,)'] },
  {
    type: 'tsvector',
    values: ['', 'a', 'a:1', 'a:1A', 'a:1 b:2', 'b:1 a:2'],
    same: [['a:1 b:2', 'b:2 a:1']],
  },
  {
    type: 'hstore',
    values: ['', 'a=>1', 'a=>NULL', 'a=>"NULL"', 'a=>""', 'a=>1,b=>2'],
    same: [['a=>1,b=>2', 'b=>2,a=>1']],
  },
];

/** A domain without NULL. */
export const isNeverNull = ({ type }: Kind): boolean => type === 'stricter_code';

export const arbitraryOf = ({ values, random }: Kind): fc.Arbitrary<string> => {
  const listed = fc.constantFrom(...values);
  return random === undefined ? listed : fc.oneof(listed, random);
};
