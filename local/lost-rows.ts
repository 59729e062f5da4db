import mysql from 'mysql2/promise';
import pg from 'pg';

/** One row in twenty, and at least one. */
const lostShare = 20;

/** Deletes rows of the largest table of a PostgreSQL database. */
export const losePostgresRows = async (client: pg.Client): Promise<void> => {
  await client.query('analyze');
  const { rows } = await client.query<{ schema: string; table: string }>(
    `select n.nspname as schema, c.relname as table
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and c.relpersistence = 'p'
        and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      order by c.reltuples desc, n.nspname, c.relname limit 1`,
  );
  const [largest] = rows;
  if (largest === undefined) throw new Error('there is no table to lose rows of');
  const table = `${pg.escapeIdentifier(largest.schema)}.${pg.escapeIdentifier(largest.table)}`;
  // Rows that a bad backup loses take no foreign keys or triggers along.
  await client.query('set session_replication_role = replica');
  const { rowCount } = await client.query(
    `delete from ${table} where ctid in (
       select ctid from ${table} limit greatest(1, (select count(*) from ${table}) / ${lostShare}))`,
  );
  if (rowCount === 0) throw new Error(`there was no row to lose in ${table}`);
};

/** Deletes rows of the largest table of a MySQL server, over all its databases. */
export const loseMysqlRows = async (connection: mysql.Connection): Promise<void> => {
  // A trigger cannot be switched off here, and what it does would be a second fault: such tables keep their rows.
  const [tables] = await connection.query<mysql.RowDataPacket[]>(
    `select table_schema as db, table_name as name
       from information_schema.tables
      where table_type = 'BASE TABLE'
        and table_schema not in ('mysql', 'sys', 'information_schema', 'performance_schema')
        and not exists (select 1 from information_schema.triggers
                         where event_object_schema = table_schema and event_object_table = table_name
                           and event_manipulation = 'DELETE')
      order by table_schema, table_name`,
  );
  let largest = { table: '', rows: 0 };
  for (const { db, name } of tables) {
    const table = `${mysql.escapeId(db, true)}.${mysql.escapeId(name, true)}`;
    const [[answer]] = await connection.query<mysql.RowDataPacket[]>(
      `select count(*) as found from ${table}`,
    );
    const rows = Number(answer?.found);
    if (rows > largest.rows) largest = { table, rows };
  }
  if (largest.rows === 0) throw new Error('there is no table to lose rows of');
  // Rows that a bad backup loses take no foreign keys along, and with these off nothing cascades.
  await connection.query('set foreign_key_checks = 0');
  await connection.query(
    `delete from ${largest.table} limit ${Math.max(1, Math.floor(largest.rows / lostShare))}`,
  );
};
