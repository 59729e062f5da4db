import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Contender, Probe, ProbeKind } from '../port.ts';
import type { Relation } from './catalog.ts';

/** SQLSTATE undefined_table: it is dropped or renamed, and nobody waits for it. lock_not_available: somebody has the row. */
const [gone, taken] = ['42P01', '55P03'];

/** A plan takes the locks of a read, those of all indexes included, before it finds that there is nothing to read. */
const readSql = ({ sql }: Relation): string => `select from only ${sql} where false`;

/** A DELETE of no row would fire the triggers of statements. */
const writeSql = (table: Relation): string =>
  `begin; lock table only ${table.sql} in row exclusive mode; ${readSql(table)}; rollback`;

/**
 * Rolled back, it leaves a mark on the row that means nothing, and no other version of it. It must not wait for the row: it would
 * hold a lock of the table meanwhile, and a change that then wants the table would be in a deadlock with it.
 */
const rowSql = ({ sql }: Relation, row: string): string =>
  `begin; select from only ${sql} where ctid = '${row}' for no key update nowait; rollback`;

const [spread, tries] = [8, 4];

/** The place of one row each in so many pages that lie spread over the table, in their order. Reads these pages alone. */
const rowsSql = ({ sql }: Relation): string => `
  select min(ctid::text) as row from only ${sql}
   where ctid = any(array(
     select distinct format('(%s,%s)', (pages - 1) * part / ${spread - 1}, item)::tid
       from (select pg_relation_size('${sql.replaceAll("'", "''")}') / current_setting('block_size')::int as pages) size,
            generate_series(0, ${spread - 1}) part, generate_series(1, ${tries}) item
      where pages > 0))
   group by (ctid::text::point)[0]
   order by (ctid::text::point)[0]`;

/** What changes all rows begins with the first as a rule, and keeps it for the longest time: every other attempt is for it. */
const pickRow = (rows: readonly string[], attempt: number): string | undefined =>
  rows[attempt % 2 === 0 ? 0 : ((attempt - 1) / 2) % rows.length];

/** A change moves rows. So many attempts take about a second. */
const renewEvery = 20;
const retryRowAfterMs = 10;

/** Materialized views are only read, and a partitioned table has no rows of its own. */
const kindsOf: Record<string, readonly ProbeKind[]> = {
  r: ['read', 'write', 'row'],
  p: ['read', 'write'],
  m: ['read'],
};

export const hasProbe = ({ kind }: Relation, asked: ProbeKind): boolean =>
  kindsOf[kind]?.includes(asked) ?? false;

const unlessGone = (error: { code?: string }): string[] => {
  if (error.code !== gone) throw error;
  return [];
};

const readRows = async (client: pg.Client, table: Relation): Promise<string[]> =>
  (await client.query<{ row: string }>(rowsSql(table))).rows.map(({ row }) => row);

export const probeOn = (client: pg.Client, table: Relation, kind: ProbeKind): Probe => {
  let rows: string[] = [];
  let attempts = 0;

  /** @returns whether it got through */
  const attempt = async (sql: string): Promise<boolean> => {
    try {
      await client.query(sql);
      return true;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== gone && code !== taken) throw error;
      // Whether it is in a transaction is told after the error only.
      await client.query('rollback');
      return code === gone;
    }
  };
  const attemptRow = async (): Promise<void> => {
    if (attempts % renewEvery === 0) rows = await readRows(client, table).catch(unlessGone);
    const row = pickRow(rows, attempts++);
    if (row === undefined) return;
    while (!(await attempt(rowSql(table, row)))) await sleep(retryRowAfterMs);
  };
  const sqlOf = { read: readSql(table), write: writeSql(table) };
  return {
    attempt: async () => {
      if (kind === 'row') await attemptRow();
      else await attempt(sqlOf[kind]);
    },
    close: () => client.end(),
  };
};

/** A transaction that has read each table. What its user may not read, it leaves out. */
export const contendOn = async (client: pg.Client, tables: readonly Relation[]): Promise<Contender> => {
  const read: string[] = [];
  await client.query('begin');
  for (const table of tables) {
    try {
      await client.query(`savepoint one; ${readSql(table)}`);
      read.push(table.name);
    } catch {
      await client.query('rollback to savepoint one');
    }
  }
  return { tables: read, end: () => client.end() };
};
