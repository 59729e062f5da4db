import pg from 'pg';
import { DrillError } from '../../errors.ts';
import { blamePlan } from '../blamed-plan.ts';
import { type Bucket, type Database, maxAnswerRows, type Reader } from '../port.ts';
import { resolveHost } from '../resolved-host.ts';
import { lendSessions, openSessions } from '../session-pool.ts';
import type { SignIn } from '../sign-in.ts';
import { formatTableName, rememberTables } from '../tables.ts';
import { listExtensionsSql, listTablesSql, type PostgresTable } from './catalog.ts';
import { boundsSql, digestSettings, digestSql, newestSql, sampleEndSql, sampleStartsSql } from './digest.ts';
import { isPostgresMistake } from './errors.ts';
import { checkWithAmcheck } from './integrity.ts';
import { listLateSequences } from './sequences.ts';
import { openPostgresSession, type PostgresSession } from './session.ts';

export const postgresDatabase = (signIn: SignIn): Database => ({
  open: async (address, { sessions: count, remainingMs }) => {
    const resolved = await resolveHost(address);
    return readSessions(await openSessions(count, () => openPostgresSession(resolved, signIn, remainingMs)));
  },
});

const readSessions = (sessions: [PostgresSession, ...PostgresSession[]]): Reader => {
  const [first] = sessions;
  const borrow = lendSessions(sessions);
  const ask = <Answer>(what: string, question: (session: PostgresSession) => Promise<Answer>) =>
    borrow((session) => session.ask(what, () => question(session)));
  const askFor = <Row extends object>(what: string, sql: string): Promise<Row[]> =>
    ask(what, ({ query }) => query<Row>(what, sql));

  const readClock = async (): Promise<number> => {
    const [row] = await first.query<{ now: string }>('read the clock', `select ${clockMs} as now`);
    return Number(row?.now);
  };

  const tables = rememberTables<PostgresTable>();
  const knownTable = tables.find;

  return {
    readClock,
    readLag: async () => {
      const [aurora] = await first.query<{ exists: boolean }>('look for the lag of a reader', hasLagSql);
      if (!aurora?.exists) return 0;
      const [row] = await first.query<{ lag: number | null }>('read the lag of the reader', lagSql);
      return row?.lag ?? 0;
    },
    openSnapshot: async (notBeforeMs) => {
      await Promise.all(sessions.map(({ query }) => query('end a snapshot', 'rollback')));
      while (notBeforeMs > (await readClock())) {
        await first.query('wait', `select pg_sleep(greatest(0, ${notBeforeMs} - ${clockMs}) / 1000.0)`);
      }
      // One message, so that no round trip is between the snapshot, which the select takes, and the clock.
      const [taken] = await first.query<{ now: string; snapshot: string }>(
        'open a snapshot',
        `begin transaction isolation level repeatable read read only;
         select pg_export_snapshot() as snapshot, ${clockMs} as now`,
      );
      const share = `begin transaction isolation level repeatable read read only;
         set transaction snapshot ${pg.escapeLiteral(taken?.snapshot ?? '')}`;
      await Promise.all(sessions.slice(1).map(({ query }) => query('share the snapshot', share)));
      return Number(taken?.now);
    },

    listTables: async () => {
      const listed = await askFor<PostgresTable>('list the tables', listTablesSql);
      return tables.remember(listed);
    },
    listObjects: async () =>
      (await askFor<{ object: string }>('list the extensions', listExtensionsSql)).map(
        ({ object }) => object,
      ),
    listLateCounters: () => ask('compare the sequences', ({ query }) => listLateSequences(query)),

    readDigest: (table, request) => {
      const what = `${request.content === 'rows' ? 'count' : 'hash'} ${formatTableName(table)}`;
      return ask(what, async ({ query }) => {
        await query(what, digestSettings(request));
        return (await query<BucketTexts>(what, digestSql(knownTable(table), request))).map(toBucket);
      });
    },
    chooseBounds: async (table, ranges) => {
      const known = knownTable(table);
      if (!known.hasRanges) return [];
      const what = `cut ${formatTableName(table)} into ranges`;
      const [row] = await askFor<{ bounds: string[] | null }>(what, boundsSql(known, ranges));
      return [...new Set(row?.bounds ?? [])];
    },
    chooseSamples: async (table, { ranges, rows, seed }) => {
      const what = `choose samples of ${formatTableName(table)}`;
      const known = knownTable(table);
      if (!known.hasRanges) return [];
      return ask(what, async ({ query }) => {
        const starts = await query<{ key: string[] }>(what, sampleStartsSql(known, ranges, seed));
        const ends = [];
        for (const { key } of starts) {
          const [end] = await query<{ key: string[] }>(what, sampleEndSql(known, key, rows));
          ends.push({ from: key, to: end?.key ?? null });
        }
        return ends;
      });
    },

    readNewest: async (table, column, instant) => {
      const found = knownTable(table).hashed.find(({ name }) => name === column);
      const isZoned = found?.base === 'timestamptz';
      if (!isZoned && found?.base !== 'timestamp' && found?.base !== 'date') {
        const seen = found === undefined ? 'there is no such column' : 'it is no date and no timestamp';
        throw new DrillError('ColumnNotFound', `freshness of ${formatTableName(table)}: ${column}: ${seen}`);
      }
      const limit = isZoned ? instant.utc : instant.wallClock;
      const what = `find the newest ${column} of ${formatTableName(table)}`;
      const sql = newestSql(knownTable(table), column, limit, isZoned);
      const [row] = await askFor<{ newest: string | null }>(what, sql);
      if (row === undefined || row.newest === null) return null;
      return { text: row.newest, isZoned };
    },
    runQuery: (sql) =>
      ask('run a query of the plan', async ({ query, queryOne }) => {
        const what = 'run a query of the plan';
        // Names without a schema resolve as in an application's session.
        await query(what, 'set local search_path = "$user", public');
        // A cursor takes only one reading statement, and returns no more rows than asked for.
        await queryOne(what, `declare answer no scroll cursor for ${sql}`).catch(
          blamePlan(isPostgresMistake),
        );
        const rows = await queryOne(what, `fetch ${maxAnswerRows + 1} from answer`);
        if (rows.length <= maxAnswerRows) return rows;
        throw new DrillError('InvalidPlan', `a query answers more than ${maxAnswerRows} rows: ${sql}`);
      }),
    checkIntegrity: (table) => checkWithAmcheck(askFor, knownTable(table)),
    close: async () => {
      await Promise.all(sessions.map(({ close }) => close()));
    },
  };
};

const clockMs = 'extract(epoch from clock_timestamp()) * 1000';

/** Only Aurora has it (Aurora User Guide, "aurora_replica_status"). */
const hasLagSql = `select exists (select from pg_proc where proname = 'aurora_replica_status') as exists`;
const lagSql = `select max(replica_lag_in_msec)::float8 as lag from aurora_replica_status()
  where server_id = aurora_db_instance_identifier() and session_id <> 'MASTER_SESSION_ID'`;

type BucketTexts = { range: number; bucket: number; rows: string; hash: string };

const toBucket = ({ range, bucket, rows, hash }: BucketTexts): Bucket => ({
  range,
  bucket,
  rows: Number(rows),
  hash: BigInt.asUintN(64, BigInt(hash)),
});
