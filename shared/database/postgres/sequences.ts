import type { LateCounter } from '../port.ts';
import { formatTableName } from '../tables.ts';
import { listSequencesSql, nameInSql } from './catalog.ts';

type Sequence = {
  sequence: string;
  schema: string;
  table: string;
  column: string;
  isRising: boolean;
  increment: string;
};

type Query = <Row extends object>(what: string, sql: string) => Promise<Row[]>;

/**
 * The sequences whose next value their column already has, or has passed. PostgreSQL logs a few values of a sequence
 * ahead, so a restore alone never leaves one behind.
 */
export const listLateSequences = async (query: Query): Promise<LateCounter[]> => {
  const what = 'compare the sequences';
  const late: LateCounter[] = [];
  for (const found of await query<Sequence>(what, listSequencesSql)) {
    const { sequence, schema, table, column, isRising, increment } = found;
    const [row] = await query<{ next: string; highest: string | null; isLate: boolean | null }>(
      what,
      `select next::text, extreme::text as highest, ${isRising ? 'next <= extreme' : 'next >= extreme'} as "isLate"
         from (select last_value::numeric + case when is_called then ${increment} else 0 end as next from ${sequence}) s,
              (select ${isRising ? 'max' : 'min'}(${column})::numeric as extreme from ${nameInSql({ schema, table })}) c`,
    );
    if (!row?.isLate) continue;
    late.push({
      name: sequence,
      table: formatTableName({ schema, table }),
      next: row.next,
      highest: row.highest ?? '',
    });
  }
  return late;
};
