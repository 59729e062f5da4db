import { type Dialect, endOfComment, readTokens } from './tokens.ts';

/**
 * One statement, its semicolon included, with the line where it begins, from 1. A command of psql, which begins with a
 * backslash, is one too. `copy`: the data that followed a COPY ... FROM stdin.
 */
export type SqlStatement = { sql: string; line: number; copy: CopyData | null };

/** `isClosed`: the line `\.` was found that ends it. */
type CopyData = { text: string; line: number; isClosed: boolean };

/** Cuts a script into its statements, as psql or MySQL's client does. A DELIMITER line of MySQL is obeyed, and is none. */
export function* splitStatements(text: string, dialect: Dialect): Generator<SqlStatement> {
  let at = 0;
  let line = 1;
  let delimiter = ';';
  const advance = (to: number): void => {
    for (let index = text.indexOf('\n', at); index >= 0 && index < to; index = text.indexOf('\n', index + 1))
      line++;
    at = to;
  };
  for (;;) {
    advance(skipBlank(text, at, dialect, delimiter));
    if (at >= text.length) return;
    const next = dialect === 'mysql' ? readDelimiter(text, at) : null;
    if (next !== null) {
      delimiter = next;
      advance(endOfLine(text, at));
      continue;
    }
    const isCommand = text[at] === '\\';
    const end = isCommand ? endOfLine(text, at) : findEnd(text, at, dialect, delimiter);
    const statement = { sql: cutDelimiter(text.slice(at, end), delimiter, isCommand), line, copy: null };
    advance(end);
    if (dialect === 'mysql' || !/^copy\b[\s\S]*\bfrom\s+stdin\b/i.test(statement.sql)) {
      yield statement;
      continue;
    }
    advance(endOfLine(text, at));
    const copyLine = line;
    const start = at;
    const last = findCopyEnd(text, start);
    advance(last === null ? text.length : endOfLine(text, last));
    const copied = text.slice(start, last ?? text.length);
    yield { ...statement, copy: { text: copied, line: copyLine, isClosed: last !== null } };
  }
}

/** A server takes a semicolon, but no delimiter that only a client knows. */
const cutDelimiter = (sql: string, delimiter: string, isCommand: boolean): string => {
  if (isCommand) return sql.trim();
  return delimiter !== ';' && sql.endsWith(delimiter) ? sql.slice(0, -delimiter.length).trimEnd() : sql;
};

const readDelimiter = (text: string, at: number): string | null => {
  const line = /delimiter[ \t]+(\S+)/iy;
  line.lastIndex = at;
  return line.exec(text)?.[1] ?? null;
};

const endOfLine = (text: string, from: number): number => {
  const index = text.indexOf('\n', from);
  return index < 0 ? text.length : index + 1;
};

/** The position of the line `\.` that ends the data beginning at `start`, or null when there is none. */
const findCopyEnd = (text: string, start: number): number | null => {
  const closing = /^\\\.\r?$/gm;
  closing.lastIndex = start;
  return closing.exec(text)?.index ?? null;
};

const blanks: Record<Dialect, RegExp> = {
  postgres: /[\s;\ufeff]+|--[^\n\r]*/y,
  mysql: /[\s;\ufeff]+|--(?=\s|$)[^\n]*|#[^\n]*|\/\*(?!M?!)[\s\S]*?(?:\*\/|$)/y,
};

/** Skips white space, stray semicolons and comments before a statement. */
const skipBlank = (text: string, from: number, dialect: Dialect, delimiter: string): number => {
  const blank = blanks[dialect];
  for (let at = from; ; at = blank.lastIndex) {
    blank.lastIndex = at;
    if (dialect === 'postgres' && text.startsWith('/*', at)) blank.lastIndex = endOfComment(text, at);
    else if (delimiter !== ';' && text.startsWith(delimiter, at)) blank.lastIndex = at + delimiter.length;
    else if (!blank.test(text)) return at;
  }
};

/** Their bodies may have semicolons of their own: BEGIN ATOMIC in PostgreSQL, BEGIN in MySQL without a DELIMITER. */
const routines: Record<Dialect, RegExp> = {
  postgres: /^create\s+(or\s+replace\s+)?(function|procedure)\b/i,
  mysql:
    /^(create\s+(or\s+replace\s+)?(definer\s*=\s*\S+(\s*@\s*\S+)?\s+)?(aggregate\s+)?(procedure|function|trigger|event)\b|begin\s+not\s+atomic\b)/i,
};

/** Longer than any beginning that tells a routine. */
const beginningLength = 300;

/** The end of the statement that begins at `start`, its delimiter included. */
const findEnd = (text: string, start: number, dialect: Dialect, delimiter: string): number => {
  const beginning = text.slice(start, start + beginningLength);
  const isRoutine = delimiter === ';' && routines[dialect].test(beginning);
  let depth = 0;
  let parentheses = 0;
  let before = '';
  for (const { kind, text: token, end } of readTokens(text, dialect, start, delimiter)) {
    if (kind === 'mark') {
      // As in psql: the commands of a rule stand in parentheses.
      if (dialect === 'postgres' && token === '(') parentheses++;
      if (dialect === 'postgres' && token === ')') parentheses--;
      if (token === delimiter && depth <= 0 && parentheses <= 0) return end;
    }
    if (!isRoutine || kind !== 'word') continue;
    const now = token.toLowerCase();
    depth += countDepth(before, now);
    before = now;
  }
  return text.length;
};

/** END closes a BEGIN or a CASE; END IF and its like close what opened without either. */
const countDepth = (before: string, now: string): number => {
  if (before === 'end') return ['if', 'loop', 'while', 'repeat'].includes(now) ? 1 : now === 'end' ? -1 : 0;
  if (now === 'begin' || now === 'case') return 1;
  return now === 'end' ? -1 : 0;
};
