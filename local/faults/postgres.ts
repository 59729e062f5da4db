import type pg from 'pg';

/** Damage to a copy, as a bad backup would hold it. Triggers and foreign keys are off. */
type Damage = (client: pg.Client) => Promise<void>;

const asBadBackup =
  (act: Damage): Damage =>
  async (client) => {
    await client.query('analyze');
    await client.query('set session_replication_role = replica');
    await act(client);
  };

/** The tables with rows, the largest first, with a column that no key, index or foreign key holds. */
const listTablesSql = `
  select format('%I.%I', n.nspname, c.relname) as table, quote_ident(a.attname) as column,
         format_type(a.atttypid, a.atttypmod) as type, t.typcategory as category
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     and not exists (select from pg_index i where i.indrelid = c.oid and a.attnum = any (i.indkey::int2[]))
     and not exists (select from pg_constraint k where k.conrelid = c.oid and a.attnum = any (k.conkey) and k.contype <> 'n')
    left join pg_type t on t.oid = a.atttypid
   where c.relkind = 'r' and c.relpersistence = 'p' and c.reltuples > 0
     and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   order by c.reltuples desc, n.nspname, c.relname, t.typcategory in ('S', 'N') desc, a.attnum`;

type Found = { table: string; column: string | null; type: string; category: string };

const findTable = async (
  client: pg.Client,
  isWanted: (found: Found) => boolean = () => true,
): Promise<Found> => {
  const { rows } = await client.query<Found>(listTablesSql);
  const found = rows.find(isWanted);
  if (found === undefined) throw new Error('there is no table to damage in this way');
  return found;
};

/** One row in twenty, and at least one. */
export const loseRows = asBadBackup(async (client) => {
  const { table } = await findTable(client);
  const { rowCount } = await client.query(
    `delete from ${table} where ctid in (
       select ctid from ${table} limit greatest(1, (select count(*) from ${table}) / 20))`,
  );
  if (rowCount === 0) throw new Error(`there was no row to lose in ${table}`);
});

const changedRows = 10;

/**
 * The places of this many rows, spread evenly over the table, but none at its ends: rows that production writes or
 * deletes at that instant prove nothing.
 */
const pickRows = (table: string, column: string | null, count: number): string => `
  select place
    from (select ctid as place, row_number() over () as number, count(*) over () as total
            from ${table} where ${column} is not null) numbered
   where number % greatest(1, total / ${count + 1}) = 0 order by number limit ${count}`;

/** Another value of the same length and type for one column of ten rows. */
export const changeValues = asBadBackup(async (client) => {
  const isChangeable = ({ column, category }: Found) => column !== null && ['S', 'N'].includes(category);
  const { table, column, category } = await findTable(client, isChangeable);
  const other =
    category === 'N'
      ? `${column} - sign(${column} - 0.5)`
      : `overlay(${column} placing case when left(${column}, 1) = '!' then '?' else '!' end from 1 for 1)`;
  const { rowCount } = await client.query(
    `update ${table} set ${column} = ${other}
      where ctid in (${pickRows(table, column, changedRows)})`,
  );
  if (rowCount === 0) throw new Error(`there was no value to change in ${table}`);
});

/** Two rows swap their values in one column. The column as a whole still holds the same values. */
export const swapRows = asBadBackup(async (client) => {
  const { table, column } = await findTable(client, (found) => found.column !== null);
  const { rowCount } = await client.query(
    `with first as (select ctid, ${column} as value from ${table} where ctid in (${pickRows(table, column, 1)})),
          other as (select t.ctid, t.${column} as value from ${table} t, first
                     where t.${column}::text <> first.value::text and t.ctid > first.ctid
                    order by t.ctid not in (${pickRows(table, column, changedRows)}), t.ctid limit 1),
          swapped as (select first.ctid, other.value from first, other
                      union all select other.ctid, first.value from first, other)
     update ${table} t set ${column} = swapped.value from swapped where t.ctid = swapped.ctid`,
  );
  if (rowCount !== 2) throw new Error(`there were no two rows to swap in ${table}`);
});

export const loseTable = asBadBackup(async (client) => {
  const { table } = await findTable(client);
  await client.query(`drop table ${table} cascade`);
});

/** An ordinary index if there is one, else the index of a key. */
export const loseIndex = asBadBackup(async (client) => {
  const { rows } = await client.query<{ drop: string }>(
    `select case when k.oid is null then format('drop index %s', i.indexrelid::regclass)
                 else format('alter table %s drop constraint %I cascade', k.conrelid::regclass, k.conname) end as drop
       from pg_index i
       join pg_class c on c.oid = i.indrelid and c.relkind = 'r'
       join pg_namespace n on n.oid = c.relnamespace
       left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')
      where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      order by k.oid is not null, c.reltuples desc, i.indexrelid limit 1`,
  );
  const [index] = rows;
  if (index === undefined) throw new Error('there is no index to lose');
  await client.query(index.drop);
});

/** The next insert would meet an existing row. */
export const setSequenceBack = asBadBackup(async (client) => {
  const { rows } = await client.query<{ sequence: string; table: string; column: string }>(
    `select s.oid::regclass as sequence, d.refobjid::regclass as table, quote_ident(a.attname) as column
       from pg_class s
       join pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass
        and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
       join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where s.relkind = 'S' order by s.oid`,
  );
  for (const { sequence, table, column } of rows) {
    const { rowCount } = await client.query(
      `select setval($1::regclass, 1, false) from ${table} having max(${column}) > 1`,
      [sequence],
    );
    if (rowCount === 1) return;
  }
  throw new Error('there is no sequence to set back: no table fills its key from one');
});
