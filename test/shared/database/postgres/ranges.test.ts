import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bucket, DigestRequest, KeyRange, Ranges, Reader } from '../../../../shared/database/port.ts';
import type { Table } from '../../../../shared/database/tables.ts';
import { expectRowsLikeDigest } from '../rows-like-digest.ts';
import { type PostgresFixture, readWhole, startPostgres, tableOf } from './fixture.ts';

/** Rows of each table. */
const count = 1000;

/** The type of a key, and an SQL expression for its nth value. */
const keys: Record<string, [string, string]> = {
  int: ['integer', 'n'],
  bigint: ['bigint', 'n * 10000000000'],
  numeric: ['numeric', 'n / 4.0'],
  'double precision': ['double precision', 'n / 3.0'],
  uuid: ['uuid', 'md5(n::text)::uuid'],
  text: ['text', `chr(33 + n % 90) || '\\''"' || n`],
  'text of a language': ['text collate "und-x-icu"', `chr(65 + n % 50) || n`],
  'text whose case does not count': [
    'text collate insensitive',
    `case when n % 2 = 0 then 'A' else 'a' end || lpad(n::text, 4, '0')`,
  ],
  varchar: ['varchar(20)', `'key ' || n`],
  'char of a length': ['char(8)', `lpad(n::text, 6, '0')`],
  'bit of a length': ['bit(16)', 'n::bit(16)'],
  bytea: ['bytea', `decode(lpad(to_hex(n), 4, '0'), 'hex')`],
  timestamptz: [
    'timestamptz',
    `'2026-01-01 00:00+00'::timestamptz + n * interval '61 minutes 0.000001 seconds'`,
  ],
  date: ['date', `'0001-03-01 BC'::date + n`],
  interval: ['interval', `n * interval '1 hour'`],
  inet: ['inet', `'10.0.0.0'::inet + n`],
  'a domain': ['code', `'c' || lpad(n::text, 6, '0')`],
  'a domain of a domain': ['stricter_code', `'c' || lpad(n::text, 6, '0')`],
  'a composite type': ['pair', 'row(n % 7, n)::pair'],
};

const enumValues = ['small', 'medium', 'large', 'huge'];
const nameOf = (kind: string): string => `by ${kind}`;

let postgres: PostgresFixture;
let reader: Reader;

beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.asOwner(`
    set standard_conforming_strings = off; set escape_string_warning = off;
    create collation insensitive (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    create domain code as text check (length(value) < 20);
    create domain stricter_code as code check (value <> '');
    create type pair as (one integer, other integer);
    create type size as enum (${enumValues.map((value) => `'${value}'`).join(', ')});
    ${Object.entries(keys)
      .map(
        ([kind, [type, value]]) => `create table "${nameOf(kind)}" (k ${type} primary key, note text);
          insert into "${nameOf(kind)}" select ${value}, repeat('x', 100) from generate_series(1, ${count}) n;`,
      )
      .join('')}
    create table sizes (k size, n integer, primary key (k, n));
    insert into sizes select (enum_range(null::size))[1 + n % 4], n from generate_series(1, ${count}) n;
    create table pairs (b text, a integer, c char(4), note text, primary key (a, b, c));
    insert into pairs select 'b' || n % 10, n / 100, lpad((n % 100)::text, 4, '0') from generate_series(1, ${count}) n;
    create table parts (k integer primary key, note text) partition by range (k);
    create table parts_low partition of parts for values from (0) to (300);
    create table parts_high partition of parts for values from (300) to (10000);
    insert into parts select n, repeat('x', 100) from generate_series(1, ${count}) n;
    create table empty (k integer primary key);
    create table few (k integer primary key);
    insert into few values (1), (2);
    create table keyless (k integer);
    insert into keyless select n from generate_series(1, ${count}) n;
    create table arrays (k integer[] primary key);
    insert into arrays select array[n, n] from generate_series(1, ${count}) n;
    create extension citext;
    create table mails (k citext primary key);
    insert into mails select case when n % 2 = 0 then 'A' else 'a' end || n from generate_series(1, ${count}) n;
    create table large (k integer primary key, note text);
    insert into large select n, repeat('x', 2000) from generate_series(1, 4000) n;
    analyze`);
  reader = await postgres.openReader({ sessions: 2 });
});
afterAll(async () => {
  await reader?.close();
  await postgres?.close();
});

const find = (name: string): Promise<Table> => tableOf(reader, `public.${name}`);

const read = async (table: Table, ranges: Ranges, wanted: Partial<DigestRequest> = {}): Promise<Bucket[]> => {
  const request: DigestRequest = {
    content: 'values',
    ranges,
    fine: [],
    resolution: 1,
    only: null,
    ...wanted,
  };
  const buckets = await reader.readDigest(table, request);
  return buckets.toSorted((a, b) => a.range - b.range || a.bucket - b.bucket);
};

const sum = (buckets: Bucket[]) => ({
  rows: buckets.reduce((total, { rows }) => total + rows, 0),
  hash: BigInt.asUintN(
    64,
    buckets.reduce((total, { hash }) => total + hash, 0n),
  ),
});

/** Reads each range alone, as for very large tables. */
const readOneByOne = async (table: Table, ranges: Ranges, size: number): Promise<Bucket[]> => {
  const found: Bucket[] = [];
  for (let range = 0; range < size; range++) found.push(...(await read(table, ranges, { only: [range] })));
  return found;
};

describe('ranges of the whole table', () => {
  test.each(Object.keys(keys))('key of %s: about equal, together the table, alone the same', async (kind) => {
    const table = await find(nameOf(kind));
    const bounds = await reader.chooseBounds(table, 8);
    expect(bounds).toHaveLength(7);
    const ranges = { kind: 'bounds', bounds } as const;
    const all = await read(table, ranges);
    expect(all.map(({ range }) => range)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(Math.min(...all.map(({ rows }) => rows))).toBeGreaterThan(count / 8 - 30);
    expect(Math.max(...all.map(({ rows }) => rows))).toBeLessThan(count / 8 + 30);
    expect(sum(all)).toEqual(sum(await readWhole(reader, table)));
    expect(await readOneByOne(table, ranges, 8)).toEqual(all);
  });

  test('key that begins with an enum: as many ranges as it has values, in the order of its type', async () => {
    const table = await find('sizes');
    const bounds = await reader.chooseBounds(table, 16);
    expect(bounds).toEqual(enumValues);
    const ranges = { kind: 'bounds', bounds } as const;
    const all = await read(table, ranges);
    expect(all.map(({ range, rows }) => [range, rows])).toEqual([1, 2, 3, 4].map((range) => [range, 250]));
    expect(await readOneByOne(table, ranges, 5)).toEqual(all);
  });

  test('key of several columns: cut by the first in the order of the key', async () => {
    const table = await find('pairs');
    expect(table.key).toEqual(['a', 'b', 'c']);
    const bounds = await reader.chooseBounds(table, 4);
    expect(bounds).toEqual(['2', '5', '7']);
    const ranges = { kind: 'bounds', bounds } as const;
    expect(await readOneByOne(table, ranges, 4)).toEqual(await read(table, ranges));
  });

  test('partitioned: cut across its partitions', async () => {
    const table = await find('parts');
    const bounds = await reader.chooseBounds(table, 4);
    expect(bounds).toEqual(['250', '500', '750']);
    const ranges = { kind: 'bounds', bounds } as const;
    expect((await read(table, ranges)).map(({ rows }) => rows)).toEqual([249, 250, 250, 251]);
  });

  test('many more pages than are looked at: about equal all the same, and the same each time', async () => {
    const table = await find('large');
    const bounds = await reader.chooseBounds(table, 4);
    expect(await reader.chooseBounds(table, 4)).toEqual(bounds);
    const parts = await read(table, { kind: 'bounds', bounds });
    expect(parts).toHaveLength(4);
    expect(Math.min(...parts.map(({ rows }) => rows))).toBeGreaterThan(500);
  });

  test.each([
    ['an empty table', 'empty', []],
    ['fewer rows than ranges', 'few', ['1', '2']],
    ['a table without a key', 'keyless', []],
    ['a key of arrays, which cannot stand in an array of bounds', 'arrays', []],
    ['a key that only an extension can compare', 'mails', []],
  ])('%s: bounds %j %j', async (_, name, bounds) => {
    expect(await reader.chooseBounds(await find(name), 4)).toEqual(bounds);
  });
});

describe('samples', () => {
  const request = { ranges: 4, rows: 50, seed: 7 };
  const sizes = async (table: Table, samples: KeyRange[]): Promise<number[]> =>
    (await read(table, { kind: 'samples', samples })).map(({ rows }) => rows);

  test.each([...Object.keys(keys).map(nameOf), 'pairs', 'sizes', 'parts', 'large'])(
    '%s: ranges of as many rows as asked for, and fewer only at the end',
    async (name) => {
      const table = await find(name);
      const samples = await reader.chooseSamples(table, request);
      expect(samples).toHaveLength(4);
      const found = await sizes(table, samples);
      expect(found).toHaveLength(4);
      samples.forEach(({ to }, index) => {
        if (to === null) expect(found[index]).toBeLessThanOrEqual(50);
        else expect(found[index]).toBe(50);
      });
    },
  );

  test.each([nameOf('int'), 'large'])(
    '%s, the same seed: the same ranges; another one: others',
    async (name) => {
      const table = await find(name);
      const samples = await reader.chooseSamples(table, request);
      expect(await reader.chooseSamples(table, request)).toEqual(samples);
      expect(await reader.chooseSamples(table, { ...request, seed: 8 })).not.toEqual(samples);
    },
  );

  test('many more pages than are looked at: some of them, and others with another seed', async () => {
    const table = await find('large');
    // More ranges than rows on the pages that are read.
    const choose = async (seed: number) =>
      (await reader.chooseSamples(table, { ranges: 400, rows: 1, seed })).map(({ from }) => from[0]);
    const [seven, eight] = [await choose(7), await choose(8)];
    expect(seven.length).toBeLessThan(400);
    expect(eight.filter((key) => seven.includes(key)).length).toBeLessThan(eight.length / 2);
  });

  test('a key of several columns: every column stands in the bounds, in the order of the key', async () => {
    const table = await find('pairs');
    for (const { from, to } of await reader.chooseSamples(table, request)) {
      expect(from).toEqual([
        expect.stringMatching(/^\d+$/),
        expect.stringMatching(/^b\d$/),
        expect.any(String),
      ]);
      expect(to ?? from).toHaveLength(3);
    }
  });

  test('more rows than follow: to the end, with all rows from there', async () => {
    const table = await find(nameOf('int'));
    const samples = await reader.chooseSamples(table, { ranges: 2, rows: count, seed: 1 });
    expect(samples.map(({ to }) => to)).toEqual([null, null]);
    const expected = samples.map(({ from }) => count - Number(from[0]) + 1);
    expect(await sizes(table, samples)).toEqual(expected);
  });

  test('exactly as many rows as follow: to the end too', async () => {
    const samples = await reader.chooseSamples(await find('few'), { ranges: 2, rows: 2, seed: 1 });
    expect(samples).toEqual([
      { from: ['1'], to: null },
      { from: ['2'], to: null },
    ]);
  });

  test('only some of the samples: those alone, under their own numbers', async () => {
    const table = await find('large');
    const samples = await reader.chooseSamples(table, request);
    const ranges = { kind: 'samples', samples } as const;
    const all = await read(table, ranges);
    const some = await read(table, ranges, { only: [1, 3] });
    expect(some).toEqual(all.filter(({ range }) => range === 1 || range === 3));
  });

  test.each(['empty', 'keyless', 'arrays', 'mails'])('%s: no samples', async (name) => {
    expect(await reader.chooseSamples(await find(name), request)).toEqual([]);
  });
});

test.each(['by int', 'by text', 'by timestamptz', 'pairs', 'sizes', 'keyless'])(
  '%s: rows read one by one are those of the digest, in samples and ranges, by keys and by values',
  async (name) => {
    const table = await find(name);
    const samples = await reader.chooseSamples(table, { ranges: 3, rows: 100, seed: 5 });
    const bounds = table.key.length === 0 ? [] : await reader.chooseBounds(table, 3);
    for (const content of ['keys', 'values'] as const) {
      await expectRowsLikeDigest(reader, table, content, { kind: 'samples', samples });
      await expectRowsLikeDigest(reader, table, content, { kind: 'bounds', bounds });
    }
  },
);
