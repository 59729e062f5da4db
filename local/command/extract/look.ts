import { ledgerName } from '../../../shared/copying/ledger.ts';
import type { Answer, Database, DatabaseAddress, Reader } from '../../../shared/database/port.ts';
import { type Quote, quoteForMysql, quoteForPostgres, quoteTable } from '../../../shared/database/quoted.ts';
import { parseTableName, type Table } from '../../../shared/database/tables.ts';
import type { ExtractDocument } from '../../../shared/extraction/document.ts';
import { type Dialect, dialectOf } from '../../../shared/sql/tokens.ts';

/** What an extract has left in its sandbox, as whoever works there sees it. */
export type Seen = { comment: string | null; tables: SeenTable[] };

/** Its first rows in order of its key, long values cut. */
export type SeenTable = { table: string; rows: number; columns: string[]; first: Answer };

const mostTables = 8;
const mostRows = 3;
const mostColumns = 8;
const mostCharacters = 30;
const mostMs = 60_000;

/** How an engine writes it. `comment`: what our schema says of itself; its name needs no quotes. */
const dialects: Record<
  Dialect,
  { quote: Quote; toText: (column: string) => string; comment: (schema: string) => string }
> = {
  postgres: {
    quote: quoteForPostgres,
    toText: (column) => `${column}::text`,
    comment: (schema) =>
      `select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = '${schema}'`,
  },
  mysql: {
    quote: quoteForMysql,
    toText: (column) => column,
    comment: (schema) =>
      `select table_comment from information_schema.tables where table_schema = '${schema}' and table_name = '${ledgerName}'`,
  },
};

/** @returns null if the extract has left nothing there */
export const lookAround = async (
  database: Database,
  address: DatabaseAddress,
  { sandbox, tables }: Pick<ExtractDocument, 'sandbox' | 'tables'>,
): Promise<Seen | null> => {
  if (sandbox === null || sandbox.state === 'not made') return null;
  const { schema } = sandbox;
  const names = tables.slice(0, mostTables).map(({ table }) => parseTableName(table)?.table);
  const dialect = dialectOf(address.engine);
  const reader = await database.open(address, { sessions: 1, remainingMs: () => mostMs });
  try {
    await reader.openSnapshot(0);
    const [[comment = null] = []] = await reader.runQuery(dialects[dialect].comment(schema));
    const seen: Seen = { comment, tables: [] };
    for (const table of await reader.listTables()) {
      if (table.schema === schema && names.includes(table.table))
        seen.tables.push(await lookAt(reader, table, dialect));
    }
    return seen;
  } finally {
    await reader.close();
  }
};

const lookAt = async (reader: Reader, table: Table, dialect: Dialect): Promise<SeenTable> => {
  const { quote, toText } = dialects[dialect];
  const from = `from ${quoteTable(table, quote)}`;
  const columns = (table.names ?? []).slice(0, mostColumns);
  const values = columns.map((name) => `left(${toText(quote(name))}, ${mostCharacters})`);
  const order = table.key.length === 0 ? '' : `order by ${table.key.map(quote).join(', ')}`;
  const [[rows] = []] = await reader.runQuery(`select count(*) ${from}`);
  const first = await reader.runQuery(`select ${values.join(', ')} ${from} ${order} limit ${mostRows}`);
  return { table: table.table, rows: Number(rows), columns, first };
};
