import pg from 'pg';
import type { DigestRequest, Ranges } from '../port.ts';
import type { PostgresTable } from './catalog.ts';
import { meets } from './condition.ts';
import { bucketSeed, hashColumns, hashedColumns, rowSeed } from './hash.ts';
import { fromTable, inBounds, inSample, keyColumn } from './key.ts';
import { inPages, type Pages } from './pieces.ts';
import { isFreshSql } from './span.ts';

/**
 * 65,536 buckets stay in memory (work_mem is in KiB). Rows that are hashed as a whole are read page by page, which a plain
 * index scan does not do. An index-only scan would not see a damaged page of the table. Workers side by side would each time
 * read the whole table for some of its pages.
 */
export const digestSettings = ({ content }: DigestRequest, pages: Pages | null = null): string =>
  `set local work_mem = 32768; set local enable_indexonlyscan = off; set local enable_indexscan = ${content === 'values' ? 'off' : 'on'};
   set local enable_seqscan = ${pages === null ? 'on' : 'off'}`;

/**
 * One statement that answers rows of range, bucket, count and sum of hashes.
 * When it groups by an expression of a key, the planner expects as many groups as keys, and uses no parallel workers.
 * It knows nothing of the columns of a union, so there is one, whose second half is never read.
 * @param pages the pages to read, null for all
 */
export const digestSql = (
  table: PostgresTable,
  request: DigestRequest,
  pages: Pages | null = null,
): string => {
  const { content, ranges, only, resolution, since } = request;
  const isFresh = isFreshSql(since, 't');
  const hasFresh = isFresh !== 'false';
  if (content === 'rows' && ranges.kind === 'bounds' && only === null && ranges.bounds.length === 0) {
    const fresh = hasFresh ? `, count(*) filter (where ${isFresh})::text as fresh` : '';
    return `select 0 as range, 0 as bucket, count(*)::text as rows, '0' as hash${fresh} from ${fromTable(table)} where ${inPages(pages)} and ${meets(table, request.where)} having count(*) > 0`;
  }
  const hash =
    content === 'rows' ? '0::bigint' : hashColumns(hashedColumns(table, content, request), 't', rowSeed);
  const pieces = pages === null ? listPieces(table, request) : null;
  if (pieces !== null) {
    const fresh = hasFresh
      ? `, count(*) filter (where ${isFresh})::text as fresh, (sum(${hash}) filter (where ${isFresh}))::text as "freshHash"`
      : '';
    return pieces
      .map(
        ({
          range,
          where,
        }) => `select ${range} as range, 0 as bucket, count(*)::text as rows, sum(${hash})::text as hash${fresh}
         from ${fromTable(table)} where ${where} and ${meets(table, request.where)} having count(*) > 0`,
      )
      .join('\n union all ');
  }
  const select = ({ range, where }: Piece): string =>
    `select (${range}) * ${resolution} + ${bucketOf(table, request, range)} as place, ${hash} as hash${hasFresh ? `, ${isFresh} as fresh` : ''}
       from ${fromTable(table)} where (${where}) and ${inPages(pages)} and ${meets(table, request.where)}`;
  const fresh = hasFresh
    ? ', count(*) filter (where fresh)::text as fresh, (sum(hash) filter (where fresh))::text as "freshHash"'
    : '';
  return `select place / ${resolution} as range, place % ${resolution} as bucket, count(*)::text as rows, sum(hash)::text as hash${fresh}
    from (${listSources(table, request).map(select).join('\n union all ')}
          union all select 0, 0::bigint${hasFresh ? ', false' : ''} from ${fromTable(table)} where false) rows
   group by place`;
};

/** Rows that are read together: their range's number, as SQL, and the condition that finds them. */
type Piece = { range: string; where: string };

/** Ranges that are each read as a whole, one bucket each. Null when that would be slow. */
const listPieces = (table: PostgresTable, { ranges, fine, only }: DigestRequest): Piece[] | null => {
  if (fine.length > 0) return null;
  if (ranges.kind === 'samples') return listSamples(table, ranges, only);
  const { bounds } = ranges;
  if (!table.isClustered || bounds.length === 0) return null;
  return [...bounds, null]
    .map((_, index) => ({ range: String(index), where: inBounds(table, bounds, index) }))
    .filter((_, index) => only === null || only.includes(index));
};

/** Where the rows that go into buckets come from. */
const listSources = (table: PostgresTable, { ranges, only }: DigestRequest): Piece[] => {
  if (ranges.kind === 'samples') return listSamples(table, ranges, only);
  const where =
    only === null
      ? 'true'
      : joinRanges(only)
          .map((span) => inBounds(table, ranges.bounds, ...span))
          .join(' or ');
  return [{ range: rangeOf(table, ranges.bounds), where }];
};

/** The first and the last of ranges in a row: hundreds of conditions would be tried for every row. */
const joinRanges = (ranges: readonly number[]): [number, number][] => {
  const spans: [number, number][] = [];
  for (const range of ranges.toSorted((one, other) => one - other)) {
    const last = spans.at(-1);
    if (last !== undefined && range <= last[1] + 1) last[1] = range;
    else spans.push([range, range]);
  }
  return spans;
};

const listSamples = (
  table: PostgresTable,
  { samples }: Extract<Ranges, { kind: 'samples' }>,
  only: number[] | null,
): Piece[] =>
  samples
    .map((sample, index) => ({ range: String(index), where: inSample(table, sample) }))
    .filter((_, index) => only === null || only.includes(index));

/** The number of a row's range. */
const rangeOf = ({ key, keyTypes }: PostgresTable, bounds: string[]): string => {
  const [column] = key;
  if (column === undefined || bounds.length === 0) return '0';
  const values = bounds.map((bound) => pg.escapeLiteral(bound)).join(', ');
  return `width_bucket(${keyColumn(column)}, array[${values}]::${keyTypes[0]}[])`;
};

const bucketOf = (table: PostgresTable, request: DigestRequest, range: string): string => {
  const { fine, only, resolution } = request;
  if (fine.length === 0) return '0';
  const hash = hashColumns(hashedColumns(table, 'keys', request), 't', bucketSeed);
  const bucket = `(${hash} & ${resolution - 1})::int`;
  if (only?.every((index) => fine.includes(index))) return bucket;
  return `case when ${range} in (${fine.join(', ')}) then ${bucket} else 0 end`;
};

/** How many pages are looked at to cut a table into ranges, and to choose where samples begin. */
const pagesForBounds = 600;
const pagesForSamples = 40;

/** Reads about this many pages, spread over the whole table, or all pages when there are no more. */
const samplePages = ({ pages }: PostgresTable, wanted: number, seed: number): string =>
  pages <= wanted ? '' : `tablesample system (${(100 * wanted) / pages}) repeatable (${seed})`;

export const boundsSql = (table: PostgresTable, ranges: number): string => {
  const shares = Array.from({ length: ranges - 1 }, (_, index) => (index + 1) / ranges).join(',');
  return `select (percentile_disc('{${shares}}'::float8[])
            within group (order by ${keyColumn(table.key[0] ?? '')}))::text[] as bounds
            from ${fromTable(table)} ${samplePages(table, pagesForBounds, 0)}`;
};

/** The first keys of the samples, in the key's own order. */
export const sampleStartsSql = (table: PostgresTable, ranges: number, seed: number): string => {
  const columns = table.key.map(keyColumn);
  const order = hashColumns(hashedColumns(table, 'keys'), 't', seed);
  const texts = columns.map((column) => `${column}::text`).join(', ');
  return `select array[${texts}] as key from (
            select * from ${fromTable(table)} ${samplePages(table, pagesForSamples, seed)} order by ${order} limit ${ranges}
          ) t order by ${columns.join(', ')}`;
};

/** The key this many rows on from this one. No row when the table ends sooner. */
export const sampleEndSql = (table: PostgresTable, from: string[], rows: number): string => {
  const columns = table.key.map(keyColumn);
  const texts = columns.map((column) => `${column}::text`).join(', ');
  return `select array[${texts}] as key from ${fromTable(table)} where ${inSample(table, { from, to: null })}
           order by ${columns.join(', ')} offset ${rows} limit 1`;
};

/** The newest time of a column that is not after the instant. An index on the column serves it. */
export const newestSql = (table: PostgresTable, column: string, limit: string, isZoned: boolean): string => {
  const name = keyColumn(column);
  return `select max(${name})::${isZoned ? 'timestamptz' : 'timestamp'}::text as newest from ${fromTable(table)}
           where ${name} <= ${pg.escapeLiteral(limit)}::${isZoned ? 'timestamptz' : 'timestamp'}`;
};
