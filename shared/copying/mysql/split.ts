import type { TableName } from '../../database/tables.ts';
import { readTokens, type Token, unquoteToken } from '../../sql/tokens.ts';

/** What SHOW CREATE TABLE writes: columns, keys and constraints, then options, then what begins with PARTITION BY. */
export type Split = { parts: string[]; options: string; partitions: string };

const startOf = ({ end, text }: Token): number => end - text.length;

export const splitDefinition = (sql: string): Split => {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  let options = sql.length;
  let partitions = sql.length;
  for (const token of readTokens(sql, 'mysql')) {
    const { kind, text, end } = token;
    const isWithin = depth === 1 && options === sql.length;
    if (kind === 'mark' && text === '(') depth += 1;
    if (kind === 'mark' && text === ')') depth -= 1;
    if (depth === 1 && from === 0) from = end;
    if (isWithin && kind === 'mark' && (text === ',' || depth === 0)) {
      parts.push(sql.slice(from, end - 1).trim());
      from = end;
      if (depth === 0) options = end;
    }
    const isOutside = depth === 0 && options < sql.length;
    if (isOutside && kind === 'word' && text.toUpperCase() === 'PARTITION') {
      partitions = startOf(token);
      break;
    }
  }
  return { parts, options: sql.slice(options, partitions), partitions: sql.slice(partitions) };
};

/** A foreign key without its target: what stands before that, and after it. */
export type ForeignKey = { name: string; target: TableName; head: string; rest: string };

/** @param schema of a target that is named without one */
export const splitForeignKey = (part: string, schema: string): ForeignKey | null => {
  const tokens = [...readTokens(part, 'mysql')];
  const at = tokens.findIndex(({ kind, text }) => kind === 'word' && text.toUpperCase() === 'REFERENCES');
  const [name, first, dot, second] = [tokens[1], tokens[at + 1], tokens[at + 2], tokens[at + 3]];
  if (at < 0 || !/^constraint /i.test(part) || name === undefined || first === undefined) return null;
  const isQualified = dot?.text === '.' && second !== undefined;
  return {
    name: unquoteToken(name),
    target: isQualified
      ? { schema: unquoteToken(first), table: unquoteToken(second) }
      : { schema, table: unquoteToken(first) },
    head: part.slice(0, startOf(first)),
    rest: part.slice((isQualified ? second : first).end),
  };
};
