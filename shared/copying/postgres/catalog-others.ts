import { among } from './catalog.ts';

/** A sequence that fills a column. `isOwned`: it goes with the column. */
export type Sequence = {
  oid: string;
  column: string;
  schema: string;
  name: string;
  isIdentity: boolean;
  isOwned: boolean;
  options: string;
};

export const sequencesSql = (oids: readonly string[]): string => `
  select distinct on (filled.relation, a.attnum, s.oid)
         filled.relation::text as oid, a.attname::text as column, n.nspname::text as schema, s.relname::text as name,
         filled.deptype = 'i' as "isIdentity", filled.deptype in ('a', 'i') as "isOwned",
         concat_ws(' ', case when filled.deptype <> 'i' then 'as ' || format_type(q.seqtypid, null) end,
           'start with ' || q.seqstart, 'increment by ' || q.seqincrement, 'minvalue ' || q.seqmin,
           'maxvalue ' || q.seqmax, 'cache ' || q.seqcache, case when q.seqcycle then 'cycle' else 'no cycle' end) as options
    from (select d.objid as sequence, d.refobjid as relation, d.refobjsubid as attribute, d.deptype::text as deptype
            from pg_depend d
           where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
             and d.deptype in ('a', 'i')
          union all
          select d.refobjid, f.adrelid, f.adnum, 'n'
            from pg_depend d join pg_attrdef f on f.oid = d.objid
           where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype = 'n') filled
    join pg_class s on s.oid = filled.sequence and s.relkind = 'S'
    join pg_namespace n on n.oid = s.relnamespace
    join pg_sequence q on q.seqrelid = s.oid
    join pg_attribute a on a.attrelid = filled.relation and a.attnum = filled.attribute
   where filled.relation ${among(oids)}
   order by filled.relation, a.attnum, s.oid, filled.deptype`;

/** What a table or a partition has besides, and leaves behind: a sentence each. */
export const leftOutSql = (oids: readonly string[]): string => `
  select oid::text as oid, sentence from (
    select tgrelid as oid, 1 as place, 'trigger ' || quote_ident(tgname) as sentence 
      from pg_trigger t where not tgisinternal and coalesce(to_jsonb(t) ->> 'tgparentid', '0') = '0'
    union all select ev_class, 2, 'rule ' || quote_ident(rulename) from pg_rewrite where rulename <> '_RETURN'
    union all select distinct d.refobjid, 2, 'view ' || v.oid::regclass
      from pg_depend d join pg_rewrite r on r.oid = d.objid join pg_class v on v.oid = r.ev_class and v.relkind in ('v', 'm') and v.oid <> d.refobjid
     where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass
    union all select polrelid, 3, 'policy ' || quote_ident(polname) from pg_policy
    union all select oid, 4, 'row-level security, which is on' from pg_class where relrowsecurity
    union all select c.oid, 5, 'grants to ' || string_agg(distinct case g.grantee when 0 then 'everybody' else quote_ident(pg_get_userbyid(g.grantee)) end, ', ')
      from (select oid, relowner, relacl from pg_class union all
            select t.oid, t.relowner, a.attacl from pg_class t join pg_attribute a on a.attrelid = t.oid) c
      cross join lateral aclexplode(c.relacl) g where g.grantee <> c.relowner group by c.oid
    union all select p.prrelid, 6, 'publication ' || quote_ident(pubname) from pg_publication_rel p join pg_publication on pg_publication.oid = prpubid
    union all select stxrelid, 6, 'statistics object ' || quote_ident(stxname) from pg_statistic_ext
    union all select oid, 7, 'storage options ' || array_to_string(reloptions, ', ') from pg_class where reloptions is not null
    union all select c.oid, 8, 'tablespace ' || quote_ident(s.spcname) from pg_class c join pg_tablespace s on s.oid = c.reltablespace
    union all select oid, 8, 'the replica identity' from pg_class where relkind in ('r', 'p') and relreplident <> 'd'
    union all select a.attrelid, 8, 'storage options of column ' || quote_ident(a.attname) from pg_attribute a join pg_type t on t.oid = a.atttypid
      where a.attnum > 0 and (a.attstorage <> t.typstorage or to_jsonb(a) ->> 'attcompression' <> '' or a.attoptions is not null or coalesce(a.attstattarget, -1) <> -1)
    union all select i.inhrelid, 9, 'inheriting from ' || i.inhparent::regclass from pg_inherits i join pg_class c on c.oid = i.inhrelid and not c.relispartition
    union all select i.inhparent, 9, 'the rows of its child ' || i.inhrelid::regclass
      from pg_inherits i join pg_class c on c.oid = i.inhrelid and not c.relispartition join pg_class p on p.oid = i.inhparent and p.relkind = 'r'
  ) left_out where oid ${among(oids)} order by oid, place, sentence`;
