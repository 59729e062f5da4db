import { createHash } from 'node:crypto';
import type {
  Bucket,
  DigestRequest,
  KeyRange,
  Ranges,
  Reader,
  RowPack,
  RowSum,
  RowsRequest,
} from '../../../shared/database/port.ts';
import type { Table } from '../../../shared/database/tables.ts';
import { makeDatabase } from '../../functions/fakes.ts';
import { makePassedDrill } from '../drill/state-fixture.ts';

/** One row. The key is one or two integers, or empty. Was it written in the span that a request asks about? */
export type Row = { key: number[]; value: string; isFresh?: boolean };

const hashes = new Map<string, bigint>();

const hashOf = (text: string): bigint => {
  const hash = hashes.get(text) ?? createHash('sha256').update(text).digest().readBigUInt64BE();
  hashes.set(text, hash);
  return hash;
};

const compareKeys = (key: readonly number[], bound: readonly string[]): number => {
  const index = key.findIndex((part, at) => at < bound.length && part !== Number(bound[at]));
  return index === -1 ? 0 : (key[index] ?? 0) - Number(bound[index]);
};

const isInRange = (key: number[], { from, to }: KeyRange): boolean =>
  compareKeys(key, from) >= 0 && (to === null || compareKeys(key, to) < 0);

/** A row's range, or -1 when no sample has it. */
export const rangeOf = ({ key }: Row, ranges: Ranges): number =>
  ranges.kind === 'samples'
    ? ranges.samples.findIndex((sample) => isInRange(key, sample))
    : ranges.bounds.filter((bound) => key.length > 0 && Number(bound) <= (key[0] ?? 0)).length;

/** A row's bucket within a range that has buckets. */
export const bucketOf = ({ key, value }: Row, resolution: number): number =>
  Number(hashOf(key.length > 0 ? `bucket ${key.join()}` : `bucket ${value}`) % BigInt(resolution));

const rowHash = ({ key, value }: Row, content: DigestRequest['content']): bigint => {
  if (content === 'rows') return 0n;
  return content === 'keys' && key.length > 0 ? hashOf(key.join()) : hashOf(`${key.join()} ${value}`);
};

/** Keys and hashes of rows, as the port says: by the same hashes as `readSimulated`. */
const packSimulated = (
  rows: readonly Row[],
  { content, ranges, range, buckets, resolution, packs }: RowsRequest,
): RowPack[] => {
  const found = new Map<number, RowPack>();
  for (const row of rows) {
    const isWanted = buckets?.includes(bucketOf(row, resolution)) ?? true;
    if (rangeOf(row, ranges) !== range || !isWanted) continue;
    const pack = bucketOf(row, packs);
    const packed = found.get(pack) ?? { pack, lines: [] };
    packed.lines.push([rowHash(row, content), ...row.key].join());
    found.set(pack, packed);
  }
  return [...found.values()].toSorted((one, other) => one.pack - other.pack);
};

/** The key and the value of each row, by key. */
const lookUpSimulated = (rows: readonly Row[], keys: readonly string[]): Map<string, string[]> =>
  new Map(
    rows
      .filter(({ key }) => keys.includes(key.join()))
      .map(({ key, value }) => [key.join(), [...key.map(String), value]]),
  );

/** Reads rows as the port says, in any order. */
export const readSimulated = (
  rows: readonly Row[],
  { content, ranges, fine, resolution, only, since }: DigestRequest,
): Bucket[] => {
  const buckets = new Map<string, Bucket>();
  for (const row of rows) {
    const range = rangeOf(row, ranges);
    if (range === -1 || !(only ?? [range]).includes(range)) continue;
    const bucket = fine.includes(range) ? bucketOf(row, resolution) : 0;
    const seen = buckets.get(`${range} ${bucket}`) ?? { range, bucket, rows: 0, hash: 0n };
    const isFresh = since !== undefined && row.isFresh;
    buckets.set(`${range} ${bucket}`, {
      ...{ range, bucket, ...addRow(seen, row, content) },
      ...((isFresh || seen.fresh) && {
        fresh: isFresh ? addRow(seen.fresh, row, content) : (seen.fresh ?? noRows),
      }),
    });
  }
  return [...buckets.values()];
};

const noRows = { rows: 0, hash: 0n };

const addRow = ({ rows, hash }: RowSum = noRows, row: Row, content: DigestRequest['content']): RowSum => ({
  rows: rows + 1,
  hash: BigInt.asUintN(64, hash + rowHash(row, content)),
});

export const makeSimulatedTable = (changes: Partial<Table> = {}): Table => ({
  schema: 'public',
  table: 'items',
  columns: ['id bigint not null', 'value text'],
  objects: ['primary key (id)'],
  key: ['id'],
  names: ['id', 'value'],
  estimatedRows: 1000,
  ...changes,
});

/** A reader of one state of one table. `asked` is every request for rows. */
export const readerOf = async (rows: readonly Row[], changes: Partial<Reader> = {}) => {
  const asked: DigestRequest[] = [];
  const { database } = makeDatabase(
    {},
    {
      readDigest: async (_table, request) => {
        asked.push(request);
        return readSimulated(rows, request);
      },
      readRows: async function* (_table, request) {
        yield packSimulated(rows, request);
      },
      readByKey: async (_table, keys) => lookUpSimulated(rows, keys),
      ...changes,
    },
  );
  const { baselineAddress } = makePassedDrill().PrepareDrill;
  return { reader: await database.open(baselineAddress, { sessions: 1, remainingMs: () => 1000 }), asked };
};
