import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TablesRequest } from '../../../../shared/copying/port.ts';
import { type CopyOutcome, copyTables } from '../../../../shared/copying/run.ts';
import type { ExtractedTable } from '../../../../shared/extraction/tables.ts';
import { password, remainingMs } from '../../database/postgres/fixture.ts';
import { about, asked, extract, limits, schema, withCopying } from '../sides.ts';
import { dropSchema, startTwoSides, type TwoSides } from './fixture.ts';

let sides: TwoSides;
beforeAll(async () => {
  sides = await startTwoSides();
  await sides.inCopy(`
    create table orders (id bigint generated always as identity, note text, primary key (id));
    insert into orders (note) select md5(n::text) || repeat('x', 900) from generate_series(1, 3000) n;
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
const everything = [{ orders: '3000', log: '5000' }];
const commentOfSchema = async (): Promise<string | null | undefined> =>
  (await sides.inSandbox(`select obj_description('${schema}'::regnamespace) as text`))[0]?.text;

const prepare = async (tables = names, more: Partial<TablesRequest> = {}) => {
  const described = await sides.extraction.describeTables(sides.copy, asked(tables, more), limits);
  await sides.extraction.makeSchema(sides.sandbox, described, limits);
  return described;
};
const copyAll = (tables: ExtractedTable[]): Promise<CopyOutcome> =>
  withCopying(sides, (copying) => copyTables(copying, tables, { sessions: 2, remainingMs }));

test('every step is run twice: no row is there twice, and the schema is finished', async () => {
  const { extraction, sandbox } = sides;
  const tables = await extraction.describeTables(sides.copy, asked(names), limits);
  const make = () => extraction.makeSchema(sandbox, tables, limits);
  await Promise.all([make(), make()]);
  await make();
  for (let run = 0; run < 2; run++) {
    expect((await copyAll(tables)).status).toBe('ready');
  }
  await extraction.finish(sandbox, tables, limits);
  await extraction.finish(sandbox, tables, limits);
  expect(await counted()).toEqual(everything);
  expect(await commentOfSchema()).toBe(`incomplete: it is not verified yet; ${about}`);
  const left = await sides.inSandbox(`select relname::text as name from pg_class
    where relnamespace = '${schema}'::regnamespace order by 1`);
  expect(left.map(({ name }) => name)).toEqual(['log', 'orders', 'orders_id_seq', 'orders_pkey']);
});

test('a large table is cut into ranges, a step ends between them, and the next one goes on', async () => {
  const [orders, log] = await prepare();
  // As if it had 384 MiB: the ranges are cut by the pages that it has.
  const tables = [{ ...(orders as ExtractedTable), bytes: 3 * 128 * 1024 ** 2 }, log as ExtractedTable];
  // Every look at the clock costs 60 ms: one range fits.
  let left = 200;
  const once = await withCopying(sides, (copying) =>
    copyTables(copying, tables, { sessions: 1, remainingMs: () => (left -= 60) }),
  );
  expect(once).toMatchObject({ status: 'pending', tables: [{ rangesDone: 1, ranges: 3 }, {}] });
  expect((await copyAll(tables)).status).toBe('ready');
  expect(await counted()).toEqual(everything);
});

/** A condition that all rows meet. While the gate is shut, the reading of the copy waits in the middle of them. */
const gated = { where: { 'public.orders': 'id <> 1500 or pg_advisory_xact_lock_shared(1) is not null' } };
const onBothSides = (sql: string) => Promise.all([sides.inCopy(sql), sides.inSandbox(sql)]);
const shutGate = () => onBothSides('select pg_advisory_lock(1)');
const openGate = () => onBothSides('select pg_advisory_unlock_all()');
/** Then the sandbox waits too: all rows of a range are there, and it is not yet written down. */
const gateLedger = () =>
  sides.inSandbox(`
    create or replace function public.wait() returns trigger language plpgsql as
      'begin perform pg_advisory_xact_lock_shared(1); return new; end';
    create trigger wait before update on ${schema}.aurora_drills_ledger for each row execute function public.wait()`);

/** Until a session of the user waits, for the gate or for another that copies the same range. */
const waitUntilStuck = async (user: string): Promise<void> => {
  const waiting = `select from pg_stat_activity where usename = '${user}' and wait_event_type = 'Lock'`;
  while ((await sides.inCopy(waiting)).length === 0) await setImmediate();
};

/** What becomes of a run, which ends before somebody waits for it. */
const settle = (run: Promise<CopyOutcome>): Promise<unknown> =>
  run.then(
    ({ status }) => status,
    (error) => error,
  );

describe('a range is cut off in its middle: it is an error, nothing of it stays, and the next run copies it', () => {
  const endSessions = (user: string) =>
    sides.inCopy(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${user}'`);
  test.for([
    ['the copy ends the connection', gated, () => endSessions('drill_reader')],
    ['the sandbox ends the connection', gated, () => endSessions('sandbox_writer')],
    ['the server is started again', gated, () => sides.restart()],
    ['all rows are there, and nobody has written that down', {}, () => endSessions('sandbox_writer')],
  ] as const)('%s', async ([, condition, cutOff]) => {
    const tables = await prepare(names, condition);
    if (condition !== gated) await gateLedger();
    await shutGate();
    const outcome = settle(copyAll(tables));
    await waitUntilStuck(condition === gated ? 'drill_reader' : 'sandbox_writer');
    await cutOff();
    expect(await outcome).toMatchObject({
      name: 'DatabaseUnreachable',
      message: expect.stringContaining('copy range 1 of public.orders'),
    });
    expect((await counted())[0]?.orders).toBe('0');
    await openGate();
    expect((await copyAll(tables)).status).toBe('ready');
    expect(await counted()).toEqual(everything);
  });
});

describe('two runs copy at once, as when a function was given up and still runs', () => {
  const open = () => sides.extraction.openCopying(sides.copy, sides.sandbox, { sessions: 1, remainingMs });
  const limited = { sessions: 1, remainingMs };

  test('the first goes on: the second waits for its range, and both find each range there once', async () => {
    const tables = await prepare(names, gated);
    const [first, second] = [await open(), await open()];
    await shutGate();
    const outcomes = [settle(copyTables(first, tables, limited))];
    await waitUntilStuck('drill_reader');
    outcomes.push(settle(copyTables(second, tables, limited)));
    await waitUntilStuck('sandbox_writer');
    await openGate();
    expect(await Promise.all(outcomes)).toEqual(['ready', 'ready']);
    await Promise.all([first.close(), second.close()]);
    expect(await counted()).toEqual(everything);
  });

  test('the first is gone in the middle of a range: the second, which waited for it, copies it', async () => {
    const tables = await prepare(names, gated);
    const [first, second] = [await open(), await open()];
    await shutGate();
    const lost = settle(copyTables(first, tables, limited));
    await waitUntilStuck('drill_reader');
    const outcome = settle(copyTables(second, tables, limited));
    await waitUntilStuck('sandbox_writer');
    await first.close();
    await openGate();
    expect(await outcome).toBe('ready');
    expect(await lost).toMatchObject({ name: 'DatabaseUnreachable' });
    await second.close();
    expect(await counted()).toEqual(everything);
  });
});

test('finishing fails in the middle and is run again: what is made is not made twice', async () => {
  const tables = await prepare();
  await copyAll(tables);
  const [orders, ...others] = tables;
  const broken = [{ ...(orders as (typeof tables)[0]), foreignKeys: ['select 1 / 0'] }, ...others];
  await expect(sides.extraction.finish(sides.sandbox, broken, limits)).rejects.toMatchObject({
    name: 'DatabaseFailure',
  });
  expect(await commentOfSchema()).toContain('incomplete');
  await sides.extraction.finish(sides.sandbox, tables, limits);
  await sides.extraction.finish(sides.sandbox, tables, limits);
  expect(await commentOfSchema()).toContain('incomplete: it is not verified yet');
});

describe('the schema says what it is', () => {
  test('finish before all rows are there is refused', async () => {
    const tables = await prepare();
    await withCopying(sides, (copying) => copying.listRanges(tables[0] as never));
    await expect(sides.extraction.finish(sides.sandbox, tables, limits)).rejects.toMatchObject({
      message: expect.stringContaining('public.orders'),
    });
  });

  test('a sandbox before the extract: its server writes, its user may make a schema, and there is none of the name', async () => {
    const inspect = (user: string) =>
      sides.extraction.inspectSandbox(
        { ...sides.sandbox, address: { ...sides.sandbox.address, user } },
        limits,
      );
    const ready = { isReadOnly: false, mayCreateSchema: true, hasSchema: false };
    expect(await inspect('sandbox_writer')).toEqual(ready);
    expect(await inspect('sees_some')).toEqual({ ...ready, mayCreateSchema: false });
  });

  test('a copying that failed leaves a schema whose comment says incomplete, and why', async () => {
    await prepare();
    await sides.extraction.markSchema(sides.sandbox, 'OutOfTime: copy range 3', limits);
    expect(await commentOfSchema()).toBe(`incomplete: OutOfTime: copy range 3; ${about}`);
    await sides.extraction.markSchema(sides.sandbox, null, limits);
    expect(await commentOfSchema()).toBe(about);
  });

  test('a schema of the name that is not ours is neither overwritten nor marked', async () => {
    await sides.inSandbox(`create schema ${schema}; comment on schema ${schema} is 'mine'`);
    const tables = await sides.extraction.describeTables(sides.copy, asked(names), limits);
    await expect(sides.extraction.makeSchema(sides.sandbox, tables, limits)).rejects.toMatchObject({
      name: 'SandboxRefused',
    });
    expect(await sides.extraction.inspectSandbox(sides.sandbox, limits)).toMatchObject({ hasSchema: true });
    await sides.extraction.markSchema(sides.sandbox, 'it failed', limits);
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

test('a table that the user may not read is refused before anything is written', async () => {
  const user = { ...sides, copy: { ...sides.copy, user: 'sees_some' } };
  await expect(extract(user, asked(['public.orders']))).rejects.toMatchObject({
    name: 'DatabaseDenied',
    message: expect.stringContaining('may not read public.orders'),
  });
  expect(await sides.inSandbox(`select from pg_namespace where nspname = '${schema}'`)).toEqual([]);
});

test('a user who may not make a schema is refused, and nothing is written', async () => {
  const sandbox = { ...sides.sandbox, address: { ...sides.sandbox.address, user: 'sees_some' } };
  const tables = await sides.extraction.describeTables(sides.copy, asked(names), limits);
  await expect(sides.extraction.makeSchema(sandbox, tables, limits)).rejects.toMatchObject({
    name: 'DatabaseDenied',
  });
});

test('a value names a table that the sandbox lacks: the error is final, and does not show the value', async () => {
  await sides.inCopy(
    `create table secret_name (); create table named (value regclass); insert into named values ('secret_name')`,
  );
  const error = await settle(copyAll(await prepare(['public.named'])));
  expect(error).toMatchObject({
    name: 'DatabaseFailure',
    message: expect.stringContaining('that the sandbox lacks'),
  });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('secret_name');
});

test('the sandbox refuses a value: the error does not show it, nor does its cause', async () => {
  await sides.inCopy(`create table secrets (value text); insert into secrets values ('4111-1111')`);
  const tables = await prepare(['public.secrets']);
  await sides.inSandbox(`alter table ${schema}.secrets alter column value type integer using 0`);
  const error = await settle(copyAll(tables));
  expect(error).toMatchObject({ name: 'DatabaseFailure', message: expect.stringContaining('SQLSTATE 22') });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('4111');
});
