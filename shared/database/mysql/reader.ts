import { DrillError } from '../../errors.ts';
import { blamePlan } from '../blamed-plan.ts';
import { readGreatestKeys } from '../greatest-keys.ts';
import { type ChangeCount, type Database, maxAnswerRows, type Reader, type RowPack } from '../port.ts';
import { refuseStatement } from '../read-statement.ts';
import { resolveHost } from '../resolved-host.ts';
import { lendFitSessions, openSessions } from '../session-pool.ts';
import type { SignIn } from '../sign-in.ts';
import { streamFrom } from '../streamed.ts';
import { formatTableName, rememberTables, type TableName } from '../tables.ts';
import { toTimeCounts } from '../time-units.ts';
import { listMysqlTables, listObjectsSql, type MysqlTable } from './catalog.ts';
import { countByTimeSql, findTimeColumn } from './condition.ts';
import { listIncrements, listLateIncrements } from './counters.ts';
import { isUnread, listMysqlDefinitions } from './definitions.ts';
import { digestStatements, toBuckets } from './digest.ts';
import { isMysqlMistake } from './errors.ts';
import { readMysqlLoad } from './load.ts';
import { nameInSql, quoteName } from './names.ts';
import { newestSql, toNewestTime } from './newest.ts';
import { byKeySql, rowsSql, toPack } from './rows.ts';
import { type Asking, chooseMysqlBounds, chooseMysqlSamples } from './samples.ts';
import { beginQuestionSql, type MysqlSession, openMysqlSession, openSnapshotSql } from './session.ts';
import { listMysqlSideEffects } from './side-effects.ts';
import { wholeAnswersOf } from './whole-answers.ts';

/** Aurora MySQL 3 in AWS, MariaDB on this machine. */
export const mysqlDatabase = (signIn: SignIn): Database => ({
  open: async (address, { sessions: count, remainingMs }) => {
    const resolved = await resolveHost(address);
    return readSessions(await openSessions(count, () => openMysqlSession(resolved, signIn, remainingMs)));
  },
});

const readSessions = (sessions: [MysqlSession, ...MysqlSession[]]): Reader => {
  const [first] = sessions;
  const borrow = lendFitSessions(sessions, (session) => session.hasSnapshot());
  const ask = <Answer>(what: string, question: (session: MysqlSession) => Promise<Answer>) =>
    borrow((session) => session.ask(what, () => question(session)));

  const tables = rememberTables<MysqlTable>();
  const knownTable = (table: TableName): MysqlTable => {
    const known = tables.find(table);
    if (!known.isLocked) return known;
    throw new DrillError('DatabaseBusy', `${formatTableName(table)} was locked when the tables were listed`);
  };

  return {
    readClock: () => readClock(first),
    readLag: async () => {
      const what = 'read the lag of the reader';
      const [aurora] = await first.query<{ Value: string }>(
        what,
        `show global variables like 'aurora\\_server\\_id'`,
      );
      if (aurora === undefined) return 0;
      const [row] = await first.query<{ lagMs: string | null }>(what, lagSql);
      return Number(row?.lagMs ?? 0);
    },
    openSnapshot: async (notBeforeMs) => {
      return Math.max(...(await Promise.all(sessions.map((session) => takeSnapshot(session, notBeforeMs)))));
    },

    readMark: async () => null,
    readProgress: async (tables, notBeforeMs) => {
      const what = 'see how far it is';
      await first.setLimits(what, mostLookMs, 1);
      await first.query(what, `select sleep(greatest(0, ${notBeforeMs} - ${clockMs}) / 1000)`);
      const counts = await readGreatestKeys(
        tables,
        (table, column) => `select max(${quoteName(column)}) from ${nameInSql(table)}`,
        (sql) => first.query(what, sql),
      );
      return { atMs: await readClock(first), counts };
    },
    countChanges: () => ask('count the changes of definitions', countChanges),
    listTables: async () => tables.remember(await ask('list the tables', listMysqlTables)),
    listObjects: () =>
      ask('list the databases', async ({ query }) =>
        (await query<{ object: string }>('list the databases', listObjectsSql)).map(({ object }) => object),
      ),
    listDefinitions: () =>
      ask('list the definitions', async (session) =>
        (await listMysqlDefinitions(wholeAnswersOf(session))).map((one) => ({
          ...one,
          isUnread: isUnread(one),
        })),
      ),
    listLateCounters: () => ask('compare the AUTO_INCREMENT values', listLateIncrements),
    listCounters: () => ask('read the AUTO_INCREMENT values', listIncrements),
    readLoad: async () => readMysqlLoad(first, await readClock(first)),
    listSideEffects: () => listMysqlSideEffects(ask),

    cutsTables: () => false,
    readDigest: async (table, request) => {
      const known = knownTable(table);
      const what = `${request.content === 'rows' ? 'count' : 'hash'} ${formatTableName(table)}`;
      const statements = digestStatements(known, request);
      const answers = await Promise.all(
        statements.map((sql) => ask(what, ({ queryRows }) => queryRows(what, sql))),
      );
      return toBuckets(known, answers.flat());
    },
    readRows: (table, request) => {
      const what = `read keys of ${formatTableName(table)}`;
      const sql = rowsSql(knownTable(table), request);
      return streamFrom<RowPack[]>((handOver) =>
        ask(what, ({ streamRows }) => streamRows(what, sql, async (row) => handOver([toPack(what, row)]))),
      );
    },
    readByKey: async (table, keys, hashing) => {
      if (keys.length === 0) return new Map();
      const what = `look up keys of ${formatTableName(table)}`;
      const sql = byKeySql(knownTable(table), keys, hashing);
      const rows = await ask(what, ({ queryRows }) => queryRows(what, sql));
      return new Map(rows.map(([key, ...hashes]) => [key ?? '', hashes.map((hash) => hash ?? '')]));
    },
    chooseBounds: (table, ranges) => {
      const what = `cut ${formatTableName(table)} into ranges`;
      return ask(what, (session) => chooseMysqlBounds(askingOf(session, what), knownTable(table), ranges));
    },
    chooseSamples: (table, request) => {
      const what = `choose samples of ${formatTableName(table)}`;
      return ask(what, (session) => chooseMysqlSamples(askingOf(session, what), knownTable(table), request));
    },

    timeColumn: (table, column) => findTimeColumn(knownTable(table), column),
    countByTime: async (table, column, bounds) => {
      const what = `count ${formatTableName(table)} by ${column}`;
      const sql = countByTimeSql(knownTable(table), column, bounds);
      const rows = (await ask(what, ({ queryRows }) => queryRows(what, sql))).map(([span, count]) => ({
        span: span === '-1' ? null : Number(span),
        rows: Number(count),
      }));
      return toTimeCounts(rows, bounds.length);
    },
    readNewest: async (table, column, instant) => {
      const known = knownTable(table);
      const found = newestSql(known, column, instant);
      const what = `find the newest ${column} of ${formatTableName(table)}`;
      const [row] = await ask(what, ({ queryRows }) => queryRows(what, found.sql));
      return toNewestTime(row?.[0] ?? null, found.isZoned);
    },
    runQuery: (sql) => ask('run a query of the plan', (session) => runPlanQuery(session, sql)),
    checkIntegrity: async () => {
      throw new DrillError('NotSupported', 'MySQL has no amcheck: take integrity out of the plan');
    },
    close: async () => {
      await Promise.all(sessions.map(({ close }) => close()));
    },
  };
};

/** A look at production takes no longer, and waits one second for a lock: MySQL knows no shorter wait. */
const mostLookMs = 5000;

/** SYSDATE reads the clock. NOW is when the statement began. */
const clockMs = 'unix_timestamp(sysdate(6)) * 1000';

/**
 * Only Aurora MySQL has it (Aurora User Guide, "Aurora MySQL-specific information_schema tables"). A row that is not updated
 * says nothing of now. Its time is in UTC, as is the session's.
 */
const lagSql = `select max(coalesce(replica_lag_in_milliseconds, 0)
    + greatest(0, coalesce(timestampdiff(microsecond, last_update_timestamp, sysdate(6)) / 1000, 0))) as lagMs
  from information_schema.replica_host_status
  where server_id = @@aurora_server_id and session_id <> 'MASTER_SESSION_ID'`;

/** Counted by statement, whether it changed anything or not. */
const countChanges = async ({ query }: MysqlSession): Promise<ChangeCount> => {
  const rows = await query<{ Variable_name: string; Value: string }>(
    'count the changes of definitions',
    `show global status where Variable_name regexp '^Com_(alter|create|drop|rename|truncate|grant|revoke)' and Variable_name not like '%temporary%'`,
  );
  const sum = (found: typeof rows) => found.reduce((total, { Value }) => total + Number(Value), 0);
  const renaming = rows.filter(({ Variable_name: name }) => /(rename|alter)_table/.test(name));
  return { all: sum(rows), renames: sum(renaming), trace: '' };
};

const readClock = async ({ query }: MysqlSession): Promise<number> => {
  const [row] = await query<{ now: string }>('read the clock', `select ${clockMs} as now`);
  return Number(row?.now);
};

/**
 * Each session waits by itself, so that the snapshots are as close together as the connections allow.
 * @returns the server's clock right after
 */
const takeSnapshot = async (session: MysqlSession, notBeforeMs: number): Promise<number> => {
  const what = 'open a snapshot';
  await session.renew();
  const sleep = `sleep(greatest(0, ${notBeforeMs} - ${clockMs}) / 1000)`;
  await session.query(what, 'rollback');
  return session.ask(what, async () => {
    // One round trip sleeps and reads the clock. A sleep may end early.
    for (let now = 0; now < notBeforeMs; ) {
      const [row] = await session.query<{ now: string }>(
        what,
        `select if(${sleep} < 0, 0, ${clockMs}) as now`,
      );
      now = Number(row?.now);
    }
    await session.query(what, openSnapshotSql);
    const now = await readClock(session);
    await session.query(what, beginQuestionSql);
    return now;
  });
};

const askingOf = ({ query, queryRows }: MysqlSession, what: string): Asking => ({
  ask: (sql) => queryRows(what, sql),
  guessRows: async (sql) => {
    const [row] = await query<{ rows: string | null }>(what, `explain ${sql}`);
    return Number(row?.rows ?? 0);
  },
});

/** The server takes one statement, in a read-only transaction, so no second one can end the transaction. */
const runPlanQuery = async (
  { query, queryRows }: MysqlSession,
  sql: string,
): Promise<(string | null)[][]> => {
  const what = 'run a query of the plan';
  // The server runs what is inside such a comment (MySQL manual, "Comments").
  const refused = /\/\*M?!/.test(sql) ? 'a comment hides a part of it' : refuseStatement(sql);
  if (refused !== null) throw new DrillError('InvalidPlan', `${what}: ${refused}: ${sql}`);
  await query(what, `set session sql_select_limit = ${maxAnswerRows + 1}`);
  try {
    const rows = await queryRows(what, sql).catch(blamePlan(isMysqlMistake));
    if (rows.length <= maxAnswerRows) return rows;
    throw new DrillError('InvalidPlan', `a query answers more than ${maxAnswerRows} rows: ${sql}`);
  } finally {
    await query(what, 'set session sql_select_limit = default').catch(() => {});
  }
};
