/**
 * Keys of rows travel as texts: the values of the key's columns, with commas between. A value that may hold anything is
 * written as x and its UTF-8 bytes in hexadecimal digits. A table without a key has empty ones.
 */
export const encodeValue = (value: string): string => `x${Buffer.from(value).toString('hex')}`;

export const decodeKey = (key: string): string[] => key.split(',').map(decodeValue);

const decodeValue = (value: string): string =>
  value.startsWith('x') ? Buffer.from(value.slice(1), 'hex').toString() : value;

/** A row is a line of its hash and, where its table has a key, a comma and the key. */
export const keyOf = (line: string): string => line.slice(line.indexOf(',') + 1);

/** The hash of a line that has a key. */
export const hashOf = (line: string): string => line.slice(0, line.indexOf(','));

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
