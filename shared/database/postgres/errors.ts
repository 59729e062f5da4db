import pg from 'pg';
import { DrillError, type ErrorName } from '../../errors.ts';

/** SQLSTATE classes and codes: PostgreSQL documentation, appendix A. */
const sortSqlState = (code: string): ErrorName => {
  if (code.startsWith('28') || code === '42501') return 'DatabaseDenied';
  // 08: connection; 53300: too many connections; 57P0x: starting, stopping or crashed.
  if (code.startsWith('08') || code === '53300' || code.startsWith('57P')) return 'DatabaseUnreachable';
  // query_canceled: only its time-out cancels a statement of ours.
  if (code === '57014') return 'OutOfTime';
  if (busyStates.has(code)) return 'DatabaseBusy';
  return 'DatabaseFailure';
};

/**
 * A new snapshot cures these: lock_not_available, a conflict with the replay of the log on a reader, a deadlock, and a
 * table that was dropped between the list and its count.
 */
const busyStates = new Set(['55P03', '40001', '40P01', '42P01']);

/** What an operator should do about some states. */
const hints: Record<string, string> = {
  '3D000': 'correct database.name in the plan: the server has no database of that name',
};

/** Class 42: an unknown name, or no SQL. 42501 is a missing privilege. */
export const isPostgresMistake = ({ code = '' }: { code?: string }): boolean =>
  code.startsWith('42') && code !== '42501';

/** @param what begins the message: what was asked, and where */
export const fromPostgresError = (what: string, error: unknown): DrillError => {
  const { message, code } = error as Error & { code?: string };
  // Errors of the server carry an SQLSTATE of five characters. Those of the socket and of pg do not.
  const isSqlState = code !== undefined && /^[0-9A-Z]{5}$/.test(code) && error instanceof pg.DatabaseError;
  if (!isSqlState) return new DrillError('DatabaseUnreachable', `${what}: ${message}`, { cause: error });
  const hint = hints[code];
  return new DrillError(sortSqlState(code), `${what}: ${message} (SQLSTATE ${code})`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
};
