import pg from 'pg';
import { DrillError, isDrillError } from '../../errors.ts';
import { blamePlan } from '../blamed-plan.ts';
import { readGreatestKeys } from '../greatest-keys.ts';
import { type Bucket, type Database, maxAnswerRows, type Reader, type RowPack } from '../port.ts';
import { resolveHost } from '../resolved-host.ts';
import { openSessions } from '../session-pool.ts';
import type { SignIn } from '../sign-in.ts';
import { streamFrom } from '../streamed.ts';
import { formatTableName, rememberTables } from '../tables.ts';
import { toTimeCounts } from '../time-units.ts';
import {
  countChangesSql,
  describeHashing,
  listExtensionsSql,
  listTablesSql,
  nameInSql,
  type PostgresTable,
  traceChangesSql,
} from './catalog.ts';
import { countByTimeSql, findTimeColumn } from './condition.ts';
import { listPostgresDefinitions } from './definitions.ts';
import { boundsSql, digestSettings, digestSql, newestSql, sampleEndSql, sampleStartsSql } from './digest.ts';
import { isPostgresMistake } from './errors.ts';
import { checkWithAmcheck } from './integrity.ts';
import { cutByPages, type Pages, readPieces } from './pieces.ts';
import { byKeySql, declareRowsSql, rowsSettings } from './rows.ts';
import { listLateSequences, listPostgresCounters } from './sequences.ts';
import { openPostgresSession, waitShortlySql, waitSql } from './session.ts';
import { type SharedSnapshot, shareSnapshot } from './shared-snapshot.ts';
import { listPostgresSideEffects } from './side-effects.ts';
import { readMarkSql, readProgressSql, sleepSql } from './span.ts';

export const postgresDatabase = (signIn: SignIn): Database => ({
  open: async (address, { sessions: count, remainingMs }) => {
    const resolved = await resolveHost(address);
    const open = () => openPostgresSession(resolved, signIn, remainingMs);
    // One more holds the snapshot.
    return readSessions(shareSnapshot(await openSessions(count + 1, open), remainingMs));
  },
});

const readSessions = ({ ask, askAnyTime, ...shared }: SharedSnapshot): Reader => {
  const askFor = <Row extends object>(what: string, sql: string): Promise<Row[]> =>
    ask(what, ({ query }) => query<Row>(what, sql));

  const tables = rememberTables<PostgresTable>();
  const knownTable = tables.find;

  return {
    ...shared,
    readMark: async () => {
      const [row] = await askFor<{ mark: string | null }>('read the mark', readMarkSql);
      return row?.mark ?? null;
    },
    readProgress: async (tables, notBeforeMs) => {
      const what = 'see how far it is';
      await askAnyTime(what, sleepSql(notBeforeMs));
      const counts = await readGreatestKeys(
        tables,
        (table, column) => `select max(${pg.escapeIdentifier(column)})::text from ${nameInSql(table)}`,
        (sql) =>
          askAnyTime(what, `set local lock_timeout = '100ms'; set local statement_timeout = '5s'; ${sql}`),
      );
      const [row] = await askAnyTime<{ next: number; now: string }>(what, readProgressSql);
      return { atMs: Number(row?.now), counts, transactions: row?.next ?? 0 };
    },
    countChanges: async () => {
      // Within a transaction, statistics that were read once stay as they were.
      const what = 'count the changes of definitions';
      const [row] = await ask(what, async ({ query }) => {
        await query(what, 'select pg_stat_clear_snapshot()');
        return query<{ all: number | null }>(what, countChangesSql);
      });
      const all = row?.all ?? null;
      if (all !== null) return { all, renames: 0, trace: '' };
      const [traced] = await askFor<{ trace: string }>(what, traceChangesSql);
      return { all, renames: 0, trace: traced?.trace ?? '' };
    },
    listTables: async (since) => {
      const what = 'list the tables';
      const listed = await ask(what, async ({ query }) => {
        await query(what, waitShortlySql);
        return query<PostgresTable>(what, listTablesSql(since));
      }).catch((error) => {
        if (!isDrillError(error, 'DatabaseBusy')) throw error;
        return askFor<PostgresTable>(what, listTablesSql(since, false));
      });
      return tables.remember(listed.map(describeHashing));
    },
    listObjects: async () =>
      (await askFor<{ object: string }>('list the extensions', listExtensionsSql)).map(
        ({ object }) => object,
      ),
    listDefinitions: () => {
      const what = 'read definitions';
      return ask(what, async ({ query }) => {
        // The text of a view locks all that it reads.
        await query(what, waitSql);
        return listPostgresDefinitions(query);
      });
    },
    listLateCounters: () => ask('compare the sequences', ({ query }) => listLateSequences(query)),
    listCounters: () => ask('read the sequences', ({ query }) => listPostgresCounters(query)),
    readLoad: async () => {
      throw new DrillError('NotSupported', 'only Aurora MySQL can be rewound');
    },
    listSideEffects: () => listPostgresSideEffects(askFor),

    readDigest: async (table, request) => {
      const what = `${request.content === 'rows' ? 'count' : 'hash'} ${formatTableName(table)}`;
      const known = knownTable(table);
      const read = (pages: Pages | null) =>
        ask(what, async ({ query }) => {
          await query(what, digestSettings(request, pages));
          return (await query<BucketTexts>(what, digestSql(known, request, pages))).map(toBucket);
        });
      const pieces = shared.cutsTables() ? cutByPages(known, request) : [];
      return pieces.length < 2 ? read(null) : readPieces(pieces, read);
    },
    readRows: (table, request) => {
      const what = `read keys of ${formatTableName(table)}`;
      const declare = declareRowsSql(knownTable(table), request);
      return streamFrom<RowPack[]>((handOver) => {
        // Asked again after a passing failure: what was handed over is left out.
        let done = -1;
        return ask(what, async ({ query, queryOne }) => {
          await query(what, rowsSettings);
          await queryOne(what, declare);
          for (;;) {
            const fetched = await queryOne(what, `fetch ${packsAtOnce} from rows`);
            if (fetched.length === 0) return;
            const packs = fetched.map(([pack, lines]) => ({
              pack: Number(pack),
              lines: (lines ?? '').split('\n'),
            }));
            const fresh = packs.filter(({ pack }) => pack > done);
            done = packs.at(-1)?.pack ?? done;
            if (fresh.length > 0) await handOver(fresh);
          }
        });
      });
    },
    readByKey: async (table, keys, hashing) => {
      if (keys.length === 0) return new Map();
      const what = `look up keys of ${formatTableName(table)}`;
      const rows = await askFor<{ key: string; hashes: string[] }>(
        what,
        byKeySql(knownTable(table), keys, hashing),
      );
      return new Map(rows.map(({ key, hashes }) => [key, hashes]));
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

    timeColumn: (table, column) => findTimeColumn(knownTable(table), column),
    countByTime: async (table, column, bounds) => {
      const what = `count ${formatTableName(table)} by ${column}`;
      const sql = countByTimeSql(knownTable(table), column, bounds);
      return toTimeCounts(await askFor(what, sql), bounds.length);
    },
    readNewest: async (table, column, instant) => {
      const { isZoned } = findTimeColumn(knownTable(table), column);
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
  };
};

/** Half a megabyte or so. */
const packsAtOnce = 128;

type BucketTexts = {
  range: number;
  bucket: number;
  rows: string;
  hash: string;
  fresh?: string;
  freshHash?: string | null;
};

const toBucket = ({ range, bucket, rows, hash, fresh = '0', freshHash }: BucketTexts): Bucket => ({
  range,
  bucket,
  rows: Number(rows),
  hash: BigInt.asUintN(64, BigInt(hash)),
  ...(fresh === '0'
    ? {}
    : { fresh: { rows: Number(fresh), hash: BigInt.asUintN(64, BigInt(freshHash ?? 0)) } }),
});
