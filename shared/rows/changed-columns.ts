import { decodeKey } from '../database/row-lines.ts';
import type { Match, Side } from './matching.ts';

/** `columns`: the names of those that differ. */
export type DifferentRow = { key: string[]; columns: string[] };

/** `rows`: in how many of the rows looked at it differs. */
export type ChangedColumn = { column: string; rows: number };

const keysAtOnce = 250;

/** In which columns these rows differ. A row that is gone by now is left out. */
export const findChangedColumns = async (
  left: Side,
  right: Side,
  keys: readonly string[],
  { hashing }: Match,
): Promise<{ rows: DifferentRow[]; columns: ChangedColumn[] }> => {
  const names = hashing.columns ?? left.table.names ?? [];
  const wanted = { ...hashing, columns: names };
  const rows: DifferentRow[] = [];
  for (let start = 0; start < keys.length; start += keysAtOnce) {
    const some = keys.slice(start, start + keysAtOnce);
    const [one, other] = await Promise.all(
      [left, right].map(({ reader, table }) => reader.readByKey(table, some, wanted)),
    );
    for (const key of some) {
      const [mine, theirs] = [one?.get(key), other?.get(key)];
      if (mine === undefined || theirs === undefined) continue;
      rows.push({ key: decodeKey(key), columns: names.filter((_, index) => mine[index] !== theirs[index]) });
    }
  }
  const columns = names.map((column) => ({
    column,
    rows: rows.filter((row) => row.columns.includes(column)).length,
  }));
  return {
    rows,
    columns: columns.filter((column) => column.rows > 0).toSorted((one, other) => other.rows - one.rows),
  };
};
