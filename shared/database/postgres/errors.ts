import pg from 'pg';
import { DrillError, type ErrorName, isDrillError } from '../../errors.ts';

/** SQLSTATE classes and codes: PostgreSQL documentation, appendix A. */
const sortSqlState = (code: string, message: string): ErrorName => {
  if (isConflictText(message) || (code === 'XX000' && isGoneText(message))) return 'DatabaseBusy';
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
 * table, a column or a type that was dropped between the list and its reading.
 */
const busyStates = new Set(['55P03', '40001', '40P01', '42P01', '42703', '42704']);

/** How PostgreSQL reports that something was dropped while it was looked up. */
const isGoneText = (message: string): boolean =>
  /^cache lookup failed for|^could not open relation with OID/.test(message);

/** The log's replay on a reader cancels a statement or ends a session that it would have to wait for. */
const isConflictText = (message: string): boolean => message.includes('conflict with recovery');

type Cause = { code?: string; message?: string };

/** Whether the replay of the log stopped the question. A read-only session meets 40001 nowhere else. */
export const isReplayConflict = (error: unknown): boolean => {
  if (!isDrillError(error, 'DatabaseBusy')) return false;
  const { code, message = '' } = (error.cause ?? {}) as Cause;
  return code === '40001' || isConflictText(message);
};

/** Whether the server had no connection left. */
export const isCrowded = (error: unknown): error is DrillError =>
  isDrillError(error) && (error.cause as Cause | undefined)?.code === '53300';

/** Whether nothing more can be asked in a session: it got no answer, or the server's answer was to end it. */
export const isEndOfSession = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError) ||
  error.severity === 'FATAL' ||
  error.code?.startsWith('57P') === true;

/** What an operator should do about some states. */
const hints: Record<string, string> = {
  '53100': 'the disk of that server is full: free space on it, or make it larger',
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
  return new DrillError(sortSqlState(code, message), `${what}: ${message} (SQLSTATE ${code})`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
};
