import { expect, test } from 'vitest';
import { captureBaseline } from '../../../functions/drill/capture-baseline.ts';
import { completeBaseline } from '../../../functions/drill/complete-baseline.ts';
import { buildResult } from '../../../shared/drill/document.ts';
import { unpack } from '../../../shared/job/packing.ts';
import { at, makeFreshDrill } from '../../shared/drill/state-fixture.ts';
import { testPrices } from '../../shared/result/prices-fixture.ts';
import { clockAt, makeDatabase } from '../fakes.ts';

const rows = { 'public.orders': 48_000, 'public.users': 1200 };
const { execution, PrepareDrill: drill, CheckSnapshot } = makeFreshDrill();

/** Production's clock stands at 08:00:03.5, and is read again as late as this. */
const laterAt = (time: string) => ({ readClock: async () => Date.parse(at(time)) });

const captureFirst = (counts: Record<string, number> = rows, changes: Partial<typeof drill> = {}) => {
  const { database, seen } = makeDatabase(counts);
  const state = { execution, PrepareDrill: { ...drill, ...changes } };
  return { piece: captureBaseline(state, { database, now: clockAt('08:00:04') }), seen };
};

const complete = async (counts: Record<string, number> = rows) => {
  const state = {
    execution,
    PrepareDrill: drill,
    CheckSnapshot,
    CaptureBaseline: await captureFirst().piece,
  };
  const { database, seen } = makeDatabase(counts, laterAt('08:04:12'));
  return { piece: await completeBaseline(state, { database, now: clockAt('08:04:12') }), seen };
};

test('before the snapshot: production is read once, in all sessions, and nothing can be compared yet', async () => {
  const { piece, seen } = captureFirst();
  expect(await piece).toMatchObject({
    kind: 'none',
    bracket: null,
    summary: '2 tables; 49,200 rows before the snapshot',
  });
  expect(seen).toMatchObject({ sessions: [4], closed: 1 });
  expect(unpack((await piece).figures).tables).toEqual([]);
});

test('once it is available: production is read again, and what stayed is the baseline of the time between', async () => {
  const { piece, seen } = await complete({ ...rows, 'public.users': 1201 });
  expect(piece).toMatchObject({
    kind: 'same-instant',
    restoreTo: at('08:01:07'),
    // 63.5 s since the first reading; the second begins three minutes later.
    bracket: { beforeMs: 63_496, afterMs: 185_004 },
    summary: '2 tables; 49,200 rows, 1,201 of them moved during the instant',
    sights: { active: [], quiet: [], unknown: [] },
  });
  expect(seen).toMatchObject({ sessions: [4], closed: 1 });
  const [orders, users] = unpack(piece.figures).tables;
  expect(orders?.rows).toEqual({ before: 48_000, after: 48_000, moved: 0 });
  expect(users?.rows).toMatchObject({ before: 1200, after: 1201 });
});

test('production without a row before the snapshot: EmptyDatabase, and nothing is taken', async () => {
  const { piece, seen } = captureFirst({ 'public.orders': 0 });
  await expect(piece).rejects.toMatchObject({ name: 'EmptyDatabase' });
  expect(seen.closed).toBe(1);
});

test('a first reading that is not there: UnreadableAnswer', async () => {
  const { first: _, ...captured } = await captureFirst().piece;
  const state = { execution, PrepareDrill: drill, CheckSnapshot, CaptureBaseline: captured };
  const { database } = makeDatabase(rows);
  await expect(completeBaseline(state, { database, now: clockAt('08:04:12') })).rejects.toMatchObject({
    name: 'UnreadableAnswer',
  });
});

test('a dry run: lists the checks that there will be, from the one reading', async () => {
  const prepared = { ...drill, dryRun: true };
  const CaptureBaseline = await captureFirst(rows, { dryRun: true }).piece;
  const result = buildResult(
    { execution, PrepareDrill: prepared, CaptureBaseline },
    at('08:00:05'),
    testPrices,
  );
  expect(result).toMatchObject({
    verdict: 'passed',
    restore: { kind: 'fresh-snapshot', restoreTo: null, baseline: 'none', snapshot: null },
  });
  const names = result.checks.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['rows public.orders', 'schema public.users']));
  expect(result.checks.every(({ verdict }) => verdict === 'skipped')).toBe(true);
});
