import { DrillError } from '../../errors.ts';
import { bitsOf } from '../hashed-columns.ts';
import type { Hashing, RowPack, RowsRequest } from '../port.ts';
import { decodeKey } from '../row-lines.ts';
import type { MysqlTable } from './catalog.ts';
import { meets } from './condition.ts';
import { bucketOf, hashColumns, hashedColumns } from './hash.ts';
import { inRange, keyValue, kindOf, literal, useIndex } from './key.ts';
import { nameInSql, quoteName } from './names.ts';

/** Rows of pack, count and lines, in order of pack. GROUP_CONCAT cuts off what is too long for it, so rows are counted too. */
export const rowsSql = (table: MysqlTable, request: RowsRequest): string => {
  const { content, ranges, range, buckets, resolution, packs } = request;
  const keyColumns = hashedColumns(table, 'keys', request);
  const pack = bucketOf(keyColumns, packs);
  const rowHash = hashOf(hashedColumns(table, content, request));
  const key = request.isKeyless ? [] : table.key;
  const line = `concat_ws(',', ${[rowHash, ...key.map((column) => keyText(table, column))].join(', ')})`;
  const where = inRange(table, ranges, range);
  const wanted = buckets === null ? 'true' : isWanted(buckets, bucketOf(keyColumns, resolution), resolution);
  return `select ${packs === 1 ? '0' : pack} as pack, count(*), group_concat(${line} separator '\\n')
    from ${nameInSql(table)}${where === 'true' ? '' : useIndex(table)}
   where ${where} and ${meets(table, request.where)} and ${wanted}
   ${packs === 1 ? 'having count(*) > 0' : 'group by pack order by pack'}`;
};

export const toPack = (what: string, [pack, count, lines]: (string | null)[]): RowPack => {
  const found = { pack: Number(pack), lines: (lines ?? '').split('\n') };
  if (found.lines.length === Number(count)) return found;
  throw new DrillError('DatabaseFailure', `${what}: the server cut a list of ${count} keys short`, {
    hint: 'raise max_allowed_packet in the parameter groups of the cluster and of the plan',
  });
};

/** NULL for a row beyond max_allowed_packet, which a digest has refused before. */
const hashOf = (columns: Parameters<typeof hashColumns>[0]): string =>
  `ifnull(${hashColumns(columns)}, 'long')`;

const isWanted = (buckets: readonly number[], bucket: string, resolution: number): string =>
  `(ord(substring(x'${bitsOf(buckets, resolution)}', 1 + ((${bucket}) >> 3), 1)) >> ((${bucket}) & 7)) & 1`;

/** A key's value as a text, the same whatever the column's character set. */
const keyText = (table: MysqlTable, column: string): string => {
  const value = keyValue(table, column);
  switch (kindOf(table, column)) {
    case 'number':
      return value;
    case 'bytes':
      return `concat('x', hex(hex(${value})))`;
    case 'text':
      return `concat('x', hex(convert(${value} using utf8mb4)))`;
  }
};

/** Rows of a key and a hash of each column. The index of the key finds them. */
export const byKeySql = (table: MysqlTable, keys: readonly string[], hashing: Hashing): string => {
  const wanted = keys.map((key) => {
    const values = decodeKey(key);
    return `(${table.key.map((column, index) => literal(table, column, values[index] ?? '')).join(', ')})`;
  });
  const key = `concat_ws(',', ${table.key.map((column) => keyText(table, column)).join(', ')})`;
  const hashes = hashedColumns(table, 'values', hashing).map((column) => hashOf([column]));
  return `select ${[key, ...hashes].join(', ')} from ${nameInSql(table)}
    where (${table.key.map(quoteName).join(', ')}) in (${wanted.join(', ')})`;
};
