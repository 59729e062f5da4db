import type { Condition } from '../database/port.ts';
import { decodeKey } from '../database/row-lines.ts';
import { formatTableName } from '../database/tables.ts';
import { cutTables, type Sizes, usualSizes } from './cells.ts';
import { type ChangedColumn, type DifferentRow, findChangedColumns } from './changed-columns.ts';
import { readDiffering } from './differing-rows.ts';
import type { Estimate } from './estimate.ts';
import { keepLeast } from './least-keys.ts';
import { matchTables, type Side } from './matching.ts';
import type { Found, Kind } from './row-merge.ts';

export type DifferenceOptions = {
  /** Which rows of either side. Undefined: all. */
  where?: Condition | undefined;
  /** Of how many rows of a side the keys are read at most. If that is too few, the counts are estimates. */
  mostFetched: number;
  /** How many keys of each kind are listed. */
  mostListed: number;
  /** In how many rows with other values the columns are looked at. */
  mostExamined: number;
  /** Hears of every row that differs and is read, in no order, by its key (`decodeKey` reads it). */
  onDifference?: (kind: Kind, key: string) => void;
};

/** Two tables row by row. Counts that are not exact are estimates, each off by no more than `margin` nearly always. */
export type TableDifference = Estimate & {
  table: string;
  /** The columns that identify a row. None: rows count as equal if all of their values are, and nothing is listed. */
  key: string[];
  listed: { onlyLeft: string[][]; onlyRight: string[][]; different: DifferentRow[] };
  /** The columns in which rows with one key differ, among the first `examined` of them, most first. */
  columns: ChangedColumn[];
  examined: number;
  /** Columns that one side lacks. They are not compared. */
  onlyLeftColumns: string[];
  onlyRightColumns: string[];
};

/**
 * Compares a table of two servers. First it compares digests of ranges and of buckets, then the keys and hashes of those
 * rows alone whose buckets differ. Memory does not grow with the tables, nor with what differs.
 * @throws DrillError of the readers
 */
export const findDifference = async (
  left: Side,
  right: Side,
  options: DifferenceOptions,
  sizes: Sizes = usualSizes,
): Promise<TableDifference> => {
  const match = matchTables(left.table, right.table);
  const lists = {
    onlyLeft: keepLeast(options.mostListed),
    onlyRight: keepLeast(options.mostListed),
    different: keepLeast(Math.max(options.mostListed, options.mostExamined)),
  };
  const found: Found = (kind, { key }) => {
    if (key === null) return;
    lists[kind].add(key);
    options.onDifference?.(kind, key);
  };
  const tables = await cutTables(left, right, match, options.where, sizes);
  const counts = await readDiffering(tables, sizes, { mostFetched: options.mostFetched, found });
  const examined = lists.different.list().slice(0, options.mostExamined);
  const { rows, columns } = await findChangedColumns(left, right, examined, match);
  return {
    table: formatTableName(left.table),
    key: match.key,
    ...counts,
    listed: {
      onlyLeft: lists.onlyLeft.list().map(decodeKey),
      onlyRight: lists.onlyRight.list().map(decodeKey),
      different: rows.slice(0, options.mostListed),
    },
    columns,
    examined: rows.length,
    onlyLeftColumns: match.onlyLeftColumns,
    onlyRightColumns: match.onlyRightColumns,
  };
};
