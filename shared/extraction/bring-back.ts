import { quoteForMysql, quoteForPostgres, quoteTable } from '../database/quoted.ts';
import { parseTableName } from '../database/tables.ts';
import type { Dialect } from '../sql/tokens.ts';
import { writeMysql } from './mysql-statements.ts';
import { writePostgres } from './postgres-statements.ts';
import { listValues, type Parts } from './statements.ts';
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

type Origin = Pick<ExtractedTable, 'table' | 'where' | 'columns' | 'fixed' | 'key' | 'partitions'>;

/** @param fate what became of the table in production since: its definition, too, may be another one */
export const describeBringBack = (
  origin: Origin,
  { schema, dialect, fate }: { schema: string; dialect: Dialect; fate: 'kept' | 'redefined' | 'dropped' },
): BringBack => {
  const { table, key, partitions } = origin;
  const none = (note: string): BringBack => ({ table, shows: [], brings: [], note });
  const name = parseTableName(table);
  if (name === undefined) return none('its name cannot be read');
  const quote = dialect === 'postgres' ? quoteForPostgres : quoteForMysql;
  const live = quoteTable(name, quote);
  const extracted = quoteTable({ schema, table: name.table }, quote);
  if (fate === 'dropped') {
    const back = {
      words: 'the whole table back',
      sql: moveTable(dialect, extracted, live, quote(name.schema)),
    };
    return { table, shows: [], brings: [back], note: describeDropped(origin.where, dialect, schema) };
  }
  if (fate === 'redefined')
    return none('its definition is another one now, so rows of then may not fit: compare the two first');
  if (key === null || key.length === 0) return none('it has no key, so no row can be told from another');
  const isAlone = dialect === 'postgres' && partitions === 'none';
  const rows = isAlone ? `only ${live}` : live;
  const parts = { ...origin, live, rows, extracted, key, quote };
  return { table, ...describeRows(parts, dialect), note: null };
};

/** In PostgreSQL a table takes its indexes with it, and nothing else. */
const describeDropped = (where: string | null, dialect: Dialect, schema: string): string =>
  [
    'production has dropped it; what did not come along is lost',
    ...(where === null ? [] : [', and so are the rows that do not meet the condition']),
    ...(dialect === 'mysql'
      ? []
      : [
          `. Its partitions and its types stay in schema ${schema}: move them too, and never drop that schema with cascade`,
        ]),
  ].join('');

const moveTable = (dialect: Dialect, extracted: string, live: string, schema: string): string =>
  dialect === 'postgres'
    ? `alter table ${extracted} set schema ${schema};`
    : `rename table ${extracted} to ${live};`;

const describeRows = (parts: Parts, dialect: Dialect): Pick<BringBack, 'shows' | 'brings'> => {
  const { changed, gone, added, update, insert } =
    dialect === 'postgres' ? writePostgres(parts) : writeMysql(parts);
  // A row that is all key cannot change: it is gone, and another one is new.
  const hasValues = listValues(parts).length > 0;
  return {
    shows: [
      ...(hasValues ? [{ words: 'rows that changed: as they were, then as they are', sql: changed }] : []),
      { words: 'rows that are gone', sql: gone },
      { words: 'rows that are new', sql: added },
    ],
    brings: [
      ...(hasValues ? [{ words: 'changed rows back to what they were', sql: update }] : []),
      { words: 'rows that are gone back', sql: insert },
    ],
  };
};
