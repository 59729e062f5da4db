import { listMysqlTables, type MysqlTable } from '../../database/mysql/catalog.ts';
import { inBounds, useIndex } from '../../database/mysql/key.ts';
import { nameInSql, quoteName } from '../../database/mysql/names.ts';
import { chooseMysqlBounds } from '../../database/mysql/samples.ts';
import { byName } from '../../database/tables.ts';
import { DrillError } from '../../errors.ts';
import type { CopyRange, ExtractedTable } from '../../extraction/tables.ts';
import type { Session } from './session.ts';
import { type Bytes, toBytes } from './stream.ts';
import { writtenRow } from './values.ts';

/** A range is copied in a few seconds. */
const bytesPerRange = 32 * 1024 * 1024;
const rowsPerCondition = 1_000_000;
const mostRanges = 1000;

/** What the copying needs to know of a table of the copy. */
export type Source = { table: MysqlTable; row: string };

export type Sources = (table: ExtractedTable) => Source;

export const readSources = async (session: Session): Promise<Sources> => {
  const tables = byName(await listMysqlTables(session));
  return ({ table: name, columns }) => {
    const table = tables.get(name);
    if (table === undefined) throw new DrillError('TableNotFound', `${name} is gone from the copy`);
    return { table, row: writtenRow(table.hashed.filter((column) => columns.includes(column.name))) };
  };
};

/**
 * Ranges of the first column of the primary key, in whose order the rows are stored here and there: from inclusive, to
 * exclusive. A table without such a key is one range.
 */
export const cutRanges = async (
  session: Session,
  { table: name, where, estimatedRows, bytes }: ExtractedTable,
  { table }: Source,
): Promise<CopyRange[]> => {
  // An index finds a few rows sooner.
  const isSmall = where !== null && estimatedRows < rowsPerCondition;
  const wanted = isSmall ? 1 : Math.min(mostRanges, Math.ceil(bytes / bytesPerRange));
  const what = `cut ${name} into ranges`;
  const asking = {
    ask: (sql: string) => session.queryRows(what, sql),
    guessRows: async (sql: string) =>
      Number((await session.query<{ rows: string | null }>(what, `explain ${sql}`))[0]?.rows ?? 0),
  };
  const bounds = await chooseMysqlBounds(asking, table, wanted);
  return [null, ...bounds].map((from, index) => ({
    table: name,
    number: index + 1,
    of: bounds.length + 1,
    from,
    to: bounds[index] ?? null,
  }));
};

/** The rows of one range, out of the copy and into the sandbox, where more rows may follow. */
export const copySql = (
  { where, columns }: ExtractedTable,
  { table, row }: Source,
  { from, to }: CopyRange,
  schema: string,
): { out: string; into: Bytes } => {
  const condition = where === null ? 'true' : `(\n${where}\n)`;
  const source = `${nameInSql(table)} as ${quoteName(table.table)}${where === null ? useIndex(table) : ''}`;
  return {
    out: `select ${row} from ${source} where ${inBounds(table, from ?? undefined, to ?? undefined)} and ${condition}`,
    into: toBytes(
      `insert into ${nameInSql({ schema, table: table.table })} (${columns.map(quoteName).join(', ')}) values `,
    ),
  };
};
