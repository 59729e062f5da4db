import { beforeAll, expect, test } from 'vitest';
import type { Bucket, DigestRequest, KeyRange, Reader } from '../../../../shared/database/port.ts';
import type { Table } from '../../../../shared/database/tables.ts';
import { expectRowsLikeDigest } from '../rows-like-digest.ts';
import { describeMariadb, type TestMariadb } from './fixture.ts';

let server: TestMariadb;
let reader: Reader;
let tables: Map<string, Table>;

/** Keys of 20,000 rows: evenly spread, in two distant crowds, and of types without arithmetic. */
const keyed: Record<string, { columns: string; from: string }> = {
  even: { columns: 'k bigint primary key', from: 'seq * 10' },
  crowded: {
    columns: 'k bigint unsigned primary key',
    from: 'if(seq <= 15000, seq, 18000000000000000000 + seq)',
  },
  times: { columns: 'k datetime primary key', from: `timestamp '2020-01-01 00:00:00' + interval seq minute` },
  days: {
    columns: 'k date, n int, primary key (k, n)',
    from: `date '2020-01-01' + interval seq % 500 day, seq`,
  },
  toTheEnd: {
    columns: 'k binary(6) primary key',
    from: `unhex(lpad(hex(281474976710655 - (seq - 1) * 14000000000), 12, '0'))`,
  },
  hashes: { columns: 'k binary(16) primary key', from: 'unhex(md5(seq))' },
  uuids: {
    columns: 'k char(36) character set ascii primary key',
    from: `lower(concat(left(md5(seq), 8), '-', mid(md5(seq), 9, 4), '-4', mid(md5(seq), 14, 3), '-a', mid(md5(seq), 18, 3), '-', right(md5(seq), 12)))`,
  },
  named: { columns: 'k varchar(60) primary key', from: `concat('Customer ', char(65 + seq % 26), md5(seq))` },
};

const plain: DigestRequest = {
  content: 'keys',
  ranges: { kind: 'bounds', bounds: [] },
  fine: [],
  resolution: 1,
  only: null,
};

const tableNamed = (name: string): Table => {
  const table = tables.get(name);
  if (table === undefined) throw new Error(`${name} is not listed`);
  return table;
};

const rowsOf = (buckets: Bucket[]): number[] =>
  buckets.toSorted((a, b) => a.range - b.range).map(({ rows }) => rows);

const readSamples = async (table: Table, samples: KeyRange[]): Promise<number[]> =>
  rowsOf(await reader.readDigest(table, { ...plain, ranges: { kind: 'samples', samples } }));

describeMariadb('MariaDB', (start) => {
  beforeAll(async () => {
    server = await start();
    for (const [name, { columns, from }] of Object.entries(keyed)) {
      await server.run(`create table ${name} (${columns}, v int);
        insert into ${name} select ${from}, 1 from seq_1_to_20000; analyze table ${name}`);
    }
    await server.run(`
      set sql_mode = '';
      create table tenants (tenant int, id int, primary key (tenant, id));
      insert into tenants select if(seq <= 18000, 1, 2 + seq % 3), seq from seq_1_to_20000; analyze table tenants;
      create table few (id int primary key); insert into few values (1), (5), (9);
      create table extremes (k date primary key); insert into extremes values ('0000-00-00'), ('2026-01-01'), ('9999-12-31');
      create table empty (id int primary key);
      create table keyless (id int);
      create table floats (k double primary key); insert into floats values (1.5), (2.5);
      create table notPrimary (k int not null, unique (k)); insert into notPrimary select seq from seq_1_to_1000`);
    reader = await server.open({ sessions: 2 });
    tables = new Map((await reader.listTables()).map((table) => [table.table, table]));
  });

  test.each(Object.keys(keyed))(
    '%s: sixteen ranges hold every row, and none more than three times its share',
    async (name) => {
      const table = tableNamed(name);
      const bounds = await reader.chooseBounds(table, 16);
      const rows = rowsOf(await reader.readDigest(table, { ...plain, ranges: { kind: 'bounds', bounds } }));
      expect(rows.reduce((sum, one) => sum + one, 0)).toBe(20_000);
      expect(rows.length).toBeGreaterThanOrEqual(10);
      expect(Math.max(...rows)).toBeLessThan((3 * 20_000) / 16);
    },
  );

  test('few, one or no values of the key: as many ranges, or one', async () => {
    expect((await reader.chooseBounds(tableNamed('tenants'), 16)).length).toBeLessThanOrEqual(4);
    expect((await reader.chooseBounds(tableNamed('extremes'), 16)).length).toBeLessThanOrEqual(15);
    expect((await reader.chooseBounds(tableNamed('few'), 16)).length).toBeLessThanOrEqual(8);
    for (const name of ['empty', 'keyless', 'floats', 'notPrimary']) {
      expect(await reader.chooseBounds(tableNamed(name), 16)).toEqual([]);
    }
    expect(await reader.chooseBounds(tableNamed('even'), 1)).toEqual([]);
  });

  test.each([...Object.keys(keyed), 'tenants'])(
    '%s: samples of the rows asked for, none twice, the same for the same seed',
    async (name) => {
      const table = tableNamed(name);
      const samples = await reader.chooseSamples(table, { ranges: 8, rows: 100, seed: 3 });
      const rows = await readSamples(table, samples);
      expect(samples.length).toBeGreaterThanOrEqual(name === 'tenants' ? 3 : 6);
      expect(rows.slice(0, -1)).toEqual(samples.slice(1).map(() => 100));
      expect(rows.at(-1)).toBeLessThanOrEqual(100);
      // If two overlapped, the union would hold fewer rows than the two do.
      const literal = (value: string) =>
        ['hashes', 'toTheEnd'].includes(name) ? `x'${value}'` : `'${value}'`;
      const rowOf = (key: string[]) => `(${key.map(literal).join(', ')})`;
      const columns = `(${table.key.join(', ')})`;
      const where = samples.map(
        ({ from, to }) => `(${columns} >= ${rowOf(from)}${to ? ` and ${columns} < ${rowOf(to)}` : ''})`,
      );
      const [row] = await server.run(`select count(*) as total from ${name} where ${where.join(' or ')}`);
      expect(Number(row?.total)).toBe(rows.reduce((sum, one) => sum + one, 0));
      expect(await reader.chooseSamples(table, { ranges: 8, rows: 100, seed: 3 })).toEqual(samples);
      expect(await reader.chooseSamples(table, { ranges: 8, rows: 100, seed: 4 })).not.toEqual(samples);
    },
  );

  test('samples are spread over the second column of a key where the first is the same for most rows', async () => {
    const starts = new Set<string>();
    for (const seed of [1, 2, 3, 4, 5]) {
      const samples = await reader.chooseSamples(tableNamed('tenants'), { ranges: 8, rows: 10, seed });
      for (const { from } of samples.filter((one) => one.from[0] === '1')) starts.add(from[1] ?? '');
    }
    expect(starts.size).toBeGreaterThanOrEqual(4);
    expect(Math.max(...[...starts].map(Number)) - Math.min(...[...starts].map(Number))).toBeGreaterThan(4000);
  });

  test('a table shorter than a sample: one that goes on to its end; no rows, no key, no scale: none', async () => {
    const request = { ranges: 8, rows: 100, seed: 1 };
    const [only, ...others] = await reader.chooseSamples(tableNamed('few'), request);
    expect(only?.to).toBeNull();
    expect(others).toEqual([]);
    for (const name of ['empty', 'keyless', 'floats']) {
      expect(await reader.chooseSamples(tableNamed(name), request)).toEqual([]);
    }
    expect(await reader.chooseSamples(tableNamed('notPrimary'), request)).not.toEqual([]);
  });

  test.each(['even', 'days', 'uuids', 'hashes', 'tenants', 'keyless'])(
    '%s: rows read one by one are those of the digest, in samples and ranges, by keys and by values',
    async (name) => {
      const table = tableNamed(name);
      const samples = await reader.chooseSamples(table, { ranges: 3, rows: 100, seed: 5 });
      const bounds = await reader.chooseBounds(table, 3);
      for (const content of ['keys', 'values'] as const) {
        await expectRowsLikeDigest(reader, table, content, { kind: 'samples', samples });
        await expectRowsLikeDigest(reader, table, content, { kind: 'bounds', bounds });
      }
    },
  );
});
