import mysql from 'mysql2/promise';
import { isUserSchema, nameInSql, quoteName } from '../../shared/database/mysql/names.ts';

/** Damage to a copy, as a bad backup would hold it. Foreign keys are off, so nothing cascades. */
type Damage = (connection: mysql.Connection) => Promise<void>;

const asBadBackup =
  (act: Damage): Damage =>
  async (connection) => {
    await connection.query('set foreign_key_checks = 0');
    await act(connection);
  };

type Found = { table: string; rows: number; hasTrigger: boolean; column: string | null; type: string };

const readRows = async <Row>(connection: mysql.Connection, sql: string): Promise<Row[]> =>
  (await connection.query<mysql.RowDataPacket[]>(sql))[0] as Row[];

type Listed = { schema: string; name: string; hasTrigger: number; col: string | null; type: string };

/**
 * The tables with rows, the largest first, each with its columns that no index holds, text before numbers. Rows are
 * counted: information_schema may still have the estimate from before the table was filled.
 */
const listColumns = async (connection: mysql.Connection): Promise<Found[]> => {
  const listed = await readRows<Listed>(
    connection,
    `select t.table_schema as \`schema\`, t.table_name as name, c.column_name as col, c.data_type as type,
            exists (select 1 from information_schema.triggers
                     where event_object_schema = t.table_schema and event_object_table = t.table_name
                       and event_manipulation = 'DELETE') as hasTrigger
       from information_schema.tables t
       left join information_schema.columns c
         on c.table_schema = t.table_schema and c.table_name = t.table_name and c.column_key = '' and c.extra = ''
      where ${isUserSchema('t.table_schema')} and t.table_type = 'BASE TABLE'
      order by t.table_schema, t.table_name, c.data_type in ('varchar', 'int') desc, c.ordinal_position`,
  );
  const found: Found[] = [];
  for (const { schema, name, hasTrigger, col, type } of listed) {
    const table = nameInSql({ schema, table: name });
    const rows = found.find((other) => other.table === table)?.rows ?? (await countRows(connection, table));
    const column = col === null ? null : quoteName(col);
    found.push({ table, rows, hasTrigger: hasTrigger === 1, column, type });
  }
  return found.filter(({ rows }) => rows > 0).sort((a, b) => b.rows - a.rows);
};

const countRows = async (connection: mysql.Connection, table: string): Promise<number> => {
  const [answer] = await readRows<{ found: number }>(connection, `select count(*) as found from ${table}`);
  return Number(answer?.found);
};

const findTable = async (
  connection: mysql.Connection,
  isWanted: (found: Found) => boolean = () => true,
): Promise<Found> => {
  const wanted = (await listColumns(connection)).find(isWanted);
  if (wanted === undefined) throw new Error('there is no table to damage in this way');
  return wanted;
};

/**
 * One row in twenty, and at least one. Triggers cannot be switched off here, and one would add a second fault, so tables
 * with one keep their rows.
 */
export const loseRows = asBadBackup(async (connection) => {
  const { table, rows } = await findTable(connection, ({ hasTrigger }) => !hasTrigger);
  await connection.query(`delete from ${table} limit ${Math.ceil(rows / 20)}`);
});

const changedRows = 10;
const numbers = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal'];
const texts = ['char', 'varchar', 'text'];

/** The columns of a table's primary key, if it has one. */
const keyOf = async (connection: mysql.Connection, table: string): Promise<string[]> => {
  const found = await readRows<{ Column_name: string }>(
    connection,
    `show index from ${table} where Key_name = 'PRIMARY'`,
  );
  return found.map(({ Column_name }) => quoteName(Column_name));
};

/** The rows of a table in the order of their key, numbered, with the next one's value of a column. */
const numberRows = (table: string, column: string | null, key: readonly string[]): string => `
  select ${key.join(', ')}, ${column} as this, lead(${column}) over (order by ${key.join(', ')}) as next,
         row_number() over (order by ${key.join(', ')}) as number, count(*) over () as total
    from ${table} where ${column} is not null`;

/**
 * Another value of the same length and type for one column of ten rows, spread evenly over the table, but none at its ends:
 * the oldest may be about to be deleted. Without a key, random ones.
 */
export const changeValues = asBadBackup(async (connection) => {
  const isChangeable = ({ column, type }: Found) => column !== null && [...numbers, ...texts].includes(type);
  const { table, column, type } = await findTable(connection, isChangeable);
  const other = numbers.includes(type)
    ? `if(${column} > 0, ${column} - 1, ${column} + 1)`
    : `insert(${column}, 1, 1, if(left(${column}, 1) = '!', '?', '!'))`;
  const key = await keyOf(connection, table);
  const [{ affectedRows }] = await connection.query<mysql.ResultSetHeader>(
    key.length === 0
      ? `update ${table} set ${column} = ${other} where ${column} is not null order by rand() limit ${changedRows}`
      : `update ${table} join (
           select ${key.join(', ')} from (${numberRows(table, column, key)}) numbered
            where number % greatest(1, total div ${changedRows + 1}) = 0 order by number limit ${changedRows}
         ) picked using (${key.join(', ')}) set ${column} = ${other}`,
  );
  if (affectedRows === 0) throw new Error(`there was no value to change in ${table}`);
});

/** Two rows swap their values in one column: two in the middle of a table, or if it has no key, two whose values no other has. */
export const swapRows = asBadBackup(async (connection) => {
  for (const { table, column } of await listColumns(connection)) {
    if (column === null) continue;
    const key = await keyOf(connection, table);
    if (key.length > 0 && (await swapNeighbours(connection, table, column, key))) return;
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

/** @returns whether there were two neighbours with different values */
const swapNeighbours = async (
  connection: mysql.Connection,
  table: string,
  column: string,
  key: readonly string[],
): Promise<boolean> => {
  const [{ affectedRows }] = await connection.query<mysql.ResultSetHeader>(
    `update ${table} join (
       with numbered as (${numberRows(table, column, key)}),
            first as (select number, this, next from numbered
                       where number >= total div 2 and not (this <=> next) order by number limit 1)
       select ${key.map((name) => `numbered.${name}`).join(', ')},
              if(numbered.number = first.number, first.next, first.this) as value
         from numbered join first on numbered.number in (first.number, first.number + 1)
        where first.next is not null
     ) swapped using (${key.join(', ')}) set ${column} = swapped.value`,
  );
  return affectedRows === 2;
};

export const loseTable = asBadBackup(async (connection) => {
  const { table } = await findTable(connection);
  await connection.query(`drop table ${table}`);
});

/** An ordinary index of the largest table that has one. */
export const loseIndex = asBadBackup(async (connection) => {
  const [index] = await readRows<{ schema: string; name: string; idx: string }>(
    connection,
    `select s.table_schema as \`schema\`, s.table_name as name, s.index_name as idx
       from information_schema.statistics s
       join information_schema.tables t on t.table_schema = s.table_schema and t.table_name = s.table_name
      where ${isUserSchema('s.table_schema')} and s.index_name <> 'PRIMARY'
      order by s.non_unique desc, t.data_length desc, s.table_schema, s.table_name, s.index_name limit 1`,
  );
  if (index === undefined) throw new Error('there is no index to lose');
  const { schema, name, idx } = index;
  const table = nameInSql({ schema, table: name });
  const keys = await readRows<{ name: string }>(
    connection,
    mysql.format(
      `select distinct constraint_name as name from information_schema.key_column_usage
        where table_schema = ? and table_name = ? and referenced_table_name is not null`,
      [schema, name],
    ),
  );
  // The index of a foreign key cannot go before the key.
  const drops = keys.map((key) => `drop foreign key ${quoteName(key.name)}`);
  await connection.query(`alter table ${table} ${[...drops, `drop index ${quoteName(idx)}`].join(', ')}`);
});
