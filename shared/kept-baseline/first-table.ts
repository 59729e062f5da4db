import type { Counter, DigestRequest, Ranges, Reader } from '../database/port.ts';
import { formatTableName, type Table } from '../database/tables.ts';
import { toIso } from '../instants.ts';
import { chooseRanges, coarseRequest, countTable, readInPieces } from '../rows/reading.ts';
import { countRanges } from '../rows/sums.ts';
import type { Unread } from '../truth/bracket.ts';
import { maxResolution } from '../truth/digest.ts';
import type { Room } from '../truth/room-in-state.ts';
import { keepDefinition } from '../truth/settling.ts';
import {
  chooseSamples,
  notPopulated,
  orUnread,
  readNewestOf,
  whyNotSampled,
} from '../truth/table-reading.ts';
import type { Wanted } from '../truth/wanted.ts';
import type { KeptBuckets, Shelf, Shelved } from './buckets.ts';

/** What the first of two readings far apart knows about one table. Null: it was not asked for, or could not be read. */
export type FirstTable<Kept = KeptBuckets> = {
  table: Table;
  unread: string | null;
  note: string | null;
  newest: string | null | undefined;
  /** Null where keys or values tell it. */
  count: number | null;
  keys: FirstDigest<Kept> | null;
  values: FirstDigest<Kept> | null;
};

/** `newer` is the range of keys that no row had yet, where there is one. */
export type FirstDigest<Kept = KeptBuckets> = {
  content: 'keys' | 'values';
  ranges: Ranges;
  newer: number | null;
  seed: number | null;
  buckets: Kept;
};

/** The first value that no row has yet, of a key that counts its rows. MySQL names such a counter by its table. */
export const nextOf = (table: Table, counters: Counter[] | Unread): string | undefined => {
  if (!Array.isArray(counters) || table.counted == null || table.counted !== table.key[0]) return undefined;
  return counters.find(({ name }) => name === formatTableName(table))?.next;
};

type Options = {
  wanted: Wanted;
  seed: number;
  room: Room;
  shelf: Shelf;
  takenMs: number;
  /** Rows from here on are added later. */
  next: string | undefined;
};

/** The same as readTable reads, but keys always where they may be needed: there is no second look. */
export const readTableOnce = async (
  reader: Reader,
  table: Table,
  options: Options,
): Promise<FirstTable<Shelved>> => {
  const nothing = { unread: null, note: null, newest: undefined, count: null, keys: null, values: null };
  const blank = { table: keepDefinition(table), ...nothing };
  if (table.isPopulated === false) return { ...blank, unread: notPopulated };
  const instant = toIso(new Date(options.takenMs));
  const read = await orUnread(table, async () => {
    const newest = await readNewestOf(reader, table, options.wanted, instant);
    return { newest, ...(await readRowsOnce(reader, table, options)) };
  });
  return { ...blank, ...read };
};

type Rows = Pick<FirstTable<Shelved>, 'note' | 'count' | 'keys' | 'values'>;

const readRowsOnce = async (reader: Reader, table: Table, options: Options): Promise<Rows> => {
  const { wanted, room } = options;
  const { checksum, tolerance } = wanted;
  const samples = checksum === 'sampled' ? await chooseSamples(reader, table, options) : null;
  const isFull = checksum === 'full' || (checksum === 'sampled' && samples === null);
  const keep = (content: 'keys' | 'values', ranges: Ranges): Promise<FirstDigest<Shelved>> =>
    readDigestOnce(reader, table, content, ranges, options);
  const note = isFull && checksum === 'sampled' ? whyNotSampled(table) : null;
  const hasKeys = tolerance === 'auto';
  const all = isFull || hasKeys ? await chooseRanges(reader, table, room.ranges) : null;
  const ranges = isFull ? all : samples;
  const values = ranges === null ? null : await keep('values', ranges);
  // Without a key, values tell which rows there are.
  const isSame = isFull && table.key.length === 0;
  const keys = hasKeys && all !== null ? (isSame ? values : await keep('keys', all)) : null;
  const count = keys === null && !isFull ? await countTable(reader, table) : null;
  return { note, count, keys, values };
};

const readDigestOnce = async (
  reader: Reader,
  table: Table,
  content: 'keys' | 'values',
  chosen: Ranges,
  options: Options,
): Promise<FirstDigest<Shelved>> => {
  const { shelf, seed, next } = options;
  const { ranges, newer } = next === undefined ? { ranges: chosen, newer: null } : cutOff(chosen, next);
  const request = requestFine({ content, ranges, newer }, maxResolution);
  const read = await readInPieces(reader, table, request);
  // The counter that the server told is older than the snapshot.
  const isReached = newer !== null && read.some(({ range }) => range === newer);
  if (isReached) return readDigestOnce(reader, table, content, chosen, { ...options, next: undefined });
  return { content, ranges, newer, seed: ranges.kind === 'samples' ? seed : null, buckets: shelf.add(read) };
};

/** How both readings ask: every range as buckets, but for that of newer rows. */
export const requestFine = (
  { content, ranges, newer }: Pick<FirstDigest, 'content' | 'ranges' | 'newer'>,
  resolution: number,
): DigestRequest => ({
  ...coarseRequest(content, ranges),
  fine: Array.from({ length: countRanges(ranges) }, (_, range) => range).filter((range) => range !== newer),
  resolution,
});

/** Gives the rows that are added later a range of their own, or leaves them out of a sample. */
const cutOff = (ranges: Ranges, next: string): Pick<FirstDigest, 'ranges' | 'newer'> => {
  if (ranges.kind === 'samples') {
    const samples = ranges.samples.map(({ from, to }) => ({ from, to: to ?? [next] }));
    return { ranges: { kind: 'samples', samples }, newer: null };
  }
  const last = ranges.bounds.at(-1);
  if (last !== undefined && BigInt(last) >= BigInt(next)) return { ranges, newer: null };
  return { ranges: { kind: 'bounds', bounds: [...ranges.bounds, next] }, newer: ranges.bounds.length + 1 };
};
