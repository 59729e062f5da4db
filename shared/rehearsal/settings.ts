import { type Dialect, readTokens, type Token, unquoteToken } from '../sql/tokens.ts';

/**
 * A setting that a statement gives a value. `scope`: until the end of the session, of the transaction, or of the
 * statement that SET STATEMENT of MariaDB begins; or for the whole server. `value`: null for the default.
 */
export type Setting = {
  name: string;
  value: string | null;
  scope: 'session' | 'transaction' | 'statement' | 'server';
};

/** The settings that a statement changes: SET in both dialects, RESET, and set_config of PostgreSQL. */
export const listSettings = (sql: string, dialect: Dialect): Setting[] => {
  const tokens = [...readTokens(sql, dialect)];
  const [first] = tokens.map(lower);
  if (first === 'reset' && dialect === 'postgres') return readReset(tokens);
  if (first !== 'set') return dialect === 'postgres' ? readCalls(tokens) : [];
  return dialect === 'postgres' ? readPostgresSet(tokens) : readMysqlSet(tokens);
};

const lower = ({ kind, text }: Token): string => (kind === 'word' ? text.toLowerCase() : text);

const nameOf = (token: Token | undefined): string =>
  token === undefined ? '' : unquoteToken(token).toLowerCase();

const readValue = (token: Token | undefined): string | null => {
  if (token === undefined || token.text === ';') return null;
  const value = unquoteToken(token);
  return token.kind === 'word' && value.toLowerCase() === 'default' ? null : value;
};

const readReset = (tokens: Token[]): Setting[] => [
  { name: nameOf(tokens[1]), value: null, scope: 'session' },
];

/** SET [SESSION | LOCAL] name { TO | = } value */
const readPostgresSet = ([, ...rest]: Token[]): Setting[] => {
  const [first] = rest.map(lower);
  const [name, sign, value] = first === 'session' || first === 'local' ? rest.slice(1) : rest;
  const scope = first === 'local' ? 'transaction' : 'session';
  // SET SCHEMA 'name' is another way to write it.
  if (nameOf(name) === 'schema') return [{ name: 'search_path', value: readValue(sign), scope }];
  if (sign === undefined || !['=', 'to'].includes(lower(sign))) return [];
  return [{ name: nameOf(name), value: readValue(value), scope }];
};

/** set_config('name', 'value', is_local), wherever it is called. */
const readCalls = (tokens: Token[]): Setting[] =>
  tokens.flatMap((token, index): Setting[] => {
    if (lower(token) !== 'set_config') return [];
    const [, name, , value, , isLocal] = tokens.slice(index + 1);
    if (name?.kind !== 'string') return [];
    // Whatever is not plainly false may be true.
    const scope = isLocal !== undefined && lower(isLocal) === 'false' ? 'session' : 'transaction';
    return [{ name: nameOf(name), value: readValue(value), scope }];
  });

const scopes: Record<string, Setting['scope']> = {
  session: 'session',
  local: 'session',
  statement: 'statement',
  global: 'server',
  persist: 'server',
  persist_only: 'server',
};

/** SET [scope] name = value, [scope] @@scope.name = value, ...; what begins with one @ is a variable, and no setting. */
const readMysqlSet = ([, ...rest]: Token[]): Setting[] => {
  const isStatement = rest[0] !== undefined && lower(rest[0]) === 'statement';
  const end = isStatement ? rest.findIndex((token) => lower(token) === 'for') : rest.length;
  return splitAtCommas(rest.slice(isStatement ? 1 : 0, end < 0 ? rest.length : end)).flatMap((assignment) => {
    const sign = assignment.findIndex(({ text }) => text === '=');
    const left = assignment.slice(0, sign);
    const name = left.at(-1);
    const isVariable = left[0]?.text === '@' && left[1]?.text !== '@';
    if (sign < 1 || name === undefined || isVariable) return [];
    const scope = left.slice(0, -1).map((token) => scopes[lower(token)]);
    return [
      {
        name: nameOf(name),
        value: readValue(assignment[sign + 1]),
        scope: isStatement ? 'statement' : (scope.find((one) => one !== undefined) ?? 'session'),
      },
    ];
  });
};

const splitAtCommas = (tokens: Token[]): Token[][] => {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (token.text === ',' && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
};
