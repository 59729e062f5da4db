import {
  functionName,
  inUserSchema,
  isUserFunction,
  isUserType,
  madeByUser,
  notOfExtension,
  type Part,
  qualify,
  sortTexts,
} from './definitions-parts.ts';

const relationWord = `case c.relkind when 'v' then 'view ' when 'm' then 'materialized view ' when 'S' then 'sequence '
  when 'f' then 'foreign table ' else 'table ' end`;

/** Everything that has an owner, and may have grants. */
const ownedSql = `
  select ${relationWord} || ${qualify('n', 'c.relname')} as name, c.relowner as owner, c.relacl as acl
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and ${inUserSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}
  union all
  select 'function ' || ${functionName}, p.proowner, p.proacl
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where ${isUserFunction('n', 'p.oid')}
  union all
  select 'schema ' || quote_ident(n.nspname), n.nspowner, n.nspacl
    from pg_namespace n
   where ${inUserSchema('n')} and ${notOfExtension('pg_namespace', 'n.oid')}
  union all
  select 'type ' || ${qualify('n', 't.typname')}, t.typowner, t.typacl
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
   where ${isUserType}
  union all
  select 'language ' || quote_ident(l.lanname), l.lanowner, l.lanacl
    from pg_language l
   where ${notOfExtension('pg_language', 'l.oid')}
  union all
  select 'foreign data wrapper ' || quote_ident(w.fdwname), w.fdwowner, w.fdwacl
    from pg_foreign_data_wrapper w
   where ${notOfExtension('pg_foreign_data_wrapper', 'w.oid')}
  union all
  select 'foreign server ' || quote_ident(s.srvname), s.srvowner, s.srvacl
    from pg_foreign_server s
   where ${notOfExtension('pg_foreign_server', 's.oid')}
  union all
  select 'publication ' || quote_ident(p.pubname), p.pubowner, null
    from pg_publication p
  union all
  select 'event trigger ' || quote_ident(t.evtname), t.evtowner, null
    from pg_event_trigger t
   where ${madeByUser('pg_event_trigger', 't.oid')}
  union all
  select 'database', d.datdba, d.datacl
    from pg_database d
   where d.datname = current_database()`;

const ownersSql = `select name, pg_get_userbyid(owner)::text as text from (${ownedSql}) owned`;

/** An ACL without an item takes every right away, which none at all does not. */
const grantsText = (acl: string): string => `coalesce(${sortTexts(acl)}, 'nothing')`;

const grantsSql = `select name, ${grantsText('acl')} as text from (${ownedSql}) owned where acl is not null`;

const columnGrantsSql = `
  select format('column %I.%I.%I', n.nspname, c.relname, a.attname) as name, ${grantsText('a.attacl')} as text
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
   where a.attacl is not null and not a.attisdropped and ${inUserSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}`;

const defaultPrivilegesSql = `
  select concat_ws(' ', 'default privileges of', quote_ident(pg_get_userbyid(d.defaclrole)),
           'in schema ' || quote_ident(n.nspname),
           'for ' || case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
                       when 'T' then 'types' when 'n' then 'schemas' when 'L' then 'large objects'
                       else d.defaclobjtype::text end) as name,
         ${grantsText('d.defaclacl')} as text
    from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace`;

/** PostgreSQL before 14 fails on an object that was dropped since the snapshot. Later it has no name. */
const commentedOid = `case
    when d.classoid = 'pg_class'::regclass and pg_table_is_visible(d.objoid) is null
      or d.classoid = 'pg_proc'::regclass and pg_function_is_visible(d.objoid) is null
      or d.classoid = 'pg_type'::regclass and pg_type_is_visible(d.objoid) is null then null
    else d.objoid end`;

/** Large objects have only oids for names, and an extension brings a comment of its own. */
const commentsSql = `
  select o.type || ' ' || o.identity as name, d.description as text
    from pg_description d
   cross join lateral pg_identify_object(d.classoid, ${commentedOid}, d.objsubid) o
   where (d.objoid >= 16384 or d.classoid = 'pg_namespace'::regclass and d.objoid = 'public'::regnamespace)
     and d.classoid not in ('pg_largeobject'::regclass, 'pg_extension'::regclass)
     and coalesce(o.schema, '') !~ '^pg_' and o.identity !~ '(^| )pg_(temp|toast)'
     and not exists (select from pg_depend e
                      where e.classid = d.classoid and e.objid = d.objoid and e.deptype = 'e')`;

const databaseCommentSql = `
  select 'database' as name, s.description as text
    from pg_shdescription s
    join pg_database d on d.oid = s.objoid and d.datname = current_database()
   where s.classoid = 'pg_database'::regclass`;

const settingsSql = `
  select coalesce('role ' || quote_ident(r.rolname), case s.setrole when 0 then 'database' else 'role ' || s.setrole end) as name,
         (select string_agg(setting, E'\\n' order by setting collate "C") from unnest(s.setconfig) setting) as text
    from pg_db_role_setting s
    join pg_database d on d.oid = s.setdatabase and d.datname = current_database()
    left join pg_roles r on r.oid = s.setrole`;

/** What a database is made with has other columns in each version. */
const databaseSql = `
  select 'encoding and collation' as name,
         concat_ws(E'\\n', 'encoding ' || pg_encoding_to_char(d.encoding),
           (select string_agg(key || ' ' || value, E'\\n' order by key collate "C") from jsonb_each_text(to_jsonb(d))
             where key in ('datcollate', 'datctype', 'datlocprovider', 'daticulocale', 'datlocale', 'daticurules'))) as text
    from pg_database d
   where d.datname = current_database()`;

export const rightParts: Part[] = [
  ['owners', ownersSql],
  ['grants', grantsSql],
  ['grants', columnGrantsSql],
  ['grants', defaultPrivilegesSql],
];

export const noteParts: Part[] = [
  ['comments', commentsSql],
  ['comments', databaseCommentSql],
  ['settings', settingsSql],
  ['settings', databaseSql],
];
