import { expect, test } from 'vitest';
import { describeProgress } from '../../../shared/copying/progress-words.ts';
import { copyTables } from '../../../shared/copying/run.ts';
import { DrillError } from '../../../shared/errors.ts';
import { fakeCopying, tableNamed } from './fake-copying.ts';

const tables = [tableNamed('public.orders'), tableNamed('public.customers')];
const ranges = { 'public.orders': 3, 'public.customers': 1 };
const plentyOfTime = () => 1_000_000;

test('there is time for all ranges: each is copied once, and the tables are ready', async () => {
  const copying = fakeCopying(ranges, async () => 5);
  expect(await copyTables(copying, tables, { sessions: 2, remainingMs: plentyOfTime })).toEqual({
    status: 'ready',
    tables: [
      { table: 'public.orders', rangesDone: 3, ranges: 3, rows: 15, bytes: 150 },
      { table: 'public.customers', rangesDone: 1, ranges: 1, rows: 5, bytes: 50 },
    ],
  });
  expect(copying.begun.toSorted()).toEqual([
    'public.customers 1',
    'public.orders 1',
    'public.orders 2',
    'public.orders 3',
  ]);
});

test('another range as long as the longest would not fit: the copying is pending, and a second run copies the rest alone', async () => {
  let leftMs = 100;
  const copying = fakeCopying(ranges, async () => {
    leftMs -= 30;
    return 1;
  });
  const limits = { sessions: 1, remainingMs: () => leftMs };
  expect((await copyTables(copying, tables, limits)).status).toBe('pending');
  expect(copying.begun).toEqual(['public.orders 1', 'public.orders 2']);
  leftMs = 1000;
  expect((await copyTables(copying, tables, limits)).status).toBe('ready');
  expect(copying.begun).toEqual([
    'public.orders 1',
    'public.orders 2',
    'public.orders 3',
    'public.customers 1',
  ]);
});

test('hardly any time is left: one range is copied all the same, so that the next run gets further', async () => {
  const copying = fakeCopying(ranges, async () => 1);
  const { tables: progress } = await copyTables(copying, tables, { sessions: 1, remainingMs: () => 0 });
  expect(progress[0]?.rangesDone).toBe(1);
});

test('sessions copy side by side, and never more ranges at once than there are sessions', async () => {
  let [running, most] = [0, 0];
  const copying = fakeCopying({ 'public.orders': 9 }, async () => {
    most = Math.max(most, ++running);
    await new Promise(setImmediate);
    running--;
    return 1;
  });
  await copyTables(copying, tables, { sessions: 3, remainingMs: plentyOfTime });
  expect(most).toBe(3);
});

test('a range fails: no other begins, and the error comes once those that run have ended', async () => {
  let ended = 0;
  const copying = fakeCopying({ 'public.orders': 9 }, async ({ number }) => {
    await new Promise(setImmediate);
    if (number === 1) throw new DrillError('DatabaseFailure', 'copy public.orders: no space');
    await new Promise(setImmediate);
    ended++;
    return 1;
  });
  await expect(copyTables(copying, tables, { sessions: 2, remainingMs: plentyOfTime })).rejects.toMatchObject(
    { name: 'DatabaseFailure' },
  );
  expect({ begun: copying.begun, ended }).toEqual({
    begun: ['public.orders 1', 'public.orders 2'],
    ended: 1,
  });
});

test('progress in words: ranges while some are left, and large counts in millions', () => {
  expect(
    describeProgress([
      { table: 'public.orders', rangesDone: 12, ranges: 16, rows: 61_200_000, bytes: 0 },
      { table: 'public.customers', rangesDone: 1, ranges: 1, rows: 50_000, bytes: 0 },
    ]),
  ).toBe('public.orders: 12 of 16 ranges, 61 million rows; public.customers: 50,000 rows');
});
