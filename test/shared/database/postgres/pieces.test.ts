import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bucket, DigestRequest, Ranges } from '../../../../shared/database/port.ts';
import type { PostgresTable } from '../../../../shared/database/postgres/catalog.ts';
import { cutByPages, readPieces } from '../../../../shared/database/postgres/pieces.ts';
import { sumRows } from '../../../../shared/rows/sums.ts';
import { repeat } from '../../../local/hostile/writers.ts';
import { tableOf, withReader } from './fixture.ts';
import { type StandbyFixture, startPrimaryAndStandby } from './standby.ts';

const quarters: Ranges = { kind: 'bounds', bounds: ['25001', '50001', '75001'] };
const request: DigestRequest = { content: 'values', ranges: quarters, fine: [], resolution: 16, only: null };

const makeTable = (changes: Partial<PostgresTable>): PostgresTable => ({
  schema: 'public',
  table: 'items',
  columns: [],
  objects: [],
  key: ['id'],
  oid: '20000',
  isPartitioned: false,
  hashed: [],
  keyTypes: ['integer'],
  hasRanges: true,
  keyOrder: 'bigint',
  estimatedRows: 1000,
  pages: 10,
  pagesOfLargest: changes.pages ?? 10,
  isClustered: false,
  ...changes,
});

const whole = [{ from: 0, to: null }];

describe('how a table is cut', () => {
  test.each<[string, Partial<PostgresTable>, Partial<DigestRequest>]>([
    ['of one gibibyte', { pages: 131_072 }, {}],
    ['of two million rows', { estimatedRows: 2_000_000 }, {}],
    ['without partitions, of a partitioned table', { estimatedRows: 5e6, pages: 0, isPartitioned: true }, {}],
    ['samples', { pages: 1e6 }, { ranges: { kind: 'samples', samples: [{ from: ['1'], to: null }] } }],
    ['a fourth of it, through the index', { pages: 500_000, isClustered: true }, { only: [2] }],
  ])('%s: not at all', (_, table, changes) => {
    expect(cutByPages(makeTable(table), { ...request, ...changes })).toEqual(whole);
  });

  test.each<[string, Partial<PostgresTable>, Partial<DigestRequest>]>([
    ['of three gibibytes', { pages: 300_000 }, {}],
    ['of six million rows', { pages: 300_000, estimatedRows: 6e6 }, {}],
    ['a fourth of it, in no order', { pages: 300_000 }, { only: [2] }],
    ['more of it than one piece', { pages: 300_000, isClustered: true }, { only: [0, 2] }],
  ])('%s: into three, the last without an end', (_, table, changes) => {
    expect(cutByPages(makeTable(table), { ...request, ...changes })).toEqual([
      { from: 0, to: 100_000 },
      { from: 100_000, to: 200_000 },
      { from: 200_000, to: null },
    ]);
  });

  test('four partitions of one gibibyte: a fourth of each at a time', () => {
    const table = makeTable({ pages: 4 * 131_072, pagesOfLargest: 131_072 });
    expect(cutByPages(table, request).map(({ from }) => from)).toEqual([0, 32_768, 65_536, 98_304]);
  });
});

describe('pieces', () => {
  const pieces = [0, 10, 20, 30].map((from) => ({ from, to: from + 10 }));
  const bucket = (rows: number, more: Partial<Bucket> = {}): Bucket => ({
    range: 0,
    bucket: 1,
    rows,
    hash: 2n ** 63n,
    ...more,
  });

  test('buckets of one place are added up, fresh rows too', async () => {
    const fresh = { rows: 1, hash: 2n ** 63n + 5n };
    const answers = [
      [bucket(2), bucket(1, { bucket: 2 })],
      [bucket(3, { fresh })],
      [bucket(4, { fresh })],
      [],
    ];
    expect(await readPieces(pieces, async ({ from }) => answers[from / 10] ?? [])).toEqual([
      { range: 0, bucket: 1, rows: 9, hash: 2n ** 63n, fresh: { rows: 2, hash: 10n } },
      bucket(1, { bucket: 2 }),
    ]);
  });

  test('one cannot be read: its error, and no other is begun', async () => {
    const begun: number[] = [];
    const read = async ({ from }: { from: number }) => {
      begun.push(from);
      if (from === 10) throw new Error('this one');
      await new Promise(setImmediate);
      return [];
    };
    await expect(readPieces(pieces, read)).rejects.toThrow('this one');
    expect(begun).toEqual([0, 10]);
  });
});

describe('on a reader', () => {
  let servers: StandbyFixture;
  beforeAll(async () => {
    const fill = 'select n as id, md5(n::text) as note, n * 1.5 as amount from generate_series(1, 100000) n';
    servers = await startPrimaryAndStandby(`
      create table ordered as ${fill}; alter table ordered add primary key (id);
      create table mixed as ${fill} order by hashint4(n); alter table mixed add primary key (id);
      -- Large enough that somebody wants to lock it while it is read at once.
      create table locked as select n as id, n as a, n / 3e0 as b, n / 7e0 as c, n / 11e0 as d, n / 13e0 as e, n / 17e0 as f,
        n / 19e0 as g, n / 23e0 as h, n / 29e0 as i, n / 31e0 as j from generate_series(1, 400000) n;
      create table keyless as ${fill};
      create table parts (id integer, note text, amount numeric) partition by hash (id);
      create table parts_0 partition of parts for values with (modulus 3, remainder 0);
      create table parts_1 partition of parts for values with (modulus 3, remainder 1);
      create table parts_2 partition of parts for values with (modulus 3, remainder 2);
      insert into parts ${fill};
      analyze`);
  });
  afterAll(() => servers?.close());

  /** Tells the server how many rows each table has. */
  const guessRows = async (rows: number): Promise<void> => {
    await servers.onPrimary(`update pg_class set reltuples = ${rows} / case when relname ~ '^parts' then 3 else 1 end
      where relname ~ '^(ordered|mixed|locked|keyless|parts_.)$'`);
    await servers.catchUp();
  };
  /** Of the second number, a table is read in 80 pieces. */
  const [asTheyAre, asLarge] = [100_000, 160_000_000];

  const withTable = (
    table: string,
    use: (read: (wanted?: Partial<DigestRequest>) => Promise<Bucket[]>) => Promise<void>,
  ): Promise<void> =>
    withReader(servers.openReader(2), async (reader) => {
      await reader.openSnapshot(0);
      const listed = await tableOf(reader, `public.${table}`);
      await use((wanted) => reader.readDigest(listed, { ...request, ...wanted }));
    });

  const inOrder = (buckets: Bucket[]) => buckets.toSorted((a, b) => a.range - b.range || a.bucket - b.bucket);

  test.each(['ordered', 'mixed', 'keyless', 'parts'])('%s: in pieces the same as at once', async (table) => {
    const ranges: Ranges =
      table === 'ordered' || table === 'mixed' ? quarters : { kind: 'bounds', bounds: [] };
    const all: Partial<DigestRequest>[] = [
      { content: 'rows', ranges },
      { content: 'keys', ranges },
      { content: 'values', ranges },
      { content: 'values', ranges: { kind: 'bounds', bounds: [] } },
      { content: 'keys', ranges, fine: [0], only: [0] },
    ];
    const found: Bucket[][][] = [];
    for (const rows of [asTheyAre, asLarge]) {
      await guessRows(rows);
      await withTable(table, async (read) => {
        const answers: Bucket[][] = [];
        for (const wanted of all) answers.push(inOrder(await read(wanted)));
        found.push(answers);
      });
    }
    expect(found[1]).toEqual(found[0]);
    expect(sumRows(found[0]?.[0] ?? [])).toBe(100_000);
  });

  test('a table is locked over and over: read in pieces, but not at once', async () => {
    await servers.setPatience(200);
    const locking = await servers.connectToPrimary();
    const stop = repeat(async () => {
      await locking.query('begin; lock table locked in access exclusive mode; commit');
      await locking.query('select pg_sleep(0.02)');
    });
    await guessRows(asTheyAre);
    await withTable('locked', async (read) => {
      await expect(read()).rejects.toMatchObject({ name: 'DatabaseBusy' });
    });
    await guessRows(asLarge);
    await withTable('locked', async (read) => expect(sumRows(await read())).toBe(400_000));
    await stop();
    await locking.end();
    await servers.setPatience(0);
  });
});
