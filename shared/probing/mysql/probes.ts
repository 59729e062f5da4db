import { setTimeout as sleep } from 'node:timers/promises';
import type mysql from 'mysql2/promise';
import type { Contender, Probe, ProbeKind } from '../port.ts';
import type { MysqlTable } from './catalog.ts';

/** ER_NO_SUCH_TABLE, ER_BAD_DB_ERROR: it is dropped or renamed, and nobody waits for it. */
const gone = [1146, 1049];
/** ER_LOCK_NOWAIT of MySQL. MariaDB answers ER_LOCK_WAIT_TIMEOUT, also when the table is locked. */
const taken = [3572, 1205];

export type OpenProbe = { table: string; kind: ProbeKind };

/** Each takes the lock on the table of what it stands for, touches no row, and fires no trigger. */
const readSql = ({ sql }: MysqlTable): string => `select 1 from ${sql} where false`;
const writeSql = ({ sql }: MysqlTable): string => `delete from ${sql} where false`;

/** So many rows that lie between the first and the last. */
const between = 6n;

/**
 * Locks one row until the end of the statement, and changes nothing. It must not wait for the row: it would hold a lock on the
 * table meanwhile, and a change that then wants the table would wait for that.
 */
const lockRowSql = ({ sql }: MysqlTable, where: string, order: string): string =>
  `select 1 from ${sql}${where}${order} limit 1 for update nowait`;

/** Of rows that lie spread over the table, as far as its key tells: the first, the last, and some between. */
const listRows = async (client: mysql.Connection, table: MysqlTable): Promise<string[]> => {
  const { sql, key, isCounted } = table;
  const [first] = key;
  if (first === undefined) return [lockRowSql(table, '', '')];
  const order = ` order by ${key.join(', ')}`;
  const last = ` order by ${key.map((part) => `${part} desc`).join(', ')}`;
  const ends = [lockRowSql(table, '', order), lockRowSql(table, '', last)];
  if (!isCounted) return ends;
  const [answer] = await client.query<mysql.RowDataPacket[]>(
    `select min(${first}) as least, max(${first}) as most from ${sql}`,
  );
  const { least, most } = answer[0] as { least: string | null; most: string | null };
  if (least === null || most === null) return ends;
  const span = BigInt(most) - BigInt(least);
  const values = Array.from(
    { length: Number(between) },
    (_, index) => BigInt(least) + (span * BigInt(index + 1)) / (between + 1n),
  );
  return [...ends, ...values.map((value) => lockRowSql(table, ` where ${first} >= ${value}`, order))];
};

const retryRowAfterMs = 10;

export const probeOn = async (
  client: mysql.Connection,
  table: MysqlTable,
  kind: ProbeKind,
): Promise<Probe['attempt']> => {
  const statements = {
    read: async () => [readSql(table)],
    write: async () => [writeSql(table)],
    row: () => listRows(client, table),
  };
  const [first = '', ...others] = await statements[kind]();
  let attempts = 0;

  /** @returns whether it got through */
  const attempt = async (sql: string): Promise<boolean> => {
    try {
      await client.query(sql);
      return true;
    } catch (error) {
      const { errno = 0 } = error as { errno?: number };
      if (gone.includes(errno)) return true;
      if (!taken.includes(errno)) throw error;
      return false;
    }
  };
  return async () => {
    // What changes all rows begins with the first as a rule, and keeps it for the longest time.
    const other = others[attempts++ % others.length];
    for (const sql of other === undefined ? [first] : [first, other]) {
      while (!(await attempt(sql))) await sleep(retryRowAfterMs);
    }
  };
};

/** A transaction that has read each table. What its user may not read, it leaves out. */
export const contendOn = async (
  client: mysql.Connection,
  tables: readonly MysqlTable[],
): Promise<Contender> => {
  const read: string[] = [];
  await client.query('begin');
  for (const table of tables) {
    try {
      await client.query(`select 1 from ${table.sql} limit 1`);
      read.push(table.name);
    } catch {
      // It is not in `tables`, which is what is told of it.
    }
  }
  return { tables: read, end: () => client.end() };
};
