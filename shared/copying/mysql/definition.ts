import type { MysqlTable } from '../../database/mysql/catalog.ts';
import { nameInSql } from '../../database/mysql/names.ts';
import { formatTableName, type TableName } from '../../database/tables.ts';
import { DrillError } from '../../errors.ts';
import type { ExtractedTable } from '../../extraction/tables.ts';
import { type Extent, tellForeignKey } from '../extent.ts';
import { type ForeignKey, splitDefinition, splitForeignKey } from './split.ts';

type Made = Pick<
  ExtractedTable,
  'before' | 'after' | 'foreignKeys' | 'columns' | 'fixed' | 'leftOut' | 'partitions' | 'key'
>;

/** A table as SHOW CREATE TABLE writes it. */
export type Defined = {
  table: MysqlTable;
  columns: string[];
  /** Keys that stand in the table from the beginning, and those that are made when its rows are there. */
  early: string[];
  late: string[];
  constraints: string[];
  foreignKeys: ForeignKey[];
  options: string;
  partitions: string;
};

/** @throws DrillError TableNotExtractable */
export const readDefinition = (sql: string, table: MysqlTable): Defined => {
  const { parts, options, partitions } = splitDefinition(sql);
  const defined: Defined = {
    table,
    columns: [],
    early: [],
    late: [],
    constraints: [],
    foreignKeys: [],
    options,
    partitions,
  };
  for (const part of parts) {
    const foreignKey = splitForeignKey(part, table.schema);
    if (/^period for system_time/i.test(part)) throw refuseVersioned(table);
    if (part.startsWith('`')) defined.columns.push(withoutVersioning(part));
    else if (foreignKey !== null) defined.foreignKeys.push(foreignKey);
    else if (!indexStart.test(part)) defined.constraints.push(part);
    else defined[isNeededEarly(part, table) ? 'early' : 'late'].push(part);
  }
  return defined;
};

const refuseVersioned = (table: TableName): DrillError =>
  new DrillError(
    'TableNotExtractable',
    `${formatTableName(table)} cannot be extracted: columns of its own say since when a row holds`,
  );

const withoutVersioning = (column: string): string => column.replace(/ WITH(OUT)? SYSTEM VERSIONING$/, '');

const indexStart =
  /^(?:unique |fulltext |spatial )?(?:key|index) `(?<name>(?:[^`]|``)*)` \((?:`(?<column>(?:[^`]|``)*)`)?/i;

/** The rows are stored in the order of this key, or AUTO_INCREMENT needs it. */
const isNeededEarly = (part: string, { keyIndex, counted }: MysqlTable): boolean => {
  const { name, column } = indexStart.exec(part)?.groups ?? {};
  const isNamed = (text: string | undefined, of: string | null | undefined): boolean =>
    of != null && text?.replaceAll('``', '`') === of;
  return isNamed(name, keyIndex) || isNamed(column, counted);
};

/** @param extentOf other tables. @param generated columns that the sandbox computes. @param others things that stay behind */
export const defineTable = (
  defined: Defined,
  schema: string,
  extentOf: (table: TableName) => Extent,
  generated: ReadonlySet<string>,
  others: readonly string[],
): Made => {
  const { table, columns, early, late, constraints } = defined;
  const name = nameInSql({ schema, table: table.table });
  const options = keepOptions(defined.options);
  const partitions = keepPartitions(defined.partitions);
  const left: string[] = [];
  const inside = defined.foreignKeys.filter(({ name: key, target }) => {
    const extent = extentOf(target);
    if (extent !== 'all') left.push(tellForeignKey(key, extent));
    return extent === 'all';
  });
  const parts = [...columns, ...early, ...constraints].join(',\n  ');
  return {
    before: [
      `create table if not exists ${name} (\n  ${parts}\n) ${options.kept}${partitions.kept}`.trimEnd(),
    ],
    after: addKeys(name, late),
    foreignKeys: inside.map(
      ({ head, target, rest }) =>
        `alter table ${name} add ${head}${nameInSql({ schema, table: target.table })}${rest}`,
    ),
    columns: (table.names ?? []).filter((column) => !generated.has(column)),
    fixed: [],
    leftOut: [
      ...left,
      ...[...options.leftOut, ...others].map((thing) => `${thing} does not come along`),
      ...partitions.leftOut,
    ],
    partitions: defined.partitions === '' ? 'none' : partitions.kept === '' ? 'as one table' : 'kept',
    key: table.key.length === 0 ? null : table.key,
  };
};

/** All in one pass over the rows. InnoDB makes one key for words or places at a time. */
const addKeys = (name: string, keys: readonly string[]): string[] => {
  const alone = keys.filter((key) => /^(fulltext|spatial) /i.test(key));
  const together = keys.filter((key) => !alone.includes(key));
  return [together, ...alone.map((key) => [key])]
    .filter((list) => list.length > 0)
    .map((list) => `alter table ${name} ${list.map((key) => `add ${key}`).join(', ')}`);
};

const option = /(`?[a-z_]+`?(?: [a-z_]+)*)\s*=\s*('(?:[^'\\]|\\[\s\S]|'')*'|`(?:[^`]|``)*`|[^\s*]+)/gi;
const keptOptions = /^(auto_increment|default charset|collate|comment)$/i;
const keptFormats = /^(dynamic|compact|redundant)$/i;
const versionComments = /\/\*M?!\d*|\*\//g;

/**
 * Where and how the server keeps the rows is its own affair, and Aurora has InnoDB alone (Aurora User Guide, "Storage
 * engine"). What the table is stays: its counter, its character set, its comment.
 */
const keepOptions = (text: string): { kept: string; leftOut: string[] } => {
  const kept: string[] = ['ENGINE=InnoDB'];
  const leftOut: string[] = [];
  const rest = text.replace(option, (whole, name: string, value: string) => {
    if (keptOptions.test(name) || (/^row_format$/i.test(name) && keptFormats.test(value))) kept.push(whole);
    else if (!/^engine$/i.test(name)) leftOut.push(`table option ${whole}`);
    else if (!/^innodb$/i.test(value)) leftOut.push(`engine ${value}`);
    return '';
  });
  const word = rest.replace(versionComments, '').replace(/\s+/g, ' ').trim();
  if (word !== '')
    leftOut.push(/system versioning/i.test(word) ? 'the history of rows' : `table option ${word}`);
  return { kept: kept.join(' '), leftOut };
};

const placement =
  / (?:(?:data|index) directory|engine|tablespace) = (?:'(?:[^'\\]|\\[\s\S])*'|`(?:[^`]|``)*`|\w+)/gi;

/** A partition of rows that are history holds none of the rows that come along. */
const keepPartitions = (text: string): { kept: string; leftOut: string[] } => {
  if (text === '') return { kept: '', leftOut: [] };
  if (/^partition by system_time/i.test(text))
    return { kept: '', leftOut: ['partitions by the time of history do not come along'] };
  return { kept: ` ${text.replace(versionComments, '').replace(placement, '').trimEnd()}`, leftOut: [] };
};
