/** What a SQL file of MySQL 8 has and MariaDB, which plays MySQL here, lacks. */
export type Mysql8Changes = {
  /** Collations that were replaced, and by what. */
  collations: Map<string, string>;
  isGtidPurgedSkipped: boolean;
};

export type ReadLine = { kind: 'sql'; text: string } | { kind: 'include'; name: string };

export type LineReader = {
  /** @param line without its line feed, one character for each byte */
  read(line: string): ReadLine;
  /** The end of a file ends its statement. @returns what to write for that, or nothing */
  endStatement(): string;
};

/** Where a collation's name, a delimiter and a comment count as such: outside of strings and comments. */
const findTokens = (delimiter: string): RegExp =>
  new RegExp(
    [
      /--(?=\s|$).*|#.*/, // a comment to the end of the line
      /(?<comment>\/\*)(?!!|M!)/, // a comment. What begins with /*! or /*M! is SQL.
      /(?<collate>\bcollate\s*=?\s*)(?<quote>['"`])(?<quoted>utf8mb4_(?:[a-z]+_)*0900_\w+)\k<quote>/,
      /(?<open>['"`])/,
      new RegExp(`(?<end>${delimiter.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')})`),
      /(?<purge>\bset\s+(?:global\s+|@@global\.)gtid_purged\b)/,
      /(?<![\w$])(?<collation>utf8mb4_(?:[a-z]+_)*0900_\w+)/,
      /\w+|\S/,
    ]
      .map(({ source }) => source)
      .join('|'),
    'gi',
  );

/** What closes what was opened. A backslash hides the character behind it in strings. */
const closings: Record<string, RegExp> = {
  "'": /\\[\s\S]|'/g,
  '"': /\\[\s\S]|"/g,
  '`': /`/g,
  '/*': /\*\//g,
};

/** As the client: at the beginning of a statement, alone on its line. */
const includeLine = /^\s*(?:source|\\\.)\s+(?<name>.*?)\s*$/i;
const delimiterLine = /^\s*delimiter\s+(?<delimiter>\S+)/i;

/**
 * Reads a file line by line, as MySQL's client does.
 * @param replace gives the collation that MariaDB has, for one of MySQL 8
 */
export const readMysqlLines = (
  replace: (collation: string) => string,
  changes: Mysql8Changes,
): LineReader => {
  let delimiter = ';';
  let tokens = findTokens(delimiter);
  /** The string or comment that a line before this one left open. */
  let open: string | null = null;
  let isBetween = true;
  let isSkipping = false;

  const replaceCollation = (name: string): string => {
    const other = replace(name.toLowerCase());
    changes.collations.set(name.toLowerCase(), other);
    return other;
  };

  /** Reads on inside a string or comment. @returns where it ends */
  const findClosing = (line: string, from: number, opening: string): number => {
    const closing = new RegExp(closings[opening] ?? /$/g);
    closing.lastIndex = from;
    for (let found = closing.exec(line); found !== null; found = closing.exec(line)) {
      if (!found[0].startsWith('\\')) {
        open = null;
        return closing.lastIndex;
      }
    }
    open = opening;
    return line.length;
  };

  const readSql = (line: string): string => {
    let at = open === null ? 0 : findClosing(line, 0, open);
    let kept = isSkipping ? '' : line.slice(0, at);
    const keep = (text: string) => {
      if (!isSkipping) kept += text;
    };
    while (open === null && at < line.length) {
      tokens.lastIndex = at;
      const token = tokens.exec(line);
      if (token === null) break;
      keep(line.slice(at, token.index));
      at = tokens.lastIndex;
      const [text] = token;
      const { comment, open: quote, end, purge, collate, quoted, collation } = token.groups ?? {};
      const opening = comment ?? quote;
      if (opening !== undefined) {
        if (quote !== undefined) isBetween = false;
        at = findClosing(line, at, opening);
        keep(line.slice(token.index, at));
      } else if (end !== undefined) {
        keep(text);
        isBetween = true;
        isSkipping = false;
      } else if (purge !== undefined && isBetween) {
        isSkipping = true;
        isBetween = false;
        changes.isGtidPurgedSkipped = true;
      } else {
        if (!/^(--|#)/.test(text)) isBetween = false;
        if (quoted !== undefined) keep(`${collate}${replaceCollation(quoted)}`);
        else keep(collation === undefined ? text : replaceCollation(collation));
      }
    }
    keep(line.slice(at));
    return kept;
  };

  return {
    read: (line) => {
      const isCommand = open === null && isBetween;
      const include = isCommand ? includeLine.exec(line)?.groups?.name : undefined;
      if (include !== undefined) {
        const name = include.endsWith(delimiter) ? include.slice(0, -delimiter.length).trim() : include;
        return { kind: 'include', name };
      }
      const next = isCommand ? delimiterLine.exec(line)?.groups?.delimiter : undefined;
      if (next !== undefined) {
        delimiter = next;
        tokens = findTokens(delimiter);
        return { kind: 'sql', text: line };
      }
      return { kind: 'sql', text: readSql(line) };
    },
    endStatement: () => {
      if (isBetween || open !== null) return '';
      isBetween = true;
      isSkipping = false;
      return delimiter;
    },
  };
};
