import type { Condition, Reader } from '../database/port.ts';
import { isView, type Table } from '../database/tables.ts';
import { describeError, isDrillError } from '../errors.ts';
import type { ChangedColumn, DifferentRow } from './changed-columns.ts';
import { compareDefinitions, type DefinitionChanges } from './definition-changes.ts';
import { type DifferenceOptions, findDifference } from './difference.ts';
import type { Side } from './matching.ts';
import { countTable } from './reading.ts';

/** A database as one reader shows it, with its tables by name. */
export type ListedDatabase = { reader: Reader; tables: ReadonlyMap<string, Table> };

/**
 * What changed in one table. Counts of rows that are not exact are off by no more than `margin` nearly always. `redefined`:
 * columns, keys, indexes and constraints as texts.
 */
export type TableChanges = {
  table: string;
  unchanged: number;
  changed: number;
  gone: number;
  added: number;
  isExact: boolean;
  margin: number;
  /** The columns that identify a row. None: a changed row counts as gone and added. */
  key: string[];
  /** In which columns the first of the changed rows differ, in most rows first. */
  columns: ChangedColumn[];
  /** The first keys of each kind. */
  listed: { changed: DifferentRow[]; gone: string[][]; added: string[][] };
  redefined: { dropped: string[]; added: string[] };
};

export type TableCount = { table: string; rows: number };

/** What changed in a database between an earlier state and a later one. It is JSON. */
export type DatabaseChanges = {
  /** Tables of both states that changed, what matters most first. */
  tables: TableChanges[];
  unchangedTables: number;
  goneTables: TableCount[];
  addedTables: TableCount[];
  definitions: DefinitionChanges[];
  notCompared: { what: string; reason: string }[];
};

export type ChangesOptions = DifferenceOptions & {
  /** The rows of these tables that count, by name. */
  conditions?: Readonly<Record<string, Condition>>;
  /** What else is defined is left alone. */
  isTablesAlone?: boolean;
};

/**
 * Compares an earlier state, such as a restored copy, with a later one, such as production now. What cannot be read is
 * named, and so is what is left when the time is up.
 */
export const describeChanges = async (
  earlier: ListedDatabase,
  later: ListedDatabase,
  { conditions = {}, isTablesAlone = false, ...options }: ChangesOptions,
): Promise<DatabaseChanges> => {
  const notCompared = listViews(earlier);
  const attempt = async <Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer[]> => {
    try {
      return [await ask()];
    } catch (error) {
      if (!isDrillError(error)) throw error;
      notCompared.push({ what, reason: describeError(error) });
      return [];
    }
  };
  // One table after the other: both sides read several ranges of one at once.
  const each = async <Item extends { table: string }, Answer>(
    items: readonly Item[],
    ask: (item: Item) => Promise<Answer>,
  ): Promise<Answer[]> => {
    const answers: Answer[] = [];
    for (const item of items) answers.push(...(await attempt(item.table, () => ask(item))));
    return answers;
  };
  const [before, after] = [sidesOf(earlier), sidesOf(later)];
  const pairs = [...before].flatMap(([table, one]) => {
    const other = after.get(table);
    return other === undefined ? [] : [{ table, one, other }];
  });
  const tables = await each(pairs, ({ table, one, other }) =>
    compareTables(table, one, other, { ...options, where: conditions[table] }),
  );
  const changed = tables.filter(hasChanged);
  const countOnly = async ({ table, side }: { table: string; side: Side }): Promise<TableCount> => ({
    table,
    rows: await countTable(side.reader, side.table, conditions[table]),
  });
  const definitions = isTablesAlone
    ? []
    : await attempt('definitions', () => compareDefinitions(earlier.reader, later.reader));
  for (const what of definitions.flatMap(({ unread }) => unread))
    notCompared.push({ what, reason: 'the user may not read all of it' });
  return {
    tables: changed.toSorted(byWeight),
    unchangedTables: tables.length - changed.length,
    goneTables: await each(listOnly(before, after), countOnly),
    addedTables: await each(listOnly(after, before), countOnly),
    definitions: definitions.flatMap((found) => found.changed),
    notCompared,
  };
};

const sidesOf = ({ reader, tables }: ListedDatabase): Map<string, Side> =>
  new Map([...tables].flatMap(([name, table]) => (isView(table) ? [] : [[name, { reader, table }]])));

const listOnly = (sides: Map<string, Side>, others: Map<string, Side>): { table: string; side: Side }[] =>
  [...sides].flatMap(([table, side]) => (others.has(table) ? [] : [{ table, side }]));

const listViews = ({ tables }: ListedDatabase): DatabaseChanges['notCompared'] =>
  [...tables].flatMap(([what, table]) =>
    isView(table) ? [{ what, reason: 'rows of materialized views are not compared' }] : [],
  );

const compareTables = async (
  table: string,
  earlier: Side,
  later: Side,
  options: DifferenceOptions,
): Promise<TableChanges> => {
  const { equal, onlyLeft, onlyRight, different, isExact, margin, key, columns, listed } =
    await findDifference(earlier, later, options);
  return {
    table,
    unchanged: equal,
    changed: different,
    gone: onlyLeft,
    added: onlyRight,
    isExact,
    margin,
    key,
    columns,
    listed: { changed: listed.different, gone: listed.onlyLeft, added: listed.onlyRight },
    redefined: {
      dropped: listLacking(later.table, earlier.table),
      added: listLacking(earlier.table, later.table),
    },
  };
};

/** What the other one has and this one lacks. */
const listLacking = (one: Table, other: Table): string[] => {
  const known = new Set([...one.columns, ...one.objects]);
  return [...other.columns, ...other.objects].filter((text) => !known.has(text));
};

const hasChanged = ({ changed, gone, added, isExact, redefined }: TableChanges): boolean =>
  changed + gone + added + redefined.dropped.length + redefined.added.length > 0 || !isExact;

/** Rows that are lost come before new ones. */
const byWeight = (one: TableChanges, other: TableChanges): number =>
  other.changed + other.gone - (one.changed + one.gone) || other.added - one.added;
