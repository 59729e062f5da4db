import { DrillError, type ErrorName } from '../../errors.ts';

/**
 * Error numbers of the server: MySQL 8.0 Error Message Reference, and MariaDB's "Error Codes", which agree below 1900.
 * The numbers are the same in every release. The messages are not.
 */
const named: Partial<Record<number, ErrorName>> = {
  // ER_DBACCESS_DENIED, ER_ACCESS_DENIED, ER_TABLEACCESS_DENIED, ER_COLUMNACCESS_DENIED, ER_SPECIFIC_ACCESS_DENIED,
  // ER_HOST_NOT_PRIVILEGED, ER_PROCACCESS_DENIED, ER_ACCESS_DENIED_NO_PASSWORD, ER_MUST_CHANGE_PASSWORD,
  // ER_ACCOUNT_HAS_BEEN_LOCKED, ER_SECURE_TRANSPORT_REQUIRED
  1044: 'DatabaseDenied',
  1045: 'DatabaseDenied',
  1142: 'DatabaseDenied',
  1143: 'DatabaseDenied',
  1227: 'DatabaseDenied',
  1130: 'DatabaseDenied',
  1370: 'DatabaseDenied',
  1698: 'DatabaseDenied',
  1820: 'DatabaseDenied',
  3118: 'DatabaseDenied',
  3159: 'DatabaseDenied',
  // Too many connections (in all, of a user, by a limit), shutting down, broken off, killed, idle for too long.
  1040: 'DatabaseUnreachable',
  1203: 'DatabaseUnreachable',
  1226: 'DatabaseUnreachable',
  1053: 'DatabaseUnreachable',
  1158: 'DatabaseUnreachable',
  1159: 'DatabaseUnreachable',
  1160: 'DatabaseUnreachable',
  1161: 'DatabaseUnreachable',
  1184: 'DatabaseUnreachable',
  1927: 'DatabaseUnreachable',
  3169: 'DatabaseUnreachable',
  4031: 'DatabaseUnreachable',
  // A new snapshot cures these: a lock, a deadlock, a statement that somebody cancelled; a table, a column or a partition
  // that was altered or dropped since it was listed.
  1205: 'DatabaseBusy',
  1213: 'DatabaseBusy',
  1317: 'DatabaseBusy',
  1412: 'DatabaseBusy',
  1146: 'DatabaseBusy',
  1054: 'DatabaseBusy',
  1735: 'DatabaseBusy',
  // max_execution_time of MySQL, max_statement_time of MariaDB.
  3024: 'OutOfTime',
  1969: 'OutOfTime',
};

/** What an operator should do about some errors. */
const hints: Partial<Record<number, string>> = {
  1049: 'correct database.name in the plan: the server has no database of that name',
};

const deniedHint =
  "check that the plan's database.user exists on production, with AWSAuthenticationPlugin in AWS, and may SELECT there";

/** No such database, column, table or function, not SQL, an ambiguous column. */
const mistakes = [1049, 1052, 1054, 1064, 1146, 1305];

export const isMysqlMistake = ({ errno = 0 }: { errno?: number }): boolean => mistakes.includes(errno);

/** @param what begins the message: what was asked, and where */
export const fromMysqlError = (what: string, error: unknown): DrillError => {
  const { message, code, errno = 0, sqlState } = error as Error & MysqlError;
  // Only errors of the server carry an SQLSTATE. Those of the socket and of mysql2 do not.
  if (sqlState === undefined) {
    const isRefused = code?.startsWith('AUTH_SWITCH_PLUGIN') ?? false;
    const name = isRefused ? 'DatabaseDenied' : 'DatabaseUnreachable';
    return new DrillError(name, `${what}: ${message}`, {
      ...(isRefused ? { hint: deniedHint } : {}),
      cause: error,
    });
  }
  const name = named[errno] ?? 'DatabaseFailure';
  const hint = hints[errno] ?? (name === 'DatabaseDenied' ? deniedHint : undefined);
  return new DrillError(name, `${what}: ${message} (error ${errno}, SQLSTATE ${sqlState})`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
};

type MysqlError = { code?: string; errno?: number; sqlState?: string };
