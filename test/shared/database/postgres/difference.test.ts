import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Condition, Reader } from '../../../../shared/database/port.ts';
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
import { createTypes, isNeverNull, kinds } from './columns.ts';
import { type PostgresFixture, startPostgres, tableOf, withReader } from './fixture.ts';

let postgres: PostgresFixture;

beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.asOwner(`create schema types; set search_path = types; ${createTypes};
    set search_path = public, types; set check_function_bodies = off`);
});
afterAll(() => postgres?.close());

const columns = kinds.map(
  (kind): RandomColumn => ({
    definition: kind.type,
    literals: fc.oneof(
      fc.constantFrom(...kind.values).map((value) => pg.escapeLiteral(value)),
      ...(isNeverNull(kind) ? [] : [fc.constant('null')]),
    ),
  }),
);

const plain = (definition: string, values: fc.Arbitrary<string>): KeyColumn => ({
  definition,
  values: values.map((text) => ({ literal: pg.escapeLiteral(text), text })),
});
const words = fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => text.replaceAll('\0', ''));
const number = plain('bigint', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String));
const small = plain('integer', fc.integer({ min: -3, max: 40 }).map(String));
const word = plain('text', words);
const keys: KeyColumn[][] = [
  [],
  [number],
  [small],
  [word],
  [plain('text collate "C"', words)],
  [plain('uuid', fc.uuid())],
  [
    plain(
      'date',
      fc.integer({ min: 0, max: 9000 }).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)),
    ),
  ],
  [
    plain(
      'bytea',
      fc.uint8Array({ maxLength: 4 }).map((bytes) => `\\x${Buffer.from(bytes).toString('hex')}`),
    ),
  ],
  [small, word],
  [word, small],
];

/** Each case in two tables, in the schemas l and r, which one reader each reads. */
const withSides = async (sql: string, use: (left: Reader, right: Reader) => Promise<void>): Promise<void> => {
  await postgres.asOwner(
    `drop schema if exists l, r cascade; create schema l; create schema r; ${sql}; analyze`,
  );
  await withReader(postgres.openReader({ sessions: 2 }), (left) =>
    withReader(postgres.openReader({ sessions: 2 }), (right) => use(left, right)),
  );
};

const sideOf = async (reader: Reader, name: string): Promise<Side> => ({
  reader,
  table: await tableOf(reader, name),
});

test('random tables that differ at random: every count, key and column is exact', async () => {
  const batches = fc.array(randomSides(keys, columns, 60), { minLength: 12, maxLength: 12 });
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
          const [one, other] = [await sideOf(left, `l.t${index}`), await sideOf(right, `r.t${index}`)];
          // Only the names of their schemas tell them apart.
          differing += await expectExact(one, other, sides, index % 3 === 0 ? usualSizes : smallSizes);
        }
      });
    }),
    { numRuns: 6, endOnFailure: true },
  );
  expect(differing).toBeGreaterThan(300);
});

/** Rows of which 10 % differ: 5 % in a value, 3 % are gone, 2 % are new. */
const damagedSql = (rows: number): string => `
  create table l.events (id integer primary key, kind text, amount numeric(12, 2));
  insert into l.events select n, 'kind ' || n % 9, n from generate_series(1, ${rows}) n;
  create table r.events (like l.events including all);
  insert into r.events select id + case when id % 50 = 4 then 10000000 else 0 end, kind, amount + (id % 20 = 3)::int
    from l.events where id % 100 not in (11, 22, 33)`;

const compareDamaged = async (rows: number, mostFetched: number) => {
  let found: Awaited<ReturnType<typeof findDifference>> | undefined;
  await withSides(damagedSql(rows), async (left, right) => {
    const options = { mostFetched, mostListed: 3, mostExamined: 10 };
    found = await findDifference(await sideOf(left, 'l.events'), await sideOf(right, 'r.events'), options);
  });
  if (found === undefined) throw new Error('nothing was compared');
  return found;
};

test('more rows than may be fetched: an estimate within 5 %, which says so', async () => {
  const exact = await compareDamaged(120_000, 1e6);
  expect(exact).toMatchObject({ onlyLeft: 6000, onlyRight: 2400, different: 6000, isExact: true, margin: 0 });
  expect(exact.columns).toEqual([{ column: 'amount', rows: 10 }]);
  expect(exact.listed.different.map(({ key }) => key)).toEqual([['3'], ['23'], ['43']]);
  for (const mostFetched of [10_000, 3000]) {
    const found = await compareDamaged(120_000, mostFetched);
    expect(found.isExact).toBe(false);
    for (const kind of ['onlyLeft', 'onlyRight', 'different'] as const) {
      expect(Math.abs(found[kind] - exact[kind]), `${kind}: ${found[kind]}`).toBeLessThan(0.05 * exact[kind]);
      expect(Math.abs(found[kind] - exact[kind])).toBeLessThanOrEqual(found.margin);
    }
    expect(found.onlyLeft - found.onlyRight).toBe(exact.onlyLeft - exact.onlyRight);
  }
});

test('a column was added, dropped or has another type since: the others are compared', async () => {
  const sql = `
    create table l.users (id integer primary key, name text, balance numeric(10, 2), at timestamptz default '2026-01-01');
    insert into l.users (id, name, balance) select n, 'user ' || n, n from generate_series(1, 40) n;
    create table r.users (id bigint primary key, balance numeric(12, 2) not null, name varchar(80), email text,
      at timestamptz default '2026-01-01');
    insert into r.users (id, name, balance) select id, case id when 7 then 'other' else name end, balance from l.users`;
  await withSides(sql, async (left, right) => {
    const [one, other] = [await sideOf(left, 'l.users'), await sideOf(right, 'r.users')];
    const options = { mostFetched: 1e6, mostListed: 3, mostExamined: 10 };
    expect(await findDifference(one, other, options)).toMatchObject({
      ...{ equal: 39, different: 1, onlyLeft: 0, onlyRight: 0 },
      listed: { different: [{ key: ['7'], columns: ['name'] }] },
      onlyLeftColumns: [],
      onlyRightColumns: ['email'],
    });
  });
});

test('rows of some time alone: those before a moment, from one on, and those without a time', async () => {
  const sql = `
    create table l.events (id integer primary key, at timestamptz, local timestamp);
    insert into l.events select n, timestamptz '2026-01-01 00:00Z' + n * interval '1 hour', null from generate_series(0, 9) n;
    insert into l.events values (100, null, null);
    create table r.events (like l.events including all);
    insert into r.events select * from l.events where id not in (2, 8, 100)`;
  const moment = { utc: '2026-01-01T05:00:00Z', wallClock: '2026-01-01 05:00:00' };
  await withSides(sql, async (left, right) => {
    const [one, other] = [await sideOf(left, 'l.events'), await sideOf(right, 'r.events')];
    const count = async (where: Condition) => {
      const options = { where, mostFetched: 1e6, mostListed: 3, mostExamined: 10 };
      const { equal, listed } = await findDifference(one, other, options);
      return [equal, ...listed.onlyLeft.flat()];
    };
    expect(await count({ column: 'at', before: moment })).toEqual([4, '2']);
    expect(await count({ column: 'at', from: moment })).toEqual([4, '8']);
    expect(await count({ column: 'at', isNull: true })).toEqual([0, '100']);
    await expect(count({ column: 'id', before: moment })).rejects.toMatchObject({ name: 'ColumnNotFound' });
  });
});

test('two collations that order keys otherwise: no row is taken for another', async () => {
  const values = ['a', 'B', 'ä', 'z', 'Z', 'a b', 'ab', '10', '9', 'é', 'e', 'É', '_', '-', 'ß', 'ss'];
  const rows = values.flatMap((one) => values.map((other) => `('${one}${other}', 1)`)).join(', ');
  const sql = `
    create table l.words (word text collate "C" primary key, n integer);
    insert into l.words values ${rows};
    create table r.words (word text collate "und-x-icu" primary key, n integer);
    insert into r.words select word, case word when 'Zz' then 2 else n end from l.words where word <> 'äß'`;
  await withSides(sql, async (left, right) => {
    const options = { mostFetched: 1e6, mostListed: 3, mostExamined: 3 };
    const [one, other] = [await sideOf(left, 'l.words'), await sideOf(right, 'r.words')];
    expect(await findDifference(one, other, options, smallSizes)).toMatchObject({
      ...{ equal: 254, different: 1, onlyLeft: 1, onlyRight: 0 },
      listed: { onlyLeft: [['äß']], different: [{ key: ['Zz'], columns: ['n'] }] },
    });
  });
});
