import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { hashColumns, type MysqlColumn, rowText } from '../../../../shared/database/mysql/hash.ts';
import type { Bucket, DigestRequest, Reader } from '../../../../shared/database/port.ts';
import { describeMariadb, type TestMariadb } from './fixture.ts';
import { applyChange, changes, columnKinds, type RandomTable, randomTables } from './rows-fixture.ts';

let server: TestMariadb;

const whole: DigestRequest = {
  content: 'values',
  ranges: { kind: 'bounds', bounds: [] },
  fine: [],
  resolution: 1,
  only: null,
};

const makeTable = async (name: string, { columns }: RandomTable, rows: string[][]): Promise<void> => {
  const definitions = columns.map(({ definition }, index) => `c${index} ${definition}`).join(', ');
  await server.run(`create or replace table ${name} (${definitions})`);
  if (rows.length > 0) {
    await server.run(`insert into ${name} values ${rows.map((row) => `(${row.join(', ')})`).join(', ')}`);
  }
};

const readAll = async (reader: Reader): Promise<Record<string, Bucket[]>> => {
  await reader.openSnapshot(0);
  const tables = await reader.listTables();
  const read = tables.map(async (table) => [table.table, await reader.readDigest(table, whole)]);
  return Object.fromEntries(await Promise.all(read));
};

/** Equal for the same rows in any order. */
const asBag = (rows: string[][]): string => JSON.stringify(rows.map((row) => JSON.stringify(row)).toSorted());

const column = (name: string, type: string, more: Partial<MysqlColumn> = {}): MysqlColumn => ({
  name,
  type,
  isNullable: false,
  octets: 0,
  isByBytes: false,
  ...more,
});

test('names with backquotes and dots stay one name', () => {
  expect(rowText([column('a`b.c', 'int')])).toBe("concat_ws(cast(',' as binary), `a``b.c`)");
});

test('strings beyond what fits a packet are hashed one by one', () => {
  const long = Array.from({ length: 20 }, (_, index) => column(`c${index}`, 'text', { octets: 65_535 }));
  const sql = rowText(long);
  expect(sql.match(/length\(/g)).toHaveLength(16);
  expect(sql.match(/sha1\(/g)).toHaveLength(4);
});

describeMariadb('MariaDB', (start) => {
  beforeAll(async () => {
    server = await start(['--max-allowed-packet=1M']);
    await server.run(`set sql_mode = 'STRICT_ALL_TABLES', time_zone = '+00:00'`);
  });

  test('two tables have the same hash exactly when they hold the same rows, in any order', async () => {
    const reader = await server.open();
    const seen = { same: 0, different: 0 };
    await fc.assert(
      fc.asyncProperty(randomTables, changes, async (table, change) => {
        const changed = applyChange(table, change);
        await makeTable('one', table, table.rows);
        await makeTable('other', table, changed);
        const { one, other } = await readAll(reader);
        const isSame = asBag(table.rows) === asBag(changed);
        seen[isSame ? 'same' : 'different'] += 1;
        if (isSame) expect(other).toEqual(one);
        else expect(other?.[0]?.hash).not.toEqual(one?.[0]?.hash);
      }),
      { numRuns: 150 },
    );
    expect(seen.same).toBeGreaterThan(10);
    expect(seen.different).toBeGreaterThan(10);
    await server.run('drop table one, other');
  });

  test.each(Object.keys(columnKinds))(
    '%s: every two values of a row, NULL too, have hashes of their own',
    async (kind) => {
      const { definition, literals } = columnKinds[kind] ?? { definition: '', literals: fc.constant('') };
      const values = [...new Set(['null', ...fc.sample(literals, { numRuns: 60, seed: 7 })])];
      await server.run(`create or replace table every (v ${definition} null)`);
      await server.run(`insert into every values ${values.map((value) => `(${value})`).join(', ')}`);
      const nullable = hashColumns([
        column('v', definition.split(/[( ]/)[0] ?? '', { isNullable: true, octets: 80 }),
      ]);
      const [row] = await server.run(`select count(distinct ${nullable}) as hashes from every`);
      expect(Number(row?.hashes)).toBe(values.length);
      await server.run('drop table every');
    },
  );

  test('values that move between columns: NULL and what stands for it, separators, lengths', async () => {
    await server.run(`
      create table pairs (a varchar(20), b varchar(20), c int);
      insert into pairs values ('a', 'bc', 1), ('ab', 'c', 1), (null, 'abc', 1), ('', 'abc', 1), ('abc', null, 1),
        ('abc', '', 1), ('N', null, 1), (null, 'N', 1), (null, null, null), (null, null, 0), ('1,a', 'b', 1), ('1', 'a,b', 1),
        ('a,', 'b', 1), ('a', ',b', 1), ('', ',', 1), (',', '', 1)`);
    const text = { isNullable: true, octets: 80 };
    const hash = hashColumns([
      column('a', 'varchar', text),
      column('b', 'varchar', text),
      column('c', 'int', { isNullable: true }),
    ]);
    const [row] = await server.run(`select count(distinct ${hash}) as hashes, count(*) as total from pairs`);
    expect(row?.hashes).toBe(row?.total);
    await server.run('drop table pairs');
  });

  test('values that change places between rows where a sum of CRC32 stays the same: another hash', async () => {
    await server.run(`
      create table one (a char(4) not null, b char(4) not null);
      create table other like one;
      insert into one values ('4d0z', 'pu9q'), ('5kpm', 'pqiz');
      insert into other values ('4d0z', 'pqiz'), ('5kpm', 'pu9q')`);
    const columns = [column('a', 'char', { octets: 16 }), column('b', 'char', { octets: 16 })];
    const read = async (hash: string) =>
      (
        await server.run(`select (select sum(${hash}) from one) = (select sum(${hash}) from other) as same`)
      )[0]?.same;
    expect(await read(`crc32(${rowText(columns)})`)).toBe(1);
    expect(await read(hashColumns(columns))).toBe(0);
    await server.run('drop table one, other');
  });

  test('a row longer than max_allowed_packet: DatabaseFailure that names the table, never a hash without it', async () => {
    await server.run(`
      create table wide (id int primary key, ${Array.from({ length: 16 }, (_, index) => `c${index} text`).join(', ')})`);
    await server.run(
      `insert into wide values (1, ${Array.from({ length: 16 }, () => "repeat('x', 65535)").join(', ')}), (2${', null'.repeat(16)})`,
    );
    const reader = await server.open();
    const table = (await reader.listTables()).find((one) => one.table === 'wide');
    if (table === undefined) throw new Error('wide is not listed');
    await expect(reader.readDigest(table, whole)).rejects.toMatchObject({
      name: 'DatabaseFailure',
      summary: 'hash shop.wide: 1 of its rows are longer than max_allowed_packet',
    });
  });
});
