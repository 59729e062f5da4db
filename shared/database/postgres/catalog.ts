import pg from 'pg';
import type { Span } from '../port.ts';
import type { Table, TableName } from '../tables.ts';
import { type PostgresColumn, plainTypes } from './hash.ts';
import { isChangedSql } from './span.ts';

/** A table, and what our own SQL needs to know of it. */
export type PostgresTable = Table & {
  oid: string;
  isPartitioned: boolean;
  hashed: PostgresColumn[];
  /** The types of the key's columns, as in a cast. */
  keyTypes: string[];
  /** Can ranges of the key be read? Not of arrays, nor when comparing needs operators of an extension. */
  hasRanges: boolean;
  /** Of 8 KiB, without indexes. Of all partitions, if there are any. */
  pages: number;
  /** Of the largest partition; of the table itself if it has none. */
  pagesOfLargest: number;
  /** Are the rows stored nearly in key order? Then the index reads a range of keys fast. */
  isClustered: boolean;
  /** What decides the order of the first key column: its type, or its collation. */
  keyOrder: string | null;
};

/** An index takes values of 2,704 bytes at most. As hexadecimal digits, they take twice as many. */
const keyBytesOf = (column: PostgresColumn | undefined): number =>
  column?.base != null && plainTypes.has(column.base) ? 40 : 5500;

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** What others need to know of how its rows are hashed and ordered. */
export const describeHashing = (table: PostgresTable): PostgresTable => ({
  ...table,
  names: table.hashed.map(({ name }) => name),
  hashing: JSON.stringify(table.hashed),
  order: table.hasRanges && table.isClustered ? table.keyOrder : null,
  keyBytes: sumOf(table.key.map((column) => keyBytesOf(table.hashed.find(({ name }) => name === column)))),
});

export const nameInSql = ({ schema, table }: TableName): string =>
  `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;

/** A table and all of its partitions. pg_partition_tree() would wait for a lock on each of them. */
const partsOf = (oid: string): string => `(
  with recursive tree(relid) as (
    select ${oid}
    union all
    select i.inhrelid from pg_inherits i join tree on i.inhparent = tree.relid
      join pg_class p on p.oid = i.inhrelid and p.relispartition)
  select relid from tree)`;

/** Was the table, a column, an index, a constraint or a partition of it written in the span? */
const definedIn = (since: Span): string => {
  const parts: [string, string][] = [
    ['pg_class', 'c.oid = x.oid'],
    ['pg_attribute', 'x.attrelid = c.oid'],
    ['pg_index', 'x.indrelid = c.oid'],
    ['pg_constraint', 'x.conrelid = c.oid'],
    ['pg_inherits', 'x.inhparent = c.oid'],
  ];
  const found = parts.map(
    ([catalog, where]) =>
      `exists (select from pg_catalog.${catalog} x where ${where} and ${isChangedSql(since, 'x.xmin')})`,
  );
  return `(${found.join(' or ')})`;
};

/** Catalogs that something else than DDL writes to: ANALYZE and large objects. */
const busyCatalogs = ['pg_statistic', 'pg_statistic_ext_data', 'pg_largeobject', 'pg_largeobject_metadata'];

/**
 * Rows that DDL writes to the catalogs. Temporary tables count too. A reader counts nothing of what its writer does, so
 * there it is null.
 */
export const countChangesSql = `
  select case when not pg_is_in_recovery() then
           sum(pg_stat_get_tuples_inserted(oid) + pg_stat_get_tuples_updated(oid) + pg_stat_get_tuples_deleted(oid))
         end::float8 as "all"
    from pg_class
   where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r'
     and relname not in (${busyCatalogs.map((name) => `'${name}'`).join(', ')})`;

const tracedCatalogs = [
  'pg_class',
  'pg_attribute',
  'pg_attrdef',
  'pg_constraint',
  'pg_description',
  'pg_index',
  'pg_inherits',
  'pg_policy',
  'pg_proc',
  'pg_rewrite',
  'pg_trigger',
  'pg_type',
];

/** Which transactions wrote the rows that there are. */
export const traceChangesSql = `select concat_ws(' ', ${tracedCatalogs
  .map((catalog) => `(select sum(xmin::text::bigint) from pg_catalog.${catalog})`)
  .join(', ')}) as trace`;

/** 950 and 951 are "C" and "POSIX" (pg_collation.dat). Servers of one major version are taken to have the same collations. */
const keyOrder = `case a.attcollation
               when 0 then format_type(a.atttypid, -1)
               when 950 then 'C' when 951 then 'C'
               else concat_ws(' ', (select l.collname from pg_collation l where l.oid = a.attcollation),
                 (select d.datcollate from pg_database d where d.datname = current_database()),
                 current_setting('server_version_num')::int / 10000) end`;

/**
 * Every user table and every materialized view. One that was never analyzed is guessed at 100 rows a page. A definition that goes while it is read has
 * no text and is left out. An invalid index (left by a failed CREATE INDEX CONCURRENTLY) does not count, nor does a key over
 * it. The columns say NOT NULL, so PostgreSQL 18's constraints for it are left out. One that was added NOT VALID promises
 * nothing. Types of keys have the modifier -1: without one, `character` cuts off all but a letter.
 * @param isSized with sizes of now, for which the server waits for a lock on each table; without, those it noted last
 */
export const listTablesSql = (since: Span | undefined, isSized = true): string => `
  select c.oid::text as oid,
         (select string_agg(concat_ws(':', l.oid, pg_relation_filenode(l.oid), l.attached), ' ' order by l.oid)
            from (select c.oid as oid, null::xid as attached
                  union all
                  select i.inhrelid, i.xmin from pg_inherits i
                   where c.relkind = 'p' and i.inhrelid in ${partsOf('c.oid')}) l) as version,
         ${since === undefined ? 'false' : definedIn(since)} as "isFresh",
         case when not pg_is_in_recovery() then (select sum(pg_stat_get_tuples_deleted(l.oid) + pg_stat_get_tuples_updated(l.oid))
            from pg_class l where l.oid in ${partsOf('c.oid')})::float8 end as removals,
         n.nspname::text as schema,
         c.relname::text as table,
         c.relkind = 'p' as "isPartitioned",
         case when c.relkind = 'm' then c.relispopulated end as "isPopulated",
         coalesce(columns.texts, '{}') as columns,
         coalesce(columns.hashed, '[]') as hashed,
         coalesce(key.names, '{}') as key,
         coalesce(key.types, '{}') as "keyTypes",
         coalesce(key.ranged, false) as "hasRanges",
         key.orders[1] as "keyOrder",
         coalesce(constraints.texts, '{}') || coalesce(indexes.texts, '{}') as objects,
         (select a.attname::text
            from pg_attribute a
            join pg_index i on i.indrelid = c.oid and i.indkey[0] = a.attnum and i.indisvalid and i.indpred is null
            join pg_class x on x.oid = i.indexrelid and x.relam = 403
            left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
           where c.relkind = 'r' and a.attrelid = c.oid and a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
             and (a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%')
           order by a.attnum
           limit 1) as counted,
         parts.rows as "estimatedRows",
         parts.pages as pages,
         parts.largest as "pagesOfLargest",
         exists (select from pg_stats s
                  where s.schemaname = n.nspname and s.tablename = c.relname and s.attname = key.names[1]
                    and s.correlation > 0.95) as "isClustered"
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    cross join lateral (
      select coalesce(array_agg(k.conkey[1]), '{}') as columns
        from pg_constraint k
       where k.conrelid = c.oid and k.contype = 'n' and not k.convalidated
    ) unproven
    left join lateral (
      select array_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
               || case when a.attnotnull then ' not null' else '' end order by a.attnum)::text[] as texts,
             json_agg(json_build_object(
               'name', a.attname,
               'base', case when b.typnamespace = 'pg_catalog'::regnamespace then b.typname end,
               'hasOwnHash', b.oid = 'timestamptz'::regtype
                 and to_regprocedure('timestamptz_hash_extended(timestamptz,bigint)') is not null,
               'hasModifier', case when t.typtype = 'd' then t.typtypmod else a.atttypmod end >= 0,
               'isNullable', not a.attnotnull or a.attnum = any (unproven.columns)) order by a.attnum) as hashed
        from pg_attribute a
        join pg_type t on t.oid = a.atttypid
        join pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    ) columns on true
    left join lateral (
      select array_agg(a.attname order by k.position)::text[] as names,
             array_agg(format_type(a.atttypid, -1) order by k.position)::text[] as types,
             bool_and(o.opcnamespace = 'pg_catalog'::regnamespace and o.opcintype <> 'anyarray'::regtype) as ranged,
             array_agg(${keyOrder} order by k.position) as orders
        from pg_index i
        cross join lateral unnest(i.indkey::int2[]) with ordinality k(attnum, position)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
        join pg_opclass o on o.oid = i.indclass[k.position - 1]
       where i.indrelid = c.oid and k.position <= i.indnkeyatts
         and i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null
       group by i.indexrelid, i.indisprimary
      having bool_and(a.attnotnull and a.attnum <> all (unproven.columns))
       order by i.indisprimary desc, count(*), i.indexrelid
       limit 1
    ) key on true
    left join lateral (
      select array_agg(quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid) order by k.conname)
               filter (where pg_get_constraintdef(k.oid) is not null)::text[] as texts
        from pg_constraint k
        left join pg_index i on i.indexrelid = k.conindid and k.contype in ('p', 'u', 'x')
       where k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c', 'x') and coalesce(i.indisvalid, true)
    ) constraints on true
    left join lateral (
      select array_agg(pg_get_indexdef(i.indexrelid) order by i.indexrelid::regclass::text)
               filter (where pg_get_indexdef(i.indexrelid) is not null)::text[] as texts
        from pg_index i
       where i.indrelid = c.oid and i.indisvalid and i.indisready
         and not exists (select from pg_constraint k where k.conrelid = c.oid and k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
    ) indexes on true
    cross join lateral (
      select sum(case when p.reltuples > 0 then p.reltuples else p.pages * rows_per_page end)::float8 as rows,
             sum(p.pages)::float8 as pages, max(p.pages)::float8 as largest
        from (select reltuples, ${isSized ? 'pg_relation_size(oid) / 8192' : 'relpages'} as pages, 100 as rows_per_page
                from pg_class
               where oid in ${partsOf('c.oid')} and relkind in ('r', 'm')
             ) p
    ) parts
   where c.relkind in ('r', 'p', 'm')
     and not c.relispartition
     and c.relpersistence = 'p'
     and not exists (select from pg_class l
                      where c.relkind = 'p' and l.oid in ${partsOf('c.oid')} and (l.relpersistence <> 'p' or l.relkind = 'f'))
     and not exists (select from pg_depend d
                      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
     and n.nspname !~ '^pg_'
     and n.nspname <> 'information_schema'
   order by n.nspname collate "C", c.relname collate "C"`;

export const listExtensionsSql = `select 'extension ' || extname || ' ' || extversion as object from pg_extension`;

/**
 * Every sequence that fills a column, with the column: of an identity, of a serial, or of a default. Without an index on
 * the column its maximum takes a scan of the table, so tables above 64 MiB are left out.
 */
export const listSequencesSql = `
  select quote_ident(sn.nspname) || '.' || quote_ident(s.relname) as sequence,
         n.nspname::text as schema, c.relname::text as table,
         quote_ident(a.attname) as column, q.seqincrement > 0 as "isRising", q.seqincrement::text as increment
    from pg_class s
    join pg_namespace sn on sn.oid = s.relnamespace
    join pg_sequence q on q.seqrelid = s.oid and not q.seqcycle
    join lateral (
      select d.refobjid as relation, d.refobjsubid as attribute
        from pg_depend d
       where d.classid = 'pg_class'::regclass and d.objid = s.oid and d.refclassid = 'pg_class'::regclass
         and d.deptype in ('a', 'i') and d.refobjsubid > 0
      union
      select f.adrelid, f.adnum
        from pg_depend d
        join pg_attrdef f on f.oid = d.objid
       where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = s.oid
    ) filled on true
    join pg_class c on c.oid = filled.relation and c.relkind in ('r', 'p') and c.relpersistence = 'p'
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum = filled.attribute
    join pg_type t on t.oid = a.atttypid and t.typname in ('int2', 'int4', 'int8', 'numeric')
   where s.relkind = 'S' and not c.relispartition
     and (exists (select from pg_index i where i.indrelid = c.oid and i.indkey[0] = a.attnum and i.indisvalid and i.indpred is null)
       or coalesce((select sum(pg_relation_size(relid)) from pg_partition_tree(c.oid)), pg_relation_size(c.oid)) < 67108864)
   order by 1, 2, 3, 4`;

/** Every sequence that a restore brings back and this user may read, but none that starts again at its end. */
export const listCountersSql = `
  select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name, q.seqincrement::text as increment,
         concat_ws(':', c.oid, pg_relation_filenode(c.oid), q.seqincrement) as version
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_sequence q on q.seqrelid = c.oid and not q.seqcycle
   where c.relkind = 'S' and c.relpersistence = 'p'
     and not exists (select from pg_depend d
                      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
     and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
   order by 1`;

/** The indexes of a table and its partitions that amcheck can check, and the tables that hold rows. */
export const listCheckedSql = (oid: string): string => `
  with parts as (
    select c.oid, c.relkind from pg_class c
     where c.oid = ${oid} or c.oid in (select relid from pg_partition_tree(${oid}) where isleaf)
  )
  select p.oid::text as oid, p.oid::regclass::text as name, 'heap' as kind from parts p where p.relkind in ('r', 'm')
  union all
  select i.indexrelid::text, i.indexrelid::regclass::text, 'btree'
    from parts p
    join pg_index i on i.indrelid = p.oid and i.indisvalid and i.indisready
    join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
    join pg_am m on m.oid = c.relam and m.amname = 'btree'
   order by 3 desc, 2`;

/** The schema that amcheck is installed in, if this user may call it. */
export const findAmcheckSql = `
  select quote_ident(n.nspname) as schema
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    join pg_proc p on p.pronamespace = n.oid and p.proname = 'verify_heapam'
    join pg_proc b on b.pronamespace = n.oid and b.proname = 'bt_index_check' and b.pronargs = 2
   where e.extname = 'amcheck'
     and has_function_privilege(p.oid, 'execute') and has_function_privilege(b.oid, 'execute')
     and has_schema_privilege(n.oid, 'usage')`;
