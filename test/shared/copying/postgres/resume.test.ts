import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { copyTables } from '../../../../shared/copying/run.ts';
import { password, remainingMs } from '../../database/postgres/fixture.ts';
import {
  about,
  asked,
  dropSchema,
  extract,
  limits,
  schema,
  startTwoSides,
  type TwoSides,
  withCopying,
} from './fixture.ts';

let sides: TwoSides;
beforeAll(async () => {
  sides = await startTwoSides();
  await sides.inCopy(`
    create table orders (id bigint generated always as identity, note text, primary key (id));
    insert into orders (note) select md5(n::text) || repeat('x', 900) from generate_series(1, 300000) n;
    create table log (line text);
    insert into log select 'line ' || n % 10 from generate_series(1, 5000) n;
    create table hidden (id integer primary key);
    insert into hidden select generate_series(1, 10);
    alter table hidden enable row level security;
    create policy few on hidden using (id < 3);
    create role sees_some login password '${password}';
    grant select on hidden to sees_some`);
});
afterAll(() => sides.close());
beforeEach(() => dropSchema(sides));

const names = ['public.orders', 'public.log'];
const counted = () =>
  sides.inSandbox(
    `select (select count(*) from ${schema}.orders)::text as orders, (select count(*) from ${schema}.log)::text as log`,
  );
const everything = [{ orders: '300000', log: '5000' }];
const commentOfSchema = async (): Promise<string | null | undefined> =>
  (await sides.inSandbox(`select obj_description('${schema}'::regnamespace) as text`))[0]?.text;

const prepare = async (tables = names) => {
  const described = await sides.extraction.describeTables(sides.copy, asked(tables), limits);
  await sides.extraction.makeSchema(sides.sandbox, described, limits);
  return described;
};

test('every step is run twice: no row is there twice, and the schema is finished', async () => {
  const { extraction, sandbox } = sides;
  const tables = await extraction.describeTables(sides.copy, asked(names), limits);
  const make = () => extraction.makeSchema(sandbox, tables, limits);
  await Promise.all([make(), make()]);
  await make();
  for (let run = 0; run < 2; run++) {
    const { status } = await withCopying(sides, (copying) =>
      copyTables(copying, tables, { sessions: 2, remainingMs }),
    );
    expect(status).toBe('ready');
  }
  await extraction.finish(sandbox, tables, limits);
  await extraction.finish(sandbox, tables, limits);
  expect(await counted()).toEqual(everything);
  expect(await commentOfSchema()).toBe(about);
  const left = await sides.inSandbox(`select relname::text as name from pg_class
    where relnamespace = '${schema}'::regnamespace order by 1`);
  expect(left.map(({ name }) => name)).toEqual(['log', 'orders', 'orders_id_seq', 'orders_pkey']);
});

test('a large table is cut into ranges, a step ends between them, and the next one goes on', async () => {
  const tables = await prepare();
  const [first, ...others] = await withCopying(sides, (copying) => copying.listRanges(tables[0] as never));
  expect(others.length).toBeGreaterThan(1);
  // Every look at the clock costs 60 ms: one range fits.
  let left = 200;
  const once = await withCopying(sides, (copying) =>
    copyTables(copying, tables, { sessions: 1, remainingMs: () => (left -= 60) }),
  );
  expect(once).toMatchObject({ status: 'pending', tables: [{ table: 'public.orders', rangesDone: 1 }, {}] });
  expect(first?.copied).toBeNull();
  const then = await withCopying(sides, (copying) =>
    copyTables(copying, tables, { sessions: 2, remainingMs }),
  );
  expect(then.status).toBe('ready');
  expect(await counted()).toEqual(everything);
});

/** Ends the sessions of one side in the middle of a COPY. */
const cutOff = async (user: string): Promise<void> => {
  for (;;) {
    const [ended] = await sides.inCopy(`
      select count(pg_terminate_backend(pid))::text as number from pg_stat_activity
       where usename = '${user}' and query like 'copy %' and state = 'active'`);
    if (ended?.number !== '0') return;
  }
};

test.for([
  ['the copy', 'drill_reader'],
  ['the sandbox', 'sandbox_writer'],
] as const)(
  '%s ends the connection in the middle of a range: it is an error, nothing of the range stays, and the next run copies it',
  async ([, user]) => {
    const tables = await prepare();
    const running = withCopying(sides, (copying) =>
      copyTables(copying, tables, { sessions: 1, remainingMs }),
    );
    const outcome = running.then(
      () => 'copied',
      (error) => error,
    );
    await cutOff(user);
    expect(await outcome).toMatchObject({
      name: 'DatabaseUnreachable',
      message: expect.stringContaining(' of public.'),
    });
    const told = await sides.inSandbox(
      `select coalesce(sum(rows), 0)::text as rows from ${schema}.aurora_drills_ledger where place = 'public.orders'`,
    );
    expect(await sides.inSandbox(`select count(*)::text as rows from ${schema}.orders`)).toEqual(told);
    await withCopying(sides, (copying) => copyTables(copying, tables, { sessions: 2, remainingMs }));
    expect(await counted()).toEqual(everything);
  },
);

test('two runs copy at once, as when a function was given up and still runs: each range is there once', async () => {
  const tables = await prepare();
  const run = () =>
    withCopying(sides, (copying) => copyTables(copying, tables, { sessions: 1, remainingMs }), 1);
  const ended = await Promise.allSettled([run(), run()]);
  expect(ended.some(({ status }) => status === 'fulfilled')).toBe(true);
  for (const one of ended) if (one.status === 'rejected') expect(one.reason.name).toBe('DatabaseBusy');
  await run();
  expect(await counted()).toEqual(everything);
});

test('finishing fails in the middle and is run again: what is made is not made twice', async () => {
  const tables = await prepare();
  await withCopying(sides, (copying) => copyTables(copying, tables, { sessions: 2, remainingMs }));
  const [orders, ...others] = tables;
  const broken = [{ ...(orders as (typeof tables)[0]), foreignKeys: ['select 1 / 0'] }, ...others];
  await expect(sides.extraction.finish(sides.sandbox, broken, limits)).rejects.toMatchObject({
    name: 'DatabaseFailure',
  });
  expect(await commentOfSchema()).toContain('incomplete');
  await sides.extraction.finish(sides.sandbox, tables, limits);
  expect(await commentOfSchema()).toBe(about);
});

describe('the schema says what it is', () => {
  test('finish before all rows are there is refused', async () => {
    const tables = await prepare();
    await withCopying(sides, (copying) => copying.listRanges(tables[0] as never));
    await expect(sides.extraction.finish(sides.sandbox, tables, limits)).rejects.toMatchObject({
      message: expect.stringContaining('public.orders'),
    });
  });

  test('a copying that failed leaves a schema whose comment says incomplete, and why', async () => {
    await prepare();
    await sides.extraction.markIncomplete(sides.sandbox, 'OutOfTime: copy range 3', limits);
    expect(await commentOfSchema()).toBe(`incomplete: OutOfTime: copy range 3; ${about}`);
  });

  test('a schema of the name that is not ours is neither overwritten nor marked', async () => {
    await sides.inSandbox(`create schema ${schema}; comment on schema ${schema} is 'mine'`);
    const tables = await sides.extraction.describeTables(sides.copy, asked(names), limits);
    await expect(sides.extraction.makeSchema(sides.sandbox, tables, limits)).rejects.toMatchObject({
      name: 'SandboxRefused',
    });
    await sides.extraction.markIncomplete(sides.sandbox, 'it failed', limits);
    expect(await commentOfSchema()).toBe('mine');
  });
});

test('a policy would hide rows from the user: an error, not a shorter table', async () => {
  const user = { ...sides, copy: { ...sides.copy, user: 'sees_some' } };
  await expect(extract(user, asked(['public.hidden']))).rejects.toMatchObject({
    name: 'TableNotExtractable',
    message: expect.stringContaining('row-level security'),
  });
  const tables = await prepare(['public.hidden']);
  await expect(
    withCopying(user, (copying) => copyTables(copying, tables, { sessions: 1, remainingMs })),
  ).rejects.toMatchObject({ name: 'DatabaseDenied', message: expect.stringContaining('row-level security') });
  expect(await sides.inSandbox(`select count(*)::text as rows from ${schema}.hidden`)).toEqual([
    { rows: '0' },
  ]);
});

test('a user who may not make a schema is refused, and nothing is written', async () => {
  const sandbox = { ...sides.sandbox, address: { ...sides.sandbox.address, user: 'sees_some' } };
  const tables = await sides.extraction.describeTables(sides.copy, asked(names), limits);
  await expect(sides.extraction.makeSchema(sandbox, tables, limits)).rejects.toMatchObject({
    name: 'DatabaseDenied',
  });
});

test('the sandbox refuses a value: the error does not show it, nor does its cause', async () => {
  await sides.inCopy(`create table secrets (value text); insert into secrets values ('4111-1111')`);
  const tables = await prepare(['public.secrets']);
  await sides.inSandbox(`alter table ${schema}.secrets alter column value type integer using 0`);
  const error = await withCopying(sides, (copying) =>
    copyTables(copying, tables, { sessions: 1, remainingMs }).catch((failed) => failed),
  );
  expect(error).toMatchObject({ name: 'DatabaseFailure', message: expect.stringContaining('SQLSTATE 22') });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('4111');
});
