import type { TableName } from './tables.ts';

/** How an engine writes a name in SQL, whatever characters it has. */
export type Quote = (name: string) => string;

export const quoteForPostgres: Quote = (name) => `"${name.replaceAll('"', '""')}"`;
export const quoteForMysql: Quote = (name) => `\`${name.replaceAll('`', '``')}\``;

export const quoteTable = ({ schema, table }: TableName, quote: Quote): string =>
  `${quote(schema)}.${quote(table)}`;
