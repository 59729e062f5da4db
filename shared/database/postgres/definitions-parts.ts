/** A kind of definition, and a query for the names and texts of some of its objects. */
export type Part = [kind: string, sql: string];

/** Not of the server, and not temporary. */
export const inUserSchema = (namespace: string): string =>
  `${namespace}.nspname !~ '^pg_' and ${namespace}.nspname <> 'information_schema'`;

export const notOfExtension = (catalog: string, oid: string): string =>
  `not exists (select from pg_depend d
    where d.classid = '${catalog}'::regclass and d.objid = ${oid} and d.deptype = 'e')`;

/** The server's own objects have lower oids (PostgreSQL: "FirstNormalObjectId"). */
export const madeByUser = (catalog: string, oid: string): string =>
  `${oid} >= 16384 and ${notOfExtension(catalog, oid)}`;

/** A range type brings functions of its own. */
export const isUserFunction = (namespace: string, oid: string): string =>
  `${inUserSchema(namespace)} and not exists (select from pg_depend d
    where d.classid = 'pg_proc'::regclass and d.objid = ${oid} and d.deptype in ('e', 'i'))`;

/** Not an array, not the row of a table, and no multirange, which its range tells. Needs `t` and `n`. */
export const isUserType = `${inUserSchema('n')} and ${notOfExtension('pg_type', 't.oid')} and t.typtype <> 'm'
  and not exists (select from pg_type e where e.typarray = t.oid)
  and (t.typrelid = 0 or exists (select from pg_class r where r.oid = t.typrelid and r.relkind = 'c'))`;

export const qualify = (namespace: string, name: string): string =>
  `format('%I.%I', ${namespace}.nspname, ${name})`;

export const functionName = `format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))`;

/** A list in an order that does not depend on the server. Null when it is empty. */
export const sortTexts = (array: string): string =>
  `(select string_agg(item::text, ', ' order by item::text collate "C") from unnest(${array}) item)`;

export const collationName = (oid: string): string =>
  `(select format('%I.%I', cn.nspname, co.collname)
      from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace where co.oid = ${oid})`;

/** Columns as in a list of them, with what `more` adds to each. Needs an alias for the relation. */
export const columnTexts = (relation: string, more = `''`): string =>
  `(select string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
             || coalesce(${more}, ''), ', ' order by a.attnum)
      from pg_attribute a join pg_type at on at.oid = a.atttypid
     where a.attrelid = ${relation} and a.attnum > 0 and not a.attisdropped)`;

export const columnCollation = `' collate ' || case when a.attcollation <> at.typcollation then ${collationName('a.attcollation')} end`;

export const columnNotNull = `case when a.attnotnull then ' not null' end`;

/** The states of triggers, rules and event triggers. */
export const enabledText = (state: string): string =>
  `case ${state} when 'O' then 'enabled' when 'D' then 'disabled' when 'R' then 'enabled on a replica' else 'always enabled' end`;

/**
 * A relation that was dropped since the snapshot is neither visible nor invisible. Without that, what is asked of it fails.
 */
export const ifThere = (relation: string, definition: string): string =>
  `case when pg_table_is_visible(${relation}) is not null then ${definition} end`;

/** Constraints of the relation `c`. */
export const constraintTexts = (wanted: string): string =>
  `(select string_agg(quote_ident(k.conname) || ' ' || ${ifThere('c.oid', 'pg_get_constraintdef(k.oid)')}, E'\\n'
             order by k.conname::text collate "C")
      from pg_constraint k where k.conrelid = c.oid and ${wanted})`;
