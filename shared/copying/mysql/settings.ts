import type { Flavour } from '../../database/mysql/session.ts';

/**
 * As mysqldump sets them, so that each value goes in as it came out: 0 in an AUTO_INCREMENT column, days that are none, an
 * ENUM without a member, rows without their parents.
 */
const always: Record<string, string> = {
  time_zone: `'+00:00'`,
  sql_mode: `'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION'`,
  foreign_key_checks: '0',
  // Definitions have their names in quotes.
  sql_quote_show_create: '1',
  lock_wait_timeout: '60',
  wait_timeout: '900',
  // Until the other side has taken what was read.
  net_write_timeout: '900',
};

/** Only MariaDB can hold rows that a check refuses. By default MySQL 8.0 caches guesses of rows for a day. */
const byFlavour: Record<Flavour, Record<string, string>> = {
  mysql: { information_schema_stats_expiry: '0' },
  mariadb: { check_constraint_checks: '0' },
};

export const settingsOf = (flavour: Flavour): string =>
  Object.entries({ ...always, ...byFlavour[flavour] })
    .map(([name, value]) => `session ${name} = ${value}`)
    .join(', ');

/** Nothing is written to the copy. */
export const beginSql = {
  copy: 'set session transaction isolation level repeatable read, read only',
  sandbox: 'set session transaction isolation level read committed, read write',
};
