import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import type { Database, DatabaseAddress, Session, Snapshot } from './database.ts';
import { DrillError, type ErrorName } from './errors.ts';
import { toIso } from './instants.ts';
import { formatTableName, type Table } from './tables.ts';

/** How to sign in at an address: an IAM token and TLS in AWS, a plain password on this machine. */
export type SignIn = (
  address: DatabaseAddress,
) => Promise<{ password: string; ssl: ConnectionOptions | false }>;

/**
 * A session cannot hurt production: it cannot write, waits for a lock no longer than 5 s, and ends by itself.
 * With row_security off, a policy that would hide rows from the user is an error instead of a smaller count.
 * The empty search_path keeps objects of a hostile database out of our queries.
 */
const sessionSettings = [
  'default_transaction_read_only=on',
  'statement_timeout=840s',
  'lock_timeout=5s',
  'idle_in_transaction_session_timeout=60s',
  'row_security=off',
  'search_path=',
  'TimeZone=UTC',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/** A snapshot this soon after its second is good enough; a later one is tried again, at the next second. */
const goodDelayMs = 50;
const maxAttempts = 10;

export const postgresDatabase = (signIn: SignIn): Database => ({
  open: async (address) => {
    const { host, port, database, user } = address;
    const client = new pg.Client({
      host,
      port,
      database,
      user,
      ...(await signIn(address)),
      connectionTimeoutMillis: 10_000,
      application_name: 'aurora-drills',
      options: sessionSettings,
    });
    // A connection that breaks between two queries is told here; the next query fails with it.
    client.on('error', () => {});
    const where = `database ${database} on ${host}:${port} as ${user}`;
    try {
      await client.connect();
    } catch (error) {
      await client.end().catch(() => {});
      throw fromPostgresError(`connect to ${where}`, error);
    }
    return openSession(client, where);
  },
});

const openSession = (client: pg.Client, where: string): Session => {
  const query = async <Row extends object>(what: string, sql: string): Promise<Row[]> => {
    try {
      const answer = await client.query<Row>(sql);
      // Several statements in one message give several answers; the last one is asked for.
      return (Array.isArray(answer) ? answer.at(-1) : answer).rows;
    } catch (error) {
      throw fromPostgresError(`${what} in ${where}`, error);
    }
  };

  const takeSnapshot = async (): Promise<Snapshot> => {
    const [clock] = await query<{ epoch: string }>(
      'open a snapshot',
      // One message, so that no round trip lies between the second and the snapshot, which the select takes.
      `begin transaction isolation level repeatable read read only;
       select extract(epoch from pg_catalog.clock_timestamp())::text as epoch`,
    );
    const milliseconds = Number(clock?.epoch) * 1000;
    const second = Math.floor(milliseconds / 1000) * 1000;
    return { second: toIso(new Date(second)), delayMs: Math.round(milliseconds - second) };
  };

  return {
    openSnapshot: async ({ atWholeSecond }) => {
      for (let attempt = 1; ; attempt++) {
        if (atWholeSecond) {
          await query(
            'wait for a whole second',
            `select pg_catalog.pg_sleep((1 - extract(epoch from pg_catalog.clock_timestamp()) % 1)::double precision)`,
          );
        }
        const snapshot = await takeSnapshot();
        if (!atWholeSecond || snapshot.delayMs <= goodDelayMs || attempt === maxAttempts) return snapshot;
        await query('leave a late snapshot', 'rollback');
      }
    },
    listTables: async () => (await query<Table>('list the tables', listTablesSql)).map((row) => ({ ...row })),
    countRows: async (table) => {
      const name = `${pg.escapeIdentifier(table.schema)}.${pg.escapeIdentifier(table.table)}`;
      // ONLY: a child by inheritance is a table of its own and counted there; a partition is not.
      const only = table.isPartitioned ? '' : 'only ';
      const [row] = await query<{ rows: string }>(
        `count ${formatTableName(table)}`,
        `select pg_catalog.count(*)::text as rows from ${only}${name}`,
      );
      const rows = Number(row?.rows);
      if (!Number.isSafeInteger(rows)) {
        throw new DrillError(
          'UnreadableAnswer',
          `count ${formatTableName(table)} in ${where}: seen ${row?.rows}`,
        );
      }
      return rows;
    },
    close: () => client.end().catch(() => {}),
  };
};

const listTablesSql = `
  select n.nspname::text as schema,
         c.relname::text as table,
         c.relkind = 'p' as "isPartitioned",
         coalesce(
           pg_catalog.array_agg(
             pg_catalog.quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
               || case when a.attnotnull then ' not null' else '' end
             order by a.attnum
           ) filter (where a.attnum is not null),
           '{}'
         )::text[] as columns
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   where c.relkind in ('r', 'p')
     and not c.relispartition
     and c.relpersistence = 'p'
     and n.nspname !~ '^pg_'
     and n.nspname <> 'information_schema'
   group by n.nspname, c.relname, c.relkind
   order by n.nspname collate "C", c.relname collate "C"`;

/** SQLSTATE classes and codes: PostgreSQL documentation, appendix A. */
const sortSqlState = (code: string): ErrorName => {
  if (code.startsWith('28') || code === '42501') return 'DatabaseDenied';
  // 08: connection; 53300: too many connections; 57P0x: starting, stopping or crashed.
  if (code.startsWith('08') || code === '53300' || code.startsWith('57P')) return 'DatabaseUnreachable';
  if (busyStates.has(code)) return 'DatabaseBusy';
  return 'DatabaseFailure';
};

/**
 * What passes when the snapshot is taken again: lock_not_available, a conflict with the replay of the log on a reader,
 * a deadlock, and a table that was dropped between the list and its count.
 */
const busyStates = new Set(['55P03', '40001', '40P01', '42P01']);

/** What an operator does about some states that others need not look up. */
const hints: Record<string, string> = {
  '3D000': 'correct database.name in the plan: the server has no database of that name',
  '57014': 'a single count took longer than 14 minutes: name the tables that matter in checks.tables',
};

const fromPostgresError = (what: string, error: unknown): DrillError => {
  const { message, code } = error as Error & { code?: string };
  // Errors of the server carry an SQLSTATE of five characters; those of the socket and of pg itself do not.
  const isSqlState = code !== undefined && /^[0-9A-Z]{5}$/.test(code) && error instanceof pg.DatabaseError;
  if (!isSqlState) return new DrillError('DatabaseUnreachable', `${what}: ${message}`, { cause: error });
  const hint = hints[code];
  return new DrillError(sortSqlState(code), `${what}: ${message} (SQLSTATE ${code})`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
};
