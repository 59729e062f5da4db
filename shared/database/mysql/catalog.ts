import { isDrillError } from '../../errors.ts';
import { compareTexts } from '../../words.ts';
import { formatTableName, type Table, type TableName } from '../tables.ts';
import type { MysqlColumn } from './hash.ts';
import { isUserSchema, nameInSql, quoteName } from './names.ts';
import type { CatalogSession, Flavour } from './session.ts';
import { askCatalog, wholeAnswersOf } from './whole-answers.ts';

/** A table, and what our own SQL needs to know of it. */
export type MysqlTable = Table & {
  hashed: MysqlColumn[];
  /** The index over the key. The table is stored in the order of PRIMARY. */
  keyIndex: string;
  /** Somebody held it exclusively, so nothing but its name is known. */
  isLocked: boolean;
};

/**
 * Only MariaDB has system versioning. Views are here because a view's columns are not known either while its table is
 * locked. No backup holds the rows of the engines left out. The time of creation is new whenever a table is made, and in
 * MariaDB also when it is altered or renamed, but it counts seconds. So what was just made, or could not be opened, has
 * another version at each look. TRUNCATE leaves no trace here: a snapshot from before it refuses to read the table.
 */
const tablesSql = `
  select table_schema as \`schema\`, table_name as \`table\`, table_type as type, engine as engine,
         table_collation as collation, table_rows as estimated, table_comment as comment,
         concat_ws(' ', create_time, if(engine is null or create_time >= sysdate() - interval 1 second, uuid(), null)) as version
    from information_schema.tables
   where ${isUserSchema('table_schema')} and table_type in ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')
     and ifnull(engine, '') not in ('MEMORY', 'BLACKHOLE', 'FEDERATED')`;

/** @param locked tables that the server need not try to open once more */
const readable = (schema: string, table: string, locked: TableName[]): string => {
  const names = locked.map((one) => `(${textInSql(one.schema)}, ${textInSql(one.table)})`);
  return `${isUserSchema(schema)}${names.length === 0 ? '' : ` and (${schema}, ${table}) not in (${names.join(', ')})`}`;
};

const textInSql = (text: string): string => `_utf8mb4 x'${Buffer.from(text).toString('hex')}'`;

const columnsSql = (locked: TableName[]): string => `
  select table_schema as \`schema\`, table_name as \`table\`, column_name as name, data_type as type,
         column_type as definition, is_nullable as nullable, character_set_name as charset,
         collation_name as collation, character_octet_length as octets, extra as extra
    from information_schema.columns
   where ${readable('table_schema', 'table_name', locked)}
   order by table_schema, table_name, ordinal_position`;

/** Only MySQL has functional parts of an index. Their column has no name. */
const indexesSql = (flavour: Flavour, locked: TableName[]): string => `
  select table_schema as \`schema\`, table_name as \`table\`, index_name as name, non_unique as repeats,
         column_name as part, sub_part as octets, collation as direction, nullable as nullable, index_type as type,
         ${flavour === 'mysql' ? 'expression' : 'null'} as expression,
         ${flavour === 'mysql' ? `is_visible = 'NO'` : `ignored = 'YES'`} as hidden
    from information_schema.statistics
   where ${readable('table_schema', 'table_name', locked)}
   order by table_schema, table_name, index_name, seq_in_index`;

const foreignKeysSql = (locked: TableName[]): string => `
  select k.table_schema as \`schema\`, k.table_name as \`table\`, k.constraint_name as name, k.column_name as part,
         k.referenced_table_schema as targetSchema, k.referenced_table_name as target,
         k.referenced_column_name as targetPart, r.update_rule as onUpdate, r.delete_rule as onDelete
    from information_schema.key_column_usage k
    join information_schema.referential_constraints r
      on r.constraint_schema = k.constraint_schema and r.constraint_name = k.constraint_name
     and r.table_name = k.table_name
   where ${readable('k.table_schema', 'k.table_name', locked)}
     and ${readable('r.constraint_schema', 'r.table_name', locked)}
     and k.referenced_table_name is not null
   order by k.table_schema, k.table_name, k.constraint_name, k.ordinal_position`;

/** In MariaDB a check's name is unique per table, and its row names the table. In MySQL it is unique per schema. */
const checksSql = (flavour: Flavour, locked: TableName[]): string =>
  flavour === 'mariadb'
    ? `select constraint_schema as \`schema\`, table_name as \`table\`, constraint_name as name, check_clause as clause
         from information_schema.check_constraints
        where ${readable('constraint_schema', 'table_name', locked)}`
    : `select c.constraint_schema as \`schema\`, t.table_name as \`table\`, c.constraint_name as name,
              c.check_clause as clause
         from information_schema.check_constraints c
         join information_schema.table_constraints t
           on t.constraint_schema = c.constraint_schema and t.constraint_name = c.constraint_name
        where t.constraint_type = 'CHECK' and ${isUserSchema('c.constraint_schema')}`;

const partitionsSql = (locked: TableName[]): string => `
  select table_schema as \`schema\`, table_name as \`table\`, partition_name as name,
         subpartition_name as subName, partition_method as method, partition_expression as expression,
         subpartition_method as subMethod, subpartition_expression as subExpression,
         partition_description as description
    from information_schema.partitions
   where ${readable('table_schema', 'table_name', locked)} and partition_name is not null
   order by table_schema, table_name, partition_ordinal_position, subpartition_ordinal_position`;

/** Each user database, with its character set and collation. */
export const listObjectsSql = `
  select concat('database ', schema_name, ' ', default_character_set_name, ' ', default_collation_name) as object
    from information_schema.schemata where ${isUserSchema('schema_name')}`;

type TableRow = TableName &
  Record<'type' | 'version', string> &
  Record<'engine' | 'collation' | 'estimated' | 'comment', string | null>;
type ColumnRow = TableName & { name: string; type: string; definition: string; nullable: string } & {
  charset: string | null;
  collation: string | null;
  octets: string | null;
  extra: string | null;
};
type IndexRow = TableName & { name: string; repeats: string; nullable: string | null; type: string } & {
  part: string | null;
  octets: string | null;
  direction: string | null;
  expression: string | null;
  hidden: string | null;
};
type ForeignKeyRow = TableName & { name: string; part: string; onUpdate: string; onDelete: string } & {
  targetSchema: string;
  target: string;
  targetPart: string;
};
type CheckRow = TableName & { name: string; clause: string };
type PartitionRow = TableName &
  Record<'name' | 'method', string> &
  Record<'subName' | 'expression' | 'subMethod' | 'subExpression' | 'description', string | null>;

const maxAttempts = 5;

/** Every user table, in a fixed number of queries. A table that somebody locks during them makes them begin again. */
export const listMysqlTables = async (session: CatalogSession): Promise<MysqlTable[]> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await lookAtTables(session);
    } catch (error) {
      if (!isDrillError(error, 'DatabaseBusy') || attempt === maxAttempts) throw error;
    }
  }
};

const lookAtTables = async (session: CatalogSession): Promise<MysqlTable[]> => {
  const what = 'list the tables';
  const { flavour } = session;
  const { rows, isWhole } = await askCatalog<TableRow>(session, what, tablesSql);
  const locked = isWhole ? [] : rows.filter(isUnopened);
  const query = wholeAnswersOf(session);
  const ask = async <Row extends TableName>(sql: string): Promise<(table: TableName) => Row[]> => {
    const found = Map.groupBy(await query<Row>(what, sql), formatTableName);
    return (table) => found.get(formatTableName(table)) ?? [];
  };
  const columnsOf = await ask<ColumnRow>(columnsSql(locked));
  const indexesOf = await ask<IndexRow>(indexesSql(flavour, locked));
  const foreignKeysOf = await ask<ForeignKeyRow>(foreignKeysSql(locked));
  const checksOf = await ask<CheckRow>(checksSql(flavour, locked));
  const partitionsOf = await ask<PartitionRow>(partitionsSql(locked));

  // One that has no columns any more was dropped or renamed meanwhile.
  const isThere = (row: TableRow): boolean => row.engine !== null && columnsOf(row).length > 0;
  const tables = rows.filter((row) => isThere(row) || (locked.includes(row) && !isView(row)));
  const listed = tables.map((row): MysqlTable => {
    const columns = columnsOf(row);
    const indexes = [...Map.groupBy(indexesOf(row), ({ name }) => name).values()];
    const foreignKeys = [...Map.groupBy(foreignKeysOf(row), ({ name }) => name).values()];
    const key = chooseKey(indexes);
    const hashed = columns.map(toHashed);
    return {
      schema: row.schema,
      table: row.table,
      columns: columns.map(describeColumn),
      objects: [
        ...(row.engine === null ? [] : [`engine ${row.engine}`]),
        ...(row.collation === null ? [] : [`collation ${row.collation}`]),
        ...indexes.map(describeIndex),
        ...foreignKeys.map(describeForeignKey),
        ...checksOf(row).map(({ name, clause }) => `check ${quoteName(name)} (${clause})`),
        ...partitionsOf(row).map(describePartition),
      ],
      key: key.map(({ part }) => part ?? ''),
      keyIndex: key[0]?.name ?? '',
      counted: columns.find(isCounted)?.name,
      estimatedRows: Number(row.estimated ?? 0),
      version: row.version,
      isLocked: locked.includes(row),
      hashed,
      names: columns.map(({ name }) => name),
      hashing: JSON.stringify(hashed),
      keyBytes: keyBytesOf(hashed, key),
      order: key[0]?.name === 'PRIMARY' ? orderOf(columns, key[0]) : null,
    };
  });
  return listed.sort((a, b) => compareTexts(a.schema, b.schema) || compareTexts(a.table, b.table));
};

const toHashed = ({ name, type, nullable, octets, charset, collation }: ColumnRow): MysqlColumn => ({
  name,
  type: type.toLowerCase(),
  isNullable: nullable === 'YES',
  octets: Number(octets ?? 0),
  isByBytes: collation?.endsWith('_bin') ?? true,
  charset,
});

/** A number or a time has a short text. The bytes of others become UTF-8, and then hexadecimal digits. */
const keyBytesOf = (hashed: MysqlColumn[], key: IndexRow[]): number =>
  key.reduce((sum, { part }) => sum + 40 + 8 * (hashed.find(({ name }) => name === part)?.octets ?? 0), 0);

/** A collation keeps its order under its name. */
const orderOf = (columns: ColumnRow[], { part }: IndexRow): string | null => {
  const first = columns.find(({ name }) => name === part);
  return first === undefined ? null : (first.collation ?? first.type.toLowerCase());
};

const isView = ({ type }: TableRow): boolean => type === 'VIEW';

/** MariaDB tells why in place of the comment. */
const isUnopened = (row: TableRow): boolean => (isView(row) ? row.comment !== 'VIEW' : row.engine === null);

const isCounted = ({ extra, type }: ColumnRow): boolean =>
  /int$/i.test(type) && (extra ?? '').toLowerCase().includes('auto_increment');

const describeColumn = ({ name, definition, nullable, charset, collation, extra }: ColumnRow): string =>
  [
    quoteName(name),
    definition,
    ...(charset === null ? [] : [`character set ${charset} collate ${collation}`]),
    ...(nullable === 'YES' ? [] : ['not null']),
    ...(extra ? [extra.toLowerCase()] : []),
  ].join(' ');

/** The primary key, else the shortest unique index on whole columns without NULLs, else none. */
const chooseKey = (indexes: IndexRow[][]): IndexRow[] =>
  indexes
    .filter((parts) =>
      parts.every(
        ({ repeats, part, octets, nullable }) =>
          repeats === '0' && part !== null && octets === null && nullable !== 'YES',
      ),
    )
    .sort((a, b) => rank(a) - rank(b) || compareTexts(a[0]?.name ?? '', b[0]?.name ?? ''))[0] ?? [];

const rank = (parts: IndexRow[]): number => (parts[0]?.name === 'PRIMARY' ? 0 : parts.length);

const describeIndex = (parts: IndexRow[]): string => {
  const [first] = parts;
  if (first === undefined) return '';
  const columns = parts.map(({ part, octets, direction, expression }) => {
    const indexed = part === null ? `(${expression})` : quoteName(part);
    return `${indexed}${octets === null ? '' : `(${octets})`}${direction === 'D' ? ' desc' : ''}`;
  });
  const kind = first.type === 'BTREE' ? '' : `${first.type.toLowerCase()} `;
  const title =
    first.name === 'PRIMARY'
      ? `${kind}primary key`
      : `${first.repeats === '0' ? 'unique ' : ''}${kind}index ${quoteName(first.name)}`;
  return `${title} (${columns.join(', ')})${first.hidden === '1' ? ' hidden' : ''}`;
};

const describeForeignKey = (parts: ForeignKeyRow[]): string => {
  const [first] = parts;
  if (first === undefined) return '';
  const { name, targetSchema, target, onUpdate, onDelete } = first;
  return `foreign key ${quoteName(name)} (${parts.map(({ part }) => quoteName(part)).join(', ')})
    references ${nameInSql({ schema: targetSchema, table: target })} (${parts.map(({ targetPart }) => quoteName(targetPart)).join(', ')})
    on update ${onUpdate.toLowerCase()} on delete ${onDelete.toLowerCase()}`.replaceAll(/\n\s+/g, ' ');
};

const describePartition = (part: PartitionRow): string =>
  `partition ${part.name}${part.subName === null ? '' : ` ${part.subName}`} by ${part.method} (${part.expression ?? ''})${
    part.subMethod === null ? '' : ` ${part.subMethod} (${part.subExpression ?? ''})`
  } values ${part.description ?? ''}`.trimEnd();
