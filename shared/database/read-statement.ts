/**
 * Whatever can hide a word or a semicolon: comments, strings, quoted names and dollar-quoted strings. The engines differ
 * over where some of them end: PostgreSQL knows no # and takes a backslash as itself, but in E'...'; MySQL wants a space
 * after --.
 */
const hiddenParts = [
  /--[^\n]*|\/\*[\s\S]*?\*\/|\b[eE]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|(?<![\w$])\$(\w*)\$[\s\S]*?\$\1\$/g,
  /--(?!\S)[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|""|\\[\s\S])*"|`(?:[^`]|``)*`|(?<![\w$])\$(\w*)\$[\s\S]*?\$\1\$/g,
];

const reading = /^[\s(]*(select|with|values|table)\b/i;

/** Clauses that take locks or write files, which a read-only transaction does not stop on every engine. */
const refusedClauses: [RegExp, string][] = [
  [/\binto\b/i, 'INTO writes the answer somewhere'],
  [/\bfor\s+(no\s+key\s+)?update\b|\bfor\s+(key\s+)?share\b|\block\s+in\s+share\s+mode\b/i, 'it locks rows'],
];

/**
 * Why a query of a plan is refused, or null when it is one statement that reads, to either engine. The database's own
 * session refuses to write whatever this lets through.
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

/** The statement without a semicolon at its end, ready to stand inside another one. */
export const trimStatement = (sql: string): string => sql.trim().replace(/(\s*;)+$/, '');
