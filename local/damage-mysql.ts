import mysql from 'mysql2/promise';

/** Damage to a restored copy, as a bad backup would hold it: no foreign key is looked after. */
type Damage = (connection: mysql.Connection) => Promise<void>;

const asBadBackup =
  (act: Damage): Damage =>
  async (connection) => {
    await connection.query('set foreign_key_checks = 0');
    await act(connection);
  };

const ofUsers = `table_schema not in ('mysql', 'sys', 'information_schema', 'performance_schema')`;

type Found = { table: string; column: string | null; type: string };

const readRows = async <Row>(connection: mysql.Connection, sql: string): Promise<Row[]> =>
  (await connection.query<mysql.RowDataPacket[]>(sql))[0] as Row[];

/** The tables with rows, the largest first, each with its columns that no index holds, text before numbers. */
const listColumns = async (connection: mysql.Connection): Promise<Found[]> => {
  const found = await readRows<{ db: string; name: string; col: string | null; type: string }>(
    connection,
    `select t.table_schema as db, t.table_name as name, c.column_name as col, c.data_type as type
       from information_schema.tables t
       left join information_schema.columns c
         on c.table_schema = t.table_schema and c.table_name = t.table_name and c.column_key = '' and c.extra = ''
      where t.${ofUsers} and t.table_type = 'BASE TABLE' and t.table_rows > 0
      order by t.data_length desc, t.table_schema, t.table_name, c.data_type in ('varchar', 'int') desc, c.ordinal_position`,
  );
  return found.map(({ db, name, col, type }) => ({
    table: `${mysql.escapeId(db, true)}.${mysql.escapeId(name, true)}`,
    column: col === null ? null : mysql.escapeId(col, true),
    type,
  }));
};

const findTable = async (
  connection: mysql.Connection,
  isWanted: (found: Found) => boolean = () => true,
): Promise<Found> => {
  const wanted = (await listColumns(connection)).find(isWanted);
  if (wanted === undefined) throw new Error('there is no table to damage in this way');
  return wanted;
};

const changedRows = 10;
const numbers = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal'];
const texts = ['char', 'varchar', 'text'];

/** Another value of the same length and type for one column of ten rows: of any, since the oldest may be on their way out. */
export const changeValues = asBadBackup(async (connection) => {
  const isChangeable = ({ column, type }: Found) => column !== null && [...numbers, ...texts].includes(type);
  const { table, column, type } = await findTable(connection, isChangeable);
  const other = numbers.includes(type)
    ? `if(${column} > 0, ${column} - 1, ${column} + 1)`
    : `insert(${column}, 1, 1, if(left(${column}, 1) = '!', '?', '!'))`;
  const [{ affectedRows }] = await connection.query<mysql.ResultSetHeader>(
    `update ${table} set ${column} = ${other} where ${column} is not null order by rand() limit ${changedRows}`,
  );
  if (affectedRows === 0) throw new Error(`there was no value to change in ${table}`);
});

/** Two rows that have each other's value in one column, each of which no other row has. */
export const swapRows = asBadBackup(async (connection) => {
  for (const { table, column } of await listColumns(connection)) {
    if (column === null) continue;
    const values = await readRows<{ value: string }>(
      connection,
      `select min(${column}) as value from ${table} where ${column} is not null
        group by ${column} having count(*) = 1 limit 2`,
    );
    const [one, other] = values.map(({ value }) => value);
    if (one === undefined || other === undefined) continue;
    await connection.query(
      `update ${table} set ${column} = if(${column} = ?, ?, ?) where ${column} in (?, ?)`,
      [one, other, one, one, other],
    );
    return;
  }
  throw new Error('there are no two rows to swap in any table');
});

export const loseTable = asBadBackup(async (connection) => {
  const { table } = await findTable(connection);
  await connection.query(`drop table ${table}`);
});

/** An ordinary index of the largest table that has one. */
export const loseIndex = asBadBackup(async (connection) => {
  const [index] = await readRows<{ db: string; name: string; idx: string }>(
    connection,
    `select s.table_schema as db, s.table_name as name, s.index_name as idx
       from information_schema.statistics s
       join information_schema.tables t on t.table_schema = s.table_schema and t.table_name = s.table_name
      where s.${ofUsers} and s.index_name <> 'PRIMARY'
      order by s.non_unique desc, t.data_length desc, s.table_schema, s.table_name, s.index_name limit 1`,
  );
  if (index === undefined) throw new Error('there is no index to lose');
  const { db, name, idx } = index;
  const table = `${mysql.escapeId(db, true)}.${mysql.escapeId(name, true)}`;
  const keys = await readRows<{ name: string }>(
    connection,
    mysql.format(
      `select distinct constraint_name as name from information_schema.key_column_usage
        where table_schema = ? and table_name = ? and referenced_table_name is not null`,
      [db, name],
    ),
  );
  // An index that a foreign key needs cannot go before it.
  const drops = keys.map((key) => `drop foreign key ${mysql.escapeId(key.name, true)}`);
  await connection.query(
    `alter table ${table} ${[...drops, `drop index ${mysql.escapeId(idx, true)}`].join(', ')}`,
  );
});
