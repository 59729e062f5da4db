import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { DrillError } from '../../shared/errors.ts';

/**
 * A user's own database. Bytes stay unchanged: a dump of MySQL may hold binary data.
 * `includedBy` is the file that names this one, if another does.
 */
export type SqlFile = { path: string; content: Buffer; includedBy?: SqlFile };

/** Tells in one line what of a file was loaded in another way. */
export type Tell = (change: string) => void;

/** Reads a SQL file from an editor or a dump program, also in gzip. @throws DrillError InvalidArguments, SqlFileFailed */
export const readSqlFile = async (path: string): Promise<SqlFile> => {
  const content = await readBytes(path);
  return { path, content: withoutMark(path, isGzip(path, content) ? await unpack(path, content) : content) };
};

const readBytes = async (path: string): Promise<Buffer> => {
  try {
    return await readFile(path);
  } catch (error) {
    throw new DrillError(
      'InvalidArguments',
      `cannot read the SQL file ${path}: ${(error as Error).message}`,
      {
        hint: 'name a SQL file that exists; a dump is one as pg_dump --format=plain or mysqldump writes it, plain or in gzip',
        cause: error,
      },
    );
  }
};

const gzipMark = Buffer.from([0x1f, 0x8b]);

const isGzip = (path: string, content: Buffer): boolean =>
  path.toLowerCase().endsWith('.gz') || content.subarray(0, gzipMark.length).equals(gzipMark);

const unpack = async (path: string, content: Buffer): Promise<Buffer> => {
  // Without content, zlib sees no end that is missing.
  if (content.length === 0) throw badGzip(path, 'it is empty');
  try {
    return await promisify(gunzip)(content);
  } catch (error) {
    throw badGzip(path, (error as Error).message, error);
  }
};

const badGzip = (path: string, reason: string, cause?: unknown): DrillError =>
  new DrillError('SqlFileFailed', `${path}: cannot be unpacked as gzip: ${reason}`, {
    hint: 'make the file again, or copy it again: gzip --test tells whether it is whole',
    cause,
  });

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** The content as SQL. PostgreSQL's own archive format is none. */
const withoutMark = (path: string, content: Buffer): Buffer => {
  if (content.subarray(0, 5).toString('latin1') === 'PGDMP') {
    throw new DrillError('SqlFileFailed', `${path}: is an archive of pg_dump, not SQL`, {
      hint: 'write it as SQL with pg_restore --file=dump.sql, or dump with pg_dump --format=plain',
    });
  }
  const hasMark = content.subarray(0, byteOrderMark.length).equals(byteOrderMark);
  return hasMark ? content.subarray(byteOrderMark.length) : content;
};
