import type { ExtractedTable } from '../extraction/tables.ts';
import { describeChanges } from '../rows/database-changes.ts';
import { type Changes, changeLimits, tellChanges, unreadChanges } from '../rows/told-changes.ts';
import type { Now, Production } from '../truth/production.ts';

/** What production has changed in these tables since the time of the copy. It is told, and judges nothing. */
export const compareWithNow = async (
  copy: Now,
  production: Production,
  tables: readonly ExtractedTable[],
): Promise<Changes> => {
  const names = tables.map(({ table }) => table);
  const conditions = conditionsOf(tables);
  const compared = await production.ask((present) =>
    describeChanges(keepTables(copy, names), keepTables(present, names), {
      ...changeLimits,
      conditions,
      isTablesAlone: true,
    }),
  );
  if (!('answer' in compared)) return unreadChanges(compared.unread);
  const changes = tellChanges(compared.answer);
  return { ...changes, lines: [...changes.lines, ...Object.keys(conditions).map(describeCondition)] };
};

const keepTables = ({ reader, tables }: Now, names: readonly string[]): Now => ({
  reader,
  tables: new Map([...tables].filter(([name]) => names.includes(name))),
});

const conditionsOf = (tables: readonly ExtractedTable[]): Record<string, { expression: string }> =>
  Object.fromEntries(
    tables.flatMap(({ table, where }) => (where === null ? [] : [[table, { expression: where }]])),
  );

const describeCondition = (table: string): string =>
  `${table}: only rows that meet the condition are compared; one that meets it no longer counts as gone, one that meets it only now as new`;
