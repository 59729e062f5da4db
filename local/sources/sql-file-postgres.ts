import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DrillError } from '../../shared/errors.ts';
import type { SqlStatement } from '../../shared/sql/statements.ts';
import { withRoles } from './missing-roles.ts';
import type { SqlFile, Tell } from './sql-file.ts';
import { readIncluded } from './sql-include.ts';
import { findInclude, splitSql } from './sql-statements.ts';

/**
 * Runs a file's statements one by one, with COPY blocks, and those of the files that it includes.
 * @throws DrillError SqlFileFailed with the line
 */
export const loadPostgresFile = async (client: pg.Client, file: SqlFile, tell: Tell): Promise<void> => {
  const made = new Set<string>();
  await runFile(client, file, made);
  await refuseTablespaces(client, file.path);
  if (made.size > 0)
    tell(`made roles without a login that the file names and does not make: ${listNames(made)}`);
};

const listNames = (names: Iterable<string>): string => [...names].sort().join(', ');

/** @param made gets the roles that had to be made */
const runFile = async (client: pg.Client, file: SqlFile, made: Set<string>): Promise<void> => {
  const { path, content } = file;
  for (const statement of splitSql(content.toString('utf8'), path)) {
    const include = findInclude(statement);
    if (include !== null) {
      await runFile(client, await readIncluded(file, include), made);
      continue;
    }
    try {
      await withRoles(client, statement.sql, made, () => runStatement(client, statement));
    } catch (error) {
      const line = lineOf(statement, error as { position?: string; where?: string });
      throw new DrillError('SqlFileFailed', `${path}:${line}: ${(error as Error).message}`, { cause: error });
    }
  }
};

const runStatement = async (client: pg.Client, { sql, copy }: SqlStatement): Promise<void> => {
  if (copy === null) await client.query(sql);
  else await pipeline(Readable.from([copy.text]), client.query(copyFrom(sql)));
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
  if (statement.copy !== null && copyLine !== undefined) return statement.copy.line + Number(copyLine) - 1;
  const before = statement.sql.slice(0, Math.max(0, Number(position ?? 1) - 1));
  return statement.line + before.split('\n').length - 1;
};
