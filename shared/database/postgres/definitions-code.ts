import {
  columnTexts,
  enabledText,
  functionName,
  ifThere,
  inUserSchema,
  isUserFunction,
  madeByUser,
  notOfExtension,
  type Part,
  qualify,
  sortTexts,
} from './definitions-parts.ts';

const viewText = `'options ' || ${sortTexts('c.reloptions')},
           'columns ' || ${columnTexts('c.oid')},
           ${ifThere('c.oid', 'pg_get_viewdef(c.oid)')}`;

const views = (kind: string): string => `
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind = '${kind}' and ${inUserSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}`;

const viewsSql = `
  select ${qualify('n', 'c.relname')} as name, concat_ws(E'\\n', ${viewText}) as text ${views('v')}`;

const materializedViewsSql = `
  select ${qualify('n', 'c.relname')} as name,
         concat_ws(E'\\n', ${viewText},
           case when c.relispopulated then 'populated' else 'not populated' end,
           (select string_agg(pg_get_indexdef(i.indexrelid) || case when i.indisvalid then '' else ' (not valid)' end, E'\\n'
                              order by i.indexrelid::regclass::text collate "C")
              from pg_index i where i.indrelid = c.oid)) as text ${views('m')}`;

const onRelation = (name: string): string => `format('%I on %I.%I', ${name}, n.nspname, c.relname)`;

const rulesSql = `
  select ${onRelation('r.rulename')} as name,
         concat_ws(E'\\n', ${ifThere('r.ev_class', 'pg_get_ruledef(r.oid)')}, ${enabledText('r.ev_enabled')}) as text
    from pg_rewrite r
    join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
   where r.rulename <> '_RETURN' and ${inUserSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}`;

const triggersSql = `
  select ${onRelation('t.tgname')} as name,
         concat_ws(E'\\n', ${ifThere('t.tgrelid', 'pg_get_triggerdef(t.oid)')}, ${enabledText('t.tgenabled')}) as text
    from pg_trigger t
    join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
   where not t.tgisinternal and ${inUserSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}`;

/** ALTER TABLE ... DISABLE TRIGGER ALL switches foreign keys off, too. */
const switchedConstraintsSql = `
  select ${onRelation('k.conname')} || ' (constraint)' as name,
         string_agg(distinct format('%s of %s: ', t.tgfoid::regproc, t.tgrelid::regclass) || ${enabledText('t.tgenabled')}, E'\\n') as text
    from pg_trigger t
    join pg_constraint k on k.oid = t.tgconstraint
    join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
   where t.tgisinternal and t.tgenabled <> 'O' and ${inUserSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}
   group by 1`;

const eventTriggersSql = `
  select 'event trigger ' || quote_ident(t.evtname) as name,
         concat_ws(E'\\n', 'on ' || t.evtevent, 'when tag in ' || ${sortTexts('t.evttags')},
           'execute ' || t.evtfoid::regproc, ${enabledText('t.evtenabled')}) as text
    from pg_event_trigger t
   where ${madeByUser('pg_event_trigger', 't.oid')}`;

const aggregateText = `(select string_agg(key || ' ' || value, E'\\n' order by key collate "C")
  from pg_aggregate g, jsonb_each_text(to_jsonb(g) || jsonb_build_object(
         'result', pg_get_function_result(p.oid), 'arguments', pg_get_function_arguments(p.oid),
         'aggtranstype', format_type(g.aggtranstype, null), 'aggmtranstype', format_type(nullif(g.aggmtranstype, 0), null),
         'aggsortop', g.aggsortop::regoperator, 'parallel', p.proparallel, 'strict', p.proisstrict))
 where g.aggfnoid = p.oid and key <> 'aggfnoid')`;

const functionsSql = `
  select ${functionName} as name,
         case p.prokind when 'a' then ${aggregateText} else pg_get_functiondef(p.oid) end as text
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where ${isUserFunction('n', 'p.oid')}`;

const policiesSql = `
  select ${onRelation('p.polname')} as name,
         concat_ws(E'\\n',
           case when p.polpermissive then 'permissive' else 'restrictive' end,
           'for ' || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
                                   when 'd' then 'delete' else 'all' end,
           'to ' || (select string_agg(case role when 0 then 'public' else quote_ident(pg_get_userbyid(role)) end, ', '
                                       order by pg_get_userbyid(role)::text collate "C") from unnest(p.polroles) role),
           'using ' || pg_get_expr(p.polqual, p.polrelid),
           'with check ' || pg_get_expr(p.polwithcheck, p.polrelid)) as text
    from pg_policy p
    join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
   where ${inUserSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}`;

const rowSecuritySql = `
  select 'row security of ' || ${qualify('n', 'c.relname')} as name,
         concat_ws(', ', case when c.relrowsecurity then 'enabled' end, case when c.relforcerowsecurity then 'forced' end) as text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where (c.relrowsecurity or c.relforcerowsecurity) and ${inUserSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}`;

export const viewParts: Part[] = [
  ['views', viewsSql],
  ['materialized views', materializedViewsSql],
  ['rules', rulesSql],
];

export const codeParts: Part[] = [
  ['triggers', triggersSql],
  ['triggers', switchedConstraintsSql],
  ['triggers', eventTriggersSql],
  ['functions', functionsSql],
  ['policies', policiesSql],
  ['policies', rowSecuritySql],
];
