import { readFile } from 'node:fs/promises';
import { DrillError } from '../../shared/errors.ts';

/** A database of somebody's own. The bytes are kept as they are: a dump of MySQL may hold binary data. */
export type SqlFile = { path: string; content: Buffer };

/** Reads a file of SQL, as an editor or a dump program wrote it. @throws DrillError InvalidArguments */
export const readSqlFile = async (path: string): Promise<SqlFile> => {
  try {
    return { path, content: await readFile(path) };
  } catch (error) {
    throw new DrillError(
      'InvalidArguments',
      `cannot read the SQL file ${path}: ${(error as Error).message}`,
      {
        hint: 'name a plain SQL file that exists, such as one written by pg_dump --format=plain or mysqldump',
        cause: error,
      },
    );
  }
};
