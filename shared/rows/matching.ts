import type { Hashing, Reader } from '../database/port.ts';
import type { Table } from '../database/tables.ts';

/** A table as one reader listed it. */
export type Side = { reader: Reader; table: Table };

/** How the rows of two tables can be told apart. */
export type Match = {
  /** The columns that identify a row in both. None: rows are compared as a whole. */
  key: string[];
  hashing: Hashing;
  /** Do ranges of the key hold the same keys on both sides, and are they read fast? */
  hasRanges: boolean;
  /** Columns that only one side has, which are not compared. */
  onlyLeftColumns: string[];
  onlyRightColumns: string[];
};

/** Compares what both have: after a migration, a copy from before it lacks columns, or has them with other types. */
export const matchTables = (left: Table, right: Table): Match => {
  const [leftNames, rightNames] = [left.names ?? [], right.names ?? []];
  const common = leftNames.filter((name) => rightNames.includes(name));
  const isAlike = left.hashing === right.hashing;
  const hasKey = left.key.length > 0 && left.key.join('\n') === right.key.join('\n');
  return {
    key: hasKey ? left.key : [],
    hashing: {
      ...(hasKey ? {} : { isKeyless: true }),
      ...(isAlike ? {} : { columns: common, isPortable: true }),
    },
    hasRanges: hasKey && left.order != null && left.order === right.order,
    onlyLeftColumns: leftNames.filter((name) => !rightNames.includes(name)),
    onlyRightColumns: rightNames.filter((name) => !leftNames.includes(name)),
  };
};
