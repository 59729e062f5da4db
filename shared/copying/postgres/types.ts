import pg from 'pg';
import { notOfExtension } from '../../database/postgres/definitions-parts.ts';
import { DrillError } from '../../errors.ts';
import { moveInto, type Named, type Names, quote } from './names.ts';

/**
 * A type or a collation that users made. `needs`: oids of types, and of collations with a c before. `text`: what follows its
 * name; null for a kind that does not come along. `checks`: of a domain. `late`: those that were added NOT VALID.
 */
export type UserType = Named & {
  oid: string;
  kind: 'collation' | 'type' | 'domain' | 'array' | 'row' | 'base';
  isOfExtension: boolean;
  needs: string[];
  text: string | null;
  checks: string[];
  late: string[];
  comment: string | null;
};

const collationName = (oid: string): string =>
  `(select format('%I.%I', cn.nspname, co.collname) from pg_collation co
     join pg_namespace cn on cn.oid = co.collnamespace where co.oid = ${oid})`;

const attributes = `(select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
    || coalesce(' collate ' || case when a.attcollation <> at.typcollation then ${collationName('a.attcollation')} end, ''), ', ' order by a.attnum)
  from pg_attribute a join pg_type at on at.oid = a.atttypid
 where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped)`;

const domain = `concat_ws(' ', 'as ' || format_type(t.typbasetype, t.typtypmod),
  'collate ' || (select ${collationName('t.typcollation')} from pg_type b where b.oid = t.typbasetype and b.typcollation <> t.typcollation),
  'default ' || coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)),
  case when t.typnotnull then 'not null' end)`;

const checks = (
  which: string,
): string => `array(select format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid))
  from pg_constraint k where k.contypid = t.oid and k.contype = 'c' and ${which} order by k.conname)`;

const range = `(select format('as range (%s)', concat_ws(', ', 'subtype = ' || format_type(r.rngsubtype, null),
    'subtype_opclass = ' || (select format('%I.%I', cn.nspname, o.opcname) from pg_opclass o join pg_namespace cn on cn.oid = o.opcnamespace where o.oid = r.rngsubopc),
    'collation = ' || ${collationName('r.rngcollation')}, 'subtype_diff = ' || nullif(r.rngsubdiff::text, '-'),
    'multirange_type_name = ' || (select format('%I.%I', mn.nspname, m.typname) from pg_type m join pg_namespace mn on mn.oid = m.typnamespace
       where m.oid = (to_jsonb(r) ->> 'rngmultitypid')::oid)))
  from pg_range r where r.rngtypid = t.oid)`;

/** Before PostgreSQL 15 a collation of ICU has its locale in collcollate, later in colliculocale, then colllocale. */
const collation = `format('(%s)', concat_ws(', ', 'provider = ' || case co.collprovider when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end,
  case when co.collprovider = 'c' then concat('lc_collate = ', quote_literal(co.collcollate), ', lc_ctype = ', quote_literal(co.collctype))
       else 'locale = ' || quote_literal(coalesce(to_jsonb(co) ->> 'colllocale', to_jsonb(co) ->> 'colliculocale', co.collcollate)) end,
  'rules = ' || quote_literal(to_jsonb(co) ->> 'collicurules'), 'deterministic = ' || co.collisdeterministic))`;

const needs = `array(select a.atttypid::text from pg_attribute a where a.attrelid = nullif(t.typrelid, 0) and a.attnum > 0 and not a.attisdropped
  union select 'c' || a.attcollation from pg_attribute a where a.attrelid = nullif(t.typrelid, 0) and a.attnum > 0 and a.attcollation >= 16384
  union select nullif(t.typbasetype, 0)::text where t.typbasetype <> 0
  union select 'c' || t.typcollation where t.typcollation >= 16384
  union select t.typelem::text where t.typelem <> 0
  union select r.rngsubtype::text from pg_range r where r.rngtypid = t.oid
  union select to_jsonb(r) ->> 'rngmultitypid' from pg_range r where r.rngtypid = t.oid
  union select 'c' || r.rngcollation from pg_range r where r.rngtypid = t.oid and r.rngcollation >= 16384
  union select r.rngtypid::text from pg_range r where (to_jsonb(r) ->> 'rngmultitypid')::oid = t.oid)`;

const isArray = `exists (select from pg_type e where e.typarray = t.oid)`;

export const userTypesSql = `
  select t.oid::text as oid, n.nspname::text as schema, t.typname::text as name, not ${notOfExtension('pg_type', 't.oid')} as "isOfExtension",
         case when ${isArray} or t.typtype = 'm' then 'array' when t.typtype in ('e', 'r') then 'type' when t.typtype = 'd' then 'domain'
              when t.typtype = 'c' then case (select c.relkind from pg_class c where c.oid = t.typrelid) when 'c' then 'type' else 'row' end
              else 'base' end as kind,
         ${needs} as needs,
         case t.typtype when 'e' then 'as enum (' || coalesce((select string_agg(quote_literal(e.enumlabel::text), ', ' order by e.enumsortorder)
                                                   from pg_enum e where e.enumtypid = t.oid), '') || ')'
                        when 'd' then ${domain} when 'c' then 'as (' || coalesce(${attributes}, '') || ')' when 'r' then ${range} end as text,
         ${checks('k.convalidated')} as checks, ${checks('not k.convalidated')} as late, obj_description(t.oid, 'pg_type') as comment
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
   where t.oid >= 16384
  union all
  select 'c' || co.oid, n.nspname::text, co.collname::text, not ${notOfExtension('pg_collation', 'co.oid')}, 'collation', '{}', ${collation},
         '{}', '{}', obj_description(co.oid, 'pg_collation')
    from pg_collation co join pg_namespace n on n.oid = co.collnamespace
   where co.oid >= 16384`;

/** The types that these need, each after what it needs itself. */
export const gatherTypes = (wanted: readonly string[], types: ReadonlyMap<string, UserType>): UserType[] => {
  const seen = new Set<string>();
  const visit = (oid: string): UserType[] => {
    const type = types.get(oid);
    if (type === undefined || type.isOfExtension || seen.has(oid)) return [];
    seen.add(oid);
    return [...type.needs.flatMap(visit), type];
  };
  return wanted.flatMap(visit);
};

export type TypeStatements = { before: string[]; late: string[]; leftOut: string[] };

/** Makes a type in the sandbox's schema. `late` follows the rows. */
export const typeStatements = (type: UserType, names: Names): TypeStatements => {
  // Arrays and multiranges come with their types.
  if (type.kind === 'array') return { before: [], late: [], leftOut: [] };
  const word = { collation: 'collation', domain: 'domain', type: 'type', row: 'type', base: 'type' }[
    type.kind
  ];
  const name = `${quote(names.schema)}.${quote(type.name)}`;
  const made = moveInto(type.text ?? '', names);
  if (made.missing.length > 0 || type.text === null) {
    const why = type.text === null ? `it is a ${type.kind} type` : `it needs ${made.missing.join(', ')}`;
    throw new DrillError(
      'TableNotExtractable',
      `type ${type.schema}.${type.name} does not come along: ${why}`,
    );
  }
  const leftOut: string[] = [];
  const keep = (check: string): string[] => {
    const { sql, missing } = moveInto(check, names);
    if (missing.length === 0) return [sql];
    leftOut.push(`a check of domain ${type.name} does not come along: it needs ${missing.join(', ')}`);
    return [];
  };
  const { comment } = type;
  return {
    before: [
      [`create ${word} ${name} ${made.sql}`, ...type.checks.flatMap(keep)].join(' '),
      ...(comment === null ? [] : [`comment on ${word} ${name} is ${pg.escapeLiteral(comment)}`]),
    ],
    late: type.late.flatMap(keep).map((check) => `alter domain ${name} add ${check}`),
    leftOut,
  };
};
