import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Bucket, DigestRequest, Reader } from '../../../../shared/database/port.ts';
import type { Table } from '../../../../shared/database/tables.ts';
import { describeMariadb, type TestMariadb } from './fixture.ts';

let server: TestMariadb;
let reader: Reader;
let tables: Map<string, Table>;

const plain: DigestRequest = {
  content: 'values',
  ranges: { kind: 'bounds', bounds: [] },
  fine: [],
  resolution: 1,
  only: null,
};

/** Tables by the type of their key's first column, with the bounds of its values as texts. */
const keyed: Record<string, { columns: string; from: string; bounds: string[] }> = {
  numbers: {
    columns: 'k bigint unsigned primary key',
    from: 'seq * 7',
    bounds: ['7', '350', '351', '1400', '99999'],
  },
  negative: {
    columns: 'k int primary key',
    from: '100 - cast(seq as int)',
    bounds: ['-99', '-1', '0', '17', '100'],
  },
  decimals: {
    columns: 'k decimal(10,2) primary key',
    from: 'seq / 4',
    bounds: ['0.26', '10', '10.50', '49.99'],
  },
  texts: {
    columns: 'k varchar(40) primary key',
    from: `concat(if(seq % 2, 'Key ', 'key '), char(97 + seq % 26), seq, if(seq % 5, '', ' é😀'))`,
    bounds: ['a', 'KEY C', 'key é', 'key m100', 'zz'],
  },
  byBytes: {
    columns: 'k varchar(40) character set utf8mb4 collate utf8mb4_bin primary key',
    from: `concat(if(seq % 2, 'Key ', 'key '), char(97 + seq % 26), seq)`,
    bounds: ['K', 'Key q', 'a', 'key m100', 'zz'],
  },
  latin: {
    columns: 'k varchar(40) character set latin1 primary key',
    from: `concat(char(97 + seq % 26), 'é', seq)`,
    bounds: ['b', 'cé', 'É', 'xé100', 'zz'],
  },
  bytes: {
    columns: 'k binary(16) primary key',
    from: 'unhex(md5(seq))',
    bounds: ['00', '2a00', '80ff', 'ffffffff'],
  },
  times: {
    columns: 'k datetime(3) primary key',
    from: `timestamp '2026-01-01 00:00:00' + interval seq * 3000017 microsecond`,
    bounds: ['2026-01-01 00:00:00', '2026-01-01 00:03:00.051', '2026-01-01 00:10:00', '2030-01-01 00:00:00'],
  },
  days: {
    columns: 'k date primary key',
    from: `date '2026-01-01' + interval seq day`,
    bounds: ['2026-01-02', '2026-05-01'],
  },
  floats: {
    columns: 'k float primary key',
    from: 'seq / 3',
    bounds: ['0.3333333432674408', '33.3', '66.66666412353516'],
  },
  members: {
    columns: `k enum('z', 'b', 'a'), n int, primary key (k, n)`,
    from: 'seq % 3 + 1, seq',
    bounds: ['2', '3'],
  },
  several: {
    columns: 'k int, n varchar(9), primary key (k, n)',
    from: 'seq % 7, seq',
    bounds: ['1', '3', '3', '6'],
  },
  notPrimary: { columns: 'k int not null, v int, unique (k)', from: 'seq, 1', bounds: ['50', '100', '150'] },
};

/** The same, counted by the server from the values themselves. */
const rangeInSql = (name: string, bounds: string[]): string => {
  const literal = (bound: string) =>
    name === 'bytes' ? `x'${bound}'` : /^-?[\d.]+$/.test(bound) ? bound : `_utf8mb4'${bound}'`;
  return bounds.map((bound) => `(k >= ${literal(bound)})`).join(' + ');
};

const tableNamed = (name: string): Table => {
  const table = tables.get(name);
  if (table === undefined) throw new Error(`${name} is not listed`);
  return table;
};

const add = (buckets: Bucket[]): { rows: number; hash: bigint } => ({
  rows: buckets.reduce((sum, { rows }) => sum + rows, 0),
  hash: BigInt.asUintN(
    64,
    buckets.reduce((sum, { hash }) => sum + hash, 0n),
  ),
});

const sorted = (buckets: Bucket[]): Bucket[] =>
  buckets.toSorted((a, b) => a.range - b.range || a.bucket - b.bucket);

describeMariadb('MariaDB', (start) => {
  beforeAll(async () => {
    server = await start();
    for (const [name, { columns, from }] of Object.entries(keyed)) {
      await server.run(`create table ${name} (${columns}, v2 varchar(9) default 'x');
        insert into ${name} select ${from}, seq % 3 from seq_1_to_200`);
    }
    await server.run(
      `create table keyless (a int, b text); insert into keyless select seq % 20, 'x' from seq_1_to_200`,
    );
    await server.run('create table empty (id int primary key)');
    await server.run(`create table big (id int primary key, v int);
      insert into big select seq, seq % 100 from seq_1_to_300000; analyze table big`);
    reader = await server.open({ sessions: 3 });
    tables = new Map((await reader.listTables()).map((table) => [table.table, table]));
  });

  test.each(Object.keys(keyed))(
    '%s: a row is in the range that is the number of bounds it is not below',
    async (name) => {
      const { bounds } = keyed[name] ?? { bounds: [] };
      const ranges = { kind: 'bounds' as const, bounds };
      const found = await reader.readDigest(tableNamed(name), { ...plain, content: 'rows', ranges });
      const expected = await server.run(
        `select ${rangeInSql(name, bounds)} as bound, count(*) as total from ${name} group by 1 order by 1`,
      );
      expect(sorted(found).map(({ range, rows }) => [range, rows])).toEqual(
        expected.map(({ bound, total }) => [Number(bound), Number(total)]),
      );
      expect(found.length).toBeGreaterThan(1);
    },
  );

  test('ranges, buckets and choices of ranges: all add up to the whole, and each is the same however it is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(keyed)),
        fc.constantFrom('keys' as const, 'values' as const),
        fc.constantFrom(1, 2, 16, 4096),
        fc.infiniteStream(fc.boolean()),
        async (name, content, resolution, coins) => {
          const flip = () => coins.next().value === true;
          const bounds = (keyed[name]?.bounds ?? []).filter(flip);
          const all = Array.from({ length: bounds.length + 1 }, (_, index) => index);
          const [fine, only] = [all.filter(flip), all.filter(flip)];
          const request: DigestRequest = {
            ...plain,
            content,
            ranges: { kind: 'bounds', bounds },
            resolution,
          };
          const table = tableNamed(name);
          const whole = await reader.readDigest(table, { ...plain, content });
          const coarse = await reader.readDigest(table, request);
          const mixed = await reader.readDigest(table, { ...request, fine });
          const some = await reader.readDigest(table, { ...request, fine, only });
          expect(add(coarse)).toEqual(add(whole));
          expect(coarse.every(({ bucket, rows }) => bucket === 0 && rows > 0)).toBe(true);
          for (const range of all) {
            const buckets = mixed.filter((one) => one.range === range);
            expect(add(buckets)).toEqual(add(coarse.filter((one) => one.range === range)));
            if (!fine.includes(range)) expect(buckets.length).toBeLessThanOrEqual(1);
            expect(buckets.every(({ bucket }) => bucket >= 0 && bucket < resolution)).toBe(true);
          }
          expect(sorted(some)).toEqual(sorted(mixed).filter(({ range }) => only.includes(range)));
        },
      ),
      { numRuns: 80 },
    );
  });

  test('a key is all that its hash and its bucket depend on', async () => {
    const table = tableNamed('numbers');
    const request: DigestRequest = { ...plain, content: 'keys', fine: [0], resolution: 64 };
    const buckets = (found: Bucket[]) => sorted(found).map(({ bucket, rows }) => [bucket, rows]);
    const keys = await reader.readDigest(table, request);
    const values = await reader.readDigest(table, { ...request, content: 'values' });
    expect(keys.length).toBeGreaterThan(40);
    await server.run(`update numbers set v2 = 'new' where k = 700`);
    const later = await server.open();
    await later.listTables();
    expect(sorted(await later.readDigest(table, request))).toEqual(sorted(keys));
    const changed = await later.readDigest(table, { ...request, content: 'values' });
    expect(buckets(changed)).toEqual(buckets(values));
    const moved = sorted(changed).filter(({ hash }, index) => hash !== sorted(values)[index]?.hash);
    expect(moved).toHaveLength(1);
  });

  test('no key: one range, whatever the bounds; buckets by the rows themselves', async () => {
    const table = tableNamed('keyless');
    expect(table.key).toEqual([]);
    const whole = await reader.readDigest(table, { ...plain, ranges: { kind: 'bounds', bounds: ['5'] } });
    expect(whole).toMatchObject([{ range: 0, bucket: 0, rows: 200 }]);
    const fine = await reader.readDigest(table, { ...plain, fine: [0], resolution: 4096 });
    expect(fine.map(({ rows }) => rows)).toEqual(Array.from({ length: 20 }, () => 10));
    expect(add(fine)).toEqual(add(whole));
  });

  test('an empty table: no bucket', async () => {
    for (const content of ['rows', 'keys', 'values'] as const) {
      expect(await reader.readDigest(tableNamed('empty'), { ...plain, content })).toEqual([]);
      expect(
        await reader.readDigest(tableNamed('empty'), { ...plain, content, fine: [0], resolution: 8 }),
      ).toEqual([]);
    }
  });

  test('a large table is read by a statement for each range, side by side, with the same answer', async () => {
    const table = tableNamed('big');
    expect(table.estimatedRows).toBeGreaterThan(200_000);
    const bounds = await reader.chooseBounds(table, 16);
    const asked = await server.run(`show global status like 'Com_select'`);
    const parts = await reader.readDigest(table, { ...plain, ranges: { kind: 'bounds', bounds } });
    const answered = await server.run(`show global status like 'Com_select'`);
    expect(Number(answered[0]?.Value) - Number(asked[0]?.Value)).toBe(16);
    expect(add(parts)).toEqual(add(await reader.readDigest(table, plain)));
  });

  test('half of a table is read along its key: the other half is not touched', async () => {
    const read = async (): Promise<number> => {
      const [all] = await server.run(`show global status like 'Handler_read_rnd_next'`);
      return Number(all?.Value);
    };
    const before = await read();
    const ranges = { kind: 'bounds' as const, bounds: ['150000'] };
    const [half] = await reader.readDigest(tableNamed('big'), { ...plain, ranges, only: [0] });
    expect(half?.rows).toBe(149_999);
    expect((await read()) - before).toBeLessThan(10_000);
  });

  test('samples: rows from the first key on, up to and without the second, by all columns of the key', async () => {
    const table = tableNamed('several');
    const ranges = {
      kind: 'samples' as const,
      samples: [
        { from: ['1', '15'], to: ['1', '8'] },
        { from: ['1', '99'], to: ['2', '100'] },
        { from: ['6', '2'], to: null },
      ],
    };
    const found = await reader.readDigest(table, { ...plain, ranges });
    const [expected] = await server.run(`
      select sum(k = 1 and n >= '15' and n < '8') as a,
             sum((k = 1 and n >= '99') or (k = 2 and n < '100')) as b, sum(k = 6 and n >= '2') as c from several`);
    expect(sorted(found).map(({ rows }) => String(rows))).toEqual([expected?.a, expected?.b, expected?.c]);
    const fine = await reader.readDigest(table, { ...plain, ranges, fine: [0, 2], resolution: 16 });
    for (const range of [0, 1, 2]) {
      const of = (buckets: Bucket[]) => add(buckets.filter((one) => one.range === range));
      expect(of(fine)).toEqual(of(found));
    }
    const only = await reader.readDigest(table, { ...plain, ranges, only: [1] });
    expect(only).toEqual(found.filter(({ range }) => range === 1));
  });
});
