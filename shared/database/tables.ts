import { DrillError } from '../errors.ts';

/** A table's name as the database has it: any characters, any case. On MySQL a schema is a database. */
export type TableName = { schema: string; table: string };

/** A user table, and what the copy's table must have too. */
export type Table = TableName & {
  /** Texts such as `id bigint not null`, in their order in the table. */
  columns: string[];
  /** In no order: keys, valid indexes, constraints, on MySQL also the engine and the collation. */
  objects: string[];
  /** The columns that identify a row, in order: of the primary key, or of a unique index without NULLs. Else none. */
  key: string[];
  /** The names of all columns, in order. */
  names?: string[];
  /** Rows of two tables with the same text are hashed alike. */
  hashing?: string;
  /** Two tables with the same text order keys alike, and find a range of keys fast. Null: ranges are slow, or uncertain. */
  order?: string | null;
  /** The most bytes of a key as a text. */
  keyBytes?: number;
  /** A column with an index, which the server fills with the next whole number. */
  counted?: string | null | undefined;
  /** The planner's guess. For planning only. */
  estimatedRows: number;
  /** Changes when the table is another one, is rewritten, or gets other partitions. Undefined where nothing tells. */
  version?: string | undefined;
  /** Was its definition written in the span asked for? */
  isFresh?: boolean | undefined;
  /** Rows deleted and updated since the server counts: a change means that rows came and went. Null: it does not tell. */
  removals?: number | null | undefined;
  /** Of a materialized view: does it hold rows? Null or undefined: it is a table. */
  isPopulated?: boolean | null | undefined;
};

/** A plan that names a materialized view has its rows compared. Nobody else counts it as a table. */
export const isView = ({ isPopulated }: Table): boolean => typeof isPopulated === 'boolean';

/**
 * A table's name in plans and results: `schema.table`. A part with a dot or a double quote is written in double quotes,
 * with quotes inside doubled: `public."order.items"`. Case always counts.
 */
export const formatTableName = ({ schema, table }: TableName): string =>
  `${quoteOdd(schema)}.${quoteOdd(table)}`;

export const byName = <Listed extends TableName>(tables: readonly Listed[]): Map<string, Listed> =>
  new Map(tables.map((table) => [formatTableName(table), table]));

/** Keeps the tables that one reader listed, for later questions. */
export const rememberTables = <Listed extends Table>() => {
  let tables = new Map<string, Listed>();
  return {
    remember: (listed: Listed[]): Listed[] => {
      tables = byName(listed);
      return listed;
    },
    /** @throws DrillError DatabaseBusy */
    find: (table: TableName): Listed => {
      const known = tables.get(formatTableName(table));
      if (known !== undefined) return known;
      throw new DrillError('DatabaseBusy', `${formatTableName(table)} came or went between two snapshots`);
    },
  };
};

const quoteOdd = (part: string): string =>
  part === '' || /[."]/.test(part) ? `"${part.replaceAll('"', '""')}"` : part;

/**
 * Reads `schema.table`, or `table` alone for the default schema. Undefined when the text is neither.
 * @param defaultSchema public in PostgreSQL, in MySQL the database that the plan names
 */
export const parseTableName = (text: string, defaultSchema = 'public'): TableName | undefined => {
  const match = /^(?:("(?:[^"]|"")*"|[^."]+)\.)?("(?:[^"]|"")*"|[^."]+)$/.exec(text);
  if (match?.[2] === undefined) return undefined;
  return { schema: match[1] === undefined ? defaultSchema : unquote(match[1]), table: unquote(match[2]) };
};

const unquote = (part: string): string =>
  part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
