import {
  columnNotNull,
  columnTexts,
  constraintTexts,
  inUserSchema,
  notOfExtension,
  type Part,
  qualify,
  sortTexts,
} from './definitions-parts.ts';

const sequencesSql = `
  select ${qualify('n', 'c.relname')} as name,
         concat_ws(', ', 'as ' || format_type(s.seqtypid, null), 'start ' || s.seqstart, 'increment ' || s.seqincrement,
           'from ' || s.seqmin || ' to ' || s.seqmax, 'cache ' || s.seqcache, case when s.seqcycle then 'cycle' end,
           case when c.relpersistence = 'u' then 'unlogged' end,
           (select string_agg(format('owned by %s.%I', d.refobjid::regclass, a.attname), ', ')
              from pg_depend d
              join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
             where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
               and d.refobjsubid > 0 and d.deptype in ('a', 'i'))) as text
    from pg_sequence s
    join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
   where ${inUserSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}`;

const parents = `(select string_agg(h.inhparent::regclass::text
             || case to_jsonb(h) ->> 'inhdetachpending' when 'true' then ' (is being detached)' else '' end, ', ' order by h.inhseqno)
  from pg_inherits h where h.inhrelid = c.oid)`;

const options = `c.reloptions || array(select 'toast.' || item from pg_class t, unnest(t.reloptions) item where t.oid = c.reltoastrelid)`;

/** The indexes with a mark of their own. */
const markedIndexes = (mark: string): string => `(select string_agg(i.indexrelid::regclass::text, ', ')
  from pg_index i where i.indrelid = c.oid and ${mark})`;

/** Tables that no list of tables has: partitions, and those whose rows no restore brings back. */
const isUnlisted = `c.relkind in ('r', 'p') and (c.relispartition or c.relpersistence <> 'p'
  or c.relkind = 'p' and exists (select from pg_partition_tree(c.oid) p where p.isleaf
    and (select l.relpersistence <> 'p' or l.relkind = 'f' from pg_class l where l.oid = p.relid)))`;

/** The parent tells a partition's columns, except where the partition alone refuses NULL. */
const ownNotNull = `(select string_agg(quote_ident(a.attname), ', ' order by a.attname::text collate "C")
  from pg_inherits h
  join pg_attribute p on p.attrelid = h.inhparent and not p.attnotnull
  join pg_attribute a on a.attrelid = h.inhrelid and a.attname = p.attname and a.attnotnull
 where h.inhrelid = c.oid and a.attnum > 0)`;

const ownConstraints = constraintTexts(
  `k.contype in ('p', 'u', 'f', 'c', 'x') and k.conparentid = 0 and k.coninhcount = 0`,
);

const ownIndexes = `(select string_agg(pg_get_indexdef(i.indexrelid), E'\\n' order by x.relname::text collate "C")
  from pg_index i join pg_class x on x.oid = i.indexrelid
 where i.indrelid = c.oid and not x.relispartition and i.indisvalid and i.indisready
   and not exists (select from pg_constraint k where k.conrelid = c.oid and k.conindid = i.indexrelid
                    and k.contype in ('p', 'u', 'x')))`;

const storageText = `concat_ws(E'\\n',
  case when c.relpersistence = 'u' and c.relkind in ('r', 'p') then 'unlogged' end,
  'of type ' || format_type(nullif(c.reloftype, 0), null),
  'partition by ' || pg_get_partkeydef(c.oid),
  'child of ' || ${parents},
  pg_get_expr(c.relpartbound, c.oid),
  case when c.relkind = 'I' and not (select indisvalid from pg_index where indexrelid = c.oid) then 'lacks partitions' end,
  'options ' || ${sortTexts(options)},
  case c.relreplident
    when 'n' then case when c.relkind in ('r', 'p', 'm') then 'replica identity nothing' end
    when 'f' then 'replica identity full'
    when 'i' then 'replica identity index ' || ${markedIndexes('i.indisreplident')} end,
  'access method ' || (select m.amname from pg_am m where m.oid = c.relam and m.amtype = 't' and m.amname <> 'heap'),
  'tablespace ' || (select quote_ident(s.spcname) from pg_tablespace s where s.oid = c.reltablespace),
  'clustered on ' || ${markedIndexes('i.indisclustered')},
  case when ${isUnlisted} then nullif(concat_ws(E'\\n',
    case when c.relispartition then 'not null ' || ${ownNotNull} else 'columns ' || ${columnTexts('c.oid', columnNotNull)} end,
    ${ownConstraints}, ${ownIndexes}), '') end)`;

/** The texts are made once, and those without any are left out. */
const storageSql = `
  select name, text
    from (select ${qualify('n', 'c.relname')} as name, ${storageText} as text
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'p', 'f', 'm', 'i', 'I') and ${inUserSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}
          offset 0) stored
   where text <> ''`;

/** PostgreSQL before 17 has the target -1 by default, later NULL, and before 13 none at all. */
const statisticsSql = `
  select ${qualify('n', 's.stxname')} as name,
         concat_ws(E'\\n', pg_get_statisticsobjdef(s.oid),
           'statistics target ' || nullif(to_jsonb(s) ->> 'stxstattarget', '-1')) as text
    from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace
   where ${inUserSchema('n')} and ${notOfExtension('pg_statistic_ext', 's.oid')}`;

/** PostgreSQL before 15 has no columns and no filter for a table: there their names mean those of \`older\`. */
const publishedTables = `(select string_agg(r.prrelid::regclass
             || coalesce((select format(' (%s)', string_agg(quote_ident(a.attname), ', ' order by a.attname::text collate "C"))
                            from pg_attribute a
                           where a.attrelid = r.prrelid and a.attnum = any (r.prattrs::int2[])
                          having count(*) > 0), '')
             || coalesce(' where ' || pg_get_expr(r.prqual, r.prrelid), ''), ', ' order by r.prrelid::regclass::text collate "C")
  from (select null::int2vector as prattrs, null::pg_node_tree as prqual) older
 cross join lateral (select prpubid, prrelid, prattrs, prqual from pg_publication_rel) r
 where r.prpubid = p.oid)`;

/** PostgreSQL before 15 has no such catalog, but what depends on what has the same columns in all versions. */
const publishedSchemas = `(select string_agg(s.refobjid::regnamespace::text, ', ' order by s.refobjid::regnamespace::text collate "C")
  from pg_depend d
  join pg_depend s on s.classid = d.classid and s.objid = d.objid and s.refclassid = 'pg_namespace'::regclass
 where d.classid = to_regclass('pg_catalog.pg_publication_namespace')
   and d.refclassid = 'pg_publication'::regclass and d.refobjid = p.oid)`;

const publicationsSql = `
  select quote_ident(p.pubname) as name,
         concat_ws(E'\\n',
           (select string_agg(key || ' ' || value, ', ' order by key collate "C")
              from jsonb_each_text(to_jsonb(p) - array['oid', 'pubname', 'pubowner'])),
           'tables ' || ${publishedTables},
           'schemas ' || ${publishedSchemas}) as text
    from pg_publication p
   where ${notOfExtension('pg_publication', 'p.oid')}`;

/** Only columns that everybody may read: the connection may hold a password. */
const subscriptionsSql = `
  select quote_ident(s.subname) as name,
         concat_ws(E'\\n', case when s.subenabled then 'enabled' else 'disabled' end,
           'slot ' || s.subslotname, 'publications ' || ${sortTexts('s.subpublications')}) as text
    from pg_subscription s
   where s.subdbid = (select d.oid from pg_database d where d.datname = current_database())`;

const largeObjectsSql = `select 'large objects' as name, count(*) || ' in all' as text from pg_largeobject_metadata`;

export const storageParts: Part[] = [
  ['storage options', storageSql],
  ['sequences', sequencesSql],
];

export const replicationParts: Part[] = [
  ['statistics objects', statisticsSql],
  ['publications', publicationsSql],
  ['subscriptions', subscriptionsSql],
  ['large objects', largeObjectsSql],
];
