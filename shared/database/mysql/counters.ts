import type { Counter, LateCounter } from '../port.ts';
import { formatTableName, type TableName } from '../tables.ts';
import { isUserSchema, nameInSql, quoteName } from './names.ts';
import type { MysqlSession } from './session.ts';
import { wholeAnswersOf } from './whole-answers.ts';

// Not a join: MariaDB would look each table up again for every column.
const columnsSql = `
  select table_schema as \`schema\`, table_name as \`table\`, column_name as name
    from information_schema.columns
   where ${isUserSchema('table_schema')} and extra like '%auto_increment%' and data_type like '%int'`;
const nextSql = `
  select table_schema as \`schema\`, table_name as \`table\`, auto_increment as next
    from information_schema.tables where ${isUserSchema('table_schema')} and auto_increment is not null`;

/** The AUTO_INCREMENT columns whose next value is already taken. Each has an index, which answers at once. */
export const listLateIncrements = async (session: MysqlSession): Promise<LateCounter[]> => {
  const what = 'compare the AUTO_INCREMENT values';
  const askCatalog = wholeAnswersOf(session);
  const columns = await askCatalog<TableName & { name: string }>(what, columnsSql);
  const highest = new Map<string, string>();
  for (const { schema, table, name } of columns) {
    const [row] = await session.query<{ highest: string | null }>(
      what,
      `select max(${quoteName(name)}) as highest from ${nameInSql({ schema, table })}`,
    );
    if (row?.highest != null) highest.set(formatTableName({ schema, table }), row.highest);
  }
  // Read last: writes in the meantime only raise them.
  const nexts = await askCatalog<TableName & { next: string }>(what, nextSql);
  return nexts.flatMap(({ schema, table, next }): LateCounter[] => {
    const found = columns.find((one) => one.schema === schema && one.table === table);
    const name = formatTableName({ schema, table });
    const reached = highest.get(name);
    if (found === undefined || reached === undefined || BigInt(next) > BigInt(reached)) return [];
    return [{ name: `${name}.${found.name}`, table: name, next, highest: reached }];
  });
};

/**
 * The next AUTO_INCREMENT value of each table, as the server has it in memory: a statement of many rows takes more values
 * than it uses.
 */
export const listIncrements = async ({ query }: MysqlSession): Promise<Counter[]> => {
  const rows = await query<TableName & { next: string }>('read the AUTO_INCREMENT values', nextSql);
  return rows
    .map(({ next, ...table }) => ({
      name: formatTableName(table),
      next,
      isRising: true,
      isRestored: false,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
};
