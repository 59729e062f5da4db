import type { Quote } from '../database/quoted.ts';

/** A table as statements name it: `live` in production, `extracted` in the schema that was loaded beside it. */
export type Parts = {
  live: string;
  extracted: string;
  key: string[];
  columns: string[];
  where: string | null;
  quote: Quote;
};

export type Statements = { changed: string; gone: string; added: string; update: string; insert: string };

export const lines = (...parts: string[]): string => parts.join('\n');

/** The columns that are not of the key, quoted. */
export const listValues = ({ columns, key, quote }: Parts): string[] =>
  columns.filter((column) => !key.includes(column)).map(quote);

/** The rows of production that meet the condition. It names columns as in a statement of the table alone. */
export const filterLive = ({ live, where }: Parts): string =>
  where === null ? `${live} as live` : `(select * from ${live} where (${where})) as live`;
