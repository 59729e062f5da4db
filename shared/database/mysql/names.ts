import type { TableName } from '../tables.ts';

export const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

export const nameInSql = ({ schema, table }: TableName): string => `${quoteName(schema)}.${quoteName(table)}`;

/** Leaves out the server's own databases. With constants for schemas, MariaDB opens no table of the other ones. */
export const isUserSchema = (column: string): string =>
  `${column} not in ('mysql', 'sys', 'information_schema', 'performance_schema')`;
