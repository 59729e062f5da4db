import { DrillError } from '../../shared/errors.ts';
import { type SqlStatement, splitStatements } from '../../shared/sql/statements.ts';
import type { Include } from './sql-include.ts';

/** psql commands that pg_dump writes. Every other one is refused, since it may matter. */
const harmlessCommands = /^\\(un)?restrict\b/;

/** A name in quotes may have blanks. psql passes over a semicolon behind it. */
const includeCommand =
  /^\\(?<command>ir?|include|include_relative)\s+(?:'(?<quoted>(?:[^']|'')+)'|(?<plain>[^\s';]+))\s*;*$/;

/** The file that a statement includes, as psql does, or null. */
export const findInclude = ({ sql, line }: SqlStatement): Include | null => {
  const found = includeCommand.exec(sql)?.groups;
  if (found === undefined) return null;
  const name = found.quoted?.replaceAll("''", "'") ?? found.plain ?? '';
  return { name, isFromHere: /^(ir|include_relative)$/.test(found.command ?? ''), line };
};

/**
 * Splits a SQL file. A psql command that includes a file is a statement: see findInclude.
 * @param fileName only for messages
 * @throws DrillError SqlFileFailed
 */
export function* splitSql(text: string, fileName: string): Generator<SqlStatement> {
  for (const statement of splitStatements(text, 'postgres')) {
    const { sql, line, copy } = statement;
    if (sql.startsWith('\\') && !includeCommand.test(sql)) {
      refusePsqlCommand(sql, `${fileName}:${line}`);
      continue;
    }
    if (copy?.isClosed === false) {
      throw new DrillError('SqlFileFailed', `${fileName}:${line}: a COPY block without its closing \\.`);
    }
    yield statement;
  }
}

const refusePsqlCommand = (command: string, where: string): void => {
  if (harmlessCommands.test(command)) return;
  throw new DrillError('SqlFileFailed', `${where}: ${command} is a command of psql, not SQL`, {
    hint: 'take it out of the file; the drill makes its own database and connects to it',
  });
};
