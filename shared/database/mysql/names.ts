import type { TableName } from '../tables.ts';

export const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

export const nameInSql = ({ schema, table }: TableName): string => `${quoteName(schema)}.${quoteName(table)}`;

/** The server's own databases. Conditions on schemas are constants, for which MariaDB opens no table of the others. */
export const isUserSchema = (column: string): string =>
  `${column} not in ('mysql', 'sys', 'information_schema', 'performance_schema')`;
