import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DrillError } from '../../shared/errors.ts';
import type { SqlFile } from './sql-file.ts';
import { type SqlStatement, splitSql } from './sql-statements.ts';

/** Runs a file's statements one by one, with COPY blocks. @throws DrillError SqlFileFailed with the line */
export const loadPostgresFile = async (client: pg.Client, { path, content }: SqlFile): Promise<void> => {
  for (const statement of splitSql(content.toString('utf8'), path)) {
    try {
      if (statement.copyData === null) await client.query(statement.sql);
      else await pipeline(Readable.from([statement.copyData]), client.query(copyFrom(statement.sql)));
    } catch (error) {
      const line = lineOf(statement, error as { position?: string; where?: string });
      throw new DrillError('SqlFileFailed', `${path}:${line}: ${(error as Error).message}`, { cause: error });
    }
  }
  await refuseTablespaces(client, path);
};

/** A tablespace is outside the data folder. A copy would share its files with the source: no restore. */
const refuseTablespaces = async (client: pg.Client, path: string): Promise<void> => {
  const { rows } = await client.query<{ spcname: string }>(
    `select spcname from pg_tablespace where spcname not in ('pg_default', 'pg_global')`,
  );
  const [tablespace] = rows;
  if (tablespace === undefined) return;
  throw new DrillError(
    'SqlFileFailed',
    `${path}: makes the tablespace ${tablespace.spcname}, which Aurora does not have`,
    {
      hint: 'take it out of the file; a dump loads without when made with pg_dump --no-tablespaces',
    },
  );
};

/** PostgreSQL gives the character in a statement, or the line in a COPY block. */
const lineOf = (
  statement: SqlStatement,
  { position, where }: { position?: string; where?: string },
): number => {
  const copyLine = /^COPY .*, line (\d+)/.exec(where ?? '')?.[1];
  if (statement.copyData !== null && copyLine !== undefined) return statement.copyLine + Number(copyLine) - 1;
  const before = statement.sql.slice(0, Math.max(0, Number(position ?? 1) - 1));
  return statement.line + before.split('\n').length - 1;
};
