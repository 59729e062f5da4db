import type { Progress } from '../port.ts';
import { formatTableName, type Table } from '../tables.ts';
import { nameInSql, quoteName } from './names.ts';
import type { MysqlSession } from './session.ts';

/** Each look reads one end of an index of each. */
const maxTables = 8;

/** The greatest AUTO_INCREMENT value that is committed, of the largest tables. A table that is gone is left out. */
export const readGreatestKeys = async (
  { query }: MysqlSession,
  tables: readonly Table[],
): Promise<Progress['counts']> => {
  const counted = tables
    .filter(({ counted }) => counted !== undefined)
    .sort((a, b) => b.estimatedRows - a.estimatedRows)
    .slice(0, maxTables);
  const ask = async (some: readonly Table[]): Promise<Progress['counts']> => {
    if (some.length === 0) return {};
    const greatest = some.map(
      (table, index) =>
        `(select max(${quoteName(table.counted ?? '')}) from ${nameInSql(table)}) as t${index}`,
    );
    const [row = {}] = await query<Record<string, string | null>>(
      'see how far it is',
      `select ${greatest.join(', ')}`,
    );
    return Object.fromEntries(
      some.map((table, index) => [formatTableName(table), Number(row[`t${index}`] ?? 0)]),
    );
  };
  try {
    return await ask(counted);
  } catch (error) {
    if (counted.length < 2) throw error;
    const each = await Promise.all(counted.map((table) => ask([table]).catch(() => ({}))));
    return Object.assign({}, ...each);
  }
};
