import pg from 'pg';
import type { Span } from '../port.ts';

/** More transactions than this in one span would make the statements too long. */
const maxTransactions = 50_000;

/** Before PostgreSQL 14 a list of transactions is searched from its beginning for every row. */
export const readMarkSql = `select case when current_setting('server_version_num')::int >= 140000
  then txid_current_snapshot()::text end as mark`;

/** Nothing is locked meanwhile. */
export const sleepSql = (untilMs: number): string =>
  `select pg_sleep(greatest(0, ${untilMs} - extract(epoch from clock_timestamp()) * 1000) / 1000.0)`;

/** The next transaction is taken to be one after the last that has ended. */
export const readProgressSql = `
  select txid_snapshot_xmax(txid_current_snapshot())::float8 as next,
  extract(epoch from clock_timestamp()) * 1000 as now`;

type Snapshot = { xmin: bigint; xmax: bigint; running: bigint[] };

/** Reads `xmin:xmax:running,...` (PostgreSQL documentation, "Transaction ID and Snapshot Information Functions"). */
const parseSnapshot = (text: string): Snapshot => {
  const [xmin = '', xmax = '', running = ''] = text.split(':');
  return { xmin: BigInt(xmin), xmax: BigInt(xmax), running: running.split(',').filter(Boolean).map(BigInt) };
};

/**
 * The transactions of a span as a row's xmin shows them: those that ran when it began, and all that began in it. Null
 * when there are too many.
 */
export const listTransactions = ({ from, to }: Span): string[] | null => {
  const [first, last] = [parseSnapshot(from), parseSnapshot(to)];
  const begun = Number(last.xmax - first.xmax);
  if (begun + first.running.length > maxTransactions) return null;
  const ids = [
    ...first.running,
    ...Array.from({ length: Math.max(0, begun) }, (_, index) => first.xmax + BigInt(index)),
  ];
  return ids.map(toXid);
};

/** As a row's xmin shows it. */
const toXid = (id: bigint): string => String(id & 0xffff_ffffn);

/**
 * SQL that tells whether a row was written in the span. A list of constants is hashed from PostgreSQL 14 on, costs next to
 * nothing, and does not keep the statement from parallel workers, as age() would. Where the list would be too long, a number
 * is read from each row.
 */
export const isFreshSql = (span: Span | undefined, row: string): string => {
  if (span === undefined) return 'false';
  const ids = listTransactions(span);
  return ids === null ? isBegunSql(span, row) : isOneOfSql(ids, row);
};

const isOneOfSql = (ids: readonly string[], row: string): string =>
  ids.length === 0 ? 'false' : `${row}.xmin = any('{${ids.join(',')}}'::xid[])`;

const isBegunSql = ({ from, to }: Span, row: string): string => {
  const [first, last] = [parseSnapshot(from), parseSnapshot(to)];
  const since = `((${row}.xmin::text::bigint - ${first.xmax & 0xffff_ffffn}) & 4294967295)`;
  return `(${since} < ${last.xmax - first.xmax} or ${isOneOfSql(first.running.map(toXid), row)})`;
};

/** The same for rows of the catalog, without a list: they are few. */
export const isChangedSql = ({ from, to }: Span, xmin: string): string => {
  const [first, last] = [parseSnapshot(from), parseSnapshot(to)];
  const since = `((${xmin}::text::bigint - ${first.xmin & 0xffff_ffffn}) & 4294967295)`;
  const isSeen = `txid_visible_in_snapshot(${first.xmin} + ${since}, ${pg.escapeLiteral(from)}::txid_snapshot)`;
  return `case when ${since} < ${last.xmax - first.xmin} then not ${isSeen} else false end`;
};
