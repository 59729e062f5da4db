import type { LateCounter, Reader, Span } from '../database/port.ts';
import { formatTableName, isView, type Table } from '../database/tables.ts';
import type { Checks } from '../plan/plans.ts';
import { readCount, readInPieces } from '../rows/reading.ts';
import { countRanges, sumRows } from '../rows/sums.ts';
import {
  type Bracket,
  type LateDefinitions,
  openAfter,
  readLateDefinitions,
  settleMs,
} from '../truth/bracket.ts';
import { readCounters, settleCounters } from '../truth/counter-checks.ts';
import { settleDefinitions } from '../truth/definition-checks.ts';
import { type DigestFigures, divideParts, sumMoved, withNewer, withoutFresh } from '../truth/digest.ts';
import type { RowFigures } from '../truth/digest-reading.ts';
import {
  askProduction,
  type BaselineFigures,
  settleInOrder,
  splitObjects,
  withChange,
} from '../truth/figures.ts';
import { lookOnce } from '../truth/progress.ts';
import type { QueryFigures } from '../truth/query-checks.ts';
import { type Room, shareRoom } from '../truth/room-in-state.ts';
import { cameAndWent, compareCounts, findChanges, keepDefinition } from '../truth/settling.ts';
import {
  mayHaveMoved,
  orUnread,
  type TableFigures,
  unlessUnanswered,
  withoutRows,
} from '../truth/table-reading.ts';
import { hasOnlyGrown, recallBuckets } from './buckets.ts';
import type { FirstFigures } from './first-reading.ts';
import { type FirstDigest, type FirstTable, requestFine } from './first-table.ts';

/** `createdAt`: the time that the copy is of, ISO 8601. It lies between the two readings. */
export type SecondRequest = { checks: Checks; createdAt: string };

/**
 * Reads production again, after the time that the copy is of, and keeps what is the same as in the first reading. What it
 * answers takes the place of the first reading in the state data: both together may not fit.
 * @throws what readFigures throws
 */
export const completeFigures = async (
  reader: Reader,
  first: FirstFigures,
  { checks, createdAt }: SecondRequest,
): Promise<{ bracket: Bracket; figures: BaselineFigures }> => {
  const { bracket, takenMs } = await openSecond(reader, first, createdAt);
  const counters = await readCounters(reader);
  const tables = await reader.listTables();
  const looks = await lookOnce(reader, tables, takenMs);
  const queries = await completeQueries(reader, first.queries, checks);
  const late = await unlessUnanswered(() => reader.listLateCounters());
  const objects = await reader.listObjects();
  const listed = new Map(tables.map((table) => [formatTableName(table), table]));
  const room = shareRoom(first.tables.length);
  const read = await settleInOrder(
    first.tables.map((one) =>
      completeTable(reader, one, listed.get(formatTableName(one.table)), { since: bracket.span, room }),
    ),
  );
  const lateDefinitions = await readLateDefinitions(reader, { bracket, tables });
  const added = checks.tables === 'all' ? tables.filter((table) => !isView(table)) : [];
  const figures = settleTables(first, lateDefinitions, read, added);
  const counted = compareCounts(first.changes, lateDefinitions.changes);
  const mayDiffer = counted.has || figures.some(mayHaveMoved);
  return {
    bracket,
    figures: {
      tables: figures,
      ...splitObjects(first.objects, objects),
      definitions: settleDefinitions(first.definitions, lateDefinitions.others),
      changes: counted,
      progress: [...first.looks, ...looks],
      // What was behind at either time may have been behind in between.
      lateCounters: joinNames(first.lateCounters, late),
      counters: settleCounters(first.counters, first.countersLeft, counters),
      queries: queries.map((query) => ({ ...query, mayDiffer })),
    },
  };
};

/** @param listed tables that are there at the second reading, and may be new */
const settleTables = (
  first: FirstFigures,
  late: LateDefinitions,
  read: readonly TableFigures[],
  listed: readonly Table[],
): TableFigures[] => {
  const changes = findChanges(
    { tables: first.tables.map(({ table }) => table), changes: first.changes },
    { changes: late.changes, tables: late.tables.map(keepDefinition) },
  );
  const known = new Set(read.map(({ table }) => table));
  const added = listed.map(withoutRows).filter(({ table }) => !known.has(table));
  return [...read, ...added].map((one) => withChange(one, changes.get(one.table) ?? cameAndWent));
};

const openSecond = async (
  reader: Reader,
  { takenMs, mark }: FirstFigures,
  createdAt: string,
): Promise<{ bracket: Bracket; takenMs: number }> => {
  const createdMs = Date.parse(createdAt);
  const againMs = await openAfter(reader, Math.max(createdMs, takenMs) + settleMs);
  const to = await reader.readMark();
  const span = mark === null || to === null ? undefined : { from: mark, to };
  // AWS tells the time by another clock than the server's.
  const beforeMs = Math.max(0, createdMs - takenMs);
  const afterMs = Math.round(againMs - createdMs);
  const bracket = { instant: createdAt, beforeMs, afterMs, ...(span && { span, defined: span }) };
  return { bracket, takenMs: againMs };
};

const completeQueries = (
  reader: Reader,
  answers: readonly QueryFigures[],
  { queries }: Checks,
): Promise<QueryFigures[]> =>
  settleInOrder(
    answers.map(async (answer) => {
      const query = queries.find(({ name, expect }) => name === answer.name && expect === 'same');
      return query === undefined ? answer : { ...answer, after: await askProduction(reader, query) };
    }),
  );

type Options = { since: Span | undefined; room: Room };

const completeTable = async (
  reader: Reader,
  first: FirstTable,
  now: Table | undefined,
  options: Options,
): Promise<TableFigures> => {
  const { unread, note, newest } = first;
  const figures = { ...withoutRows(first.table), unread, note, newest };
  // Then its definition tells that nothing is known of its rows.
  const isOther = now === undefined || first.table.columns.join() !== now.columns.join();
  if (unread !== null || isOther) return figures;
  if (first.table.key.join() !== now.key.join()) return { ...figures, unread: keyChanged };
  return { ...figures, ...(await orUnread(now, () => completeRows(reader, first, now, options))) };
};

const keyChanged = 'production changed the key of this table between its two readings';

const completeRows = async (
  reader: Reader,
  first: FirstTable,
  now: Table,
  options: Options,
): Promise<Pick<TableFigures, 'rows' | 'keys' | 'values'>> => {
  const complete = (digest: FirstDigest | null) => digest && completeDigest(reader, now, digest, options);
  const values = await complete(first.values);
  const keys = await complete(first.keys);
  const rows =
    first.count === null ? (keys ?? values)?.rows : await completeCount(reader, now, first.count, options);
  return { rows: rows ?? null, keys: keys?.figures ?? null, values: values?.figures ?? null };
};

/** A row that was not written in between was there all the time. */
const completeCount = async (
  reader: Reader,
  now: Table,
  before: number,
  { since }: Options,
): Promise<RowFigures> => {
  const counted = await readCount(reader, now, since);
  return { before, after: sumRows(counted), moved: sumRows(counted.flatMap(({ fresh }) => fresh ?? [])) };
};

const completeDigest = async (
  reader: Reader,
  now: Table,
  { content, ranges, newer, seed, buckets }: FirstDigest,
  { since, room }: Options,
): Promise<{ figures: DigestFigures; rows: RowFigures }> => {
  const request = requestFine({ content, ranges, newer }, buckets.resolution);
  const after = await readInPieces(reader, now, { ...request, since });
  const older = after.map(withoutFresh);
  const before = recallBuckets(buckets, older);
  // Without a key, a row that was updated twice is in the copy as neither reading has it, in any bucket. So where rows were
  // updated or deleted, and the server does not tell which, the whole table moved.
  const hasPassing = since === undefined && now.key.length === 0 && !hasOnlyGrown(before, after);
  const divided = divideParts(
    { before, after: older },
    countRanges(ranges),
    room.mostMoved(),
    hasPassing ? 1 : buckets.resolution,
  );
  room.spendMoved(divided.parts.reduce((sum, { moved }) => sum + moved.length, 0));
  const parts = newer === null ? divided.parts : withNewer(divided.parts, newer, after);
  return {
    figures: {
      ...{ content, key: now.key, ranges, seed, resolution: divided.resolution, parts },
      ...(newer !== null && { newer }),
      ...(since !== undefined && { withoutAdded: true }),
    },
    rows: { before: sumRows(before), after: sumRows(after), moved: sumMoved(parts) },
  };
};

const joinNames = (first: string[] | null, second: LateCounter[] | undefined): string[] | null =>
  first === null || second === undefined ? null : [...new Set([...first, ...second.map(({ name }) => name)])];
