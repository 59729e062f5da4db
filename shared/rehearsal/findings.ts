import { describeSeconds } from '../instants.ts';
import type { RehearsalLimits } from '../plan/rehearsal-limits.ts';
import type { Dialect } from '../sql/tokens.ts';
import type { Conflict } from './conflicts.ts';
import type { StatementMeasured, TableMeasured } from './measured.ts';

/**
 * What speaks against a change. `error` makes it failed, `not measured` leaves it open, and every other one makes it
 * unsafe.
 */
export const findingKinds = [
  'error',
  'not finished',
  'blocked writes',
  'blocked reads',
  'unbounded wait',
  'rewrite',
  'left invalid',
  'duration',
  'not measured',
] as const;

export type Finding = {
  what: (typeof findingKinds)[number];
  /** The statement's number; null: of the change as a whole. */
  statement: number | null;
  table: string | null;
  /** Milliseconds; null where the limit is none, and where the time has no end. */
  limitMs: number | null;
  seenMs: number | null;
  /** Such as "every write to public.users"; null: for nobody else. */
  forWhom: string | null;
  /** All of it in a sentence without a full stop. */
  words: string;
};

/** Below a second in milliseconds, in which waits are told. */
export const describeMs = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : describeSeconds(ms / 1000);

/** Statements that lock rows, and let other rows of their tables pass. */
const changesRows = (shape: string): boolean => /^(update|delete|insert|merge|replace|with)\b/.test(shape);

/** "every read of public.users", or of its rows that the statement changes. */
const describeAccess = (access: 'reads' | 'writes', table: string, shape: string): string => {
  const verb = access === 'reads' ? 'read of' : 'write to';
  return changesRows(shape) ? `every ${verb} rows of ${table} that it changes` : `every ${verb} ${table}`;
};

/** "over the limit of 500 ms by 1.5 s" */
const describeExcess = (seenMs: number, limitMs: number): string =>
  `over the limit of ${describeMs(limitMs)} by ${describeMs(seenMs - limitMs)}`;

export const findBlocked = (
  statement: Pick<StatementMeasured, 'number'>,
  measured: TableMeasured,
  shape: string,
  limits: RehearsalLimits,
): Finding[] => {
  const { table, blockedRead, blockedWrite, queuedMs } = measured;
  const sides = [
    ['reads', blockedRead.longestMs, limits.blockedReadMs],
    ['writes', blockedWrite.longestMs, limits.blockedWriteMs],
  ] as const;
  return sides.flatMap(([access, seenMs, limitMs]) => {
    if (seenMs <= limitMs) return [];
    const forWhom = describeAccess(access, table, shape);
    const queue = queuedMs > 0 ? `, ${describeMs(Math.min(queuedMs, seenMs))} of it in the queue` : '';
    return [
      {
        what: `blocked ${access}` as const,
        statement: statement.number,
        table,
        limitMs,
        seenMs,
        forWhom,
        words: `${forWhom} waits ${describeMs(seenMs)}${queue}, ${describeExcess(seenMs, limitMs)}`,
      },
    ];
  });
};

/** A lock timeout of half the limit, in the script's own words. */
const lineToAdd = (limitMs: number, dialect: Dialect): string =>
  dialect === 'postgres'
    ? `set lock_timeout = '${Math.min(2000, Math.max(1, Math.floor(limitMs / 2)))}ms';`
    : `set session lock_wait_timeout = ${Math.min(2, Math.max(1, Math.floor(limitMs / 2000)))};`;

/** MySQL has no shorter one than a second. */
const describeLine = (limitMs: number, dialect: Dialect): string =>
  `write ${lineToAdd(limitMs, dialect)} before it${
    dialect === 'mysql' && limitMs < 1000 ? ', and allow 1 s: MySQL counts whole seconds' : ''
  }`;

/**
 * A statement that waits for such a lock keeps all others waiting who come after it, for as long as the longest transaction
 * lasts that has touched the table, however short its own hold is. Only a lock timeout ends that.
 */
export const findUnbounded = (
  statement: Pick<StatementMeasured, 'number'>,
  table: string,
  { reads, writes }: Conflict,
  timeoutMs: number | null,
  limits: RehearsalLimits,
  dialect: Dialect,
): Finding[] => {
  if (!reads && !writes) return [];
  const limitMs = Math.min(
    reads ? limits.blockedReadMs : Number.POSITIVE_INFINITY,
    writes ? limits.blockedWriteMs : Number.POSITIVE_INFINITY,
  );
  if (timeoutMs !== null && timeoutMs <= limitMs) return [];
  const forWhom = `every ${reads ? 'read of and write to' : 'write to'} ${table}`;
  const end =
    timeoutMs === null
      ? 'without end, as long as another transaction holds the table: the script sets no lock timeout'
      : `up to ${describeMs(timeoutMs)}, the lock timeout, while another transaction holds the table, ${describeExcess(timeoutMs, limitMs)}`;
  return [
    {
      what: 'unbounded wait',
      statement: statement.number,
      table,
      limitMs,
      seenMs: timeoutMs,
      forWhom,
      words: `${forWhom} may wait ${end}; ${describeLine(limitMs, dialect)}`,
    },
  ];
};

/** Any other finding: of the change as a whole, of no time and for nobody else, unless `more` says so. */
export const findOther = (what: Finding['what'], words: string, more: Partial<Finding> = {}): Finding => ({
  what,
  statement: null,
  table: null,
  limitMs: null,
  seenMs: null,
  forWhom: null,
  words,
  ...more,
});
