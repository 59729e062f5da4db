/** A table's name as the database has it: any characters, any case. */
export type TableName = { schema: string; table: string };

/** A user table. Columns are texts such as `id bigint not null`, in their order in the table. */
export type Table = TableName & { columns: string[]; isPartitioned: boolean };

/**
 * The text that stands for a table in plans and results: `schema.table`. A part that holds a dot or a double quote
 * is written in double quotes, with quotes inside doubled: `public."order.items"`. Case always counts.
 */
export const formatTableName = ({ schema, table }: TableName): string =>
  `${quoteOdd(schema)}.${quoteOdd(table)}`;

const quoteOdd = (part: string): string =>
  part === '' || /[."]/.test(part) ? `"${part.replaceAll('"', '""')}"` : part;

/** Reads `schema.table`, or `table` alone for the schema public. Undefined when the text is neither. */
export const parseTableName = (text: string): TableName | undefined => {
  const match = /^(?:("(?:[^"]|"")*"|[^."]+)\.)?("(?:[^"]|"")*"|[^."]+)$/.exec(text);
  if (match?.[2] === undefined) return undefined;
  return { schema: match[1] === undefined ? 'public' : unquote(match[1]), table: unquote(match[2]) };
};

const unquote = (part: string): string =>
  part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
