import { nameInSql } from '../../database/postgres/catalog.ts';
import { formatTableName } from '../../database/tables.ts';
import type { Catalog } from '../../rehearsal/catalog.ts';
import { namerIn } from '../../rehearsal/names.ts';
import { addCode, viewsNamedIn } from '../../rehearsal/views.ts';

/** A relation as it was called when the catalog was read. `sql`: its name in SQL. `tableOid`: of an index, its table. */
export type Relation = { name: string; sql: string; kind: string; tableOid: string | null };
/** `relations`: by OID. */
export type PostgresCatalog = { catalog: Catalog; relations: ReadonlyMap<string, Relation> };

type Ask = <Row extends object>(sql: string) => Promise<Row[]>;

/** Tables, partitioned tables and materialized views: what has rows that somebody reads. */
const tableKinds = ['r', 'p', 'm'];

const isOurs = `n.nspname !~ '^pg_(catalog$|toast|temp)' and n.nspname <> 'information_schema'`;

type Listed = { oid: string; schema: string; table: string; kind: string; tableOid: string | null };

const relationsSql = `
  select c.oid::text, n.nspname as schema, c.relname as table, c.relkind::text as kind, i.indrelid::text as "tableOid"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_index i on i.indexrelid = c.oid
   where ${isOurs} and c.relkind <> 'c'
   order by n.nspname, c.relname`;

type Pair = { from: string; to: string };

const partitionsSql = `
  select inhparent::text as from, inhrelid::text as to from pg_inherits join pg_class c on c.oid = inhrelid
   where c.relkind in ('r', 'p')`;

const foreignKeysSql = `
  select distinct conrelid::text as from, confrelid::text as to from pg_constraint where contype = 'f'`;

/** From each view to all that its rule reads, through other views too; and from each sequence to the table that owns it. */
const usesSql = `
  with recursive rules as (
    select r.ev_class as view, d.refobjid as used from pg_rewrite r
      join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
     where d.refclassid = 'pg_class'::regclass and d.refobjid <> r.ev_class
  ), uses as (
    select view, used from rules
    union select uses.view, rules.used from uses join rules on rules.view = uses.used
  )
  select view::text as from, used::text as to from uses
  union all
  select d.objid::text, d.refobjid::text from pg_depend d join pg_class c on c.oid = d.objid and c.relkind = 'S'
   where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')`;

type Typed = { schema: string; table: string; users: string[] };

/** Types of this database, each with the tables that have a column of it or of its array. */
const typesSql = `
  select n.nspname as schema, t.typname as table, array_agg(distinct a.attrelid::text) as users
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    join pg_attribute a on a.atttypid in (t.oid, t.typarray) and a.attnum > 0 and not a.attisdropped
   where ${isOurs} and t.typtype in ('c', 'd', 'e', 'r', 'm')
   group by 1, 2`;

type Routine = { schema: string; table: string; body: string; firedBy: string[] };

/** Functions and procedures, each with the tables whose triggers run it. */
const routinesSql = `
  select n.nspname as schema, p.proname as table, pg_get_functiondef(p.oid) as body,
         array(select t.tgrelid::text from pg_trigger t where t.tgfoid = p.oid and not t.tgisinternal) as "firedBy"
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
   where ${isOurs} and l.lanname not in ('c', 'internal') and p.prokind <> 'a'`;

export const readPostgresCatalog = async (ask: Ask): Promise<PostgresCatalog> => {
  const listed = await ask<Listed>(relationsSql);
  const relations = new Map<string, Relation>(
    listed.map(({ oid, kind, tableOid, ...name }) => [
      oid,
      { name: formatTableName(name), sql: nameInSql(name), kind, tableOid },
    ]),
  );
  const isTable = (oid: string) => tableKinds.includes(relations.get(oid)?.kind ?? '');
  const nameTables = (oids: readonly string[]): string[] =>
    oids.filter(isTable).map((oid) => relations.get(oid)?.name ?? '');
  const pairsOf = async (sql: string) =>
    (await ask<Pair>(sql)).filter(({ from, to }) => isTable(from) && isTable(to));
  const toNames = ({ from, to }: Pair): [string, string] => nameTables([from, to]) as [string, string];

  const [path] = await ask<{ schemas: string[] }>('select current_schemas(false)::text[] as schemas');
  const uses = Map.groupBy(await ask<Pair>(usesSql), ({ from }) => from);
  const usedBy = (oid: string, { tableOid }: Relation): string[] =>
    tableOid === null ? (uses.get(oid) ?? []).map(({ to }) => to) : [tableOid];
  const types = await ask<Typed>(typesSql);
  const routines = await ask<Routine>(routinesSql);
  const catalog: Catalog = {
    dialect: 'postgres',
    searchPath: path?.schemas ?? [],
    tables: nameTables([...relations.keys()]),
    others: [
      ...[...relations]
        .filter(([oid]) => !isTable(oid))
        .map(([oid, relation]) => ({ name: relation.name, tables: nameTables(usedBy(oid, relation)) })),
      ...types.map(({ users, ...name }) => ({ name: formatTableName(name), tables: nameTables(users) })),
    ],
    partitions: (await pairsOf(partitionsSql))
      .map(toNames)
      .map(([parent, partition]) => ({ parent, partition })),
    triggered: [],
    views: [...relations]
      .filter(([, { kind }]) => kind === 'v')
      .map(([oid, { name }]) => ({
        name,
        readBy: [...uses]
          .filter(([, used]) => used.some(({ to }) => to === oid))
          .flatMap(([from]) => relations.get(from)?.name ?? []),
        namedBy: [],
      })),
    foreignKeys: (await pairsOf(foreignKeysSql)).map(toNames).map(([child, parent]) => ({ child, parent })),
  };
  return { relations, catalog: { ...catalog, ...readRoutines(routines, catalog, nameTables) } };
};

/** What routines name, as far as their texts tell. */
const readRoutines = (
  routines: readonly Routine[],
  catalog: Catalog,
  nameTables: (oids: readonly string[]) => string[],
): Pick<Catalog, 'others' | 'triggered' | 'views'> => {
  const namesOf = namerIn(catalog);
  const viewsOf = viewsNamedIn(catalog);
  const read = routines.map(({ body, firedBy, ...name }) => ({
    name: formatTableName(name),
    tables: namesOf(body),
    views: viewsOf(body),
    firedBy: nameTables(firedBy),
  }));
  return {
    others: [...catalog.others, ...read.map(({ name, tables }) => ({ name, tables }))],
    triggered: read.flatMap(({ tables, firedBy }) => firedBy.map((table) => ({ table, tables }))),
    views: addCode(catalog.views, read),
  };
};
