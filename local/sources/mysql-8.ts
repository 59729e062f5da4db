import type mysql from 'mysql2/promise';
import type { Mysql8Changes } from './mysql-lines.ts';
import type { Tell } from './sql-file.ts';

/**
 * MariaDB's collation that is next to one of MySQL 8. All of these compare blanks at the end of a text. MariaDB before 10.10
 * has none that tells accents but not cases apart: there, one that tells more apart keeps every unique key.
 */
const collationFor = (collation: string, hasUca1400: boolean): string => {
  const [, kind = 'bin'] = /_0900_(ai_ci|as_ci|as_cs)/.exec(collation) ?? [];
  if (kind === 'bin') return 'utf8mb4_nopad_bin';
  if (hasUca1400) return `utf8mb4_uca1400_nopad_${kind}`;
  return kind === 'ai_ci' ? 'utf8mb4_unicode_520_nopad_ci' : 'utf8mb4_nopad_bin';
};

/** Chooses collations that this server has. */
export const collationsOf = async (connection: mysql.Connection): Promise<(collation: string) => string> => {
  const hasUca1400 = await connection.query('select _utf8mb4 0x61 collate utf8mb4_uca1400_nopad_ai_ci').then(
    () => true,
    () => false,
  );
  return (collation) => collationFor(collation, hasUca1400);
};

/** One line for each kind of change. */
export const tellChanges = ({ collations, isGtidPurgedSkipped }: Mysql8Changes, tell: Tell): void => {
  const pairs = [...collations].map(([from, to]) => `${from} became ${to}`);
  if (pairs.length > 0) tell(`replaced collations of MySQL 8, which MariaDB lacks: ${pairs.join(', ')}`);
  if (isGtidPurgedSkipped) tell('skipped SET GLOBAL.GTID_PURGED, which MariaDB lacks');
};
