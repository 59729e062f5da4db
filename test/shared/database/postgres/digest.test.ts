import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Bucket, DigestRequest, Ranges } from '../../../../shared/database/port.ts';
import { type PostgresFixture, startPostgres, tableOf, withReader } from './fixture.ts';

let postgres: PostgresFixture;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.close());
beforeEach(async () => {
  await postgres.asOwner(`
    drop schema if exists public cascade;
    create schema public;
    create table keyed (id integer, half text, note text, primary key (id, half));
    insert into keyed select n, half, 'note ' || n from generate_series(1, 400) n, unnest('{a,b}'::text[]) half;
    create table keyless (n integer, note text);
    insert into keyless select n, 'note ' || n from generate_series(1, 400) n;
    create table parts (id integer primary key, note text) partition by range (id);
    create table parts_low partition of parts for values from (0) to (150);
    create table parts_high partition of parts for values from (150) to (1000);
    insert into parts select n, 'note ' || n from generate_series(1, 400) n;
    create table parent (id integer primary key);
    create table child (primary key (id)) inherits (parent);
    insert into parent values (1);
    insert into child values (2), (3)`);
});

const whole: Ranges = { kind: 'bounds', bounds: [] };
const quarters: Ranges = { kind: 'bounds', bounds: ['101', '201', '301'] };
const request: DigestRequest = { content: 'values', ranges: whole, fine: [], resolution: 16, only: null };

const byPlace = (a: Bucket, b: Bucket) => a.range - b.range || a.bucket - b.bucket;

/** Several readings of one table in one snapshot. */
const readAll = (name: string, ...wanted: Partial<DigestRequest>[]): Promise<Bucket[][]> =>
  withReader(postgres.openReader(), async (reader) => {
    const table = await tableOf(reader, `public.${name}`);
    const all: Bucket[][] = [];
    for (const one of wanted)
      all.push((await reader.readDigest(table, { ...request, ...one })).toSorted(byPlace));
    return all;
  });

const read = async (name: string, wanted: Partial<DigestRequest> = {}): Promise<Bucket[]> =>
  (await readAll(name, wanted))[0] ?? [];

const sum = (buckets: Bucket[] | undefined) => ({
  rows: (buckets ?? []).reduce((total, { rows }) => total + rows, 0),
  hash: BigInt.asUintN(
    64,
    (buckets ?? []).reduce((total, { hash }) => total + hash, 0n),
  ),
});

const inRange = (buckets: Bucket[] | undefined, range: number) =>
  (buckets ?? []).filter((bucket) => bucket.range === range);

// With statistics the server knows that rows are in key order, and reads ranges through the index.
describe.each(['', 'analyze'])('what adds up, statistics: "%s"', (analyze) => {
  beforeEach(() => postgres.asOwner(analyze));

  test.each(['rows', 'keys', 'values'] as const)(
    '%s by range and by bucket: together the whole',
    async (content) => {
      const fine = [0, 1, 2, 3];
      const [all, ranges, buckets] = await readAll(
        'keyed',
        { content },
        { content, ranges: quarters },
        { content, ranges: quarters, fine },
      );
      expect(ranges?.map(({ range, rows }) => [range, rows])).toEqual(fine.map((range) => [range, 200]));
      expect(sum(ranges)).toEqual(sum(all));
      expect(buckets).toHaveLength(64);
      for (const range of fine) expect(sum(inRange(buckets, range))).toEqual(sum(inRange(ranges, range)));
    },
  );

  test('some ranges fine: those in buckets, the others in bucket 0', async () => {
    const [coarse, some] = await readAll('keyed', { ranges: quarters }, { ranges: quarters, fine: [2] });
    expect(some?.filter(({ range }) => range !== 2)).toEqual(coarse?.filter(({ range }) => range !== 2));
    expect(new Set(inRange(some, 2).map(({ bucket }) => bucket)).size).toBe(16);
    expect(sum(inRange(some, 2))).toEqual(sum(inRange(coarse, 2)));
  });

  test.each(['rows', 'keys', 'values'] as const)('%s of some ranges only: as in all', async (content) => {
    const wanted = { content, ranges: quarters, fine: [1, 3] };
    const [all, first, others] = await readAll(
      'keyed',
      wanted,
      { ...wanted, only: [0] },
      { ...wanted, only: [1, 3] },
    );
    expect(first).toEqual(inRange(all, 0));
    expect(others).toEqual([...inRange(all, 1), ...inRange(all, 3)]);
  });

  test('a bucket of a lower resolution: the sum of those that it stands for', async () => {
    const [high, low] = await readAll('keyed', { fine: [0] }, { fine: [0], resolution: 4 });
    expect(low?.map(({ bucket }) => bucket)).toEqual([0, 1, 2, 3]);
    for (const { bucket, ...wanted } of low ?? []) {
      const parts = (high ?? []).filter((one) => one.bucket % 4 === bucket);
      expect({ range: 0, ...sum(parts) }).toEqual(wanted);
    }
  });

  test('samples: each by its own number, fine ones in buckets, as the ranges they lie in', async () => {
    const samples: Ranges = {
      kind: 'samples',
      samples: [
        { from: ['101', 'a'], to: ['201', 'a'] },
        { from: ['301', 'a'], to: null },
        { from: ['400', 'b'], to: null },
      ],
    };
    const [ranges, coarse, fine, only] = await readAll(
      'keyed',
      { ranges: quarters },
      { ranges: samples },
      { ranges: samples, fine: [1] },
      { ranges: samples, only: [2] },
    );
    expect(coarse?.map(({ range, rows }) => [range, rows])).toEqual([
      [0, 200],
      [1, 200],
      [2, 1],
    ]);
    expect(sum(inRange(coarse, 0))).toEqual(sum(inRange(ranges, 1)));
    expect(sum(inRange(coarse, 1))).toEqual(sum(inRange(ranges, 3)));
    expect(inRange(fine, 1)).toHaveLength(16);
    expect(sum(inRange(fine, 1))).toEqual(sum(inRange(coarse, 1)));
    expect(only).toEqual(inRange(coarse, 2));
  });

  test('a table without a key, in buckets: together the whole', async () => {
    const [all, buckets] = await readAll('keyless', {}, { fine: [0] });
    expect(buckets).toHaveLength(16);
    expect(sum(buckets)).toEqual(sum(all));
    expect(sum(all).rows).toBe(400);
  });

  test('partitioned: the rows of all partitions, as in a table that is not', async () => {
    await postgres.asOwner('create table flat as select * from parts');
    const [parts] = await read('parts');
    const [flat] = await read('flat');
    expect(parts?.rows).toBe(400);
    expect(parts).toEqual(flat);
  });

  test('inherited: own rows only', async () => {
    expect((await read('parent')).map(({ rows }) => rows)).toEqual([1]);
    expect((await read('child')).map(({ rows }) => rows)).toEqual([2]);
  });

  test('ranges and samples without a row: left out', async () => {
    const ranges: Ranges = { kind: 'bounds', bounds: ['-10', '0', '201', '900'] };
    const samples: Ranges = { kind: 'samples', samples: [{ from: ['900', 'a'], to: null }] };
    const [found, none] = await readAll('keyed', { ranges }, { ranges: samples });
    expect(found?.map(({ range, rows }) => [range, rows])).toEqual([
      [2, 400],
      [3, 400],
    ]);
    expect(none).toEqual([]);
  });

  test.each(['rows', 'keys', 'values'] as const)('no rows, %s: no buckets', async (content) => {
    await postgres.asOwner('truncate keyed');
    expect(await read('keyed', { content })).toEqual([]);
    expect(await read('keyed', { content, ranges: quarters })).toEqual([]);
  });
});

describe('what is told apart', () => {
  /** Reads before and after a change. */
  const change = async (name: string, sql: string, wanted: Partial<DigestRequest> = {}) => {
    const before = await read(name, wanted);
    await postgres.asOwner(sql);
    return { before, after: await read(name, wanted) };
  };

  const changed = ({ before, after }: { before: Bucket[]; after: Bucket[] }) => {
    const find = (all: Bucket[], { range, bucket }: Bucket) =>
      all.find((one) => one.range === range && one.bucket === bucket);
    return before.filter((bucket) => {
      const other = find(after, bucket);
      return other?.rows !== bucket.rows || other.hash !== bucket.hash;
    });
  };

  test('rows: only their number counts, so there is no hash', async () => {
    expect((await read('keyed', { content: 'rows', ranges: quarters })).map(({ hash }) => hash)).toEqual([
      0n,
      0n,
      0n,
      0n,
    ]);
  });

  test('keys: another value beside the key is the same, another value in the key is not', async () => {
    const keys = { content: 'keys' } as const;
    const beside = await change('keyed', `update keyed set note = 'x' where id = 7`, keys);
    expect(beside.after).toEqual(beside.before);
    const inside = await change('keyed', `update keyed set half = 'c' where id = 7 and half = 'b'`, keys);
    expect(changed(inside)).toHaveLength(1);
  });

  test('keys of a table without one: every value counts', async () => {
    const both = await change('keyless', `update keyless set note = 'x' where n = 7`, { content: 'keys' });
    expect(changed(both)).toHaveLength(1);
  });

  test('one value: only the bucket of its row changes, since a bucket goes by the key', async () => {
    const wanted = { ranges: quarters, fine: [0, 1, 2, 3] };
    const both = await change('keyed', `update keyed set note = 'x' where id = 250 and half = 'a'`, wanted);
    const [only, ...others] = changed(both);
    expect(others).toEqual([]);
    expect(only?.range).toBe(2);
  });

  test('two rows change places: the sums of each differ, though the table holds the same values', async () => {
    const both = await change('keyed', `update keyed set note = 'note ' || (401 - id) where id in (1, 400)`);
    expect(changed(both)).toHaveLength(1);
  });

  test('a row twice in a table without a key: not the same as once, nor as three times', async () => {
    const twice = await change('keyless', 'insert into keyless select * from keyless where n = 7');
    expect(changed(twice)).toHaveLength(1);
    const three = await change('keyless', 'insert into keyless select * from keyless where n = 7 limit 1');
    expect(changed(three)).toHaveLength(1);
    expect(three.after[0]?.hash).not.toBe(twice.before[0]?.hash);
  });

  test('rows that come in pairs: their hashes do not cancel each other out', async () => {
    await postgres.asOwner('truncate keyless; insert into keyless values (1, null), (1, null)');
    const [pair] = await read('keyless');
    await postgres.asOwner('update keyless set n = 2');
    const [other] = await read('keyless');
    expect(pair?.rows).toBe(other?.rows);
    expect(pair?.hash).not.toBe(other?.hash);
  });

  test('the bucket of a row: not the low bits of its hash, or buckets would say nothing new', async () => {
    const buckets = await read('keyed', { content: 'keys', fine: [0], resolution: 4096 });
    const alone = buckets.filter(({ rows }) => rows === 1);
    expect(alone.length).toBeGreaterThan(500);
    const alike = alone.filter(({ bucket, hash }) => hash % 4096n === BigInt(bucket));
    expect(alike.length).toBeLessThan(10);
  });

  test('workers side by side: the same digest as without them', async () => {
    const wanted = { ranges: quarters, fine: [1] };
    const before = await read('keyed', wanted);
    await postgres.asOwner(`alter role drill_reader set max_parallel_workers_per_gather = 4;
      alter role drill_reader set parallel_setup_cost = 0;
      alter role drill_reader set min_parallel_table_scan_size = 0`);
    try {
      expect(await read('keyed', wanted)).toEqual(before);
    } finally {
      await postgres.asOwner('alter role drill_reader reset all');
    }
  });
});
