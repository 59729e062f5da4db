import type { ChangeMeasured } from '../rehearsal/measured.ts';
import { startLockLog } from './lock-log.ts';
import type { ChangeSession, ProbedServer, Statement } from './port.ts';
import { startProbers } from './probers.ts';
import type { Attempt, Seen } from './seen.ts';
import { toStatements } from './statements.ts';
import type { Time } from './time.ts';
import { startWatch, type Watch } from './watch.ts';

export type Change = { statements: readonly Statement[]; lockTimeoutMs: number | null };

/** `nowMs` counts from anywhere. `deadlineMs`: from the beginning. `contenderSeconds`: 0 for none. */
export type Rehearsing = Time & { contenderSeconds: number; deadlineMs: number };

/** How long to wait after a lock timeout that no contender has caused. */
const retryAfterMs = 200;
/** A probe is over in an instant, but a statement that waits for nothing may meet one. */
const mostRepeats = 5;

/**
 * Runs a change statement by statement, under probes and behind a contender, and stops at the first error, as a deployment
 * would. It ends the probes and the contender; whoever opened the server closes it.
 */
export const measureChange = async (
  server: ProbedServer,
  { statements, lockTimeoutMs }: Change,
  { contenderSeconds, deadlineMs, ...clock }: Rehearsing,
): Promise<ChangeMeasured> => {
  const beganMs = clock.nowMs();
  const time: Time = { nowMs: () => clock.nowMs() - beganMs, sleep: clock.sleep };
  const tables = [...new Set(statements.flatMap((statement) => statement.tables))];
  const session = await server.openChange(tables);
  const contender = contenderSeconds > 0 ? await server.openContender(tables) : null;
  const locks = startLockLog();
  const limits = { contenderMs: contenderSeconds * 1000, deadlineMs };
  const watch = startWatch(server, locks, contender, limits, time);
  const probers = await startProbers(server, tables, watch.lookNow, time);

  const attempt: Attempting = async (statement, transactionStart) => {
    const isAlone = !session.isInTransaction();
    const before = await session.prepare(statement);
    const fromMs = time.nowMs();
    if (isAlone) locks.record(fromMs, []);
    const executed = await watch.during(() => session.execute());
    const ranMs = time.nowMs();
    const concluded = await session.conclude();
    const toMs = time.nowMs();
    locks.record(ranMs, concluded.look?.locks ?? [], executed !== null);
    if (!session.isInTransaction()) {
      locks.record(toMs, []);
      // A probe that still waits is one that this statement held up.
      await probers.settle();
    }
    const refusal = executed ?? concluded.refusal;
    return {
      statement,
      transactionStart,
      fromMs,
      toMs,
      before,
      ...concluded,
      refusal,
      isCancelled: refusal !== null && watch.hasCancelled(),
    };
  };

  try {
    const { attempts, isFinished } = await runScript(statements, session, watch, attempt, time);
    await session.rollBack();
    locks.record(time.nowMs(), []);
    await probers.settle();
    const seen: Seen = {
      waits: probers.waits,
      held: locks.held,
      lockWaits: locks.waits,
      conflicts: server.conflicts,
      notMeasured: [...server.notMeasured, ...watch.unseen()],
      known: server.catalog.tables,
      probed: tables,
      untold: probers.untold,
    };
    return {
      engine: server.engine,
      serverVersion: server.version,
      statements: toStatements(attempts, seen),
      contender: contender === null ? null : { seconds: contenderSeconds, tables: contender.tables },
      lockTimeoutMs,
      isFinished,
    };
  } finally {
    await watch.stop();
    await probers.stop();
  }
};

/** @param transactionStart the number of the statement that the transaction began with */
type Attempting = (statement: Statement, transactionStart: number) => Promise<Attempt>;

/** A transaction whose statement met the lock timeout is run again from its beginning, without the contender, a few times at most. */
const runScript = async (
  statements: readonly Statement[],
  session: ChangeSession,
  watch: Watch,
  attempt: Attempting,
  { sleep }: Time,
): Promise<{ attempts: Attempt[]; isFinished: boolean }> => {
  const attempts: Attempt[] = [];
  const repeats = new Map<number, number>();
  const repeatsOf = (start: number): number => repeats.get(start) ?? 0;
  let transactionStart = 0;
  for (let index = 0; index < statements.length; ) {
    if (watch.isTimeUp()) return { attempts, isFinished: false };
    const statement = statements[index] as Statement;
    // MySQL ends an open transaction before it runs a statement that can be in none.
    if (!session.isInTransaction() || !statement.isInTransaction) transactionStart = index;
    const first = statements[transactionStart] as Statement;
    const ended = await attempt(statement, first.number);
    attempts.push(ended);
    if (ended.isCancelled || ended.look === null) return { attempts, isFinished: false };
    if (ended.refusal === null) index++;
    else if (ended.refusal.isLockTimeout && repeatsOf(transactionStart) < mostRepeats) {
      repeats.set(transactionStart, repeatsOf(transactionStart) + 1);
      if (!(await watch.outlastContender())) await sleep(retryAfterMs);
      index = transactionStart;
    } else break;
  }
  return { attempts, isFinished: true };
};
