import { DrillError } from '../../shared/errors.ts';
import type { Include } from './sql-include.ts';

/**
 * One statement, with the 1-based line where it begins. `copyData` is what followed a COPY ... FROM stdin.
 * A psql command that includes a file is one too: see findInclude.
 */
export type SqlStatement = { sql: string; line: number; copyData: string | null; copyLine: number };

/** What can hide a semicolon (PostgreSQL manual, "Lexical Structure"), or end a statement. */
const token = new RegExp(
  [
    /--[^\n]*/, // a comment to the end of the line
    /\/\*/, // a comment that may hold others, whose end is counted below
    /\b[eE]'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'/, // a string with backslash escapes
    /'[^']*'/, // a plain string: a doubled quote inside makes it two in a row, which is the same here
    /"[^"]*"/, // a quoted identifier, likewise
    /(?<![\w$])\$(?<tag>(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?)\$[\s\S]*?\$\k<tag>\$/, // a dollar-quoted string
    /[A-Za-z_][\w$]*/, // a word
    /;/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

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

/** Splits a SQL file. @param fileName only for messages. @throws DrillError SqlFileFailed */
export function* splitSql(text: string, fileName: string): Generator<SqlStatement> {
  let at = 0;
  let line = 1;
  const advance = (to: number): void => {
    for (let index = text.indexOf('\n', at); index >= 0 && index < to; index = text.indexOf('\n', index + 1))
      line++;
    at = to;
  };
  for (;;) {
    advance(skipBlank(text, at));
    if (at >= text.length) return;
    if (text[at] === '\\') {
      const end = endOfLine(text, at);
      const sql = text.slice(at, end).trim();
      if (includeCommand.test(sql)) yield { sql, line, copyData: null, copyLine: 0 };
      else refusePsqlCommand(sql, `${fileName}:${line}`);
      advance(end);
      continue;
    }
    const end = findEnd(text, at);
    const sql = text.slice(at, end);
    const statement = { sql, line, copyData: null, copyLine: 0 };
    advance(end);
    if (!/^copy\b[\s\S]*\bfrom\s+stdin\b/i.test(sql)) {
      yield statement;
      continue;
    }
    const start = endOfLine(text, at);
    advance(start);
    const copyLine = line;
    const last = findCopyEnd(text, start);
    if (last === null) {
      throw new DrillError(
        'SqlFileFailed',
        `${fileName}:${statement.line}: a COPY block without its closing \\.`,
      );
    }
    advance(endOfLine(text, last));
    yield { ...statement, copyData: text.slice(start, last), copyLine };
  }
}

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

const refusePsqlCommand = (command: string, where: string): void => {
  if (harmlessCommands.test(command)) return;
  throw new DrillError('SqlFileFailed', `${where}: ${command} is a command of psql, not SQL`, {
    hint: 'take it out of the file; the drill makes its own database and connects to it',
  });
};

/** Skips white space, stray semicolons and comments before a statement. */
const skipBlank = (text: string, from: number): number => {
  const blank = /[\s;\ufeff]+|--[^\n]*/y;
  for (let at = from; ; at = blank.lastIndex) {
    if (text.startsWith('/*', at)) {
      blank.lastIndex = endOfComment(text, at);
      continue;
    }
    blank.lastIndex = at;
    if (!blank.test(text)) return at;
  }
};

/** Block comments nest in PostgreSQL. */
const endOfComment = (text: string, from: number): number => {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = from;
  for (let depth = 0, found = mark.exec(text); found !== null; found = mark.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return text.length;
};

/** The end of the statement that begins at `start`, its semicolon included. */
const findEnd = (text: string, start: number): number => {
  token.lastIndex = start;
  // A function body in SQL-standard form, BEGIN ATOMIC ... END, has its own semicolons.
  const isRoutine = /^create\s+(or\s+replace\s+)?(function|procedure)\b/i.test(text.slice(start, start + 60));
  let depth = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [word] = found;
    if (word === '/*') token.lastIndex = endOfComment(text, found.index);
    else if (word === ';' && depth === 0) return token.lastIndex;
    else if (isRoutine && /^(begin|case)$/i.test(word)) depth++;
    else if (isRoutine && /^end$/i.test(word)) depth--;
  }
  return text.length;
};
