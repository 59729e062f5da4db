import { fromTable, keyColumn } from '../../database/postgres/key.ts';
import { inPages } from '../../database/postgres/pieces.ts';
import { parseTableName, type TableName } from '../../database/tables.ts';
import { DrillError } from '../../errors.ts';
import type { CopyRange, ExtractedTable } from '../../extraction/tables.ts';
import { quote } from './names.ts';
import type { Session } from './session.ts';

/** A range is copied in a few seconds. */
const bytesPerRange = 128 * 1024 * 1024;
const rowsPerCondition = 1_000_000;
const mostRanges = 1000;

/** What the copying needs to know of a table of the copy. */
export type Source = TableName & {
  isPartitioned: boolean;
  pagesOfLargest: number;
  isBinary: boolean;
  /** Before PostgreSQL 14, to read some pages takes as long as to read all. */
  hasPageRanges: boolean;
};

export const nameOf = ({ table }: Pick<ExtractedTable, 'table'>): TableName => {
  const name = parseTableName(table);
  if (name === undefined) throw new DrillError('TableNotFound', `${table} is no name of a table`);
  return name;
};

/**
 * Types whose binary form is the same on two servers of one major version. Not so: what holds numbers of the server's own, as
 * arrays and rows of user types do, what may be written in another encoding, and what belongs to an extension, which may
 * have another version there.
 */
const isBinarySql = (oid: string, columns: readonly string[]): string => `
  with recursive typed(oid) as (
    select a.atttypid from pg_attribute a
     where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped and a.attname in (${columns.map(literal).join(', ') || 'null'})
    union
    select t.typbasetype from typed join pg_type t on t.oid = typed.oid where t.typtype = 'd')
  select coalesce(bool_and(t.typtype in ('d', 'e') or t.oid < 16384 and t.typname !~ '^_?(reg|aclitem$|xml$|record$|cstring$)'), true) as "isBinary"
    from typed join pg_type t on t.oid = typed.oid`;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const readSource = async ({ query }: Session, table: ExtractedTable): Promise<Source> => {
  const what = `look at ${table.table}`;
  const name = nameOf(table);
  const [found] = await query<Omit<Source, 'isBinary' | keyof TableName> & { oid: string }>(
    what,
    `select c.oid::text as oid, c.relkind = 'p' as "isPartitioned",
            current_setting('server_version_num')::int >= 140000 as "hasPageRanges",
            (select coalesce(max(pg_relation_size(p.relid)), 0) / current_setting('block_size')::int
               from (select c.oid as relid where c.relkind <> 'p'
                     union all select relid from pg_partition_tree(c.oid) where c.relkind = 'p' and isleaf) p)::float8 as "pagesOfLargest"
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${literal(name.schema)} and c.relname = ${literal(name.table)}`,
  );
  if (found === undefined) throw new DrillError('TableNotFound', `${table.table} is gone from the copy`);
  const [types] = await query<{ isBinary: boolean }>(what, isBinarySql(found.oid, table.columns));
  return { ...name, ...found, isBinary: types?.isBinary === true };
};

/**
 * The copy is not written to, so its rows stay on their pages. Pages cut any table, with a key or without, and are read
 * in their order on the disk. The last range has no end.
 */
export const cutRanges = (
  { table, where, estimatedRows, bytes }: ExtractedTable,
  { pagesOfLargest, hasPageRanges }: Pick<Source, 'pagesOfLargest' | 'hasPageRanges'>,
): CopyRange[] => {
  // An index finds a few rows sooner.
  const isSmall = where !== null && estimatedRows < rowsPerCondition;
  const wanted = isSmall || !hasPageRanges ? 1 : Math.min(mostRanges, Math.ceil(bytes / bytesPerRange));
  const step = Math.max(1, Math.ceil(pagesOfLargest / Math.max(1, wanted)));
  const count = wanted <= 1 ? 1 : Math.max(1, Math.ceil(pagesOfLargest / step));
  return Array.from({ length: count }, (_, index) => ({
    table,
    number: index + 1,
    of: count,
    from: index === 0 ? null : String(index * step),
    to: index === count - 1 ? null : String((index + 1) * step),
  }));
};

/** The rows of one range, out of the copy and into the sandbox. */
export const copySql = (
  { where, columns }: ExtractedTable,
  source: Source,
  { from, to }: CopyRange,
  schema: string,
  isBinary: boolean,
): { out: string; into: string } => {
  const isWhole = from === null && to === null;
  const pages = isWhole ? null : { from: Number(from ?? 0), to: to === null ? null : Number(to) };
  const condition = where === null ? 'true' : `(\n${where}\n)`;
  const options = isBinary ? ' with (format binary)' : '';
  const listed = columns.map(quote).join(', ');
  return {
    out: `copy (select ${columns.map(keyColumn).join(', ')} from ${fromTable(source)} where ${inPages(pages)} and ${condition}) to stdout${options}`,
    into: `copy ${quote(schema)}.${quote(source.table)}${columns.length === 0 ? '' : ` (${listed})`} from stdin${options}`,
  };
};
