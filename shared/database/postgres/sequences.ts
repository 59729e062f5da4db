import type { Counter, LateCounter } from '../port.ts';
import { formatTableName } from '../tables.ts';
import { listCountersSql, listSequencesSql, nameInSql } from './catalog.ts';
import { waitShortlySql, waitSql } from './session.ts';

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
 * ahead, so a restore alone never leaves one behind. A table is locked before its sequence, as TRUNCATE does.
 */
export const listLateSequences = async (query: Query): Promise<LateCounter[]> => {
  const what = 'compare the sequences';
  const late: LateCounter[] = [];
  await query(what, waitSql);
  for (const found of await query<Sequence>(what, listSequencesSql)) {
    const { sequence, schema, table, column, isRising, increment } = found;
    const [row] = await query<{ next: string; highest: string | null; isLate: boolean | null }>(
      what,
      `select next::text, extreme::text as highest, ${isRising ? 'next <= extreme' : 'next >= extreme'} as "isLate"
         from (select ${isRising ? 'max' : 'min'}(${column})::numeric as extreme from ${nameInSql({ schema, table })}) c,
              (select last_value::numeric + case when is_called then ${increment} else 0 end as next from ${sequence}) s`,
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

/** So many in one statement: each is locked for a moment, and named in the text. */
const sequencesAtOnce = 200;

/**
 * How far every sequence is. In a copy and on a reader it may seem up to 32 values further than in production, since
 * PostgreSQL logs these ahead.
 */
export const listPostgresCounters = async (query: Query): Promise<Counter[]> => {
  const what = 'read the sequences';
  await query(what, waitShortlySql);
  const listed = await query<{ name: string; increment: string; version: string }>(what, listCountersSql);
  const counters: Counter[] = [];
  for (let first = 0; first < listed.length; first += sequencesAtOnce) {
    const some = listed.slice(first, first + sequencesAtOnce);
    const rows = await query<{ next: string }>(what, nextValuesSql(some));
    counters.push(
      ...some.map(({ name, increment, version }, index) => ({
        name,
        next: rows[index]?.next ?? '',
        version,
        isRising: !increment.startsWith('-'),
        isRestored: true,
      })),
    );
  }
  return counters;
};

const nextValuesSql = (sequences: { name: string; increment: string }[]): string =>
  `${sequences
    .map(
      ({ name, increment }, index) =>
        `select ${index} as number, (last_value::numeric + case when is_called then ${increment} else 0 end)::text as next from ${name}`,
    )
    .join(' union all ')} order by number`;
