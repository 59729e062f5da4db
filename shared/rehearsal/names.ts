import { formatTableName } from '../database/tables.ts';
import { type Dialect, readTokens, shapeOf, type Token, unquoteToken } from '../sql/tokens.ts';
import type { Catalog } from './catalog.ts';

/**
 * The tables that a statement may lock: those that it names, itself or by an index, view, sequence, type or routine; what
 * triggers do when it changes rows; their partitions and the tables that these are partitions of; and what foreign keys join to them. Rather too many than too few: a column
 * that is called as a table counts as one.
 * @returns names as in the catalog, in order
 */
export const namedIn = (sql: string, catalog: Catalog): string[] => namerIn(catalog)(sql);

/** The same, for many texts. */
export const namerIn = (catalog: Catalog): ((sql: string) => string[]) => {
  const find = finderIn(catalog);
  return (sql) => {
    const named = listNames(sql, catalog.dialect).flatMap(find);
    const shape = shapeOf(sql, catalog.dialect);
    const fired = definesOnly.test(shape) ? new Set(named) : withTriggered(named, catalog);
    return [...closeOver(fired, catalog, reachesChildren(shape))].sort();
  };
};

/** It changes no row, or so that no trigger fires. */
const definesOnly =
  /^(alter|analyze|cluster|comment|create|drop|optimize|refresh|reindex|rename|truncate|vacuum)\b/;

/** With what their triggers touch, and the triggers of that. */
const withTriggered = (named: readonly string[], { triggered }: Catalog): Set<string> => {
  const seen = new Set(named);
  for (const name of seen)
    for (const { table, tables } of triggered) if (table === name) for (const one of tables) seen.add(one);
  return seen;
};

/** One to three parts: a, a.b or a.b.c. */
export type Name = string[];

/** Every name in a statement, in strings and in bodies of functions too: 'users'::regclass is a name. */
export const listNames = (sql: string, dialect: Dialect): Name[] => {
  const names: Name[] = [];
  let isJoined = false;
  for (const token of readTokens(sql, dialect)) {
    if (token.kind === 'body') names.push(...listNames(unquoteToken(token), dialect));
    else if (token.kind === 'string') names.push(...listNamesInString(token, dialect));
    else if (token.kind !== 'mark') {
      const part = nameOf(token, dialect);
      if (isJoined) names.at(-1)?.push(part);
      else names.push([part]);
    }
    isJoined = token.text === '.';
  }
  return names;
};

/** A string that holds one name alone. Others may be texts of any length. */
const listNamesInString = (token: Token, dialect: Dialect): Name[] => {
  const value = unquoteToken(token);
  return /^[\w$."`\x80-\uffff]+$/.test(value) ? listNames(value, dialect) : [];
};

/** PostgreSQL folds a bare name to lower case. On MySQL it depends on the server whether case counts. */
const nameOf = (token: Token, dialect: Dialect): string => {
  const name = unquoteToken(token);
  return dialect === 'mysql' || token.kind === 'word' ? name.toLowerCase() : name;
};

/** Finds what a name stands for in the catalog: tables, or the tables behind it. */
export const finderIn = (
  catalog: Pick<Catalog, 'dialect' | 'searchPath' | 'tables' | 'others'>,
): ((name: Name) => string[]) => {
  const fold = (name: string) => (catalog.dialect === 'mysql' ? name.toLowerCase() : name);
  const owners = new Map<string, string[]>();
  const add = (name: string, tables: string[]) =>
    owners.set(fold(name), [...(owners.get(fold(name)) ?? []), ...tables]);
  for (const table of catalog.tables) add(table, [table]);
  for (const { name, tables } of catalog.others) add(name, tables);
  const byLastPart = Map.groupBy(owners.keys(), lastPart);
  const findBare = (part: string): string[] => {
    const known = byLastPart.get(part) ?? [];
    const inPath = (catalog.searchPath ?? [])
      .map((schema) => fold(formatTableName({ schema, table: part })))
      .find((name) => owners.has(name));
    return (inPath === undefined ? known : [inPath]).flatMap((name) => owners.get(name) ?? []);
  };
  return (name) => {
    const [first = '', second] = name;
    const qualified = name
      .slice(1)
      .flatMap((table, index) => owners.get(formatTableName({ schema: name[index] ?? '', table })) ?? []);
    // Not a schema and its table: a table and its column.
    return second !== undefined && qualified.length > 0 ? qualified : findBare(first);
  };
};

/** "users" of public.users, its quotes taken off. */
const lastPart = (name: string): string => {
  const [, quoted, plain] = /(?:"((?:[^"]|"")*)"|([^."]*))$/.exec(name) ?? [];
  return quoted?.replaceAll('""', '"') ?? plain ?? '';
};

/** Statements that look at the rows, or take away the keys, that foreign keys of other tables refer to. */
const reachesChildren = (shape: string): boolean =>
  /^(drop|truncate|delete|update|merge|replace|with)\b|\b(cascade|drop)\b/.test(shape);

const closeOver = (named: Set<string>, catalog: Catalog, withChildren: boolean): Set<string> => {
  const { partitions, foreignKeys } = catalog;
  const family = closeOverPartitions(named, partitions);
  const joined = foreignKeys.flatMap(({ child, parent }) => [
    ...(family.has(child) ? [parent] : []),
    ...(withChildren && family.has(parent) ? [child] : []),
  ]);
  return closeOverPartitions(new Set([...family, ...joined]), partitions);
};

/** With all partitions below, and all tables above. */
const closeOverPartitions = (named: Set<string>, partitions: Catalog['partitions']): Set<string> => {
  const walk = (from: Iterable<string>, next: Map<string, string[]>): Set<string> => {
    const seen = new Set(from);
    for (const table of seen) for (const other of next.get(table) ?? []) seen.add(other);
    return seen;
  };
  const below = new Map<string, string[]>();
  const above = new Map<string, string[]>();
  for (const { parent, partition } of partitions) {
    below.set(parent, [...(below.get(parent) ?? []), partition]);
    above.set(partition, [...(above.get(partition) ?? []), parent]);
  }
  return new Set([...walk(named, below), ...walk(named, above)]);
};

/** The table that a statement makes. What CREATE TABLE IF NOT EXISTS names may have been there before. */
export const findMade = (sql: string, dialect: Dialect): Name | undefined => {
  const beginning =
    /^create (?:(?:or replace|temp|temporary|unlogged|global|local) )*table (?!if not exists)/.exec(
      shapeOf(sql, dialect),
    );
  return beginning === null ? undefined : listNames(sql, dialect)[beginning[0].trim().split(' ').length];
};

/** Is it the table that was made under this name? Without a schema, it may be of any. */
export const isCalled = (table: string, [part = '', second]: Name, dialect: Dialect): boolean => {
  const name = dialect === 'mysql' ? table.toLowerCase() : table;
  return second === undefined
    ? lastPart(name) === part
    : name === formatTableName({ schema: part, table: second });
};
