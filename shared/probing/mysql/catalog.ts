import { isUserSchema, nameInSql, quoteName } from '../../database/mysql/names.ts';
import { formatTableName, type TableName } from '../../database/tables.ts';
import type { Catalog } from '../../rehearsal/catalog.ts';
import { namedIn } from '../../rehearsal/names.ts';
import { addCode, viewsNamedIn } from '../../rehearsal/views.ts';

/**
 * A table as it was called when the catalog was read. `sql`: its name in SQL. `file`: its name inside of InnoDB, `shop/users`.
 * `key`: the columns of its primary key, in SQL; none if it has no such key. `isCounted`: the first of them holds whole numbers.
 */
export type MysqlTable = TableName & {
  name: string;
  sql: string;
  file: string;
  key: string[];
  isCounted: boolean;
};

/** `tables`: by name. */
export type MysqlCatalog = { catalog: Catalog; tables: ReadonlyMap<string, MysqlTable> };

/** Every value is a text or null, as `connectMysql` reads them. */
export type Ask = <Row extends object>(sql: string) => Promise<Row[]>;

/** The name of a file is a text in a character set of its own, in which every other character is written as a number. */
const fileOf = (column: string): string =>
  `convert(convert(convert(${column} using filename) using binary) using utf8mb4)`;

const tablesSql = `
  select table_schema as \`schema\`, table_name as \`table\`,
         concat(${fileOf('table_schema')}, '/', ${fileOf('table_name')}) as file
    from information_schema.tables
   where ${isUserSchema('table_schema')} and table_type in ('BASE TABLE', 'SYSTEM VERSIONED')
   order by table_schema, table_name`;

const keysSql = `
  select s.table_schema as \`schema\`, s.table_name as \`table\`, s.column_name as part,
         c.data_type in ('tinyint', 'smallint', 'mediumint', 'int', 'bigint') as counted
    from information_schema.statistics s
    join information_schema.columns c
      on c.table_schema = s.table_schema and c.table_name = s.table_name and c.column_name = s.column_name
   where s.index_name = 'PRIMARY' and ${isUserSchema('s.table_schema')} and ${isUserSchema('c.table_schema')}
   order by s.table_schema, s.table_name, s.seq_in_index`;

const viewsSql = `
  select table_schema as \`schema\`, table_name as \`table\`, view_definition as body
    from information_schema.views where ${isUserSchema('table_schema')}
   order by table_schema, table_name`;

const triggersSql = `
  select trigger_schema as \`schema\`, trigger_name as \`table\`, event_object_table as target,
         action_statement as body
    from information_schema.triggers where ${isUserSchema('trigger_schema')}
   order by trigger_schema, trigger_name`;

const routinesSql = `
  select routine_schema as \`schema\`, routine_name as \`table\`, coalesce(routine_definition, '') as body
    from information_schema.routines where ${isUserSchema('routine_schema')}
   order by routine_schema, routine_name`;

const foreignKeysSql = `
  select distinct table_schema as \`schema\`, table_name as \`table\`,
         referenced_table_schema as parentSchema, referenced_table_name as parent
    from information_schema.key_column_usage
   where referenced_table_name is not null and ${isUserSchema('table_schema')}`;

type KeyRow = TableName & { part: string; counted: string };
type ViewRow = TableName & { body: string };
type TriggerRow = TableName & { target: string; body: string };
type ForeignKeyRow = TableName & { parentSchema: string; parent: string };

export const readMysqlCatalog = async (ask: Ask, database: string): Promise<MysqlCatalog> => {
  const listed = await ask<TableName & { file: string }>(tablesSql);
  const keys = Map.groupBy(await ask<KeyRow>(keysSql), formatTableName);
  const views = await ask<ViewRow>(viewsSql);
  const triggers = await ask<TriggerRow>(triggersSql);
  const routines = await ask<ViewRow>(routinesSql);
  const foreignKeys = await ask<ForeignKeyRow>(foreignKeysSql);
  const tables = new Map(
    listed.map((table) => {
      const name = formatTableName(table);
      const key = keys.get(name) ?? [];
      const parts = key.map(({ part }) => quoteName(part));
      return [
        name,
        { ...table, name, sql: nameInSql(table), key: parts, isCounted: key[0]?.counted === '1' },
      ];
    }),
  );
  const uses = findUses(views);
  const catalog: Catalog = {
    dialect: 'mysql',
    searchPath: [database],
    tables: [...tables.keys()],
    others: [
      ...uses.map(({ name, uses: all }) => ({ name, tables: all.filter((one) => tables.has(one)) })),
      ...triggers.map(({ target, schema, table }) => ({
        name: formatTableName({ schema, table }),
        tables: [formatTableName({ schema, table: target })],
      })),
    ],
    triggered: [],
    views: uses.map(({ name }) => ({
      name,
      readBy: uses.filter((one) => one.uses.includes(name)).map((one) => one.name),
      namedBy: [],
    })),
    // A partition has no name outside of its table.
    partitions: [],
    foreignKeys: foreignKeys.map(({ parentSchema, parent, ...child }) => ({
      child: formatTableName(child),
      parent: formatTableName({ schema: parentSchema, table: parent }),
    })),
  };
  /** What a text names, in the database where it stands. */
  const namesOf = ({ schema, body }: ViewRow): string[] =>
    namedIn(body, { ...catalog, searchPath: [schema] });
  const code = [...routines, ...triggers].map((one) => ({
    name: formatTableName(one),
    views: viewsNamedIn({ ...catalog, searchPath: [one.schema] })(one.body),
  }));
  return {
    tables,
    catalog: {
      ...catalog,
      others: [
        ...catalog.others,
        ...routines.map((routine) => ({ name: formatTableName(routine), tables: namesOf(routine) })),
      ],
      triggered: triggers.map((trigger) => ({
        table: formatTableName({ schema: trigger.schema, table: trigger.target }),
        tables: namesOf(trigger),
      })),
      views: addCode(catalog.views, code),
    },
  };
};

/** The server writes all names in a view in full: `shop`.`users`. */
const nameInBody = /`((?:[^`]|``)+)`\.`((?:[^`]|``)+)`/g;

/** Each view with the tables and views that it reads, through other views too. */
const findUses = (views: readonly ViewRow[]): { name: string; uses: string[] }[] => {
  const namedBy = new Map(
    views.map((view) => [
      formatTableName(view),
      [...view.body.matchAll(nameInBody)].map(([, schema = '', table = '']) =>
        formatTableName({ schema: unquote(schema), table: unquote(table) }),
      ),
    ]),
  );
  return [...namedBy.keys()].map((name) => {
    const reached = new Set([name]);
    for (const one of reached) for (const used of namedBy.get(one) ?? []) reached.add(used);
    return { name, uses: [...reached].filter((one) => one !== name) };
  });
};

const unquote = (name: string): string => name.replaceAll('``', '`');
