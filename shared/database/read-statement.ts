/**
 * What can hide a word or a semicolon: comments, strings, quoted names and dollar-quoted strings. The engines differ:
 * PostgreSQL has no # comment, and a backslash escapes only in E'...'. MySQL wants a space after --.
 */
const hiddenParts = [
  /--[^\n]*|\/\*[\s\S]*?\*\/|\b[eE]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|(?<![\w$])\$(\w*)\$[\s\S]*?\$\1\$/g,
  /--(?!\S)[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|""|\\[\s\S])*"|`(?:[^`]|``)*`|(?<![\w$])\$(\w*)\$[\s\S]*?\$\1\$/g,
];

const reading = /^[\s(]*(select|with|values|table)\b/i;

/** They take locks or write files, which a read-only transaction does not stop on every engine. */
const refusedClauses: [RegExp, string][] = [
  [/\binto\b/i, 'INTO writes the answer somewhere'],
  [/\bfor\s+(no\s+key\s+)?update\b|\bfor\s+(key\s+)?share\b|\block\s+in\s+share\s+mode\b/i, 'it locks rows'],
];

/**
 * Why a query of a plan is refused, or null when both engines take it as one statement that reads. The session itself
 * also refuses to write.
 */
export const refuseStatement = (sql: string): string | null =>
  hiddenParts.map((hidden) => refuseBare(sql.replace(hidden, ' ').trim())).find((why) => why !== null) ??
  null;

const refuseBare = (statement: string): string | null => {
  const bare = statement.replace(/;$/, '');
  if (bare === '') return 'expected one statement that reads, and there is none';
  if (bare.includes(';')) return 'expected one statement, and there are several';
  const [, first] = /^[\s(]*(\w+)/.exec(bare) ?? [];
  if (!reading.test(bare))
    return `expected SELECT, WITH, VALUES or TABLE, and it begins with ${first ?? bare[0]}`;
  const refused = refusedClauses.find(([clause]) => clause.test(bare));
  return refused === undefined ? null : `expected a statement that only reads: ${refused[1]}`;
};

/** The statement without a semicolon at its end, to be put inside another one. */
export const trimStatement = (sql: string): string => sql.trim().replace(/(\s*;)+$/, '');
