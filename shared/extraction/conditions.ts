import { refuseStatement } from '../database/read-statement.ts';
import { type Dialect, readTokens } from '../sql/tokens.ts';

/**
 * Why a condition is refused, or null for one expression that only reads: it can stand between parentheses in a statement, and
 * neither end them nor hide what follows. The session also refuses to write.
 */
export const refuseCondition = (sql: string, dialect: Dialect): string | null => {
  if (sql.trim() === '') return 'expected a condition, and it is empty';
  const tokens = [...readTokens(sql, dialect)];
  const between = readBetween(sql, tokens);
  // What begins such a part and is no whole token has no end, or is a comment.
  if (between.some((part) => /--|\/\*|\*\/|['"`$]/.test(part) || (dialect === 'mysql' && /#/.test(part))))
    return 'expected a condition without comments, and with an end to each quotation';
  if (!isBalanced(tokens.map(({ text }) => text)))
    return 'expected a condition whose parentheses are all closed';
  return refuseStatement(`select 1 where (${sql})`);
};

/** What stands before, between and after the tokens: blanks, operators, comments. */
const readBetween = (sql: string, tokens: readonly { text: string; end: number }[]): string[] => {
  const starts = [...tokens.map(({ text, end }) => end - text.length), sql.length];
  return starts.map((start, index) => sql.slice(tokens[index - 1]?.end ?? 0, start));
};

const isBalanced = (texts: readonly string[]): boolean => {
  let depth = 0;
  for (const text of texts) {
    if (text === '(') depth += 1;
    else if (text === ')') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
};
