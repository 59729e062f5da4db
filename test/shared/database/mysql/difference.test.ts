import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Reader } from '../../../../shared/database/port.ts';
import { formatTableName } from '../../../../shared/database/tables.ts';
import { usualSizes } from '../../../../shared/rows/cells.ts';
import { findDifference } from '../../../../shared/rows/difference.ts';
import type { Side } from '../../../../shared/rows/matching.ts';
import {
  createSideSql,
  expectExact,
  type KeyColumn,
  type RandomColumn,
  randomSides,
  smallSizes,
} from '../../rows/random-sides.ts';
import { describeMariadb, type TestMariadb } from './fixture.ts';
import { columnKinds } from './rows-fixture.ts';

let server: TestMariadb;

const columns = Object.values(columnKinds).map(
  ({ definition, literals }): RandomColumn => ({
    definition,
    literals: fc.oneof({ weight: 4, arbitrary: literals }, { weight: 1, arbitrary: fc.constant('null') }),
  }),
);

const hex = (text: string): string => `_utf8mb4 x'${Buffer.from(text).toString('hex')}'`;
const key = (
  definition: string,
  texts: fc.Arbitrary<string>,
  literal = (text: string): string => `'${text}'`,
): KeyColumn => ({ definition, values: texts.map((text) => ({ literal: literal(text), text })) });

const number = key('bigint', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String));
const small = key('int', fc.integer({ min: -3, max: 40 }).map(String));
const words = fc.string({ unit: 'grapheme', maxLength: 6 }).filter((text) => !text.endsWith(' '));
const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ','), minLength: 1, maxLength: 5 });
const word = key('varchar(40) collate utf8mb4_bin', words, hex);
const dates = fc
  .integer({ min: 0, max: 9000 })
  .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
const keys: KeyColumn[][] = [
  [],
  [number],
  [small],
  [word],
  [key('varchar(40)', letters, hex)],
  [key('char(8) character set latin1', letters, hex)],
  [key('date', dates)],
  [
    key(
      'varbinary(8)',
      fc
        .uint8Array({ minLength: 1, maxLength: 4 })
        .map((bytes) => Buffer.from(bytes).toString('hex').toUpperCase()),
      (text) => `x'${text}'`,
    ),
  ],
  [
    key(
      'decimal(8,2)',
      fc.integer({ min: -999, max: 999 }).map((value) => value.toFixed(2)),
    ),
  ],
  [small, word],
  [word, small],
];

/** Two databases, which one reader each reads. */
const withSides = async (sql: string, use: (left: Reader, right: Reader) => Promise<void>): Promise<void> => {
  await server.run(
    `drop database if exists l; drop database if exists r; create database l; create database r; ${sql}`,
  );
  const [left, right] = [await server.open({ sessions: 2 }), await server.open({ sessions: 2 })];
  await use(left, right);
  await Promise.all([left.close(), right.close()]);
};

const sidesIn = async (left: Reader, right: Reader, name: string): Promise<[Side, Side]> => {
  const sideOf = async (reader: Reader, schema: string): Promise<Side> => {
    const table = (await reader.listTables()).find((one) => formatTableName(one) === `${schema}.${name}`);
    if (table === undefined) throw new Error(`there is no table ${schema}.${name}`);
    return { reader, table };
  };
  return [await sideOf(left, 'l'), await sideOf(right, 'r')];
};

describeMariadb('two databases of MariaDB', (start) => {
  beforeAll(async () => {
    server = await start();
    await server.run(`set sql_mode = 'STRICT_ALL_TABLES', time_zone = '+00:00'`);
  });

  test('random tables that differ at random: every count, key and column is exact', async () => {
    const batches = fc.array(randomSides(keys, columns, 60), { minLength: 10, maxLength: 10 });
    let differing = 0;
    await fc.assert(
      fc.asyncProperty(batches, async (batch) => {
        const sql = batch.map((sides, index) =>
          [createSideSql(`l.t${index}`, sides, 'left'), createSideSql(`r.t${index}`, sides, 'right')].join(
            '\n',
          ),
        );
        await withSides(sql.join('\n'), async (left, right) => {
          for (const [index, sides] of batch.entries()) {
            const [one, other] = await sidesIn(left, right, `t${index}`);
            differing += await expectExact(one, other, sides, index % 3 === 0 ? usualSizes : smallSizes);
          }
        });
      }),
      { numRuns: 5, endOnFailure: true },
    );
    expect(differing).toBeGreaterThan(200);
  });

  test('more rows than may be fetched: an estimate within 5 %, which says so', async () => {
    const sql = `
      create table l.events (id int primary key, kind varchar(20), amount decimal(12, 2));
      insert into l.events select seq, concat('kind ', seq % 9), seq from seq_1_to_120000;
      create table r.events like l.events;
      insert into r.events select id + if(id % 50 = 4, 10000000, 0), kind, amount + (id % 20 = 3)
        from l.events where id % 100 not in (11, 22, 33);
      analyze table l.events, r.events`;
    const exact = { onlyLeft: 6000, onlyRight: 2400, different: 6000 };
    await withSides(sql, async (left, right) => {
      const [one, other] = await sidesIn(left, right, 'events');
      const compare = (mostFetched: number) =>
        findDifference(one, other, { mostFetched, mostListed: 3, mostExamined: 10 });
      expect(await compare(1e6)).toMatchObject({ ...exact, isExact: true, margin: 0 });
      const found = await compare(10_000);
      expect(found.isExact).toBe(false);
      for (const kind of ['onlyLeft', 'onlyRight', 'different'] as const) {
        expect(Math.abs(found[kind] - exact[kind]), `${kind}: ${found[kind]}`).toBeLessThan(
          0.05 * exact[kind],
        );
      }
    });
  });

  test('many rows without a key that are all the same: they are counted', async () => {
    const sql = `
      create table l.hits (kind int, at datetime);
      insert into l.hits select 1, '2026-01-01' from seq_1_to_60000;
      create table r.hits like l.hits;
      insert into r.hits select * from l.hits limit 59990`;
    await withSides(sql, async (left, right) => {
      const [one, other] = await sidesIn(left, right, 'hits');
      const options = { mostFetched: 1e6, mostListed: 3, mostExamined: 10 };
      expect(await findDifference(one, other, options)).toMatchObject({
        ...{ equal: 59_990, onlyLeft: 10, onlyRight: 0, different: 0, isExact: true },
      });
    });
  });

  test('other character sets, types and columns: what both have is compared by its text', async () => {
    const sql = `
      create table l.users (id int primary key, name varchar(20) character set latin1, gone int);
      insert into l.users select seq, concat('é ', seq), 1 from seq_1_to_40;
      create table r.users (id bigint primary key, name varchar(80) character set utf8mb4 not null);
      insert into r.users select id, if(id = 7, 'other', name) from l.users`;
    await withSides(sql, async (left, right) => {
      const [one, other] = await sidesIn(left, right, 'users');
      const options = { mostFetched: 1e6, mostListed: 3, mostExamined: 10 };
      expect(await findDifference(one, other, options)).toMatchObject({
        ...{ equal: 39, different: 1, onlyLeft: 0, onlyRight: 0 },
        listed: { different: [{ key: ['7'], columns: ['name'] }] },
        onlyLeftColumns: ['gone'],
      });
    });
  });

  const retyped = [
    'amount decimal(10, 2)',
    'visits int',
    'born date',
    'at datetime(6)',
    'flag bit(8)',
    "state enum('well', 'ill')",
    "marks set('a', 'b')",
    'weight double',
  ];

  test('a column that becomes a text, as ALTER TABLE makes one of it: equal values count as unchanged, others as changed', async () => {
    const names = retyped.map((definition) => definition.split(' ')[0] ?? '');
    const sql = `
      create table l.users (id int primary key, ${retyped.join(', ')});
      insert into l.users
        select seq, seq / 4, seq, date '2026-01-01' + interval seq day, '2026-01-01 10:00:00.25', seq, 1 + seq % 2, seq % 4, seq / 8
          from seq_1_to_40;
      create table r.users like l.users;
      insert into r.users select * from l.users;
      update r.users set amount = 0, visits = 0, born = '2020-01-01', at = '2020-01-01', flag = 200,
        state = 3 - state, marks = 3 - marks, weight = -1 where id = 7;
      alter table r.users modify flag int, ${names
        .filter((name) => name !== 'flag')
        .map((name) => `modify ${name} varchar(60)`)
        .join(', ')}`;
    await withSides(sql, async (left, right) => {
      const [one, other] = await sidesIn(left, right, 'users');
      const options = { mostFetched: 1e6, mostListed: 3, mostExamined: 10 };
      const found = await findDifference(one, other, options);
      expect(found).toMatchObject({ equal: 39, different: 1 });
      expect(found.columns.map(({ column }) => column).toSorted()).toEqual(names.toSorted());
    });
  });

  test('an enum beside a column that has another type: its values are told apart, and its order does not count', async () => {
    const sql = `
      create table l.users (id int primary key, state enum('well', 'ill'), visits int);
      insert into l.users select seq, 1 + seq % 2, 1 from seq_1_to_40;
      create table r.users (id int primary key, state enum('ill', 'well'), visits bigint);
      insert into r.users select id, if(id = 7, 'well', concat(state)), visits from l.users`;
    await withSides(sql, async (left, right) => {
      const [one, other] = await sidesIn(left, right, 'users');
      const options = { mostFetched: 1e6, mostListed: 3, mostExamined: 10 };
      expect(await findDifference(one, other, options)).toMatchObject({ equal: 39, different: 1 });
    });
  });
});
