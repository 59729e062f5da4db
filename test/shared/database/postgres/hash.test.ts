import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listTablesSql, type PostgresTable } from '../../../../shared/database/postgres/catalog.ts';
import { digestSql } from '../../../../shared/database/postgres/digest.ts';
import type { PostgresSession } from '../../../../shared/database/postgres/session.ts';
import { createTypes, isNeverNull, type Kind, kinds } from './columns.ts';
import { type PostgresFixture, startPostgres } from './fixture.ts';

let postgres: PostgresFixture;
let session: PostgresSession;
/** By type: the hashes of the listed values, of the texts that mean the same as one, and of NULL. */
let found: Map<string, { values: string[]; same: string[]; nothing: string | undefined }>;

const textsOf = ({ values, same = [] }: Kind): string[] => [...values, ...same.map(([, other]) => other)];

/** Hashes every row of some tables alone, in one message. `n` numbers the row and is not hashed. */
const hashRows = async (tables: PostgresTable[], rows: number): Promise<Map<string, string[]>> => {
  const bounds = Array.from({ length: rows - 1 }, (_, index) => String(index + 1));
  const parts = tables.map((table) => {
    const hashed = table.hashed.filter(({ name }) => name !== 'n');
    const alone = { ...table, hashed, key: ['n'], keyTypes: ['integer'] };
    const ranges = { kind: 'bounds', bounds } as const;
    const sql = digestSql(alone, { content: 'values', ranges, fine: [], resolution: 1, only: null });
    return `select ${pg.escapeLiteral(table.table)} as name, d.range, d.hash from (${sql}) d`;
  });
  const answer = await session.query<{ name: string; range: number; hash: string }>(
    'hash',
    parts.join(' union all '),
  );
  const hashes = new Map(tables.map(({ table }): [string, string[]] => [table, []]));
  for (const { name, range, hash } of answer) (hashes.get(name) ?? [])[range] = hash;
  return hashes;
};

const listTables = (like: RegExp): Promise<PostgresTable[]> =>
  session
    .query<PostgresTable>('list', listTablesSql(undefined))
    .then((all) => all.filter(({ table }) => like.test(table)));

beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.asOwner(createTypes);
  const tables = kinds.map((kind, index) => {
    const texts = textsOf(kind).map((text, n) => `(${n}, ${pg.escapeLiteral(text)})`);
    const nothing = isNeverNull(kind) ? [] : [`(${texts.length}, null)`];
    return `create table kind_${index} (n integer, v ${kind.type}); insert into kind_${index} values ${[...texts, ...nothing].join(', ')};`;
  });
  await postgres.asOwner(tables.join('\n'));
  session = await postgres.openSession();
  const most = Math.max(...kinds.map((kind) => textsOf(kind).length)) + 1;
  const hashes = await hashRows(await listTables(/^kind_/), most);
  found = new Map(
    kinds.map((kind, index) => {
      const all = hashes.get(`kind_${index}`) ?? [];
      const [values, texts] = [kind.values.length, textsOf(kind).length];
      return [
        kind.type,
        { values: all.slice(0, values), same: all.slice(values, texts), nothing: all[texts] },
      ];
    }),
  );
});
afterAll(async () => {
  await session?.close();
  await postgres?.close();
});

/** The listed values that share a hash, as texts. */
const findAlike = ({ type, values }: Kind): string[][] => {
  const hashes = found.get(type)?.values ?? [];
  const byHash = Map.groupBy(values, (_, index) => hashes[index] ?? 'none');
  return [...byHash.values()].filter((alike) => alike.length > 1);
};

test.each(kinds)('$type: different values, neighbours too, have different hashes', (kind) => {
  expect(found.get(kind.type)?.values).toHaveLength(kind.values.length);
  expect(findAlike(kind)).toEqual([]);
});

test.each(kinds.filter((kind) => !isNeverNull(kind)))(
  '$type: NULL is no value, the blank one included',
  (kind) => {
    const { values, nothing } = found.get(kind.type) ?? {};
    expect(nothing).toMatch(/^-?\d+$/);
    expect(values).not.toContain(nothing);
  },
);

test.each(
  kinds.flatMap(({ type, values, same = [] }) =>
    same.map(([text, other], index) => ({ type, values, text, other, index })),
  ),
)('$type: $text and $other are one value, so they have one hash', ({ type, values, text, index }) => {
  const hashes = found.get(type);
  expect(hashes?.same[index]).toBe(hashes?.values[values.indexOf(text)]);
});

test('timestamptz on a server without a hash of its own for it (before PostgreSQL 18): no two alike, nor NULL', async () => {
  const index = kinds.findIndex(({ type }) => type === 'timestamptz');
  const tables = await listTables(new RegExp(`^kind_${index}$`));
  const older = tables.map((table) => ({
    ...table,
    hashed: table.hashed.map((column) => ({ ...column, hasOwnHash: false })),
  }));
  const kind = kinds[index];
  const { values, same } = { values: [] as string[], same: [] as [string, string][], ...kind };
  const hashes = (await hashRows(older, values.length + same.length + 1)).get(`kind_${index}`) ?? [];
  expect(new Set(hashes).size).toBe(values.length + 1);
  expect(hashes[values.length]).toBe(hashes[values.indexOf(same[0]?.[0] ?? '')]);
});

const hashOne = async (columns: string, rows: string[]): Promise<string[]> => {
  await postgres.asOwner(`drop table if exists one; create table one (n integer${columns === '' ? '' : `, ${columns}`});
    insert into one values ${rows.map((row, n) => `(${n}${row === '' ? '' : `, ${row}`})`).join(', ')}`);
  return (await hashRows(await listTables(/^one$/), rows.length)).get('one') ?? [];
};

const columnsOf = (count: number, type: string) =>
  Array.from({ length: count }, (_, index) => `c${index} ${type}`).join(', ');
const rowOf = (count: number, value: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => value(index)).join(', ');

test.each([2, 31, 32, 33, 63, 64, 65, 130])(
  '%i columns, NULL in one of them: another hash for each',
  async (count) => {
    const rows = Array.from({ length: count }, (_, nothing) =>
      rowOf(count, (index) => (index === nothing ? 'null' : '0')),
    );
    const hashes = await hashOne(columnsOf(count, 'integer'), rows);
    expect(new Set(hashes).size).toBe(count);
  },
);

test.each([2, 33, 130])('%i columns, 1 in one of them: another hash for each', async (count) => {
  const rows = Array.from({ length: count }, (_, one) =>
    rowOf(count, (index) => (index === one ? '1' : '0')),
  );
  expect(new Set(await hashOne(columnsOf(count, 'integer not null'), rows)).size).toBe(count);
});

test('numbers that change places, though one of them hashes to its seed: different', async () => {
  const values = ['0', '5', `'NaN'`];
  const pairs = values.flatMap((a) => values.filter((b) => b !== a).map((b) => `${a}, ${b}`));
  const hashes = await hashOne('a numeric(5,1), b numeric(5,1)', pairs);
  expect(new Set(hashes).size).toBe(pairs.length);
});

test('text that moves from one column into the next: different', async () => {
  const hashes = await hashOne('a text, b text', [
    `'ab', 'c'`,
    `'a', 'bc'`,
    `'abc', ''`,
    `'', 'abc'`,
    `'abc', null`,
  ]);
  expect(new Set(hashes).size).toBe(5);
});

test('no columns: every row has the same hash', async () => {
  const [first, second] = await hashOne('', ['', '']);
  expect(first).toMatch(/^-?\d+$/);
  expect(second).toBe(first);
});

test('a generated column: what it holds counts', async () => {
  const doubled = await hashOne('a integer, b integer generated always as (a * 2) stored', ['1', '2']);
  const tripled = await hashOne('a integer, b integer generated always as (a * 3) stored', ['1', '2']);
  expect(new Set([...doubled, ...tripled]).size).toBe(4);
});

test('NOT NULL promised before the rows keep it (PostgreSQL 18): a row with NULL is hashed too', async () => {
  await postgres.asOwner(`drop table if exists one; create table one (n integer, a integer, b integer);
    insert into one values (0, null, 1), (1, null, 2);
    alter table one add constraint promise not null a not valid`);
  const hashes = (await hashRows(await listTables(/^one$/), 2)).get('one') ?? [];
  expect(hashes).toEqual([expect.stringMatching(/^-?\d+$/), expect.stringMatching(/^-?\d+$/)]);
  expect(hashes[0]).not.toBe(hashes[1]);
});

test('columns named like functions, words of SQL and quotes: hashed', async () => {
  const names = ['"t"', '"hashint4extended"', '"select"', `"it's"`, '"a""b"', '"Ärger"'];
  const columns = names.map((name) => `${name} integer`).join(', ');
  const hashes = await hashOne(columns, ['1, 1, 1, 1, 1, 1', '1, 1, 1, 1, 1, 2']);
  expect(hashes[0]).not.toBe(hashes[1]);
});
