import type { Bucket, Condition, DigestRequest, Ranges, Reader, Span } from '../database/port.ts';
import type { Table } from '../database/tables.ts';
import { countRanges, sumRows } from './sums.ts';

/** Enough to look into a finding; few enough for 300 tables to fit the state data. */
export const rangesPerTable = 16;

/** Larger tables are read one range of the key at a time, so that no statement runs for many minutes. */
const maxRowsAtOnce = 20_000_000;

const isCutHere = (reader: Reader, { estimatedRows }: Table): boolean =>
  estimatedRows > maxRowsAtOnce && !reader.cutsTables();

/** Reads a table in one statement, or a very large one range by range, unless the reader cuts it by itself. */
export const readInPieces = async (
  reader: Reader,
  table: Table,
  request: DigestRequest,
): Promise<Bucket[]> => {
  const count = countRanges(request.ranges);
  if (!isCutHere(reader, table) || count === 1 || request.ranges.kind === 'samples') {
    return reader.readDigest(table, request);
  }
  const buckets: Bucket[] = [];
  for (const range of request.only ?? Array.from({ length: count }, (_, index) => index)) {
    buckets.push(...(await reader.readDigest(table, { ...request, only: [range] })));
  }
  return buckets;
};

/** Reads every range as a whole. */
export const coarseRequest = (
  content: DigestRequest['content'],
  ranges: Ranges,
  resolution = 1,
): DigestRequest => ({
  content,
  ranges,
  fine: [],
  resolution,
  only: null,
});

/** Ranges of the table's key that hold all of its rows; one if it has no key. */
export const chooseRanges = async (reader: Reader, table: Table, most = rangesPerTable): Promise<Ranges> => ({
  kind: 'bounds',
  bounds: table.key.length === 0 ? [] : await reader.chooseBounds(table, most),
});

/** Only counts rows: in one statement, or range by range if the table is very large. */
export const readCount = async (
  reader: Reader,
  table: Table,
  since?: Span | undefined,
  where?: Condition | undefined,
): Promise<Bucket[]> => {
  const ranges: Ranges = isCutHere(reader, table)
    ? await chooseRanges(reader, table)
    : { kind: 'bounds', bounds: [] };
  return readInPieces(reader, table, { ...coarseRequest('rows', ranges), since, where });
};

export const countTable = async (
  reader: Reader,
  table: Table,
  where?: Condition | undefined,
): Promise<number> => sumRows(await readCount(reader, table, undefined, where));
