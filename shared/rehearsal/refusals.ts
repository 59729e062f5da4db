import { type Dialect, readTokens, shapeOf, unquoteToken } from '../sql/tokens.ts';
import { listSettings } from './settings.ts';

/** What a rehearsal does not run, and what to do about it. */
export type Refusal = { what: string; toDo: string };

type Rule = Refusal & {
  /** Of the shape of a statement. */
  shape: RegExp;
  dialect?: Dialect;
};

const apart = 'take it out, and run it apart from the change';
const client = 'write INSERT statements instead';
const ofAccess = { what: 'users and grants', toDo: `${apart}: it blocks no table` };
const ofReplication = {
  what: 'a command of replication',
  toDo: `${apart}: a clone must not act on other servers`,
};
const ofServer = {
  what: 'a setting of the whole server',
  toDo: 'take it out: set it in the parameter group',
};
const ofDatabase = {
  what: 'a whole database',
  toDo: "take it out: the rehearsal signs in to the plan's database, and changes tables in it",
};

const ofClient = {
  what: 'a command of the client',
  toDo: 'remove it: statements alone are sent to the server',
};

const rules: Rule[] = [
  // In MySQL \N is NULL.
  { shape: /\\ (?!n\b)/, ...ofClient },
  { shape: /^(create|drop|alter) database\b/, ...ofDatabase },
  { shape: /^(use|(create|drop|alter) schema)\b/, dialect: 'mysql', ...ofDatabase },
  {
    shape: /^copy\b.* program\b/,
    dialect: 'postgres',
    what: 'COPY with a program of the server',
    toDo: client,
  },
  {
    shape: /^copy\b.* (from|to) ''/,
    dialect: 'postgres',
    what: 'COPY with a file of the server',
    toDo: client,
  },
  { shape: /^copy\b.* (stdin|stdout)\b/, dialect: 'postgres', what: 'COPY with the client', toDo: client },
  { shape: /^load (data|xml)\b/, dialect: 'mysql', what: 'LOAD of a file', toDo: client },
  {
    shape: /\binto (outfile|dumpfile)\b/,
    dialect: 'mysql',
    what: 'an answer into a file',
    toDo: 'take it out',
  },
  { shape: /^(create|alter|drop|rename) (user(?! mapping)|role|group)\b/, ...ofAccess },
  { shape: /^(grant|revoke|(reassign|drop) owned|alter default privileges)\b/, ...ofAccess },
  {
    shape:
      /^(set|reset) ((session |local )?(role|authorization)|session authorization|default role|password)\b/,
    ...ofAccess,
  },
  { shape: /^(create|alter|drop) subscription\b/, dialect: 'postgres', ...ofReplication },
  {
    shape:
      /^(change (master|replication)|(start|stop) (all )?(slave|replica|group_replication)|reset|purge)\b/,
    dialect: 'mysql',
    ...ofReplication,
  },
  {
    shape: /^((create|alter|drop) (server|user mapping|foreign data wrapper)|import foreign schema)\b/,
    what: 'a way to another server',
    toDo: `${apart}: a clone must not act on other servers`,
  },
  { shape: /^alter system\b/, dialect: 'postgres', ...ofServer },
  {
    shape: /^(reset all|discard)\b/,
    dialect: 'postgres',
    what: "settings of the rehearsal's own session",
    toDo: 'take it out',
  },
  {
    shape: /^(un)?lock (table|tables|instance)\b/,
    dialect: 'mysql',
    what: 'LOCK TABLES',
    toDo: 'take it out: its locks would be no statement of the change',
  },
  {
    shape: /^(kill|shutdown|restart|flush|handler|xa)\b/,
    dialect: 'mysql',
    what: 'a command to the server',
    toDo: apart,
  },
  {
    shape: /^(prepare transaction|(commit|rollback) prepared)\b/,
    dialect: 'postgres',
    what: 'a transaction in two phases',
    toDo: 'write commit instead',
  },
  {
    shape: /^source\b/,
    dialect: 'mysql',
    what: "a command of MySQL's client",
    toDo: 'write the content of that file into the script',
  },
];

/** Looked for everywhere, in bodies of functions too: each of them acts on other sessions, servers or files. */
const refusedCalls = new RegExp(
  `\\b(${[
    'pg_(?:terminate|cancel)_backend',
    'pg_reload_conf',
    'pg_(?:create|drop|copy)_\\w*replication_slot',
    'pg_promote',
    'pg_stat_reset\\w*',
    'dblink\\w*',
    'lo_(?:import|export)',
    'pg_file_write',
    'aws_(?:lambda|s3)\\s*\\.\\s*\\w+',
    'lambda_(?:sync|async)',
    'mysql\\s*\\.\\s*rds_\\w+',
  ].join('|')})\\s*(?:\\(|;|$)`,
  'i',
);

/** Session settings that would change what is measured. */
const blinding: Record<Dialect, RegExp> = {
  postgres:
    /^(track_\w+|stats_fetch_consistency|deadlock_timeout|idle_\w+_timeout|transaction_timeout|role|session_authorization)$/,
  mysql: /^(sql_log_bin|performance_schema\w*|gtid_next|autocommit|profiling|userstat)$/,
};

/** Why a rehearsal does not run a statement; null if it does. @param sql a psql command begins with a backslash */
export const refuse = (sql: string, dialect: Dialect): Refusal | null => {
  if (sql.startsWith('\\')) return refuseCommand(sql);
  const shape = shapeOf(sql, dialect);
  const rule = rules.find((one) => (one.dialect ?? dialect) === dialect && one.shape.test(shape));
  if (rule !== undefined) return rule;
  const [, call] = refusedCalls.exec(sql) ?? refusedCalls.exec(plainOf(sql, dialect)) ?? [];
  if (call !== undefined) return { what: `${call}, which acts outside of the change`, toDo: apart };
  if (dialect === 'mysql' && /\bperformance_schema`?\s*\./i.test(sql))
    return { what: 'performance_schema, by which the rehearsal measures', toDo: 'take it out' };
  return refuseSettings(sql, dialect);
};

/** Without comments and quotes, behind which a name is the same, also in bodies of functions. */
const plainOf = (sql: string, dialect: Dialect): string =>
  [...readTokens(sql, dialect)]
    .map((token) => (token.kind === 'body' ? plainOf(unquoteToken(token), dialect) : unquoteToken(token)))
    .join(' ');

/** In these, names and strings are written in another way than the one in which the script was read. */
const otherQuotes = /ansi|no_backslash_escapes|db2|maxdb|mssql|oracle|postgresql/i;

const refuseCommand = (sql: string): Refusal =>
  /^\\set\s+ON_ERROR_STOP\b/i.test(sql)
    ? { what: 'a command of psql', toDo: 'remove it: a rehearsal always stops at the first error' }
    : ofClient;

const refuseSettings = (sql: string, dialect: Dialect): Refusal | null => {
  const settings = listSettings(sql, dialect);
  if (settings.some(({ scope }) => scope === 'server')) return ofServer;
  if (settings.some(({ name }) => name === 'sql_mode') && otherQuotes.test(sql))
    return {
      what: 'an sql_mode in which quotes mean something else',
      toDo: 'write names in backticks instead',
    };
  const blind = settings.find(({ name }) => blinding[dialect].test(name));
  if (blind === undefined) return null;
  const toDo = blind.name === 'autocommit' ? 'write begin and commit instead' : 'take it out';
  return { what: `${blind.name}, which would change what is measured`, toDo };
};
