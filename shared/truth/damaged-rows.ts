import { compareKeys } from '../database/row-lines.ts';
import type { Apart, DifferingRow, RangeApart } from '../rows/apart.ts';
import type { Kind } from '../rows/row-merge.ts';
import type { DigestFigures, Part } from './digest.ts';

/** Rows of one kind, and the first keys in their order, as `row-lines.ts` writes them. */
export type Rows = { rows: number; keys: string[] };

/**
 * The rows in which the copy differs. `isCertain`: the copy has each of them wrong. Else rows may be among them that
 * production wrote since. `margin`: by how many rows each count may be off.
 */
export type DamagedRows = { kinds: Record<Kind, Rows>; isCertain: boolean; isExact: boolean; margin: number };

const kinds = ['onlyLeft', 'onlyRight', 'different'] as const;

/**
 * Tells damaged rows from those that production wrote since the instant. The copy is on the left, production as it is now
 * on the right. If the copy would have the digest of the instant with some rows as production has them now, then these are
 * the damaged ones, and all others were written since. It tries all rows of some kinds, then a few rows of any kind.
 */
export const findDamaged = ({ parts }: DigestFigures, { counts, ranges }: Apart): DamagedRows => {
  const { isExact, margin } = counts;
  const explained = ranges.map((range) => {
    const part = parts[range.range];
    return isExact && part !== undefined ? explain(range, part) : null;
  });
  const found = ranges.map((range, index) => explained[index] ?? range.kinds);
  const sumUp = (kind: Kind): Rows => ({
    rows: isExact ? found.reduce((sum, rows) => sum + rows[kind].rows, 0) : counts[kind],
    keys: found.flatMap((rows) => rows[kind].keys).sort(compareKeys),
  });
  return {
    kinds: { onlyLeft: sumUp('onlyLeft'), onlyRight: sumUp('onlyRight'), different: sumUp('different') },
    isCertain: !explained.includes(null),
    isExact,
    margin,
  };
};

/** The fewest kinds first. */
const someKinds: Kind[][] = [
  ...kinds.map((kind) => [kind]),
  ['different', 'onlyRight'],
  ['different', 'onlyLeft'],
  ['onlyLeft', 'onlyRight'],
  [...kinds],
];

const none: Rows = { rows: 0, keys: [] };

const explain = (range: RangeApart, { hash }: Part): Record<Kind, Rows> | null => {
  const missing = BigInt(`0x${hash}`) - range.left.hash;
  const whole = someKinds.find((some) =>
    isEqual(
      missing,
      some.reduce((sum, kind) => sum + range.kinds[kind].change, 0n),
    ),
  );
  const few = whole === undefined && range.each !== null ? findFew(range.each, missing) : null;
  if (whole === undefined && few === null) return null;
  const rowsOf = (kind: Kind): Rows => {
    if (few === null) return whole?.includes(kind) ? range.kinds[kind] : none;
    const some = few.filter((row) => row.kind === kind);
    return { rows: some.length, keys: some.flatMap(({ key }) => key ?? []) };
  };
  return { onlyLeft: rowsOf('onlyLeft'), onlyRight: rowsOf('onlyRight'), different: rowsOf('different') };
};

const toHash = (sum: bigint): bigint => BigInt.asUintN(64, sum);

const isEqual = (one: bigint, other: bigint): boolean => toHash(one) === toHash(other);

const mostRows = 4;
/** So four rows of a hundred, three of a thousand, or two of ten thousand are found, in a fraction of a second. */
const mostTried = 1_000_000;

/** The fewest rows that change the sum by so much. Hashes have 64 bits, so chance finds none. */
const findFew = (rows: readonly DifferingRow[], missing: bigint): DifferingRow[] | null => {
  const places = new Map(rows.map(({ change }, place) => [toHash(change), place]));
  const choose = (from: number, wanted: bigint, count: number): DifferingRow[] | null => {
    if (count === 1) {
      const place = places.get(toHash(wanted));
      return place === undefined || place < from ? null : rows.slice(place, place + 1);
    }
    for (const [index, row] of rows.slice(from).entries()) {
      const others = choose(from + index + 1, wanted - row.change, count - 1);
      if (others !== null) return [row, ...others];
    }
    return null;
  };
  for (let count = 1; count <= mostRows && rows.length ** (count - 1) <= mostTried; count += 1) {
    const found = choose(0, missing, count);
    if (found !== null) return found;
  }
  return null;
};
