import pg from 'pg';
import { DrillError, describeError, isDrillError } from '../../errors.ts';
import type { Reader } from '../port.ts';
import { askAgain, lendSessions, type Upkeep } from '../session-pool.ts';
import { isCrowded, isReplayConflict } from './errors.ts';
import type { PostgresSession } from './session.ts';

/** Sessions that read one snapshot. One that is lost is replaced by a new one in the same snapshot. */
export type SharedSnapshot = Pick<
  Reader,
  'readClock' | 'readLag' | 'openSnapshot' | 'cutsTables' | 'close'
> & {
  /** Asks in the snapshot if there is one. */
  askAnyTime<Row extends object>(what: string, sql: string): Promise<Row[]>;
  ask<Answer>(what: string, question: (session: PostgresSession) => Promise<Answer>): Promise<Answer>;
};

const clockMs = 'extract(epoch from clock_timestamp()) * 1000';

/** Only Aurora has it (Aurora User Guide, "aurora_replica_status"). */
const hasLagSql = `select exists (select from pg_proc where proname = 'aurora_replica_status') as exists`;
/** A row that is not updated says nothing of now. Since 13.9, the row of the instance itself has no such time. */
const lagSql = `select max(coalesce(replica_lag_in_msec, 0)
    + greatest(0, coalesce(${clockMs} - extract(epoch from last_update_timestamp) * 1000, 0)))::float8 as lag
  from aurora_replica_status()
  where server_id = aurora_db_instance_identifier() and session_id <> 'MASTER_SESSION_ID'`;

type TakenSnapshot = { now: string; snapshot: string; isReplaying: boolean; hasPageRanges: boolean };

/** Before PostgreSQL 14, to read some pages of a table takes as long as to read all. */
const hasPageRangesSql = `current_setting('server_version_num')::int >= 140000`;

const beginSql = 'begin transaction isolation level repeatable read read only';
/** Replay cancels a statement that holds up a vacuum, a sleep too. */
const longestSleepMs = 1000;

/**
 * The first session keeps the snapshot and answers no question, so that it holds no lock that replay would wait for. A new
 * session can join as long as any session in the snapshot lives.
 *
 * On a reader, an answer counts only if the keeper outlives it. Before replay removes rows, it ends the sessions that see
 * them, but it has listed those before it waits. A session that joins meanwhile goes on and misses rows. The keeper took
 * the snapshot itself, so it is on every such list.
 */
export const shareSnapshot = (
  sessions: readonly [PostgresSession, ...PostgresSession[]],
  remainingMs: () => number,
): SharedSnapshot => {
  const [keeper, ...reading] = sessions;
  /** The sessions in the snapshot, and the name by which others join each. */
  const names = new Map<PostgresSession, string>();
  let refusal: unknown;
  let lastLoss = '';
  let isReplaying = false;
  let hasPageRanges = false;

  const reopen = async (session: PostgresSession): Promise<void> => {
    names.delete(session);
    lastLoss = session.explainLoss();
    // Each question would wait for the same time-out.
    if (refusal !== undefined) throw refusal;
    try {
      await session.reopen();
    } catch (error) {
      if (isDrillError(error, 'DatabaseBusy')) throw error;
      if (isCrowded(error)) throw new DrillError('DatabaseBusy', error.summary, { cause: error.cause });
      refusal ??= error;
      throw refusal;
    }
  };

  const explainGone = (cause: unknown): DrillError =>
    new DrillError('DatabaseBusy', `the snapshot is gone with what held it: ${lastLoss}`, { cause });

  const join = async (session: PostgresSession): Promise<void> => {
    let cause: unknown;
    for (const [holder, name] of names) {
      if (holder.isLost()) continue;
      try {
        await session.rollBack('share the snapshot');
        const [joined] = await session.query<{ snapshot: string }>(
          'share the snapshot',
          `${beginSql}; set transaction snapshot ${pg.escapeLiteral(name)};
           select pg_export_snapshot() as snapshot`,
        );
        names.set(session, joined?.snapshot ?? '');
        return;
      } catch (error) {
        // The holder's transaction is over, and nobody has noticed yet.
        if (!isDrillError(error, 'DatabaseFailure')) throw error;
        cause = error;
      }
    }
    throw explainGone(cause);
  };

  const isPassing = (session: PostgresSession, error: unknown): boolean =>
    error !== refusal && (session.isLost() || isReplayConflict(error));
  const inSnapshot: Upkeep<PostgresSession> = {
    prepare: async (session) => {
      if (session.isLost()) await reopen(session);
      if (isReplaying && !names.has(keeper)) throw explainGone(undefined);
      if (!names.has(session)) await join(session);
    },
    isPassing,
  };
  const anywhere: Upkeep<PostgresSession> = {
    prepare: async (session) => {
      if (session.isLost()) await reopen(session);
    },
    isPassing,
  };

  const tryKeeper = async <Row extends object>(what: string, sql: string): Promise<Row[]> => {
    try {
      return await keeper.query<Row>(what, sql);
    } catch (error) {
      // A transaction that failed holds no snapshot.
      names.delete(keeper);
      lastLoss = keeper.isLost() ? keeper.explainLoss() : describeError(error);
      await keeper.rollBack(what).catch(() => {});
      throw error;
    }
  };
  const borrowKeeper = lendSessions([keeper]);
  const askKeeper = <Row extends object>(what: string, sql: string): Promise<Row[]> =>
    borrowKeeper(() => askAgain(keeper, anywhere, () => tryKeeper<Row>(what, sql)));
  const proveSnapshot = (): Promise<void> =>
    borrowKeeper(async () => {
      if (!names.has(keeper)) throw explainGone(undefined);
      await tryKeeper('prove the snapshot', 'select').catch((error) => {
        throw explainGone(error);
      });
    });

  const readClock = async (): Promise<number> => {
    const [row] = await askKeeper<{ now: string }>('read the clock', `select ${clockMs} as now`);
    return Number(row?.now);
  };

  const waitUntil = async (notBeforeMs: number): Promise<void> => {
    for (let now = await readClock(); now < notBeforeMs; now = await readClock()) {
      const waitMs = notBeforeMs - now;
      if (waitMs > remainingMs()) {
        const why = `the snapshot has to wait ${Math.ceil(waitMs)} ms, longer than the time that is left`;
        throw new DrillError('DatabaseBusy', why);
      }
      const sleep = `least(${longestSleepMs}, greatest(0, ${notBeforeMs} - ${clockMs})) / 1000.0`;
      await keeper.query('wait', `select pg_sleep(${sleep})`).catch((error) => {
        if (!isPassing(keeper, error)) throw error;
      });
    }
  };

  /** One message, so that no round trip is between the snapshot, which the select takes, and the clock. */
  const takeSnapshot = async (): Promise<number> => {
    const [taken] = await keeper.query<TakenSnapshot>(
      'open a snapshot',
      `${beginSql};
       select pg_export_snapshot() as snapshot, ${clockMs} as now, pg_is_in_recovery() as "isReplaying",
              ${hasPageRangesSql} as "hasPageRanges"`,
    );
    isReplaying = taken?.isReplaying === true;
    hasPageRanges = taken?.hasPageRanges === true;
    names.set(keeper, taken?.snapshot ?? '');
    return Number(taken?.now);
  };

  let hasLag: boolean | undefined;
  const borrow = lendSessions(reading, inSnapshot);

  const ask: SharedSnapshot['ask'] = (what, question) =>
    borrow(async (session) => {
      try {
        return await session.ask(what, () => question(session));
      } finally {
        // An error counts no more than an answer.
        if (isReplaying) await proveSnapshot();
      }
    });

  return {
    readClock,
    askAnyTime: (what, sql) =>
      names.has(keeper) ? ask(what, ({ query }) => query(what, sql)) : askKeeper(what, sql),
    readLag: async () => {
      hasLag ??= (await askKeeper<{ exists: boolean }>('look for the lag of a reader', hasLagSql))[0]?.exists;
      if (!hasLag) return 0;
      const [row] = await askKeeper<{ lag: number | null }>('read the lag of the reader', lagSql);
      return row?.lag ?? 0;
    },
    openSnapshot: async (notBeforeMs) => {
      refusal = undefined;
      return askAgain(keeper, anywhere, async () => {
        names.clear();
        // A session that is lost is replaced below.
        await Promise.all(sessions.map(({ rollBack }) => rollBack('end a snapshot').catch(() => {})));
        await waitUntil(notBeforeMs);
        const now = await takeSnapshot();
        const joined = await Promise.allSettled(
          reading.map((session) => askAgain(session, inSnapshot, async () => {})),
        );
        const failed = joined.find((one) => one.status === 'rejected');
        if (failed !== undefined) throw failed.reason;
        return now;
      });
    },
    // On a writer, nobody ends a statement that runs long.
    cutsTables: () => isReplaying && hasPageRanges,
    ask,
    close: async () => {
      await Promise.all(sessions.map(({ close }) => close()));
    },
  };
};
