import fc from 'fast-check';
import { expect } from 'vitest';
import { formatTableName, type Table } from '../../../shared/database/tables.ts';
import type { Sizes } from '../../../shared/rows/cells.ts';
import { findDifference, type TableDifference } from '../../../shared/rows/difference.ts';
import type { Side } from '../../../shared/rows/matching.ts';

/** A column, and SQL literals of its values: other literals are other values. `text` is what a key reads as. */
export type RandomColumn = { definition: string; literals: fc.Arbitrary<string> };
export type KeyColumn = { definition: string; values: fc.Arbitrary<{ literal: string; text: string }> };

/** Two tables, row by row: on which side it is, and on both sides which columns have another value. */
export type RandomSides = {
  key: KeyColumn[];
  columns: RandomColumn[];
  rows: { key: { literal: string; text: string }[]; left: string[] | null; right: string[] | null }[];
};

const rowOf = (columns: RandomColumn[]): fc.Arbitrary<string[]> =>
  fc.tuple(...columns.map(({ literals }) => literals));

/** Most rows are the same on both sides, as after an accident. */
const sidesOf = (
  columns: RandomColumn[],
): fc.Arbitrary<Pick<RandomSides['rows'][number], 'left' | 'right'>> =>
  fc
    .tuple(rowOf(columns), rowOf(columns), fc.integer({ min: 0, max: 15 }), fc.array(fc.boolean()))
    .map(([one, other, what, picks]) => {
      if (what === 0) return { left: one, right: null };
      if (what === 1) return { left: null, right: one };
      if (what > 4) return { left: one, right: one };
      return {
        left: one,
        right: one.map((value, index) => (picks[index] ? (other[index] ?? value) : value)),
      };
    });

/** Sides with each of these keys, which may be none. */
export const randomSides = (
  keys: KeyColumn[][],
  columns: RandomColumn[],
  mostRows: number,
): fc.Arbitrary<RandomSides> =>
  fc
    .tuple(fc.constantFrom(...keys), fc.array(fc.constantFrom(...columns), { minLength: 1, maxLength: 5 }))
    .chain(([key, chosen]) => {
      const row = fc
        .tuple(fc.tuple(...key.map(({ values }) => values)), sidesOf(chosen))
        .map(([values, sides]) => ({ key: values, ...sides }));
      const textOf = (one: RandomSides['rows'][number]) => one.key.map(({ text }) => text).join('\n');
      const rows =
        key.length === 0
          ? fc.array(row, { maxLength: mostRows, size: 'max' })
          : fc.uniqueArray(row, { maxLength: mostRows, size: 'max', selector: textOf });
      return rows.map((all) => ({ key, columns: chosen, rows: all }));
    });

/** The statements that make one side of them. */
export const createSideSql = (
  name: string,
  { key, columns, rows }: RandomSides,
  side: 'left' | 'right',
): string => {
  const defined = [
    ...key.map(({ definition }, index) => `k${index} ${definition} not null`),
    ...columns.map(({ definition }, index) => `c${index} ${definition}`),
    ...(key.length === 0 ? [] : [`primary key (${key.map((_, index) => `k${index}`).join(', ')})`]),
  ];
  const values = rows.flatMap((row) => {
    const cells = row[side];
    return cells === null ? [] : [`(${[...row.key.map(({ literal }) => literal), ...cells].join(', ')})`];
  });
  const insert = values.length === 0 ? '' : `insert into ${name} values ${values.join(', ')};`;
  return `create table ${name} (${defined.join(', ')}); ${insert}`;
};

/** Small tables are cut as large ones are. */
export const smallSizes: Sizes = { rowsPerRange: 8, fewRows: 10, rowsPerBucket: 2 };

const describeSides = ({ key, columns }: RandomSides): string =>
  [...key, ...columns].map(({ definition }) => definition).join(', ');

const options = { mostFetched: 1e6, mostListed: 1000, mostExamined: 1000 };

/** Compares both sides, and expects every count, key and column as they were made. @returns how many rows differ */
export const expectExact = async (
  left: Side,
  right: Side,
  sides: RandomSides,
  sizes: Sizes,
): Promise<number> => {
  const found = await findDifference(left, right, options, sizes);
  expect(inOrder(found), describeSides(sides)).toEqual(expected(left.table, sides));
  return found.onlyLeft + found.onlyRight + found.different;
};

const inOrder = ({
  listed,
  columns,
  equal,
  onlyLeft,
  onlyRight,
  different,
  isExact,
  ...rest
}: TableDifference) => ({
  table: rest.table,
  counts: { equal, onlyLeft, onlyRight, different, isExact },
  onlyLeft: listed.onlyLeft.map(String).toSorted(),
  onlyRight: listed.onlyRight.map(String).toSorted(),
  different: listed.different.map(({ key, columns: names }) => `${key}: ${names}`).toSorted(),
  columns: Object.fromEntries(columns.map(({ column, rows }) => [column, rows])),
});

const expected = (table: Table, sides: RandomSides) =>
  sides.key.length === 0 ? expectedAsBags(table, sides) : expectedByKey(table, sides);

const expectedByKey = (table: Table, { rows }: RandomSides) => {
  const keyOf = (row: RandomSides['rows'][number]): string => String(row.key.map(({ text }) => text));
  const [both, onlyLeft, onlyRight] = [
    rows.filter(({ left, right }) => left !== null && right !== null),
    rows.filter(({ right }) => right === null),
    rows.filter(({ left }) => left === null),
  ];
  const changed = both.flatMap((row) => {
    const names =
      row.left?.flatMap((cell, index) => (cell === row.right?.[index] ? [] : [`c${index}`])) ?? [];
    return names.length === 0 ? [] : [{ key: keyOf(row), names }];
  });
  const all = changed.flatMap(({ names }) => names);
  return {
    table: formatTableName(table),
    counts: {
      equal: both.length - changed.length,
      onlyLeft: onlyLeft.length,
      onlyRight: onlyRight.length,
      different: changed.length,
      isExact: true,
    },
    onlyLeft: onlyLeft.map(keyOf).toSorted(),
    onlyRight: onlyRight.map(keyOf).toSorted(),
    different: changed.map(({ key, names }) => `${key}: ${names}`).toSorted(),
    columns: Object.fromEntries([...Map.groupBy(all, String)].map(([name, times]) => [name, times.length])),
  };
};

const expectedAsBags = (table: Table, { rows }: RandomSides) => {
  const bagOf = (side: 'left' | 'right'): string[] =>
    rows.flatMap((row) => (row[side] === null ? [] : [JSON.stringify(row[side])]));
  const left = bagOf('left');
  let equal = 0;
  const right = bagOf('right').filter((row) => {
    const at = left.indexOf(row);
    if (at < 0) return true;
    left.splice(at, 1);
    equal += 1;
    return false;
  });
  return {
    table: formatTableName(table),
    counts: { equal, onlyLeft: left.length, onlyRight: right.length, different: 0, isExact: true },
    ...{ onlyLeft: [], onlyRight: [], different: [], columns: {} },
  };
};
