import { listSome } from '../../words.ts';
import type { SideEffects } from '../port.ts';
import { foundNames, joinSideEffects, nothingFound, unlessRefused, unseenBecause } from '../side-effects.ts';

type AskFor = <Row extends object>(what: string, sql: string) => Promise<Row[]>;
type Named = { name: string };

/** Subscriptions of every database: everybody may read all columns but the connection (PostgreSQL manual, pg_subscription). */
const subscriptionsSql = `
  select pg_catalog.format('%I.%I', d.datname, s.subname) as name
    from pg_catalog.pg_subscription s join pg_catalog.pg_database d on d.oid = s.subdbid
   where s.subenabled order by 1`;

/** The view has no options for others, so no password is read. */
const foreignServersSql = `
  select pg_catalog.format('%I (%s)', s.srvname, w.fdwname) as name
    from pg_catalog.pg_foreign_server s join pg_catalog.pg_foreign_data_wrapper w on w.oid = s.srvfdw
   where exists (select from pg_catalog.pg_user_mappings m where m.srvid = s.oid) order by 1`;

/** As objects, since older versions lack a column. The command of a job is not read: it may hold a secret. */
const cronJobsSql = `
  select pg_catalog.concat('job ', j.row ->> 'jobid', ' (' || (j.row ->> 'jobname') || ')') as name
    from (select pg_catalog.to_jsonb(one) as row from cron.job one) j
   where j.row ->> 'active' = 'true' order by 1`;

const pglogicalSql = `
  select s.row ->> 'sub_name' as name
    from (select pg_catalog.to_jsonb(one) as row from pglogical.subscription one) s
   where s.row ->> 'sub_enabled' = 'true' order by 1`;

/** The tables of two extensions. Row security hides from a user the jobs of others. */
const extensionTablesSql = `
  select n.nspname as extension,
         pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select')
           and not pg_catalog.row_security_active(c.oid) as "isReadable"
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.relkind = 'r' and (n.nspname, c.relname) in (('cron', 'job'), ('pglogical', 'subscription'))`;

/** `preloaded` and `cronDatabase` are null for a user without pg_read_all_settings. */
const serverSql = `
  select pg_catalog.current_database() as database,
         (select setting from pg_catalog.pg_settings where name = 'shared_preload_libraries') as preloaded,
         (select setting from pg_catalog.pg_settings where name = 'cron.database_name') as "cronDatabase",
         array(select datname::text from pg_catalog.pg_database
                where datallowconn and not datistemplate and datname not in (pg_catalog.current_database(), 'rdsadmin')
                order by 1) as others`;

type ExtensionTable = { extension: string; isReadable: boolean };
type Server = { database: string; preloaded: string | null; cronDatabase: string | null; others: string[] };

/** Catalogs show one database, but for subscriptions and databases themselves. */
export const listPostgresSideEffects = async (askFor: AskFor): Promise<SideEffects> => {
  const what = 'look for what would act in a copy';
  const [server] = await askFor<Server>(what, serverSql);
  if (server === undefined) return nothingFound;
  const tables = await askFor<ExtensionTable>(what, extensionTablesSql);
  const namesOf = async (sql: string) => (await askFor<Named>(what, sql)).map(({ name }) => name);
  const tableOf = (name: string) => tables.find(({ extension }) => extension === name);
  return joinSideEffects([
    await unlessRefused('subscription', async () =>
      foundNames('subscription', await namesOf(subscriptionsSql)),
    ),
    await unlessRefused('pg_cron job', async () => {
      const table = tableOf('cron');
      if (table === undefined) return explainCron(server);
      if (!table.isReadable)
        return unseenBecause('pg_cron job', 'the user may not read all rows of cron.job');
      return foundNames('pg_cron job', await namesOf(cronJobsSql));
    }),
    await unlessRefused('pglogical subscription', async () => {
      const table = tableOf('pglogical');
      const elsewhere = explainPglogical(server);
      if (table === undefined) return elsewhere;
      if (!table.isReadable)
        return unseenBecause(
          'pglogical subscription',
          'the user may not read all rows of pglogical.subscription',
        );
      return joinSideEffects([foundNames('pglogical subscription', await namesOf(pglogicalSql)), elsewhere]);
    }),
    // Nothing that runs in a drill uses those of other databases.
    await unlessRefused('foreign server', async () =>
      foundNames('foreign server', await namesOf(foreignServersSql)),
    ),
  ]);
};

const mayBePreloaded = ({ preloaded }: Server, library: string): boolean =>
  preloaded?.includes(library) ?? true;

/** pg_cron is in one database of the server, postgres by default. */
const explainCron = (server: Server): SideEffects => {
  const { cronDatabase, others } = server;
  if (!mayBePreloaded(server, 'pg_cron') || others.length === 0) return nothingFound;
  const where =
    cronDatabase === null ? `another database (${listSome(others, 3)})` : `database ${cronDatabase}`;
  return unseenBecause('pg_cron job', `those in ${where} are not seen from here`);
};

const explainPglogical = (server: Server): SideEffects =>
  !mayBePreloaded(server, 'pglogical') || server.others.length === 0
    ? nothingFound
    : unseenBecause(
        'pglogical subscription',
        `those in other databases (${listSome(server.others, 3)}) are not seen from here`,
      );
