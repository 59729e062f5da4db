import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { captureBaseline } from '../../functions/drill/capture-baseline.ts';
import { completeBaseline } from '../../functions/drill/complete-baseline.ts';
import { verifyRestore } from '../../functions/drill/verify-restore.ts';
import type { Bucket, Counter, Database, Definition, DigestRequest } from '../../shared/database/port.ts';
import { formatTableName, type Table } from '../../shared/database/tables.ts';
import { buildResult } from '../../shared/drill/document.ts';
import type { DrillState } from '../../shared/drill/state.ts';
import { unpack } from '../../shared/job/packing.ts';
import type { Checks } from '../../shared/plan/plans.ts';
import { maxChecksBytes, maxFiguresBytes } from '../../shared/truth/room-in-state.ts';
import { at, makeDrillUpTo, makeFreshDrill, makePassedDrill } from '../shared/drill/state-fixture.ts';
import { testPrices } from '../shared/result/prices-fixture.ts';
import { scatter } from '../shared/scattered.ts';
import { clockAt, makeDatabase } from './fakes.ts';

const { execution, PrepareDrill: drill, ...passed } = makePassedDrill();

const fresh = makeFreshDrill();

/** Step Functions guide, "Quotas": the largest input or output of a state. */
const maxStateBytes = 256 * 1024;

const makeTables = (count: number): Table[] =>
  Array.from({ length: count }, (_, index) => ({
    schema: 'public',
    table: `customer_order_items_${index}`,
    columns: Array.from(
      { length: 12 },
      (_, column) => `some_column_${column} timestamp with time zone not null`,
    ),
    objects: ['primary key (id)', `index customer_order_items_${index}_idx (a, b)`],
    key: ['id'],
    estimatedRows: 100_000,
  }));

/** 8 buckets of rows in each of 16 ranges. Some differ for every reader. */
const readRows = (table: Table, { only, fine, resolution }: DigestRequest, reader: number, moving: number) =>
  (only ?? Array.from({ length: 16 }, (_, range) => range)).flatMap((range): Bucket[] => {
    const name = `${formatTableName(table)} ${range}`;
    if (!fine.includes(range))
      return [{ range, bucket: 0, rows: 800, hash: scatter(`${name} ${moving && reader}`) }];
    const buckets = new Map<number, Bucket>();
    for (let index = 0; index < 8; index++) {
      const bucket = (index * 512 + Number(scatter(`${name} ${index}`) % 512n)) % resolution;
      const seen = buckets.get(bucket) ?? { range, bucket, rows: 0, hash: 0n };
      const hash = seen.hash + scatter(`${name} ${index} ${index < moving ? reader : 0}`);
      buckets.set(bucket, { ...seen, rows: seen.rows + 100, hash: BigInt.asUintN(64, hash) });
    }
    return [...buckets.values()];
  });

/** Every reader finds this many of the 8 buckets of each range changed. */
const databaseOf = (
  tables: Table[],
  moving: number,
  definitions: Definition[] = [],
  counters: Counter[] = [],
): { database: Database; closed: () => number } => {
  const bounds = Array.from({ length: 15 }, (_, index) => `${(index + 1) * 123_457}`);
  const { database, seen } = makeDatabase(
    {},
    {
      listTables: async () => tables,
      listDefinitions: async () => definitions,
      listCounters: async () => counters,
      chooseBounds: async () => bounds,
    },
  );
  let readers = 0;
  const open: Database['open'] = async (address, options) => {
    const reader = await database.open(address, options);
    const number = ++readers;
    return { ...reader, readDigest: async (table, request) => readRows(table, request, number, moving) };
  };
  return { database: { open }, closed: () => seen.closed };
};

/** The state data of a drill after its verification, and its result. */
const runDrill = async (checks: Partial<Checks>, tables: Table[], moving: number) => {
  const { database } = databaseOf(tables, moving);
  const prepared = { ...drill, checks: { ...drill.checks, ...checks } };
  const captured = await captureBaseline(
    { execution, PrepareDrill: prepared },
    { database, now: clockAt('08:00:05') },
  );
  const state: DrillState = {
    ...makeDrillUpTo('CheckWriter'),
    PrepareDrill: prepared,
    CaptureBaseline: captured,
  };
  const verified = await verifyRestore(state, { database, onCheck: () => {}, now: clockAt('08:24:49') });
  const whole = { ...passed, ...state, VerifyRestore: verified };
  return { captured, verified, whole, result: buildResult(whole, at('08:33:17'), testPrices) };
};

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

test.each<[string, Partial<Checks>, number, number]>([
  ['all values are read, and no row moves', { checksum: 'full' }, 0, 0],
  ['keys are read, and no row moves', {}, 0, 0],
  ['keys are read, and as many buckets move as a baseline keeps', {}, 3, 300 * 16 * 2],
  ['keys are read, and more buckets move than that', {}, 5, 300 * 16],
])('300 tables of 12 columns, %s: state data and result fit', async (_, checks, moving, least) => {
  const { captured, verified, whole, result } = await runDrill(checks, makeTables(300), moving);
  expect(captured.figures.length).toBeLessThanOrEqual(maxFiguresBytes);
  expect(bytesOf(unpack(verified.checks))).toBeLessThanOrEqual(maxChecksBytes);
  expect(bytesOf(whole)).toBeLessThan(maxStateBytes);
  expect(bytesOf(result)).toBeLessThan(maxStateBytes);
  expect(result.verdict).toBe('passed');
  const { tables } = unpack(captured.figures);
  const parts = tables.flatMap(({ keys, values }) => (keys ?? values)?.parts ?? []);
  expect(parts.reduce((sum, part) => sum + part.moved.length, 0)).toBeGreaterThanOrEqual(least);
});

test.each<[string, Partial<Checks>, number]>([
  ['few values move', { checksum: 'full' }, 1],
  ['half of the keys move', {}, 4],
  ['most keys move', {}, 7],
])(
  '300 tables read before and after a fresh snapshot, and %s: both readings and the result fit',
  async (_, checks, moving) => {
    const { database } = databaseOf(makeTables(300), moving);
    const prepared = { ...fresh.PrepareDrill, checks: { ...drill.checks, ...checks } };
    const begun = { ...fresh, PrepareDrill: prepared };
    const CaptureBaseline = await captureBaseline(begun, { database, now: clockAt('08:00:05') });
    const read = { ...begun, CaptureBaseline };
    const CompleteBaseline = await completeBaseline(read, { database, now: clockAt('08:04:12') });
    const state: DrillState = { ...read, CompleteBaseline };
    const verified = await verifyRestore(state, { database, onCheck: () => {}, now: clockAt('08:24:49') });
    const whole = { ...state, VerifyRestore: verified };
    expect(CaptureBaseline.first?.length).toBeGreaterThan(50_000);
    expect(bytesOf(whole)).toBeLessThan(maxStateBytes);
    expect(bytesOf(buildResult(whole, at('08:33:17'), testPrices))).toBeLessThan(maxStateBytes);
  },
);

test('300 tables, and thousands of functions besides: the names of the functions give way, and all fits', async () => {
  const functions = Array.from({ length: 8000 }, (_, index) => ({
    kind: 'functions',
    name: `public.${(index * 2654435761).toString(36)}_of_a_long_name(integer, text)`,
    text: `select ${index}`,
  }));
  const { database } = databaseOf(makeTables(300), 0, functions);
  const state = { execution, PrepareDrill: drill };
  const captured = await captureBaseline(state, { database, now: clockAt('08:00:05') });
  expect(captured.figures.length).toBeLessThanOrEqual(maxFiguresBytes);
  const [kind] = unpack(captured.figures).definitions?.kinds ?? [];
  expect([kind?.count, kind?.each === null]).toEqual([8000, true]);
});

/** @param length of a name; PostgreSQL allows 63 bytes each for schema and sequence */
const makeCounters = (length: number): Counter[] =>
  Array.from({ length: 5000 }, (_, index) => ({
    name: createHash('sha512').update(`${index}`).digest('hex').slice(0, length),
    next: String((index * 2654435761) % 1_000_000_007),
    isRising: true,
    isRestored: true,
  }));

test.each([
  [20, '1,000 positions are kept', 1000],
  [127, 'which do not fit: no position is kept', undefined],
])('300 tables, and 5,000 sequences with names of %i letters, %s, and all fits', async (length, _, kept) => {
  const { database } = databaseOf(makeTables(300), 0, [], makeCounters(length));
  const checks = { ...drill.checks, checksum: 'full' as const };
  const state = { execution, PrepareDrill: { ...drill, checks } };
  const captured = await captureBaseline(state, { database, now: clockAt('08:00:05') });
  expect(captured.figures.length).toBeLessThanOrEqual(maxFiguresBytes);
  expect(unpack(captured.figures).counters?.each?.names.length).toBe(kept);
});

test.each<[string, Partial<Checks>, number, RegExp]>([
  ['whose figures do not fit', {}, 3000, /^the figures of 3000 tables take \d+ bytes, and 174080 fit$/],
  [
    'whose checks do not fit',
    { tolerance: 0 },
    500,
    /^the checks of 500 tables take \d+ bytes, and 245760 fit$/,
  ],
])('tables %s: BaselineTooLarge before anything is restored', async (_, checks, count, summary) => {
  const { database, closed } = databaseOf(makeTables(count), 0);
  const prepared = { ...drill, checks: { ...drill.checks, ...checks } };
  const state = { execution, PrepareDrill: prepared };
  await expect(captureBaseline(state, { database, now: clockAt('08:00:05') })).rejects.toMatchObject({
    name: 'BaselineTooLarge',
    summary: expect.stringMatching(summary),
  });
  expect(closed()).toBe(2);
});
