import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BringBack, describeBringBack } from '../../../shared/extraction/bring-back.ts';
import { refuseCondition } from '../../../shared/extraction/conditions.ts';
import { type PostgresFixture, startPostgres } from '../database/postgres/fixture.ts';
import { anyCondition } from './condition-pieces.ts';

let server: PostgresFixture;

/** Names and types that statements trip over: aliases as columns, quotes, types of a schema, and such as have no comparison. */
const makeTable = (schema: string, dropped = ''): string => `
  create schema ${schema};
  create type ${schema}.state as enum ('new', 'paid');
  create type ${schema}.place as (street text, "no" int);
  create domain ${schema}.short as varchar(40);
  create table ${schema}."or.d""ers" (
    "Id" bigint generated always as identity, ${dropped} part ${schema}.short, live text, was json, r point,
    kept ${schema}.state, place ${schema}.place[], bytes bytea, ratio float8, at timestamptz, price numeric(20, 10),
    "it's" text, doubled numeric generated always as (price * 2) stored, document xml,
    primary key ("Id", part)
  );`;

const values = (id: number, text: string) => `
  (${id}, 'a', ${text}, '{"a":  1, "a": 2}', '(1,2)', 'paid', array[row('x"y', 1)]::shop.place[], '\\x5c00', 'NaN',
   '0044-03-15 12:00:00+00 BC', 1.0000000001, null, '<a/>')`;

const columns = [
  'Id',
  'part',
  'live',
  'was',
  'r',
  'kept',
  'place',
  'bytes',
  'ratio',
  'at',
  'price',
  "it's",
  'document',
];
const table = 'shop."or.d""ers"';
const inserted = `insert into shop."or.d""ers" (${columns.map((name) => `"${name}"`).join(', ')}) overriding system value values`;

const write = (where: string | null = null): BringBack =>
  describeBringBack(
    { table, where, columns, fixed: ['Id'], key: ['Id', 'part'], partitions: 'none' },
    { schema: 'extract_shop', dialect: 'postgres', fate: 'kept' },
  );
const idsOf = async ({ sql } = { sql: '' }): Promise<string[]> =>
  (await server.asOwner<{ Id: string }>(sql)).map(({ Id }) => Id);
const readAll = (schema: string) =>
  server.asOwner(`select (kept.*)::text from ${schema}."or.d""ers" as kept where "Id" < 9 order by "Id"`);

beforeAll(async () => {
  server = await startPostgres();
  await server.asOwner(`set search_path = public; ${makeTable('shop', 'dropped int,')}; alter table shop."or.d""ers" drop column dropped; ${makeTable('extract_shop')}
    ${inserted} ${[1, 2, 3, 4].map((id) => values(id, "'a''b'")).join(', ')};
    insert into extract_shop."or.d""ers" ("Id", part, live, was, r, kept, place, bytes, ratio, at, price, "it's", document)
      overriding system value
      select "Id", part::text, live, was, r, kept::text::extract_shop.state, place::text::extract_shop.place[], bytes,
        ratio, at, price, "it's", document from shop."or.d""ers";
    update shop."or.d""ers" set was = '{"a": 1, "a": 2}' where "Id" = 2;
    update shop."or.d""ers" set live = 'other', kept = 'new', place = null where "Id" = 3;
    delete from shop."or.d""ers" where "Id" = 4;
    ${inserted} ${values(9, "'new'")}, ${values(10, "'newer'")}`);
});
afterAll(() => server?.close());

test('rows changed, gone and new: shown by name, whatever the names and types', async () => {
  const [changed, gone, added] = write().shows;
  expect((await idsOf(changed)).toSorted()).toEqual(['2', '3']);
  expect(await idsOf(gone)).toEqual(['4']);
  expect((await idsOf(added)).toSorted()).toEqual(['10', '9']);
});

test('a condition: only new rows that meet it', async () => {
  const [, , added] = write(`"or.d""ers".live = 'newer'`).shows;
  expect(await idsOf(added)).toEqual(['10']);
});

test('rows brought back, twice: each is what it was, to the byte, and new ones stay', async () => {
  const before = await readAll('extract_shop');
  expect(await readAll('shop')).not.toEqual(before);
  for (let time = 0; time < 2; time += 1) for (const { sql } of write().brings) await server.asOwner(sql);
  expect(await readAll('shop')).toEqual(before);
  expect(await idsOf({ sql: 'select "Id" from shop."or.d""ers" where "Id" >= 9 order by 1' })).toEqual([
    '9',
    '10',
  ]);
  for (const show of write().shows.slice(0, 2)) expect(await idsOf(show)).toEqual([]);
});

test('a column that is always numbered, and a table that inherits, with the same keys: neither is in the way, nor touched', async () => {
  const define = 'number bigint generated always as identity, text text, primary key (id)';
  await server.asOwner(`create table shop.parent (id int, ${define}); create table extract_shop.parent (id int, ${define});
    insert into extract_shop.parent (id, text) values (1, 'then'), (2, 'then'), (3, 'then');
    create table shop.child (primary key (id)) inherits (shop.parent);
    insert into shop.parent (id, text) values (1, 'then'), (2, 'now');
    insert into shop.child select id, 0, 'of the child' from generate_series(1, 4) id`);
  const { shows, brings } = describeBringBack(
    {
      table: 'shop.parent',
      where: null,
      columns: ['id', 'number', 'text'],
      fixed: ['number'],
      key: ['id'],
      partitions: 'none',
    },
    { schema: 'extract_shop', dialect: 'postgres', fate: 'kept' },
  );
  const counts = await Promise.all(shows.map(async ({ sql }) => (await server.asOwner(sql)).length));
  expect(counts).toEqual([1, 1, 0]);
  for (const { sql } of brings) await server.asOwner(sql);
  const read = (from: string) => server.asOwner(`select id, number::int, text from ${from} order by id`);
  expect(await read('only shop.parent')).toEqual(await read('extract_shop.parent'));
  expect(new Set((await read('shop.child')).map((row) => Object.values(row).at(-1)))).toEqual(
    new Set(['of the child']),
  );
});

test('any condition that is not refused: in parentheses it stays one expression, or is an error', async () => {
  const client = await server.connectAsOwner();
  let ran = 0;
  try {
    await fc.assert(
      fc.asyncProperty(anyCondition, async (sql) => {
        if (refuseCondition(sql, 'postgres') !== null) return;
        // Nothing can be true of it, unless the condition has ended the parentheses, or hides what follows.
        const answer = await client.query(`select 1 where (${sql}) and false`).catch(() => null);
        if (answer === null) return;
        ran += 1;
        expect(answer).toMatchObject({ command: 'SELECT', rowCount: 0 });
      }),
      { numRuns: 3000 },
    );
  } finally {
    await client.end();
  }
  expect(ran).toBeGreaterThan(10);
});
