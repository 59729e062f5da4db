import { countOf, ellipsize, listSome } from '../words.ts';
import type { DatabaseChanges, TableChanges, TableCount } from './database-changes.ts';
import type { DefinitionChanges } from './definition-changes.ts';
import { listColumns, listKeys } from './words.ts';

const mostTables = 3;
const mostNames = 5;
const mostNameLength = 120;

const show = (count: number): string => count.toLocaleString('en-US');
const cut = (name: string): string => ellipsize(name, mostNameLength);

/** For a message: "public.orders: 12 changed (in amount), 3 gone, 40 new; public.users: 1 new and 2 more". */
export const summarizeChanges = (changes: DatabaseChanges): string => {
  const { goneTables, addedTables, tables, definitions, notCompared } = changes;
  const parts = [
    ...goneTables.map(({ table }) => `${cut(table)}: the table is gone`),
    ...tables.map(describeCounts),
    ...addedTables.map(({ table }) => `${cut(table)}: a new table`),
  ];
  const others = [
    ...(definitions.length === 0
      ? []
      : [
          `definitions changed: ${listSome(
            definitions.map(({ kind }) => kind),
            mostNames,
          )}`,
        ]),
    ...(notCompared.length === 0 ? [] : [`${countOf(notCompared.length, 'part')} not compared`]),
  ];
  const listed = parts.slice(0, mostTables);
  const more = parts.length > mostTables ? [countOf(parts.length - mostTables, 'more table')] : [];
  const all = [...listed, ...more, ...others];
  return all.length === 0 ? 'nothing changed' : all.join('; ');
};

/** "public.orders: 12 changed (in amount), 3 gone, 40 new". */
const describeCounts = (changes: TableChanges): string => {
  const { table, isExact, margin, redefined } = changes;
  const isRedefined = redefined.dropped.length + redefined.added.length > 0;
  const parts = [
    ...kindsOfRows(changes).map(({ count }) => count),
    ...tellRetyped(changes),
    ...(isExact ? [] : [`each give or take ${show(margin)}`]),
    ...(isRedefined ? ['redefined'] : []),
  ];
  return `${cut(table)}: ${parts.join(', ')}`;
};

/** Values are compared by their texts where types differ: 12.00 that became 12 is not the same. */
const tellRetyped = ({ unchanged, columns, redefined }: TableChanges): string[] => {
  const isIn = (column: string, texts: readonly string[]): boolean =>
    texts.some((text) =>
      [column, `"${column}"`, `\`${column}\``].some((name) => text.startsWith(`${name} `)),
    );
  const retyped = columns
    .map(({ column }) => column)
    .filter((column) => isIn(column, redefined.dropped) && isIn(column, redefined.added));
  if (unchanged > 0 || retyped.length === 0) return [];
  const names = listSome(retyped.map(cut), mostNames);
  return [
    `every row counts as changed since ${names} ${retyped.length === 1 ? 'has' : 'have'} another type, which writes values otherwise`,
  ];
};

/** How many rows of each kind there are, and the first keys. */
const kindsOfRows = ({ changed, gone, added, columns, isExact, key, listed }: TableChanges) => {
  const which = columns.length === 0 ? '' : ` (${listColumns(columns)})`;
  const kinds: [number, string, string[][]][] = [
    [changed, `changed${which}`, listed.changed.map((row) => row.key)],
    [gone, 'gone', listed.gone],
    [added, 'new', listed.added],
  ];
  return kinds
    .filter(([rows]) => rows > 0)
    .map(([rows, what, keys]) => ({
      count: `${isExact ? '' : 'about '}${show(rows)} ${what}`,
      keys: listKeys(key, keys, rows),
    }));
};

/** For a page or a terminal: a line for each table with the first keys, and for each kind of definition. */
export const listChanges = (changes: DatabaseChanges): string[] => {
  const { tables, goneTables, addedTables, definitions, notCompared, unchangedTables } = changes;
  const describeWhole =
    (what: string) =>
    ({ table, rows }: TableCount): string =>
      `${cut(table)}: ${what} table, ${countOf(rows, 'row', show)}`;
  return [
    ...goneTables.map(describeWhole('a dropped')),
    ...tables.map(describeTable),
    ...addedTables.map(describeWhole('a new')),
    ...definitions.map(describeDefinitions),
    ...notCompared.map(({ what, reason }) => `${cut(what)}: not compared: ${reason}`),
    ...(unchangedTables === 0 ? [] : [`${countOf(unchangedTables, 'table')} unchanged`]),
  ];
};

const describeTable = (changes: TableChanges): string => {
  const { table, isExact, margin, redefined } = changes;
  const parts = [
    ...kindsOfRows(changes).map(({ count, keys }) => (keys === '' ? count : `${count}: ${keys}`)),
    ...tellRetyped(changes),
    ...(isExact ? [] : [`each give or take ${show(margin)}`]),
    ...listNames('lost', redefined.dropped),
    ...listNames('got', redefined.added),
  ];
  return `${cut(table)}: ${parts.join('; ')}`;
};

const describeDefinitions = ({ kind, added, dropped, altered }: DefinitionChanges): string => {
  const parts = [
    ...listNames('dropped', dropped),
    ...listNames('altered', altered),
    ...listNames('new', added),
  ];
  return `${kind}: ${parts.join('; ')}`;
};

const listNames = (what: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`${what} ${listSome(names.map(cut), mostNames)}`];
