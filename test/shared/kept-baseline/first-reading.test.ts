import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Bucket, Definition, DigestRequest, Reader } from '../../../shared/database/port.ts';
import { formatTableName, type Table } from '../../../shared/database/tables.ts';
import { pack, unpack } from '../../../shared/job/packing.ts';
import { type FirstFigures, readFirst } from '../../../shared/kept-baseline/first-reading.ts';
import { completeFigures } from '../../../shared/kept-baseline/second-reading.ts';
import type { Checks } from '../../../shared/plan/plans.ts';
import { maxFiguresBytes, maxFirstBytes } from '../../../shared/truth/room-in-state.ts';
import { makeDatabase } from '../../functions/fakes.ts';
import { at, makeChecks, makePassedDrill } from '../drill/state-fixture.ts';
import { scatter } from '../scattered.ts';

/** As good as random, and the same in every run. */
const digitsOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const makeTables = (count: number, nameColumn = (column: string) => column): Table[] =>
  Array.from({ length: count }, (_, index) => ({
    schema: 'public',
    table: `customer_order_items_${index}`,
    columns: Array.from(
      { length: 12 },
      (_, column) => `${nameColumn(`some_column_${column}`)} timestamp with time zone not null`,
    ),
    objects: ['primary key (id)', `index customer_order_items_${index}_idx (a, b)`],
    key: ['id'],
    estimatedRows: 100_000,
    version: digitsOf(`${index}`),
  }));

const bucketsPerRange = 40;

/** Many buckets in each range. Those of a reader with a name of its own differ from all others. */
const readRows = (name: string, { ranges, fine, resolution }: DigestRequest, reader: string): Bucket[] => {
  const count = ranges.kind === 'bounds' ? ranges.bounds.length + 1 : 0;
  const step = Math.max(1, Math.floor(resolution / bucketsPerRange));
  return Array.from({ length: count }, (_, range) => range).flatMap((range) =>
    Array.from({ length: fine.includes(range) ? Math.min(resolution, bucketsPerRange) : 1 }, (_, index) => ({
      range,
      bucket: index * step,
      rows: 1 + Number(scatter(`rows ${name} ${range} ${index}`) % 900n),
      hash: scatter(`${name} ${range} ${index} ${reader}`),
    })),
  );
};

const openReader = async (tables: Table[], changes: Partial<Reader> = {}, name = ''): Promise<Reader> => {
  const { database } = makeDatabase(
    {},
    {
      listTables: async () => tables,
      chooseBounds: async (_table, ranges) =>
        Array.from({ length: ranges - 1 }, (_, index) => `${(index + 1) * 123_457}`),
      readDigest: async (table, request) => readRows(formatTableName(table), request, name),
      ...changes,
    },
  );
  return database.open(makePassedDrill().PrepareDrill.baselineAddress, {
    sessions: 1,
    remainingMs: () => 1000,
  });
};

const bytesOf = (value: unknown): number => Buffer.byteLength(pack(value));

const read = async (
  tables: Table[],
  checks: Partial<Checks> = {},
  changes: Partial<Reader> = {},
): Promise<FirstFigures> => {
  const request = { checks: makeChecks(checks), defaultSchema: 'public', seed: 1, bytesOf };
  return readFirst(await openReader(tables, changes), request);
};

const countBuckets = ({ tables }: FirstFigures): number =>
  tables.reduce(
    (sum, { keys, values }) => sum + (keys?.buckets.rows.length ?? 0) + (values?.buckets.rows.length ?? 0),
    0,
  );

test.each<[string, Partial<Checks>, string, number]>([
  ['keys, and nothing moves', {}, '', 8000],
  ['keys and values, and nothing moves', { checksum: 'full' }, '', 8000],
  ['keys, and all moves', {}, 'another', 8000],
])('300 tables of 12 columns, %s: both readings fit the state data', async (_, checks, name, least) => {
  const tables = makeTables(300);
  const first = await read(tables, checks);
  expect(bytesOf(first)).toBeLessThanOrEqual(maxFirstBytes);
  expect(countBuckets(first)).toBeGreaterThan(least);
  const second = await openReader(tables, {}, name);
  const request = { checks: makeChecks(checks), createdAt: at('08:05') };
  const { figures } = await completeFigures(second, unpack(pack(first)), request);
  expect(bytesOf(first) + bytesOf(figures)).toBeLessThanOrEqual(maxFiguresBytes);
});

test('one small table: one bucket for each row, and all room is left', async () => {
  const first = await read(makeTables(1));
  expect(first.tables[0]?.keys?.buckets).toMatchObject({ resolution: 4096 });
  expect(countBuckets(first)).toBe(16 * bucketsPerRange);
});

test('300 tables, and thousands of functions besides: the names of the functions give way, and rows keep buckets', async () => {
  const functions = Array.from(
    { length: 8000 },
    (_, index): Definition => ({
      kind: 'functions',
      name: `public.${(index * 2654435761).toString(36)}_of_a_long_name(integer, text)`,
      text: `select ${index}`,
    }),
  );
  const first = await read(makeTables(300), {}, { listDefinitions: async () => functions });
  expect(bytesOf(first)).toBeLessThanOrEqual(maxFirstBytes);
  expect(first.definitions.kinds).toMatchObject([{ count: 8000, each: null }]);
  expect(countBuckets(first)).toBeGreaterThan(8000);
});

test('tables whose figures do not fit with one bucket for each range: BaselineTooLarge', async () => {
  let columns = 0;
  const tables = makeTables(700, () => digitsOf(`${columns++}`).slice(0, 32));
  await expect(read(tables)).rejects.toMatchObject({
    name: 'BaselineTooLarge',
    summary: expect.stringMatching(/^the figures of 700 tables take \d+ bytes, and 112640 fit$/),
  });
});
