import { quoteForMysql, quoteForPostgres, quoteTable } from '../database/quoted.ts';
import { parseTableName } from '../database/tables.ts';
import type { Dialect } from '../sql/tokens.ts';
import { writeMysql } from './mysql-statements.ts';
import { writePostgres } from './postgres-statements.ts';
import type { ExtractedTable } from './tables.ts';

/** A statement for people, and what it does in words. */
export type Statement = { words: string; sql: string };

/**
 * How to see what became of a table's rows, and what would bring them back. It is text for people: nothing here is ever run by
 * us. It runs in production, once the extracted schema was loaded beside the table.
 */
export type BringBack = {
  table: string;
  /** Rows changed, gone, and new since. */
  shows: Statement[];
  /** What would write to production: rows changed, and rows gone. New ones are for people to judge. */
  brings: Statement[];
  /** Why there is none of it, or what to look out for; null: nothing. */
  note: string | null;
};

type Origin = Pick<ExtractedTable, 'table' | 'where' | 'columns' | 'key'>;

/**
 * @param schema that was extracted
 * @param isRedefined the table's columns are others now
 */
export const describeBringBack = (
  { table, where, columns, key }: Origin,
  { schema, dialect, isRedefined }: { schema: string; dialect: Dialect; isRedefined: boolean },
): BringBack => {
  const none = (note: string): BringBack => ({ table, shows: [], brings: [], note });
  const name = parseTableName(table);
  if (name === undefined) return none('its name cannot be read');
  if (key === null || key.length === 0) return none('it has no key, so no row can be told from another');
  if (isRedefined)
    return none('its definition is another one now, so rows of then do not fit: compare the two first');
  const quote = dialect === 'postgres' ? quoteForPostgres : quoteForMysql;
  const parts = {
    live: quoteTable(name, quote),
    extracted: quoteTable({ schema, table: name.table }, quote),
    key,
    columns,
    where,
    quote,
  };
  const { changed, gone, added, update, insert } =
    dialect === 'postgres' ? writePostgres(parts) : writeMysql(parts);
  const hasValues = columns.some((column) => !key.includes(column));
  return {
    table,
    shows: [
      ...(hasValues ? [{ words: 'rows that changed: as they were, then as they are', sql: changed }] : []),
      { words: 'rows that are gone', sql: gone },
      { words: 'rows that are new', sql: added },
    ],
    brings: [
      ...(hasValues ? [{ words: 'changed rows back to what they were', sql: update }] : []),
      { words: 'rows that are gone back', sql: insert },
    ],
    note: null,
  };
};
