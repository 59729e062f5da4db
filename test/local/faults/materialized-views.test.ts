import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fault } from '../../../local/faults/catalog.ts';
import { postgresEngine } from '../../../local/sources/postgres.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { type Captured, startDrilledSource } from '../drilled-source.ts';

/** The plan names these, and not `public.unnamed`. */
const tables = ['orders', 'by_day', 'totals', 'empty'];

const startDrill = () =>
  startDrilledSource(
    'postgres',
    postgresEngine(async (client) => {
      await client.query(`create table orders (id int primary key, day int not null, amount int not null);
        insert into orders select n, n % 30, n from generate_series(1, 3000) n;
        create materialized view by_day as select day, sum(amount) as amount from orders group by day;
        create unique index on by_day (day);
        create materialized view totals as select id, amount * 2 as doubled from orders;
        create materialized view unnamed as select count(*) from orders;
        create materialized view empty as select * from orders with no data`);
    }),
    { tables },
  );

let drilled: Awaited<ReturnType<typeof startDrill>>;
let captured: Captured;
beforeAll(async () => {
  drilled = await startDrill();
  captured = await drilled.capture();
});
afterAll(() => drilled?.close());

const damage = (sql: string): Fault => ({
  name: 'view',
  description: '',
  damage: {
    postgres: async (client) => {
      await client.query(sql);
    },
  },
});
const namesOf = (checks: CheckResult[], verdict: CheckResult['verdict']) =>
  checks.filter((check) => check.verdict === verdict).map(({ name }) => name);
const emptyOnes = ['rows public.empty', 'checksum public.empty'];

/** Does this to production all the time while the baseline is read. */
const captureWhile = async (sql: string): Promise<Captured> => {
  const client = await drilled.source.connect();
  let isDone = false;
  const working = (async () => {
    for (let round = 1; !isDone; round++) {
      await client.query(sql.replaceAll('ROUND', `${round}`));
      // A copy replays all of it, so nobody writes without a pause.
      await client.query('select pg_sleep(0.05)');
    }
  })();
  try {
    return await drilled.capture();
  } finally {
    isDone = true;
    await working;
    await client.end();
  }
};

test('restored as it was: rows and values of the named views pass, and the one that is not populated is skipped', async () => {
  const found = await drilled.restore(captured, null);
  expect(namesOf(found, 'failed')).toEqual([]);
  expect(namesOf(found, 'skipped')).toEqual(emptyOnes);
  for (const name of ['rows public.by_day', 'checksum public.by_day', 'checksum public.totals'])
    expect(namesOf(found, 'passed')).toContain(name);
  expect(found.find(({ name }) => name === 'checksum public.totals')?.reason).toBe('all 3,000 rows verified');
  expect(found.some(({ table }) => table === 'public.unnamed')).toBe(false);
});

/** Nobody can write to a view, so it is refreshed over other rows. */
const refreshOver = (change: string, undo: string) =>
  `${change}; refresh materialized view by_day; refresh materialized view totals; ${undo}`;

test.each([
  [
    'a value of a row differs',
    refreshOver('update orders set amount = 0 where id = 7', 'update orders set amount = 7 where id = 7'),
    ['checksum public.by_day', 'checksum public.totals'],
  ],
  [
    'a row is missing',
    refreshOver('delete from orders where id = 7', 'insert into orders values (7, 7, 7)'),
    ['checksum public.by_day', 'rows public.totals', 'checksum public.totals'],
  ],
])('%s in views of the copy: found by their checks, and by no others', async (_title, sql, names) => {
  const found = await drilled.restore(captured, damage(sql));
  expect(namesOf(found, 'failed')).toEqual(names);
});

test('a view of the copy is not populated: its rows fail, and its definition', async () => {
  const found = await drilled.restore(captured, damage('refresh materialized view totals with no data'));
  expect(namesOf(found, 'failed')).toEqual([
    'rows public.totals',
    'checksum public.totals',
    'definitions materialized views',
  ]);
});

test('refreshed meanwhile: skipped by name, and nothing fails', async () => {
  const sql = 'update orders set amount = amount + 1 where id = 9; refresh materialized view totals';
  const found = await drilled.restore(await captureWhile(sql), null);
  expect(namesOf(found, 'failed')).toEqual([]);
  expect(namesOf(found, 'skipped')).toEqual(
    expect.arrayContaining(['rows public.totals', 'checksum public.totals', ...emptyOnes]),
  );
});

test('refreshed concurrently meanwhile: the rows that changed moved, the others are verified', async () => {
  const sql = 'update orders set amount = ROUND where id = 9; refresh materialized view concurrently by_day';
  const found = await drilled.restore(await captureWhile(sql), null);
  expect(namesOf(found, 'failed')).toEqual([]);
  expect(found.find(({ name }) => name === 'checksum public.by_day')).toMatchObject({
    verdict: 'passed',
    reason: expect.stringMatching(/ % of rows verified, \d+ of \d+ moved/),
  });
});
