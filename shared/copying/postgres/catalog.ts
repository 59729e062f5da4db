import { inUserSchema, notOfExtension } from '../../database/postgres/definitions-parts.ts';

/** Every relation that somebody may ask for. `kind` and `persistence` as in pg_class. */
export type Relation = {
  oid: string;
  schema: string;
  table: string;
  kind: 'r' | 'p' | 'v' | 'm' | 'f';
  persistence: 'p' | 'u' | 't';
  isPartition: boolean;
  /** Does a policy hide rows from this user? */
  isHidden: boolean;
  /** May this user read all columns? */
  isReadable: boolean;
};

export const relationsSql = `
  select c.oid::text as oid, n.nspname::text as schema, c.relname::text as table, c.relkind::text as kind,
         c.relpersistence::text as persistence, c.relispartition as "isPartition",
         row_security_active(c.oid) as "isHidden",
         has_schema_privilege(n.oid, 'usage') and (has_table_privilege(c.oid, 'select') or not exists (
           select from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
              and not has_column_privilege(c.oid, a.attnum, 'select'))) as "isReadable"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'v', 'm', 'f') and ${inUserSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}
   order by n.nspname collate "C", c.relname collate "C"`;

export const parentsSql = `
  select distinct conrelid::text as child, confrelid::text as parent
    from pg_constraint where contype = 'f' and conparentid = 0 and conrelid <> confrelid`;

/** What extensions brought: the sandbox has to have it too. */
export const extensionNamesSql = `
  select n.nspname::text as schema, o.name::text as name
    from (select 'pg_type'::regclass as catalog, oid, typnamespace as namespace, typname as name from pg_type
          union all select 'pg_proc'::regclass, oid, pronamespace, proname from pg_proc
          union all select 'pg_operator'::regclass, oid, oprnamespace, oprname from pg_operator
          union all select 'pg_opclass'::regclass, oid, opcnamespace, opcname from pg_opclass
          union all select 'pg_collation'::regclass, oid, collnamespace, collname from pg_collation) o
    join pg_depend d on d.classid = o.catalog and d.objid = o.oid and d.deptype = 'e'
    join pg_namespace n on n.oid = o.namespace
   group by 1, 2`;

export const among = (oids: readonly string[]): string => `in (${oids.length === 0 ? '0' : oids.join(', ')})`;

/** Of a table with its partitions; indexes do not count. */
export const sizesSql = (oids: readonly string[]): string => `
  select c.oid::text as oid, coalesce(sum(pg_table_size(p.relid)), 0)::float8 as bytes,
         coalesce(sum(greatest(l.reltuples, 0)), 0)::float8 as rows
    from pg_class c
    cross join lateral (select c.oid as relid where c.relkind <> 'p'
                        union all select relid from pg_partition_tree(c.oid) where c.relkind = 'p' and isleaf) p
    join pg_class l on l.oid = p.relid
   where c.oid ${among(oids)}
   group by c.oid`;

/** `collation` is null where it is that of the type. `generated`: s for stored, v for virtual. */
export type Column = {
  oid: string;
  name: string;
  type: string;
  typeOid: string;
  collationOid: string;
  isNotNull: boolean;
  collation: string | null;
  expression: string | null;
  generated: '' | 's' | 'v';
  identity: '' | 'a' | 'd';
};

/** What is not null by a constraint that was added NOT VALID may hold NULL: that comes after the rows. */
const isUnproven = `exists (select from pg_constraint k where k.conrelid = a.attrelid and k.contype = 'n'
  and k.conkey = array[a.attnum] and not k.convalidated)`;

export const columnsSql = (oids: readonly string[]): string => `
  select a.attrelid::text as oid, a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type,
         a.atttypid::text as "typeOid", a.attcollation::text as "collationOid",
         a.attnotnull and not ${isUnproven} as "isNotNull",
         case when a.attcollation <> t.typcollation then (
           select format('%I.%I', cn.nspname, co.collname) from pg_collation co
             join pg_namespace cn on cn.oid = co.collnamespace where co.oid = a.attcollation) end as collation,
         pg_get_expr(f.adbin, f.adrelid) as expression, a.attgenerated::text as generated, a.attidentity::text as identity
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    left join pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
   where a.attrelid ${among(oids)} and a.attnum > 0 and not a.attisdropped
   order by a.attrelid, a.attnum`;

/** `type` as in pg_constraint. `references`: the other table of a foreign key. */
export type Constraint = { oid: string; name: string; type: string; text: string; references: string };

export const constraintsSql = (oids: readonly string[]): string => `
  select k.conrelid::text as oid, k.conname::text as name, k.contype::text as type, pg_get_constraintdef(k.oid) as text,
         k.confrelid::text as "references"
    from pg_constraint k
   where k.conrelid ${among(oids)}
     and (k.contype in ('p', 'u', 'x', 'c', 'f') or k.contype = 'n' and not k.convalidated)
     and (k.contype <> 'f' or k.conparentid = 0)
   order by position(k.contype::text in 'npuxcf'), k.oid`;

/** Those that no constraint brings. The name is quoted. */
export type Index = { oid: string; name: string; text: string; isValid: boolean };

export const indexesSql = (oids: readonly string[]): string => `
  select i.indrelid::text as oid, x.relname::text as name, pg_get_indexdef(i.indexrelid) as text,
         i.indisvalid and i.indisready as "isValid"
    from pg_index i join pg_class x on x.oid = i.indexrelid
   where i.indrelid ${among(oids)}
     and not exists (select from pg_constraint k where k.conrelid = i.indrelid and k.conindid = i.indexrelid
                      and k.contype in ('p', 'u', 'x'))
   order by x.relname collate "C"`;

/** What `comment on` calls the thing: TABLE, or COLUMN, CONSTRAINT or INDEX with its name. */
export type Comment = {
  oid: string;
  on: 'TABLE' | 'COLUMN' | 'CONSTRAINT' | 'INDEX';
  name: string;
  text: string;
};

export const commentsSql = (oids: readonly string[]): string => `
  select d.objoid::text as oid, case d.objsubid when 0 then 'TABLE' else 'COLUMN' end as on, coalesce(a.attname::text, '') as name,
         d.description as text
    from pg_description d
    left join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid and d.objsubid > 0
   where d.classoid = 'pg_class'::regclass and d.objoid ${among(oids)}
  union all
  select k.conrelid::text, 'CONSTRAINT', k.conname::text, d.description
    from pg_constraint k join pg_description d on d.classoid = 'pg_constraint'::regclass and d.objoid = k.oid
   where k.conrelid ${among(oids)}
  union all
  select i.indrelid::text, 'INDEX', x.relname::text, d.description
    from pg_index i join pg_class x on x.oid = i.indexrelid
    join pg_description d on d.classoid = 'pg_class'::regclass and d.objoid = i.indexrelid
   where i.indrelid ${among(oids)}
   order by 2, 3`;

/** Partitions below a table, each after its parent. `own`: what a partition has and its parent has not. */
export type Partition = {
  oid: string;
  root: string;
  schema: string;
  name: string;
  parentSchema: string;
  parentName: string;
  bound: string;
  key: string | null;
  kind: string;
  persistence: string;
  own: string[];
};

export const partitionsSql = (oids: readonly string[]): string => `
  select c.oid::text as oid, r.oid::text as root, n.nspname::text as schema, c.relname::text as name,
         pn.nspname::text as "parentSchema", p.relname::text as "parentName",
         pg_get_expr(c.relpartbound, c.oid) as bound, pg_get_partkeydef(c.oid) as key, c.relkind::text as kind,
         c.relpersistence::text as persistence,
         array(select 'index ' || quote_ident(x.relname) from pg_index i join pg_class x on x.oid = i.indexrelid
                where i.indrelid = c.oid and not x.relispartition
               union all
               select 'constraint ' || quote_ident(k.conname) from pg_constraint k
                where k.conrelid = c.oid and k.contype in ('c', 'f') and k.conparentid = 0 and k.coninhcount = 0
               union all
               select format(case when a.attnotnull and not pa.attnotnull then 'NOT NULL of column %I' else 'the default of column %I' end, a.attname)
                 from pg_attribute a join pg_attribute pa on pa.attrelid = p.oid and pa.attname = a.attname
                 left join pg_attrdef f on f.adrelid = c.oid and f.adnum = a.attnum
                 left join pg_attrdef pf on pf.adrelid = p.oid and pf.adnum = pa.attnum
                where a.attrelid = c.oid and a.attnum > 0 and (a.attnotnull and not pa.attnotnull
                      or pg_get_expr(f.adbin, c.oid) is distinct from pg_get_expr(pf.adbin, p.oid))
               union all
               select 'the comment' where obj_description(c.oid, 'pg_class') is not null) as own
    from pg_class r
    cross join lateral pg_partition_tree(r.oid) t
    join pg_class c on c.oid = t.relid
    join pg_namespace n on n.oid = c.relnamespace
    join pg_class p on p.oid = t.parentrelid
    join pg_namespace pn on pn.oid = p.relnamespace
   where r.oid ${among(oids)} and r.relkind = 'p' and t.level > 0
   order by r.oid, t.level, n.nspname collate "C", c.relname collate "C"`;

export const partitionKeysSql = (oids: readonly string[]): string => `
  select c.oid::text as oid, pg_get_partkeydef(c.oid) as key from pg_class c where c.oid ${among(oids)} and c.relkind = 'p'`;

/** The columns that identify a row: of the primary key, or of the smallest unique index without NULLs. */
export const keysSql = (oids: readonly string[]): string => `
  select distinct on (i.indrelid) i.indrelid::text as oid,
         array_agg(a.attname::text order by k.position) as columns
    from pg_index i
    cross join lateral unnest(i.indkey::int2[]) with ordinality k(attnum, position)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
   where i.indrelid ${among(oids)} and k.position <= i.indnkeyatts and i.indisunique and i.indisvalid and i.indimmediate
     and i.indpred is null and i.indexprs is null
   group by i.indrelid, i.indexrelid, i.indisprimary
  having bool_and(a.attnotnull and not ${isUnproven})
   order by i.indrelid, i.indisprimary desc, count(*), i.indexrelid`;
