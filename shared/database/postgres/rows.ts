import { bitsOf } from '../hashed-columns.ts';
import type { Hashing, RowsRequest } from '../port.ts';
import { decodeKey } from '../row-lines.ts';
import type { PostgresTable } from './catalog.ts';
import { meets } from './condition.ts';
import { bucketSeed, hashColumns, hashedColumns, plainTypes, rowSeed } from './hash.ts';
import { fromTable, inRange, keyColumn, literal } from './key.ts';

/**
 * A cursor reads the rows of one pack after the other. Their keys and hashes are joined to one text for each pack: a
 * message for each row takes the client several times as long. OFFSET keeps the planner from sorting whole rows by pack.
 */
export const declareRowsSql = (table: PostgresTable, request: RowsRequest): string => {
  const { content, ranges, range, buckets, resolution, packs } = request;
  const keyHash = hashColumns(hashedColumns(table, 'keys', request), 't', bucketSeed);
  const rowHash = hashColumns(hashedColumns(table, content, request), 't', rowSeed);
  const line = [`${rowHash}::text`, ...(request.isKeyless ? [] : keyTexts(table))].join(` || ',' || `);
  const declare = 'declare rows no scroll cursor for';
  const wanted = buckets === null ? 'true' : isWanted(buckets, resolution, keyHash);
  const source = `from ${fromTable(table)}
    where ${inRange(table, ranges, range)} and ${meets(table, request.where)} and ${wanted}`;
  if (packs === 1)
    return `${declare} select 0 as pack, string_agg(${line}, e'\\n') as lines ${source} having count(*) > 0`;
  return `${declare} select pack, string_agg(line, e'\\n') as lines
    from (select (${keyHash} & ${packs - 1})::int as pack, ${line} as line ${source} offset 0) hashed
   group by pack order by pack`;
};

export const rowsSettings = `set local work_mem = 32768; set local enable_hashagg = off; set local cursor_tuple_fraction = 1`;

const isWanted = (buckets: readonly number[], resolution: number, keyHash: string): string =>
  `get_bit('\\x${bitsOf(buckets, resolution)}'::bytea, (${keyHash} & ${resolution - 1})::int) = 1`;

const keyTexts = ({ key, hashed }: PostgresTable): string[] =>
  key.map((column) => {
    const text = `${keyColumn(column)}::text`;
    const base = hashed.find(({ name }) => name === column)?.base ?? null;
    return base !== null && plainTypes.has(base) ? text : `'x' || encode(convert_to(${text}, 'UTF8'), 'hex')`;
  });

/** Rows of key and hashes, each row a text. The index of the key finds them. */
export const byKeySql = (table: PostgresTable, keys: readonly string[], hashing: Hashing): string => {
  const values = keys.map((key) => {
    const decoded = decodeKey(key);
    return `(${decoded.map((value, index) => literal(value, table.keyTypes[index])).join(', ')})`;
  });
  const columns = table.key.map(keyColumn);
  const hashes = hashedColumns(table, 'values', hashing).map(
    (column) => `${hashColumns([column], 't', rowSeed)}::text`,
  );
  return `select ${keyTexts(table).join(` || ',' || `)} as key, array[${hashes.join(', ')}]::text[] as hashes
            from ${fromTable(table)} where (${columns.join(', ')}) in (values ${values.join(', ')})`;
};
