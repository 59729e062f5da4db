import { readFile } from 'node:fs/promises';
import { DrillError } from '../../shared/errors.ts';

/** A user's own database. Bytes stay unchanged: a dump of MySQL may hold binary data. */
export type SqlFile = { path: string; content: Buffer };

/** Reads a SQL file from an editor or a dump program. @throws DrillError InvalidArguments */
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
