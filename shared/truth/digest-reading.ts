import type { Bucket, DigestRequest, Ranges, Span } from '../database/port.ts';
import type { Table } from '../database/tables.ts';
import { coarseRequest, readInPieces } from '../rows/reading.ts';
import { countRanges, sumRows } from '../rows/sums.ts';
import type { BracketReaders } from './bracket.ts';
import { type DigestFigures, divideParts, findMovedRanges, maxResolution, sumMoved } from './digest.ts';
import type { Room } from './room-in-state.ts';

/** Rows in production before and after the instant, and how many of them moved in between. */
export type RowFigures = { before: number; after: number; moved: number };

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
  const coarse = await readBoth(coarseRequest(content, ranges, maxResolution));
  const moved = findMovedRanges(coarse.before, coarse.after);
  const fine =
    moved.length === 0
      ? { before: [], after: [] }
      : await readBoth({ ...coarseRequest(content, ranges, maxResolution), fine: moved, only: moved });
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
