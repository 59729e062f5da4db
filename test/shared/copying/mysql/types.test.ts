import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { describeMariadb } from '../../database/mysql/fixture.ts';
import { columnKinds } from '../../database/mysql/rows-fixture.ts';
import { asked, extract, schema } from '../sides.ts';
import { dropSchema, prove, startTwoSides, type TwoSides } from './fixture.ts';

/** Values that a conversion, a mode of the server or a careless literal changes. */
const traps: Record<string, [definition: string, ...literals: string[]]> = {
  float: ['float', '1.17549e-38', '3.40282e38', '0.1', '16777215', "'-0'", '1e-45', '1.000000119'],
  double: ['double', '2.2250738585072014e-308', '1.7976931348623157e308', '0.1', "'-0'", '1e16', '5e-324'],
  decimal: [
    'decimal(65,30)',
    '12345678901234567890123456789012345.123456789012345678901234567891',
    '-0.000000000000000000000000000001',
  ],
  bit: ['bit(9)', "b'111111111'", "b'0'", "b'1000001'"],
  year: ['year', '0', '1901', '2155', '1970'],
  date: ['date', "'0000-00-00'", "'2026-00-10'", "'2026-02-31'", "'9999-12-31'", "'0001-01-01'"],
  datetime: ['datetime(6)', "'0000-00-00 00:00:00'", "'2026-02-31 23:59:59.999999'"],
  timestamp: [
    'timestamp(6) null',
    "'0000-00-00 00:00:00'",
    "'2026-10-25 01:30:00.000001'",
    "'2038-01-19 03:14:07'",
  ],
  time: ['time(6)', "'-838:59:59'", "'838:59:59'", "'-00:00:00.000001'"],
  enum: ["enum('', 'a''b', 'c\\\\d', 'e,f', '1')", '0', '1', '2', '3', '4', '5'],
  set: ["set('a''b', 'c\\\\d', '1')", '0', '7', '2'],
  text: ['text', "''", "'\\\\N'", "'a\\\\'", "'\\0\\Z\\n\\r\\t\\'\\\"'", "'NULL'", "'😀'", "'--; drop'"],
  latin1: ['varchar(9) character set latin1', "_binary x'81'", "_binary x'8d8f9dff00275c'", "'é'"],
  sjis: ['varchar(9) character set sjis', "_sjis x'835c27'", "_sjis x'835c'"],
  gbk: ['varchar(9) character set gbk', "_gbk x'bf5c'", "_gbk x'bf5c27'"],
  utf16: ['text character set utf16', "'a'", "_utf16 x'005c0027d83dde00'", "''"],
  ucs2: ['char(9) character set ucs2', "_ucs2 x'27275c5c'"],
  char: ['char(9)', "'a '", "'  a'", "''"],
  binary: ['binary(4)', "x'00000000'", "x'61'", "x'275c001a'"],
  varbinary: [
    'varbinary(300)',
    "''",
    "x'00'",
    `x'${Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')).join('')}'`,
  ],
  blob: ['mediumblob', "x'ff27'", "x'5c27'", "''"],
  json: ['json', `'{"a":  1.0, "a": 2}'`, `'"\\\\u0000\\\\\\\\"'`, "'[]'"],
  geometry: ['geometry', 'point(0e0, 1e-300)', "st_geomfromtext('linestring(0 0, 1 1)', 4326)"],
  uuid: ['uuid', "'00112233-4455-6677-8899-aabbccddeeff'"],
  inet: ['inet6', "'::'", "'::ffff:1.2.3.4'"],
  unsigned: ['bigint unsigned', '18446744073709551615', '0'],
  zerofill: ['int(10) unsigned zerofill', '7', '4294967295'],
};

const hashedKinds: typeof traps = Object.fromEntries(
  Object.entries(columnKinds).map(([kind, { definition, literals }]) => [
    kind,
    [definition, ...fc.sample(literals, { numRuns: 40, seed: 7 })],
  ]),
);

describeMariadb('the values of tables of MariaDB', (start) => {
  let sides: TwoSides;
  beforeAll(async () => {
    sides = await startTwoSides(start);
  });

  /** The server's own words for a value, byte by byte, and all digits of what is a number. */
  const readTexts = (table: string, definition: string): Promise<unknown[]> => {
    const isNumber = /^(float|double|bit|enum|set)/.test(definition);
    const number = isNumber ? 'concat(value * 1e0)' : 'null';
    return sides.run(`select id, hex(concat(value)) as text, ${number} as number from ${table} order by id`);
  };

  test.for([
    { kinds: hashedKinds, from: 'those that are hashed', prefix: 'hashed' },
    { kinds: traps, from: 'those that are changed easily', prefix: 'trap' },
  ])('every type, $from: the sandbox has the same texts and checksums', async ({ kinds, prefix }) => {
    await dropSchema(sides);
    await sides.run(`set sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', time_zone = '+00:00'`);
    const names: Record<string, string> = {};
    for (const [kind, [definition, ...literals]] of Object.entries(kinds)) {
      const table = `shop.${prefix}_${kind}`;
      await sides.run(`
        create table ${table} (id int auto_increment primary key, value ${definition}) charset utf8mb4;
        insert into ${table} values ${[...literals, 'null'].map((value, id) => `(${id}, ${value})`).join(', ')}`);
      names[table] = definition;
    }
    const { tables } = await extract(sides, asked(Object.keys(names)));
    for (const [name, definition] of Object.entries(names)) {
      const there = await readTexts(name.replace('shop.', `${schema}.`), definition);
      expect(there, name).toEqual(await readTexts(name, definition));
      expect(there.length).toBeGreaterThan(1);
    }
    const checks = await prove(sides, tables);
    expect(checks.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
    expect(checks).toHaveLength(2 * Object.keys(names).length);
  });

  test('rows of 900 kB, one of 20 MB and 1,000 columns arrive, and few rows are in memory at a time', async () => {
    await dropSchema(sides);
    const columns = Array.from({ length: 1000 }, (_, index) => `c${index}`);
    await sides.run(`
      create table large (id int primary key, body longblob);
      insert into large select seq, repeat(char(seq), 900000) from seq_0_to_59;
      create table wide (${columns.map((column) => `${column} int`).join(', ')});
      insert into wide (c0, c999) values (1, 999)`);
    const mostMegabytes = watchLive();
    const { tables } = await extract(sides, asked(['shop.large', 'shop.wide']));
    // Of 54 MB.
    expect(mostMegabytes()).toBeLessThan(36);
    const checks = await prove(sides, tables);
    expect(checks.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);

    await dropSchema(sides);
    await sides.run(`delete from large; insert into large values (0, repeat('0123456\\'', 2500000))`);
    await extract(sides, asked(['shop.large']));
    const read = (where: string) => sides.run(`select sha1(body), length(body) from ${where}.large`);
    expect(await read(schema)).toEqual(await read('shop'));
  });

  test('a row is longer than the sandbox takes: the error names the setting, and nothing of the range stays', async () => {
    await dropSchema(sides);
    await sides.run(`
      create or replace table long_row (id int primary key, body longtext);
      insert into long_row values (1, 'short'), (2, repeat('x', 2000000))`);
    await sides.run('set global max_allowed_packet = 1048576');
    const failed = await extract(sides, asked(['shop.long_row'])).catch((error) => error);
    await sides.run('set global max_allowed_packet = 1073741824');
    expect(failed).toMatchObject({
      name: 'DatabaseFailure',
      message: expect.stringMatching(/copy range 1 of shop.long_row: a row.*max_allowed_packet.* of the /),
    });
    expect(await sides.run(`select * from ${schema}.long_row`)).toEqual([]);
  });
});

/** What is still in use after the garbage is collected, above what was when it began. */
const watchLive = (): (() => number) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const look = (): number => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return (heapUsed + external) / 1024 ** 2;
  };
  const before = look();
  let most = before;
  const looking = setInterval(() => {
    most = Math.max(most, look());
  }, 100);
  return () => {
    clearInterval(looking);
    return most - before;
  };
};
