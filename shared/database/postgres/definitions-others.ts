import {
  columnNotNull,
  columnTexts,
  constraintTexts,
  inUserSchema,
  madeByUser,
  notOfExtension,
  type Part,
  qualify,
  sortTexts,
} from './definitions-parts.ts';

const wrappersSql = `
  select 'wrapper ' || quote_ident(w.fdwname) as name,
         concat_ws(E'\\n', 'handler ' || nullif(w.fdwhandler::regproc::text, '-'),
           'validator ' || nullif(w.fdwvalidator::regproc::text, '-'),
           'options ' || ${sortTexts('w.fdwoptions')}) as text
    from pg_foreign_data_wrapper w
   where ${notOfExtension('pg_foreign_data_wrapper', 'w.oid')}`;

const serversSql = `
  select 'server ' || quote_ident(s.srvname) as name,
         concat_ws(E'\\n', 'wrapper ' || quote_ident(w.fdwname), 'type ' || s.srvtype, 'version ' || s.srvversion,
           'options ' || ${sortTexts('s.srvoptions')}) as text
    from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw
   where ${notOfExtension('pg_foreign_server', 's.oid')}`;

/** Their options hold passwords. */
const userMappingsSql = `
  select format('user mapping for %I on %I', m.usename, m.srvname) as name, '' as text from pg_user_mappings m`;

const foreignTablesSql = `
  select 'table ' || ${qualify('n', 'c.relname')} as name,
         concat_ws(E'\\n', 'server ' || quote_ident(s.srvname), 'options ' || ${sortTexts('f.ftoptions')},
           'columns ' || ${columnTexts('c.oid', columnNotNull)},
           ${constraintTexts(`k.contype = 'c'`)}) as text
    from pg_foreign_table f
    join pg_foreign_server s on s.oid = f.ftserver
    join pg_class c on c.oid = f.ftrelid join pg_namespace n on n.oid = c.relnamespace
   where ${inUserSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}`;

const operatorsSql = `
  select 'operator ' || o.oid::regoperator as name,
         format('function %s, result %s, commutator %s, negator %s, restrict %s, join %s, merges %s, hashes %s',
           o.oprcode, format_type(o.oprresult, null), o.oprcom::regoperator, o.oprnegate::regoperator, o.oprrest, o.oprjoin,
           o.oprcanmerge, o.oprcanhash) as text
    from pg_operator o join pg_namespace n on n.oid = o.oprnamespace
   where ${inUserSchema('n')} and ${notOfExtension('pg_operator', 'o.oid')}`;

const operatorFamiliesSql = `
  select format('operator family %I.%I using %I', n.nspname, f.opfname, m.amname) as name,
         concat_ws(E'\\n',
           (select string_agg(format('operator %s %s for %s', o.amopstrategy, o.amopopr::regoperator, o.amoppurpose), E'\\n'
                              order by o.amopstrategy, o.amopopr::regoperator::text collate "C", o.amoppurpose)
              from pg_amop o where o.amopfamily = f.oid),
           (select string_agg(format('function %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, null),
                                format_type(p.amprocrighttype, null), p.amproc::oid::regprocedure), E'\\n'
                              order by p.amprocnum, p.amproc::oid::regprocedure::text collate "C")
              from pg_amproc p where p.amprocfamily = f.oid)) as text
    from pg_opfamily f
    join pg_am m on m.oid = f.opfmethod
    join pg_namespace n on n.oid = f.opfnamespace
   where ${inUserSchema('n')} and ${notOfExtension('pg_opfamily', 'f.oid')}`;

const operatorClassesSql = `
  select format('operator class %I.%I using %I', n.nspname, c.opcname, m.amname) as name,
         concat_ws(', ', 'for ' || format_type(c.opcintype, null), case when c.opcdefault then 'default' end,
           'family ' || (select ${qualify('fn', 'f.opfname')} from pg_opfamily f
                           join pg_namespace fn on fn.oid = f.opfnamespace where f.oid = c.opcfamily),
           'storage ' || format_type(nullif(c.opckeytype, 0), null)) as text
    from pg_opclass c
    join pg_am m on m.oid = c.opcmethod
    join pg_namespace n on n.oid = c.opcnamespace
   where ${inUserSchema('n')} and ${notOfExtension('pg_opclass', 'c.oid')}`;

const castsSql = `
  select format('cast (%s as %s)', format_type(c.castsource, null), format_type(c.casttarget, null)) as name,
         concat_ws(', ', 'function ' || nullif(c.castfunc, 0)::regprocedure,
           'context ' || c.castcontext::text, 'method ' || c.castmethod::text) as text
    from pg_cast c
   where ${madeByUser('pg_cast', 'c.oid')}`;

const transformsSql = `
  select format('transform for %s language %I', format_type(t.trftype, null), l.lanname) as name,
         concat_ws(', ', 'from ' || nullif(t.trffromsql::oid, 0)::regprocedure, 'to ' || nullif(t.trftosql::oid, 0)::regprocedure) as text
    from pg_transform t join pg_language l on l.oid = t.trflang
   where ${madeByUser('pg_transform', 't.oid')}`;

const languagesSql = `
  select 'language ' || quote_ident(l.lanname) as name,
         format('handler %s, inline %s, validator %s, trusted %s', l.lanplcallfoid::regproc, l.laninline::regproc,
           l.lanvalidator::regproc, l.lanpltrusted) as text
    from pg_language l
   where ${madeByUser('pg_language', 'l.oid')}`;

const accessMethodsSql = `
  select 'access method ' || quote_ident(m.amname) as name, concat_ws(', ', 'type ' || m.amtype::text, 'handler ' || m.amhandler) as text
    from pg_am m
   where ${madeByUser('pg_am', 'm.oid')}`;

/** The locale has other columns in each version. */
const collationsSql = `
  select 'collation ' || ${qualify('n', 'c.collname')} as name,
         (select string_agg(key || ' ' || value, ', ' order by key collate "C")
            from jsonb_each_text(to_jsonb(c) - array['oid', 'collname', 'collnamespace', 'collowner', 'collversion'])) as text
    from pg_collation c join pg_namespace n on n.oid = c.collnamespace
   where ${inUserSchema('n')} and ${notOfExtension('pg_collation', 'c.oid')}`;

const conversionsSql = `
  select 'conversion ' || ${qualify('n', 'c.conname')} as name,
         format('from %s to %s, function %s, default %s', pg_encoding_to_char(c.conforencoding),
           pg_encoding_to_char(c.contoencoding), c.conproc, c.condefault) as text
    from pg_conversion c join pg_namespace n on n.oid = c.connamespace
   where ${inUserSchema('n')} and ${notOfExtension('pg_conversion', 'c.oid')}`;

const textSearch = (word: string, prefix: string, catalog: string, text: string): string => `
  select 'text search ${word} ' || ${qualify('n', `c.${prefix}name`)} as name, ${text} as text
    from ${catalog} c join pg_namespace n on n.oid = c.${prefix}namespace
   where ${inUserSchema('n')} and ${notOfExtension(catalog, 'c.oid')}`;

const parserName = `(select ${qualify('pn', 'p.prsname')} from pg_ts_parser p
  join pg_namespace pn on pn.oid = p.prsnamespace where p.oid = c.cfgparser)`;

const templateName = `(select ${qualify('tn', 't.tmplname')} from pg_ts_template t
  join pg_namespace tn on tn.oid = t.tmplnamespace where t.oid = c.dicttemplate)`;

const searchConfigurationsSql = textSearch(
  'configuration',
  'cfg',
  'pg_ts_config',
  `concat_ws(E'\\n', 'parser ' || ${parserName},
           (select string_agg(format('token %s: %s', m.maptokentype, m.mapdict::regdictionary), E'\\n'
                              order by m.maptokentype, m.mapseqno)
              from pg_ts_config_map m where m.mapcfg = c.oid))`,
);

const searchDictionariesSql = textSearch(
  'dictionary',
  'dict',
  'pg_ts_dict',
  `concat_ws(E'\\n', 'template ' || ${templateName}, c.dictinitoption)`,
);

const searchParsersSql = textSearch(
  'parser',
  'prs',
  'pg_ts_parser',
  `concat_ws(', ', c.prsstart, c.prstoken, c.prsend, c.prsheadline, c.prslextype)`,
);

const searchTemplatesSql = textSearch(
  'template',
  'tmpl',
  'pg_ts_template',
  `concat_ws(', ', c.tmplinit, c.tmpllexize)`,
);

export const otherParts: Part[] = [wrappersSql, serversSql, userMappingsSql, foreignTablesSql]
  .map((sql): Part => ['foreign objects', sql])
  .concat(
    [
      operatorsSql,
      operatorFamiliesSql,
      operatorClassesSql,
      castsSql,
      transformsSql,
      languagesSql,
      accessMethodsSql,
      collationsSql,
      conversionsSql,
      searchConfigurationsSql,
      searchDictionariesSql,
      searchParsersSql,
      searchTemplatesSql,
    ].map((sql): Part => ['other objects', sql]),
  );
