import pg from 'pg';
import { quoteForPostgres } from '../../database/quoted.ts';
import { readTokens, type Token, unquoteToken } from '../../sql/tokens.ts';

export type Named = { schema: string; name: string };

export const quote = quoteForPostgres;
export const keyOfName = ({ schema, name }: Named): string => `${quote(schema)}.${quote(name)}`;

/**
 * Which names a definition may use. `moved`: what comes along, so it is in the sandbox's schema. `known`: what the sandbox has
 * to have too, of extensions. Both hold keys of `keyOfName`.
 */
export type Names = { schema: string; moved: ReadonlySet<string>; known: ReadonlySet<string> };

/** `missing`: what the definition needs and does not come along, each once. */
export type Moved = { sql: string; missing: string[] };

const isServers = (schema: string): boolean => /^(pg_|information_schema$)/.test(schema);
const isName = (token: Token | undefined): token is Token => token?.kind === 'word' || token?.kind === 'name';
const startOf = ({ end, text }: Token): number => end - text.length;

/**
 * Moves a definition, as the server writes it with an empty search_path, into the sandbox's schema: there every name that is
 * not the server's own has its schema before it. So do the names in '...'::regclass, and in ('...'::text)::regclass.
 */
export const moveInto = (text: string, names: Names): Moved => {
  const tokens = [...readTokens(text, 'postgres')];
  const missing = new Set<string>();
  let sql = '';
  let at = 0;
  const replace = (token: Token, by: string): void => {
    sql += text.slice(at, startOf(token)) + by;
    at = token.end;
  };
  const follows = (index: number): boolean => {
    const [token, next] = [tokens[index], tokens[index + 1]];
    return token !== undefined && next !== undefined && startOf(next) === token.end;
  };

  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'string' && /^(::text\))?::reg/.test(text.slice(token.end))) {
      const inner = moveInto(unquoted(token), names);
      replace(token, pg.escapeLiteral(inner.sql));
      for (const name of inner.missing) missing.add(name);
    }
    const isQualifier =
      isName(token) && !/^\d/.test(token.text) && follows(index) && tokens[index + 1]?.text === '.';
    const isSecondPart = index > 0 && follows(index - 1) && tokens[index - 1]?.text === '.';
    if (!isQualifier || isSecondPart) continue;
    const schema = unquoteToken(token);
    const next = follows(index + 1) ? tokens[index + 2] : undefined;
    // Behind the dot of OPERATOR(schema.+) stands no name.
    const name = isName(next) ? unquoteToken(next) : (text.slice(token.end + 1).match(/^[^)\s]*/)?.[0] ?? '');
    const key = keyOfName({ schema, name });
    if (names.moved.has(key)) replace(token, quote(names.schema));
    else if (!isServers(schema) && !names.known.has(key)) missing.add(`${schema}.${name}`);
  }
  return { sql: sql + text.slice(at), missing: [...missing] };
};

/** What a string says. PostgreSQL writes a backslash in E'...' alone, and doubles it. */
const unquoted = (token: Token): string => {
  const said = unquoteToken(token);
  return /^e/i.test(token.text) ? said.replaceAll('\\\\', '\\') : said;
};
