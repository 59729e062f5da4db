import type { Hashing } from './port.ts';

/**
 * The columns that are hashed, in order. A table without a key has its rows for keys.
 * @param asPortable how the engine hashes a column alike on servers where its type or the version differs
 */
export const chooseHashed = <Column extends { name: string }>(
  { hashed, key }: { hashed: Column[]; key: string[] },
  content: 'keys' | 'values',
  { columns, isPortable, isKeyless }: Hashing,
  asPortable: (column: Column) => Column,
): Column[] => {
  const named = (names: readonly string[]) =>
    names.flatMap((name) => hashed.find((column) => column.name === name) ?? []);
  const all = columns === undefined ? hashed : named(columns);
  const keyed = columns === undefined ? hashed.filter(({ name }) => key.includes(name)) : named(key);
  const chosen = content === 'values' || key.length === 0 || isKeyless ? all : keyed;
  return isPortable ? chosen.map(asPortable) : chosen;
};

/** One bit for each bucket, as hexadecimal digits: a server finds a bit faster than a number in a list of thousands. */
export const bitsOf = (buckets: readonly number[], resolution: number): string => {
  const bits = Buffer.alloc(Math.ceil(resolution / 8));
  for (const bucket of buckets) bits[bucket >> 3] = (bits[bucket >> 3] ?? 0) | (1 << (bucket & 7));
  return bits.toString('hex');
};
