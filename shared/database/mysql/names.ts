import { quoteForMysql, quoteTable } from '../quoted.ts';
import type { TableName } from '../tables.ts';

export const quoteName = quoteForMysql;

export const nameInSql = (table: TableName): string => quoteTable(table, quoteForMysql);

/** Leaves out the server's own databases. With constants for schemas, MariaDB opens no table of the other ones. */
export const isUserSchema = (column: string): string =>
  `${column} not in ('mysql', 'sys', 'information_schema', 'performance_schema')`;
