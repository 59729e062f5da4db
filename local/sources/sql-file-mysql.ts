import { readdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { DrillError } from '../../shared/errors.ts';
import { feedSql } from '../servers/mariadb.ts';
import { ProgramFailed } from '../servers/program.ts';
import type { NewMysqlDatabase } from './mysql.ts';
import { collationsOf, tellChanges } from './mysql-8.ts';
import { type Mysql8Changes, readMysqlLines } from './mysql-lines.ts';
import { findPlace, type Script, writeScript } from './mysql-script.ts';
import type { SqlFile, Tell } from './sql-file.ts';

/**
 * Runs a file's statements through MariaDB's own client, which knows DELIMITER, and those of the files that it includes.
 * @throws DrillError SqlFileFailed with the line
 */
export const loadMysqlFile = async (
  file: SqlFile,
  { mariadb, data, database, connection }: NewMysqlDatabase,
  tell: Tell,
): Promise<void> => {
  const changes: Mysql8Changes = { collations: new Map(), isGtidPurgedSkipped: false };
  const script = await writeScript(file, readMysqlLines(await collationsOf(connection), changes));
  try {
    // A file without SET NAMES is UTF-8, as editors write it. The client would take it for latin1.
    const parameters = [`--database=${database}`, '--default-character-set=utf8mb4'];
    await feedSql(mariadb, data, Readable.from(script.chunks), parameters);
  } catch (error) {
    if (!(error instanceof ProgramFailed)) throw error;
    throw toSqlFileFailed(file.path, script, error);
  }
  await refuseOutsideFiles(data, file.path);
  tellChanges(changes, tell);
};

/**
 * As in `ERROR 1064 (42000) at line 3: You have an error in your SQL syntax; ... near 'x' at line 2`: the statement's first
 * line, and the line within the statement. The client's own errors have no number.
 */
const errorLine =
  /^ERROR (?:(?<code>\d+) \(\w+\) )?at line (?<line>\d+): (?<message>.*?)(?: at line (?<inner>\d+))?$/s;

const hints: Record<string, string> = {
  // ER_UNKNOWN_COLLATION
  1273: 'MariaDB plays MySQL here; replace the collation in the file by one that SHOW COLLATION lists',
  // ER_UNKNOWN_SYSTEM_VARIABLE
  1193: 'MariaDB plays MySQL here; take the setting out of the file',
};

const toSqlFileFailed = (path: string, script: Script, cause: ProgramFailed): DrillError => {
  // The whole statement comes before it.
  const error = cause.stderr.slice(cause.stderr.lastIndexOf('\nERROR ') + 1).trim();
  const { code, line, inner = '1', message } = errorLine.exec(error)?.groups ?? {};
  const place = line === undefined ? null : findPlace(script, Number(line) + Number(inner) - 1);
  const where = place === null ? path : `${place.path}:${place.line}`;
  const hint =
    hints[code ?? ''] ?? 'correct the file at the line named; mysqldump writes files that load as they are';
  return new DrillError('SqlFileFailed', `${where}: ${message ?? error}`, { hint, cause });
};

/** A table outside the data folder (in InnoDB by an .isl file) would be shared by source and copy: no restore. */
const refuseOutsideFiles = async (data: string, path: string): Promise<void> => {
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  const outside = entries.find((entry) => entry.isSymbolicLink() || entry.name.endsWith('.isl'));
  if (outside === undefined) return;
  throw new DrillError(
    'SqlFileFailed',
    `${path}: keeps ${outside.name.replace(/\.\w+$/, '')} outside the data folder, which Aurora does not do`,
    { hint: 'take DATA DIRECTORY and INDEX DIRECTORY out of the file' },
  );
};
