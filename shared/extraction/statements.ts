import type { Quote } from '../database/quoted.ts';

/**
 * A table as statements name it: `live` in production, `rows` where its rows are read or changed, without those of tables that
 * inherit from it, and `extracted` in the schema that was loaded beside it.
 */
export type Parts = {
  live: string;
  rows: string;
  extracted: string;
  key: string[];
  columns: string[];
  fixed: string[];
  where: string | null;
  quote: Quote;
};

export type Statements = { changed: string; gone: string; added: string; update: string; insert: string };

export const lines = (...parts: string[]): string => parts.join('\n');

/** The columns that can be brought back: not those of the key. Quoted. */
export const listValues = ({ columns, key, fixed, quote }: Parts): string[] =>
  columns.filter((column) => !key.includes(column) && !fixed.includes(column)).map(quote);

/** The rows of production that meet the condition. It names columns as in a statement of the table alone. */
export const filterLive = ({ rows, where }: Parts): string =>
  where === null ? `${rows} as live` : `(select * from ${rows} where (${where})) as live`;
