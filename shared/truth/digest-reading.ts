import type { Bucket, DigestRequest, Ranges, Reader, Span } from '../database/port.ts';
import type { Table } from '../database/tables.ts';
import type { BracketReaders } from './bracket.ts';
import {
  countRanges,
  type DigestFigures,
  divideParts,
  findMovedRanges,
  maxResolution,
  rangesPerTable,
  sumMoved,
  sumRows,
} from './digest.ts';
import type { Room } from './room-in-state.ts';

/** Rows in production before and after the instant, and how many of them moved in between. */
export type RowFigures = { before: number; after: number; moved: number };

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
export const coarseRequest = (content: DigestRequest['content'], ranges: Ranges): DigestRequest => ({
  content,
  ranges,
  fine: [],
  resolution: maxResolution,
  only: null,
});

/** Ranges of the table's key that hold all of its rows; one if it has no key. */
export const chooseRanges = async (reader: Reader, table: Table, most = rangesPerTable): Promise<Ranges> => ({
  kind: 'bounds',
  bounds: table.key.length === 0 ? [] : await reader.chooseBounds(table, most),
});

/** Only counts rows: in one statement, or range by range if the table is very large. */
export const countTable = async (reader: Reader, table: Table): Promise<number> => {
  const ranges: Ranges = isCutHere(reader, table)
    ? await chooseRanges(reader, table)
    : { kind: 'bounds', bounds: [] };
  return sumRows(await readInPieces(reader, table, coarseRequest('rows', ranges)));
};

/** Reads a table before and after the instant, coarsely. Then reads the ranges that moved again, bucket by bucket. */
export const readBracketed = async (
  { before, after }: BracketReaders,
  table: Table,
  wanted: {
    content: 'keys' | 'values';
    ranges: Ranges;
    seed: number | null;
    since?: Span | undefined;
    room: Pick<Room, 'mostMoved' | 'spendMoved'>;
  },
): Promise<{ figures: DigestFigures; rows: RowFigures }> => {
  const { content, ranges, seed, since, room } = wanted;
  const readBoth = async (request: DigestRequest) => {
    // If one fails, the other must still end before anything else starts.
    const [one, other] = await Promise.allSettled([
      readInPieces(before, table, request),
      readInPieces(after, table, { ...request, since }),
    ]);
    if (one.status === 'rejected') throw one.reason;
    if (other.status === 'rejected') throw other.reason;
    return { before: one.value, after: other.value };
  };
  const coarse = await readBoth(coarseRequest(content, ranges));
  const moved = findMovedRanges(coarse.before, coarse.after);
  const fine =
    moved.length === 0
      ? { before: [], after: [] }
      : await readBoth({ ...coarseRequest(content, ranges), fine: moved, only: moved });
  const stood = (buckets: Bucket[]) => buckets.filter(({ range }) => !moved.includes(range));
  const { resolution, parts } = divideParts(
    { before: [...stood(coarse.before), ...fine.before], after: [...stood(coarse.after), ...fine.after] },
    countRanges(ranges),
    room.mostMoved(),
  );
  room.spendMoved(parts.reduce((sum, { moved }) => sum + moved.length, 0));
  return {
    figures: { content, key: table.key, ranges, seed, resolution, parts },
    rows: {
      before: sumRows(coarse.before),
      after: sumRows(coarse.after),
      moved: sumMoved(parts),
    },
  };
};
