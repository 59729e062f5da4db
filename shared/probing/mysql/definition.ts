import type { TableName } from '../../database/tables.ts';

/**
 * A change of a table's definition, which the server does by an algorithm.
 * - asked: the algorithm that the script asks for, or null.
 * - on: the same change of another table, by an algorithm. Null: it cannot be tried.
 */
export type Definition = {
  table: TableName;
  asked: string | null;
  on: ((table: string, algorithm: string) => string) | null;
};

/** `groups`: those of the form's shape. */
type Form = { shape: RegExp; on: (groups: Groups, table: string, algorithm: string) => string };
type Groups = Record<string, string | undefined>;

const part = '(?:`(?:[^`]|``)+`|[\\w$\\x80-\\uffff]+)';
const name = `(?<first>${part})(?:\\s*\\.\\s*(?<second>${part}))?`;

const alter = (table: string, algorithm: string, actions: string): string =>
  `alter table ${table} algorithm=${algorithm}, ${actions}`;

const forms: Form[] = [
  {
    shape: new RegExp(
      `^alter\\s+(?:online\\s+)?(?:ignore\\s+)?table\\s+(?:if\\s+exists\\s+)?${name}\\s*(?:wait\\s+\\d+|nowait)?(?<actions>[\\s\\S]*)$`,
      'i',
    ),
    on: ({ actions = '' }, table, algorithm) => alter(table, algorithm, withoutClauses(actions)),
  },
  {
    shape: new RegExp(
      `^(?<head>create\\s[^(]*?\\bindex\\s[^(]*?\\son\\s+)${name}(?<rest>\\s*\\([\\s\\S]*)$`,
      'i',
    ),
    on: ({ head, rest = '' }, table, algorithm) =>
      `${head}${table}${withoutClauses(rest)} algorithm=${algorithm}`,
  },
  {
    shape: new RegExp(`^(?<head>drop\\s+index\\s[\\s\\S]*?)\\son\\s+${name}`, 'i'),
    on: ({ head = '' }, table, algorithm) => alter(table, algorithm, head),
  },
  {
    shape: new RegExp(`^optimize\\s+(?:\\w+\\s+)?table\\s+${name}\\s*$`, 'i'),
    on: (_, table, algorithm) => alter(table, algorithm, 'force'),
  },
];

const spaceAndComments = /^(?:\s+|--\s.*|#.*|\/\*(?!!)[\s\S]*?\*\/)+/;
/** As it begins: a comment that the server runs stays. */
export const withoutComments = (sql: string): string => sql.replace(spaceAndComments, '');

const algorithmClause = /,?\s*\balgorithm\s*=?\s*(default|instant|nocopy|inplace|copy)\b/i;
const lockClause = /,?\s*\block\s*=?\s*(default|none|shared|exclusive)\b/i;

const withoutClauses = (text: string): string =>
  text
    .replace(algorithmClause, '')
    .replace(lockClause, '')
    .replace(/^[\s,]+/, '');

const hasNoAlgorithm = /\b(exchange\s+partition|tablespace)\b|\brename\s+(to|as)\b/i;
/** Foreign keys lock their parents, and what is about partitions can state no algorithm. */
const cannotBeTried = /\b(references|foreign|partition|partitions|partitioning)\b/i;

/** Null: it changes no definition of a table, or does so by no algorithm. @param database where names without one are */
export const readDefinition = (statement: string, database: string): Definition | null => {
  const sql = withoutComments(statement).replace(/[\s;]+$/, '');
  if (hasNoAlgorithm.test(sql)) return null;
  for (const { shape, on } of forms) {
    const groups: Groups | undefined = shape.exec(sql)?.groups;
    if (groups === undefined) continue;
    const asked = algorithmClause.exec(sql)?.[1]?.toUpperCase() ?? 'DEFAULT';
    return {
      table: toName(groups, database),
      asked: asked === 'DEFAULT' ? null : asked,
      on: cannotBeTried.test(sql) ? null : (table, algorithm) => on(groups, table, algorithm),
    };
  }
  return null;
};

const toName = ({ first = '', second }: Groups, database: string): TableName =>
  second === undefined
    ? { schema: database, table: unquote(first) }
    : { schema: unquote(first), table: unquote(second) };

const unquote = (text: string): string =>
  text.startsWith('`') ? text.slice(1, -1).replaceAll('``', '`') : text;

/**
 * Which algorithm ran. A copy counts the rows that it copied, which no other does (MySQL manual, "Online DDL Operations").
 * @param best the best that an empty table of the same definition allows; null: not known
 */
export const tellAlgorithm = (
  asked: string | null,
  best: string | null,
  { affectedRows, isRebuilt }: { affectedRows: number; isRebuilt: boolean },
): string => {
  if (affectedRows > 0 || asked === 'COPY') return 'COPY';
  if (isRebuilt) return best === 'COPY' ? 'COPY' : 'INPLACE';
  return best === 'INSTANT' || asked === 'INSTANT' ? 'INSTANT' : 'INPLACE';
};
