import type { MysqlTable } from './catalog.ts';

/** Key column values as positions on a line, so that others can be chosen between them. */
export type Scale = { toPosition(value: string): bigint; toValue(position: bigint): string };

const hexDigits = '0123456789abcdef';
/** In this order in every collation. Capitals sort before small letters by bytes, and with them otherwise. */
const lettersOfAnyCase = '0123456789abcdefghijklmnopqrstuvwxyz';
const lettersByBytes = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * A scale between two values of a type. Undefined for types that make rare keys: times of day, addresses, floating point.
 * A made-up value need not exist, only sort right. A wrong guess gives unequal ranges, never a wrong answer.
 */
export const scaleOf = (
  table: MysqlTable,
  column: string,
  lowest: string,
  highest: string,
): Scale | undefined => {
  const found = table.hashed.find(({ name }) => name === column);
  switch (found?.type) {
    case 'tinyint':
    case 'smallint':
    case 'mediumint':
    case 'int':
    case 'bigint':
    case 'decimal':
      return { toPosition: (value) => BigInt(value.split('.')[0] || '0'), toValue: String };
    // Between 0 and 1901 there is none, and 28 is 2028 (MySQL manual, "The YEAR Type").
    case 'year':
      return { toPosition: BigInt, toValue: (position) => String(position < 1901n ? 0 : position) };
    case 'date':
      return timeScale(86_400, 10);
    case 'datetime':
    case 'timestamp':
      return timeScale(1, 19);
    case 'binary':
    case 'varbinary':
      return textScale(hexDigits, evenly(commonPrefix(lowest, highest)));
    case 'char':
    case 'varchar':
      return textScale(found.isByBytes ? lettersByBytes : lettersOfAnyCase, commonPrefix(lowest, highest));
    default:
      return undefined;
  }
};

/** @param unit in seconds. @param length of the text of a value, in characters */
const timeScale = (unit: number, length: number): Scale => ({
  toPosition: (value) => BigInt(Math.floor(toSeconds(value) / unit)),
  toValue: (position) =>
    new Date(Number(position) * unit * 1000).toISOString().slice(0, length).replace('T', ' '),
});

const toSeconds = (value: string): number => {
  const [date = '', time = '00:00:00'] = value.split('.')[0]?.split(' ') ?? [];
  // MySQL has the day 0000-00-00, and days such as 2026-02-00.
  const milliseconds = Date.parse(`${date.replaceAll('-00', '-01')}T${time}Z`);
  return milliseconds / 1000;
};

/** How many characters after the common prefix count. */
const placesOfText = 12;

const textScale = (alphabet: string, prefix: string): Scale => {
  const base = BigInt(alphabet.length);
  const isAnyCase = !alphabet.includes('A');
  const digitOf = (character: string): number => {
    if (character === '') return 0;
    const exact = alphabet.indexOf(isAnyCase ? character.toLowerCase() : character);
    if (exact >= 0) return exact;
    const above = [...alphabet].findIndex((other) => other > character);
    return above < 0 ? alphabet.length - 1 : Math.max(0, above - 1);
  };
  return {
    toPosition: (value) => {
      let position = 0n;
      for (let place = 0; place < placesOfText; place += 1) {
        position = position * base + BigInt(digitOf(value.charAt(prefix.length + place)));
      }
      return position;
    },
    toValue: (position) => {
      let text = '';
      for (let rest = position, place = 0; place < placesOfText; place += 1) {
        text = alphabet.charAt(Number(rest % base)) + text;
        rest /= base;
      }
      return prefix + text;
    },
  };
};

const commonPrefix = (a: string, b: string): string => {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
};

/** Two hexadecimal digits make a byte. */
const evenly = (digits: string): string => digits.slice(0, digits.length - (digits.length % 2));
