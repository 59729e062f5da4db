import type { Progress } from './port.ts';
import { formatTableName, type Table } from './tables.ts';

/** Each look reads one end of an index of each. */
const maxTables = 8;

/**
 * The greatest committed key of the largest tables that count their rows. A table that is gone or locked is left out.
 * @param select SQL for the greatest key of one table
 */
export const readGreatestKeys = async (
  tables: readonly Table[],
  select: (table: Table, column: string) => string,
  ask: (sql: string) => Promise<Record<string, string | null>[]>,
): Promise<Progress['counts']> => {
  const counted = tables
    .flatMap((table) => (table.counted == null ? [] : [{ table, column: table.counted }]))
    .sort((a, b) => b.table.estimatedRows - a.table.estimatedRows)
    .slice(0, maxTables);
  const read = async (some: typeof counted): Promise<Progress['counts']> => {
    if (some.length === 0) return {};
    const greatest = some.map(({ table, column }, index) => `(${select(table, column)}) as t${index}`);
    const [row = {}] = await ask(`select ${greatest.join(', ')}`);
    return Object.fromEntries(
      some.map(({ table }, index) => [formatTableName(table), Number(row[`t${index}`] ?? 0)]),
    );
  };
  try {
    return await read(counted);
  } catch {
    const found: Progress['counts'] = {};
    for (const one of counted) Object.assign(found, await read([one]).catch(() => ({})));
    return found;
  }
};
