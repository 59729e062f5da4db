import { listMysqlTables, type MysqlTable } from '../../database/mysql/catalog.ts';
import { isUserSchema, nameInSql, quoteName } from '../../database/mysql/names.ts';
import { byName, formatTableName, parseTableName, type TableName } from '../../database/tables.ts';
import { DrillError, isDrillError } from '../../errors.ts';
import type { ExtractedTable } from '../../extraction/tables.ts';
import type { Extent } from '../extent.ts';
import { refuseNamesakes } from '../namesakes.ts';
import { refuseAbsent } from '../near-names.ts';
import type { TablesRequest } from '../port.ts';
import { type Defined, defineTable, readDefinition } from './definition.ts';
import type { Session } from './session.ts';

const what = 'describe tables';

type Relation = TableName & { type: string; engine: string | null; bytes: string | null };

const relationsSql = `
  select table_schema as \`schema\`, table_name as \`table\`, table_type as type, engine, data_length as bytes
    from information_schema.tables where ${isUserSchema('table_schema')}`;

const generatedSql = `
  select table_schema as \`schema\`, table_name as \`table\`, column_name as name
    from information_schema.columns
   where ${isUserSchema('table_schema')} and ifnull(generation_expression, '') <> ''`;

/** A user sees the triggers of tables for which it has the privilege TRIGGER, and its own grants. */
const othersSql = `
  select event_object_schema as \`schema\`, event_object_table as \`table\`, concat('trigger ', trigger_name) as thing
    from information_schema.triggers where ${isUserSchema('event_object_schema')}
   union select table_schema, table_name, concat('grant to ', grantee)
    from information_schema.table_privileges where ${isUserSchema('table_schema')}`;

/** @throws DrillError TableNotFound, TableNotExtractable, InvalidInput */
export const describeWith = async (
  session: Session,
  request: TablesRequest,
  defaultSchema: string,
): Promise<ExtractedTable[]> => {
  const ask = <Row extends TableName>(sql: string): Promise<Row[]> => session.query<Row>(what, sql);
  const relations = byName(await ask<Relation>(relationsSql));
  const tables = byName(await listMysqlTables(session));
  const names = request.tables.map((text) => {
    const name = parseTableName(text, defaultSchema);
    return name === undefined ? text : formatTableName(name);
  });
  refuseAbsent(
    names.filter((name) => !relations.has(name)),
    [...relations.keys()],
  );
  const defined = await readDefinitions(session, [...new Set(names)], request, (name) => {
    assertExtractable(name, relations.get(name));
    return tables.get(name);
  });
  assertOneNameEach(defined);
  const listed = byName(defined.map(({ table }) => table));
  const group = async <Row extends TableName>(sql: string): Promise<(name: string) => Row[]> => {
    const found = Map.groupBy(await ask<Row>(sql), formatTableName);
    return (name) => found.get(name) ?? [];
  };
  const generatedIn = await group<TableName & { name: string }>(generatedSql);
  const othersOf = await group<TableName & { thing: string }>(othersSql);
  const extentOf = (target: TableName): Extent => {
    const name = formatTableName(target);
    if (!listed.has(name)) return 'none';
    return Object.hasOwn(request.where, name) ? 'some' : 'all';
  };
  const described: ExtractedTable[] = [];
  for (const one of defined) {
    const table = formatTableName(one.table);
    const where = request.where[table] ?? null;
    described.push({
      table,
      where,
      estimatedRows: where === null ? one.table.estimatedRows : await estimateRows(session, one.table, where),
      bytes: Number(relations.get(table)?.bytes ?? 0),
      ...defineTable(
        one,
        request.schema,
        extentOf,
        new Set(generatedIn(table).map(({ name }) => name)),
        othersOf(table).map(({ thing }) => thing),
      ),
    });
  }
  return described;
};

/** The definitions of tables, and of those that their foreign keys point to, in the order in which they are found. */
const readDefinitions = async (
  session: Session,
  names: string[],
  { withParents }: TablesRequest,
  find: (name: string) => MysqlTable | undefined,
): Promise<Defined[]> => {
  const defined: Defined[] = [];
  for (const name of names) {
    const table = find(name);
    if (table === undefined)
      throw new DrillError('DatabaseBusy', `${name} came or went while it was described`);
    const [row] = await session.queryRows(what, `show create table ${nameInSql(table)}`);
    const one = readDefinition(row?.[1] ?? '', table);
    defined.push(one);
    if (!withParents) continue;
    const parents = one.foreignKeys.map(({ target }) => formatTableName(target));
    // The list grows while it is walked.
    names.push(...new Set(parents.filter((parent) => !names.includes(parent))));
  }
  return defined;
};

const elsewhere = 'its rows are on another server or in a file';
const engines: Record<string, string> = {
  MEMORY: 'it is in memory, and no restore brings its rows back',
  BLACKHOLE: 'its engine keeps no rows',
  FEDERATED: elsewhere,
  CONNECT: elsewhere,
  SPIDER: elsewhere,
  CSV: elsewhere,
};
const types: Record<string, string> = {
  VIEW: 'it is a view: extract the tables below it',
  SEQUENCE: 'it is a sequence',
};

const assertExtractable = (name: string, relation: Relation | undefined): void => {
  const why = types[relation?.type ?? ''] ?? engines[relation?.engine?.toUpperCase() ?? ''];
  if (why !== undefined) throw new DrillError('TableNotExtractable', `${name} cannot be extracted: ${why}`);
};

/** Tables of several databases go into one, and so do the names of their foreign keys. */
const assertOneNameEach = (defined: readonly Defined[]): void => {
  refuseNamesakes(defined.map(({ table }) => ({ name: table.table, of: formatTableName(table) })));
  refuseNamesakes(
    defined.flatMap(({ table, foreignKeys }) =>
      foreignKeys.map(({ name }) => ({ name, of: `foreign key of ${formatTableName(table)}` })),
    ),
  );
};

/** The optimizer's guess, which also proves that the condition is one expression. */
const estimateRows = async (session: Session, table: MysqlTable, where: string): Promise<number> => {
  try {
    const sql = `select 1 from ${nameInSql(table)} as ${quoteName(table.table)} where (\n${where}\n)`;
    const [plan] = await session.query<{ rows: string | null }>(what, `explain ${sql}`);
    return Number(plan?.rows ?? 0);
  } catch (error) {
    if (!isDrillError(error, 'DatabaseBusy') && !isDrillError(error, 'DatabaseFailure')) throw error;
    const told = `where of ${formatTableName(table)}: ${error.summary}`;
    throw new DrillError('InvalidInput', told, { cause: error });
  }
};
