import type { RowPack } from './port.ts';

/**
 * Keys of rows travel as texts: the values of the key's columns, with commas between. A value that may hold anything is
 * written as x and its UTF-8 bytes in hexadecimal digits. A table without a key has empty ones.
 */
export const encodeValue = (value: string): string => `x${Buffer.from(value).toString('hex')}`;

export const decodeKey = (key: string): string[] => key.split(',').map(decodeValue);

const decodeValue = (value: string): string =>
  value.startsWith('x') ? Buffer.from(value.slice(1), 'hex').toString() : value;

/** One line for each row: its hash, and where the table has a key, a comma and the key. */
export const parsePack = (pack: number, lines: string): RowPack => {
  const keys: string[] = [];
  const hashes: string[] = [];
  for (const line of lines.split('\n')) {
    const comma = line.indexOf(',');
    hashes.push(comma < 0 ? line : line.slice(0, comma));
    keys.push(comma < 0 ? '' : line.slice(comma + 1));
  }
  return { pack, keys, hashes };
};

/** In the order that people expect: numbers by their size, all else by its letters. */
export const compareKeys = (one: string, other: string): number => {
  const [a, b] = [decodeKey(one), decodeKey(other)];
  for (let index = 0; index < a.length; index += 1) {
    const order = compareValues(a[index] ?? '', b[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
};

const wholeNumber = /^-?\d+$/;

const compareValues = (one: string, other: string): number => {
  if (wholeNumber.test(one) && wholeNumber.test(other)) {
    const [a, b] = [BigInt(one), BigInt(other)];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return one < other ? -1 : one > other ? 1 : 0;
};
