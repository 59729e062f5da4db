/** What the two engines read differently. */
export type Dialect = 'postgres' | 'mysql';

/** @param engine as RDS or a server calls it */
export const dialectOf = (engine: string): Dialect => (/postgres/i.test(engine) ? 'postgres' : 'mysql');

/**
 * `word`: a bare name, a keyword or a number. `name`: a quoted name. `body`: a dollar-quoted string. `mark`: a sign that
 * parts words. Comments are no tokens.
 */
export type Token = { kind: 'word' | 'name' | 'string' | 'body' | 'mark'; text: string; end: number };

const word = /(?<word>[A-Za-z_\d\x80-\uffff][\w$\x80-\uffff]*)/;
/** A backslash begins a command of a client, wherever it stands. */
const mark = /(?<mark>[;(),.=@\\])/;

/** What can hide a semicolon (PostgreSQL manual, "Lexical Structure"), or end a statement. */
const postgresParts = [
  /--[^\n\r]*/, // a comment to the end of the line, however it ends
  /(?<open>\/\*)/, // a comment that may hold others, whose end is counted below
  /(?<escaped>\b[eE]'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*')/, // a string with backslash escapes
  /(?<string>'[^']*(?:''[^']*)*')/,
  /(?<name>"[^"]*(?:""[^"]*)*")/,
  /(?<body>(?<![\w$])\$(?<tag>(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?)\$[\s\S]*?\$\k<tag>\$)/,
  word,
  mark,
];

/** MySQL manual, "Comments" and "String Literals". What stands in a comment that begins with ! is run. */
const mysqlParts = [
  /--(?=\s|$)[^\n]*|#[^\n]*/,
  /\/\*M?!\d*|\*\//,
  /\/\*[\s\S]*?(?:\*\/|$)/,
  /(?<string>'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'|"[^"\\]*(?:(?:\\[\s\S]|"")[^"\\]*)*")/,
  /(?<name>`[^`]*(?:``[^`]*)*`)/,
  word,
  mark,
];

const lexers = new Map<string, RegExp>();

/** @param delimiter what ends a statement, as MySQL's client has it set */
const lexerOf = (dialect: Dialect, delimiter: string): RegExp => {
  const key = `${dialect} ${delimiter}`;
  const known = lexers.get(key);
  if (known !== undefined) return known;
  const parts = (dialect === 'postgres' ? postgresParts : mysqlParts).map(({ source }) => source);
  const own = delimiter === ';' ? [] : [`(?<delimiter>${escapePattern(delimiter)})`];
  const lexer = new RegExp([...own, ...parts].join('|'), 'g');
  lexers.set(key, lexer);
  return lexer;
};

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** The tokens from a position on. A delimiter of one's own is a mark. */
export function* readTokens(text: string, dialect: Dialect, from = 0, delimiter = ';'): Generator<Token> {
  const lexer = lexerOf(dialect, delimiter);
  for (let at = from; ; ) {
    lexer.lastIndex = at;
    const found = lexer.exec(text);
    if (found === null) return;
    at = lexer.lastIndex;
    const { open, escaped, string, name, body, word: bare, mark: sign, delimiter: end } = found.groups ?? {};
    if (open !== undefined) at = endOfComment(text, found.index);
    const kind =
      (escaped ?? string) !== undefined
        ? 'string'
        : name !== undefined
          ? 'name'
          : body !== undefined
            ? 'body'
            : bare !== undefined
              ? 'word'
              : (sign ?? end) !== undefined
                ? 'mark'
                : null;
    if (kind !== null) yield { kind, text: found[0], end: at };
  }
}

/** Block comments nest in PostgreSQL. */
export const endOfComment = (text: string, from: number): number => {
  const bounds = /\/\*|\*\//g;
  bounds.lastIndex = from;
  for (let depth = 0, found = bounds.exec(text); found !== null; found = bounds.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return bounds.lastIndex;
  }
  return text.length;
};

/** What a quoted name or a string says, without its quotes. Backslash escapes stay as they are. */
export const unquoteToken = ({ kind, text }: Token): string => {
  if (kind === 'body') return text.replace(/^\$[^$]*\$|\$[^$]*\$$/g, '');
  const from = text.search(/['"`]/);
  const quote = text[from];
  return quote === undefined || kind === 'word' || kind === 'mark'
    ? text
    : text.slice(from + 1, -1).replaceAll(`${quote}${quote}`, quote);
};

/**
 * A statement as a rule looks at it: in lower case, without comments, a blank between tokens. Strings are '' and quoted
 * names are "", whatever they say.
 */
export const shapeOf = (sql: string, dialect: Dialect): string =>
  [...readTokens(sql, dialect)]
    .map(showToken)
    .join(' ')
    .replace(/( ;)+$/, '');

const showToken = ({ kind, text }: Token): string =>
  kind === 'string' || kind === 'body' ? "''" : kind === 'name' ? '""' : text.toLowerCase();
