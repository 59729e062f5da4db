import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listTablesSql, type PostgresTable } from '../../../../shared/database/postgres/catalog.ts';
import { digestSql } from '../../../../shared/database/postgres/digest.ts';
import type { PostgresSession } from '../../../../shared/database/postgres/session.ts';
import { createTypes } from './columns.ts';
import { type PostgresFixture, readWhole, startPostgres, withReader } from './fixture.ts';
import {
  applyChange,
  change,
  createTableSql,
  insertSql,
  type RandomTable,
  type Row,
  randomTable,
} from './rows.ts';

let postgres: PostgresFixture;
let session: PostgresSession;

beforeAll(async () => {
  postgres = await startPostgres();
  // Types outside public, which each batch makes anew.
  await postgres.asOwner(`create schema types; set search_path = types; ${createTypes};
    set search_path = public, types; set check_function_bodies = off`);
  session = await postgres.openSession();
});
afterAll(async () => {
  await session?.close();
  await postgres?.close();
});

const startBatch = (sql: string): Promise<object[]> =>
  postgres.asOwner(`drop schema public cascade; create schema public; ${sql}`);

const listPublic = async (): Promise<PostgresTable[]> =>
  (await session.query<PostgresTable>('list', listTablesSql(undefined))).filter(
    ({ schema }) => schema === 'public',
  );

/** The rows of one side of one case. The side's number is even before a change, odd after it. */
type Sides = { rows: Row[]; side: number }[];

const sidesOf = (changes: { before: Row[]; after: Row[] }[]): Sides =>
  changes.flatMap(({ before, after }, index) => [
    { rows: before, side: 2 * index },
    { rows: after, side: 2 * index + 1 },
  ]);

const fillSql = ({ columns }: RandomTable, sides: Sides, name: string): string =>
  createTableSql(name, columns, 'side integer') +
  insertSql(
    name,
    sides.flatMap(({ rows, side }) => rows.map((row) => [String(side), ...row])),
  );

/** Hashes the rows of each side together, without the side's number. */
const digestSides = (table: PostgresTable, count: number): string => {
  const hashed = table.hashed.filter(({ name }) => name !== 'side');
  const alone = { ...table, hashed, key: ['side'], keyTypes: ['integer'] };
  const bounds = Array.from({ length: count - 1 }, (_, index) => String(index + 1));
  const ranges = { kind: 'bounds', bounds } as const;
  return digestSql(alone, { content: 'values', ranges, fine: [], resolution: 1, only: null });
};

/** The same rows as a person sees them, in one order: the texts of all values, where "" is empty and nothing is NULL. */
const textOfSides = ({ table, hashed }: PostgresTable): string => {
  const columns = hashed.filter(({ name }) => name !== 'side').map(({ name }) => `t.${name}`);
  return `select side, md5(string_agg(shown, E'\\n' order by shown)) as shown
    from (select t.side, row(${columns.join(', ')})::text collate "C" as shown from public.${table} t) rows group by side`;
};

type Side = { name: string; side: number; rows: string; hash: string; shown: string };

/** Reads all sides of all tables in one statement. */
const readSides = async (tables: PostgresTable[], count: number): Promise<Map<string, Side>> => {
  const parts = tables.map(
    (table) => `select ${pg.escapeLiteral(table.table)} as name, side, rows, hash, shown
      from (${digestSides(table, count)}) d join (${textOfSides(table)}) s on s.side = d.range`,
  );
  const sides = await session.query<Side>('read sides', parts.join(' union all '));
  return new Map(sides.map((side) => [`${side.name} ${side.side}`, side]));
};

test('random tables after one change of a random row: the digest changes when, and only when, the rows do', async () => {
  const seen = { same: 0, different: 0 };
  const tables = fc.array(fc.tuple(randomTable, fc.array(change, { minLength: 12, maxLength: 12 })), {
    minLength: 20,
    maxLength: 20,
    size: 'max',
  });
  await fc.assert(
    fc.asyncProperty(tables, async (batch) => {
      const cases = batch.map(([table, changes]) => changes.map((one) => applyChange(table, one)));
      await startBatch(
        batch.map(([table], index) => fillSql(table, sidesOf(cases[index] ?? []), `t${index}`)).join('\n'),
      );
      const sides = await readSides(await listPublic(), 24);
      for (const [index, changes] of cases.entries()) {
        for (const number of changes.keys()) {
          const before = sides.get(`t${index} ${2 * number}`);
          const after = sides.get(`t${index} ${2 * number + 1}`);
          const isSame = before?.shown === after?.shown;
          seen[isSame ? 'same' : 'different']++;
          const digests = [before, after].map((side) => `${side?.rows} rows, ${side?.hash}`);
          const found = digests[0] === digests[1];
          if (found !== isSame) {
            const { before: from, after: to } = changes[number] ?? {};
            const types = batch[index]?.[0].columns.map(({ kind }) => kind.type);
            expect.fail(`${digests.join(' / ')}: ${JSON.stringify({ types, from, to })}`);
          }
        }
      }
    }),
    { numRuns: 12, endOnFailure: true },
  );
  // Otherwise the property would be tested on next to nothing.
  expect(seen.different).toBeGreaterThan(1000);
  expect(seen.same).toBeGreaterThan(300);
});

const shuffle = (rows: Row[]): Row[] => {
  const half = Math.ceil(rows.length / 2);
  return [...rows.slice(half).toReversed(), ...rows.slice(0, half)];
};

/** The same rows made another way: in another order, among other rows, with a dropped column, and rewritten. */
const detourSql = ({ columns, rows }: RandomTable, name: string): string => {
  const first = columns.map((_, index) => `c${index}`)[0];
  return [
    createTableSql(name, columns, 'gone text'),
    insertSql(
      name,
      [...rows, ...shuffle(rows)].map((row, index) => [index < rows.length ? 'other' : null, ...row]),
    ),
    `delete from ${name} where gone is not null;`,
    first === undefined ? '' : `update ${name} set ${first} = ${first};`,
    `alter table ${name} drop gone;`,
  ].join('\n');
};

test('random tables with their rows in another physical order, updated and rewritten: the same digests', async () => {
  const tables = fc.array(randomTable, { minLength: 25, maxLength: 25, size: 'max' });
  let rows = 0;
  await fc.assert(
    fc.asyncProperty(tables, async (batch) => {
      const sql = batch.map((table, index) =>
        [
          createTableSql(`a${index}`, table.columns),
          insertSql(`a${index}`, table.rows),
          detourSql(table, `b${index}`),
        ].join('\n'),
      );
      await startBatch(sql.join('\n'));
      for (const index of batch.keys()) if (index % 5 === 0) await postgres.asOwner(`vacuum full b${index}`);
      await withReader(postgres.openReader(), async (reader) => {
        const listed = new Map((await reader.listTables()).map((table) => [table.table, table]));
        for (const [index, table] of batch.entries()) {
          const [one, other] = [listed.get(`a${index}`), listed.get(`b${index}`)];
          const digest = one && (await readWhole(reader, one));
          expect(digest?.[0]?.rows ?? 0).toBe(table.rows.length);
          expect(other && (await readWhole(reader, other))).toEqual(digest);
          rows += table.rows.length;
        }
      });
    }),
    { numRuns: 4, endOnFailure: true },
  );
  expect(rows).toBeGreaterThan(100);
});
