import type { Hashing, RowsRequest } from '../port.ts';
import { decodeKey } from '../row-keys.ts';
import type { PostgresTable } from './catalog.ts';
import { meets } from './condition.ts';
import { bucketSeed, hashColumns, hashedColumns, rowSeed } from './hash.ts';
import { fromTable, inBounds, keyColumn, literal } from './key.ts';

/**
 * A cursor reads the rows of one pack after the other. Their keys and hashes are joined to one text for each pack: a
 * message for each row takes the client several times as long. Rows are sorted by pack, which spills to the server's disk
 * where memory is short.
 */
export const declareRowsSql = (table: PostgresTable, request: RowsRequest): string => {
  const { ranges, range, buckets, resolution, packs } = request;
  const keyHash = hashColumns(hashedColumns(table, 'keys', request), 't', bucketSeed);
  const rowHash = hashColumns(hashedColumns(table, 'values', request), 't', rowSeed);
  const line = [`${rowHash}::text`, ...(request.isKeyless ? [] : keyTexts(table))].join(` || ',' || `);
  const wanted = buckets === null ? 'true' : `${isWanted(buckets, resolution, 'pack')}`;
  return `declare rows no scroll cursor for
    select pack, string_agg(line, e'\\n') as lines from (
      select pack, line from (
        select (${keyHash} & ${packs - 1})::int as pack, ${line} as line
          from ${fromTable(table)}
         where ${inBounds(table, ranges.bounds, range)} and ${meets(table, request.where)}
      ) hashed where ${wanted}
    ) packed group by pack order by pack`;
};

export const rowsSettings = `set local work_mem = 32768; set local enable_hashagg = off; set local cursor_tuple_fraction = 1`;

/** One bit for each bucket: a list of thousands would be searched for every row before PostgreSQL 14. */
const isWanted = (buckets: readonly number[], resolution: number, pack: string): string => {
  const bits = Buffer.alloc(Math.ceil(resolution / 8));
  for (const bucket of buckets) bits[bucket >> 3] = (bits[bucket >> 3] ?? 0) | (1 << (bucket & 7));
  return `get_bit('\\x${bits.toString('hex')}'::bytea, ${pack} & ${resolution - 1}) = 1`;
};

/** Types whose texts hold no comma and no line break. */
const plainTypes = new Set(
  [
    'int2',
    'int4',
    'int8',
    'oid',
    'numeric',
    'bool',
    'uuid',
    'date',
    'time',
    'timestamp',
    'timestamptz',
  ].concat(['float4', 'float8', 'inet', 'macaddr', 'bytea']),
);

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
