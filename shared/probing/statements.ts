import type { StatementMeasured, Stretch } from '../rehearsal/measured.ts';
import { blame, modesBehind } from './blame.ts';
import type { LockRun } from './lock-log.ts';
import { leaveOutNoise } from './noise.ts';
import type { Wait } from './probers.ts';
import type { Attempt, Seen } from './seen.ts';
import { joinStretches, overlapMs, roundStretch } from './stretches.ts';
import { subtract, toTable } from './tables.ts';

/** Each statement once, with what all its attempts held up, and what came of the last. */
export const toStatements = (attempts: readonly Attempt[], all: Seen): StatementMeasured[] => {
  const seen = { ...all, waits: leaveOutNoise(all) };
  const blamed = blame(attempts, seen);
  const lockWaits = joinStretches(seen.lockWaits);
  const numbers = [...new Set(attempts.map(({ statement }) => statement.number))];
  return numbers.map((number) => {
    const tries = attempts.filter(({ statement }) => statement.number === number);
    return toStatement(tries, blamed.waitsOf(tries), blamed.locksOf(tries), lockWaits, seen);
  });
};

const toStatement = (
  tries: readonly Attempt[],
  waits: readonly Wait[],
  held: readonly LockRun[],
  lockWaits: readonly Stretch[],
  seen: Seen,
): StatementMeasured => {
  const { notMeasured } = seen;
  const last = tries.at(-1) as Attempt;
  const { statement, before, look, refusal, isCancelled, algorithm } = last;
  const { number, line, sql, isInTransaction, views } = statement;
  const named = [...new Set([...statement.tables, ...waits.map(({ table }) => table)])];
  const unnamed = listUnnamed(named, held, seen);
  const tables = [...named, ...unnamed];
  const untold = [
    ...seen.untold,
    ...unnamed.map((table) => ({
      table,
      reason: `it locks ${table} without naming it, so whom that keeps waiting was not measured: write what it does to that table as a statement of the script.`,
    })),
  ];
  const isError = refusal !== null && !isCancelled;
  return {
    number,
    line,
    sql,
    isInTransaction,
    ...roundStretch(last),
    lockWaitMs: Math.round(tries.reduce((sum, one) => sum + overlapMs(lockWaits, one), 0)),
    locks: held.map(({ relation, mode, ...lock }) => ({ relation, mode, ...roundStretch(lock) })),
    tables: tables.map((table) => ({
      ...toTable(table, waits, lockWaits, before, look),
      ...(untold.some((one) => one.table === table) ? { isIncomplete: true } : {}),
    })),
    ...(views && { views }),
    logBytes: subtract(look?.logPosition, before.logPosition),
    leftInvalid: (look?.invalid ?? []).filter((name) => !before.invalid.includes(name)),
    algorithm,
    error: isError
      ? { message: refusal.message, code: refusal.code, doneBefore: tellDoneBefore(last) }
      : null,
    lockTimeouts: tries.filter((one) => one.refusal?.isLockTimeout).length,
    isCancelled,
    notMeasured: [
      ...notMeasured,
      ...last.notMeasured,
      ...untold.filter(({ table }) => tables.includes(table)).map(({ reason }) => reason),
    ],
  };
};

/**
 * Tables that a statement locks by code that it calls, or by what hangs on those that it names. Rows are locked without being
 * named by any foreign key, and where probes are at the table anyway, they tell.
 */
const listUnnamed = (
  named: readonly string[],
  held: readonly LockRun[],
  { known, probed, conflicts }: Seen,
): string[] => {
  const whole = [...modesBehind('read', conflicts).flat(), ...modesBehind('write', conflicts).flat()];
  const isTold = ({ mode, relation }: LockRun): boolean =>
    whole.includes(mode) || (conflicts.row.includes(mode) && !probed.includes(relation));
  const locked = held.filter(isTold).map(({ relation }) => relation);
  return [...new Set(locked)].filter((table) => known.includes(table) && !named.includes(table));
};

/** What a statement that failed leaves of those before it. */
const tellDoneBefore = ({ statement: { number }, transactionStart }: Attempt): string => {
  const kept = tellNumbers(1, transactionStart - 1);
  const undone = tellNumbers(transactionStart, number - 1);
  return [
    kept === null ? 'nothing was done before it' : `${kept} stays done`,
    ...(undone === null ? [] : [`${undone}, in its transaction, was rolled back`]),
  ].join('; ');
};

const tellNumbers = (from: number, to: number): string | null => {
  if (to < from) return null;
  return from === to ? `statement ${from}` : `what statements ${from} to ${to} did`;
};
