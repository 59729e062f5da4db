import { DrillError } from '../../errors.ts';
import type { Bucket, DigestRequest } from '../port.ts';
import { formatTableName } from '../tables.ts';
import type { MysqlTable } from './catalog.ts';
import { meets } from './condition.ts';
import { bucketOf, hashColumns, hashedColumns } from './hash.ts';
import { inBounds, inSample, useIndex } from './key.ts';
import { nameInSql } from './names.ts';

/** Above this many rows, each range is a statement, read side by side: a second session nearly halves the time. */
const rowsToSplit = 200_000;
const rangesPerStatement = 32;

/** Above any sum of hashes. Counted for a row beyond max_allowed_packet, whose text is NULL. */
const unhashed = 10n ** 40n;

/**
 * Statements that answer rows of range, bucket, count and sum of hashes. Each range is its own SELECT along the index:
 * grouping by range took a quarter longer on a million rows.
 */
export const digestStatements = (table: MysqlTable, request: DigestRequest): string[] => {
  const selects = wantedRanges(table, request).map(({ range, where }) => {
    const isFine = request.fine.includes(range);
    const bucket = isFine ? bucketOf(hashedColumns(table, 'keys', request), request.resolution) : '0';
    return `select ${range}, ${bucket}, count(*), ${sumOf(table, request)} from ${nameInSql(table)}${
      where === 'true' ? '' : `${useIndex(table)} where ${where}`
    }${isFine ? ' group by 2' : ''}`;
  });
  const isSplit = request.ranges.kind === 'bounds' && table.estimatedRows >= rowsToSplit;
  const perStatement = isSplit ? 1 : rangesPerStatement;
  return Array.from({ length: Math.ceil(selects.length / perStatement) }, (_, index) =>
    selects.slice(index * perStatement, (index + 1) * perStatement).join(' union all '),
  );
};

const sumOf = (table: MysqlTable, request: DigestRequest): string => {
  if (request.content === 'rows') return '0';
  return `sum(ifnull(${hashColumns(hashedColumns(table, request.content, request))}, ${unhashed}))`;
};

type WantedRange = { range: number; where: string };

const wantedRanges = (table: MysqlTable, { ranges, only, where }: DigestRequest): WantedRange[] => {
  const all =
    ranges.kind === 'samples'
      ? ranges.samples.map((sample, range) => ({ range, where: inSample(table, sample) }))
      : table.key.length === 0
        ? [{ range: 0, where: 'true' }]
        : [...ranges.bounds, undefined].map((bound, range) => ({
            range,
            where: inBounds(table, ranges.bounds[range - 1], bound),
          }));
  return all
    .filter(({ range }) => only === null || only.includes(range))
    .map((one) => (where === undefined ? one : { ...one, where: `${one.where} and ${meets(table, where)}` }));
};

/** @param rows of range, bucket, count and sum. The sum is NULL where nothing was counted */
export const toBuckets = (table: MysqlTable, rows: (string | null)[][]): Bucket[] =>
  rows.flatMap(([range, bucket, count, sum]) => {
    const hash = BigInt(sum ?? 0);
    if (hash >= unhashed) {
      throw new DrillError(
        'DatabaseFailure',
        `hash ${formatTableName(table)}: ${hash / unhashed} of its rows are longer than max_allowed_packet`,
        { hint: 'raise max_allowed_packet in the parameter groups of the cluster and of the plan' },
      );
    }
    if (count === '0') return [];
    return [
      { range: Number(range), bucket: Number(bucket), rows: Number(count), hash: BigInt.asUintN(64, hash) },
    ];
  });
