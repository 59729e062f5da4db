import { decodeKey, encodeValue } from '../database/row-lines.ts';
import type { TableDifference } from '../rows/difference.ts';
import type { Side } from '../rows/matching.ts';

/** Production as it is now, and the copy of a time before. */
export type Sides = { production: Side; copy: Side };

/**
 * Rows whose time is not the same on both sides, so that the column is not settled. `missing` and `extra` estimate how many
 * rows of production are truly missing from the copy, and how many of the copy truly from production: they are on the other
 * side in no zone. `different`: how many have the same time, and other values.
 */
export type Moved = { keys: string[][]; missing: number; extra: number; different: number };

/** @param difference of the settled zone, production on the left */
export const findMoved = async (
  { production, copy }: Sides,
  difference: TableDifference,
  column: string,
): Promise<Moved> => {
  const { onlyLeft, onlyRight, different } = difference.listed;
  const [elsewhere, elsewhereNow] = [
    await findKeys(copy, onlyLeft, column),
    await findKeys(production, onlyRight, column),
  ];
  const retimed = different.filter(({ columns }) => columns.includes(column)).map(({ key }) => key);
  return {
    keys: [...retimed, ...elsewhere, ...elsewhereNow],
    missing: scale(difference.onlyLeft, elsewhere.length, onlyLeft.length),
    extra: scale(difference.onlyRight, elsewhereNow.length, onlyRight.length),
    different: scale(difference.different, retimed.length, different.length),
  };
};

/** How many of all have not moved, if so many of those looked at have. */
const scale = (all: number, moved: number, looked: number): number =>
  looked === 0 ? all : Math.round((all * (looked - moved)) / looked);

const keysAtOnce = 250;

/** Those of these keys that have a row, whatever its time. */
const findKeys = async (
  { reader, table }: Side,
  keys: readonly string[][],
  column: string,
): Promise<string[][]> => {
  const found = new Set<string>();
  for (let start = 0; start < keys.length; start += keysAtOnce) {
    const some = keys.slice(start, start + keysAtOnce).map((key) => key.map(encodeValue).join(','));
    const rows = await reader.readByKey(table, some, { columns: [column] });
    for (const key of rows.keys()) found.add(JSON.stringify(decodeKey(key)));
  }
  return keys.filter((key) => found.has(JSON.stringify(key)));
};
