import { expect, test } from 'vitest';
import { captureBaseline } from '../../functions/capture-baseline.ts';
import type { Preparation } from '../../shared/drill-state.ts';
import { at, makePassedDrill } from '../shared/drill-state-fixture.ts';
import { clockAt, columns, failWith, makeDatabase } from './fakes.ts';

const rows = { 'public.orders': 48_000, 'public.users': 1200, 'audit.events': 7 };
const { execution, PrepareDrill: drill } = makePassedDrill();
const restoreTo = at('07:30');

const capture = (database: ReturnType<typeof makeDatabase>['database'], changes: Partial<Preparation> = {}) =>
  captureBaseline(
    { execution, PrepareDrill: { ...drill, ...changes } },
    { database, now: clockAt('08:00:05') },
  );

const withChecks = (changes: Partial<Preparation['checks']>) => ({ checks: { ...drill.checks, ...changes } });

test('plan that checks all tables: each is counted, at the second of the snapshot', async () => {
  const { database, seen } = makeDatabase(rows);
  expect(await capture(database)).toMatchObject({
    kind: 'same-instant',
    restoreTo: at('08:00:04'),
    capturedAt: at('08:00:04'),
    delayMs: 7,
    tables: Object.entries(rows).map(([table, count]) => ({ table, columns, rows: count })),
  });
  expect(seen).toMatchObject({ opened: [drill.baselineAddress], snapshots: [true], closed: 1 });
});

test('plan that lists tables: these alone are counted, however they are written', async () => {
  const { database, seen } = makeDatabase(rows);
  const { tables } = await capture(database, withChecks({ tables: ['users', '"audit".events'] }));
  expect(tables.map(({ table }) => table)).toEqual(['public.users', 'audit.events']);
  expect(seen.counted).toEqual(['public.users', 'audit.events']);
});

test.each([
  ['tables', withChecks({ tables: ['users', 'userz'] })],
  ['overrides', withChecks({ overrides: { userz: { tolerance: 0 } } })],
  ['overrides beside a list', withChecks({ tables: ['users'], overrides: { userz: { tolerance: 0 } } })],
])(
  '%s name a table that production lacks: TableNotFound names it, before anything is counted',
  async (_where, changes) => {
    const { database, seen } = makeDatabase(rows);
    await expect(capture(database, changes)).rejects.toMatchObject({
      name: 'TableNotFound',
      summary: expect.stringMatching(/has no table public\.userz; it has public\.orders/),
    });
    expect(seen).toMatchObject({ counted: [], closed: 1 });
  },
);

test('start that names its own time: nothing is counted and nothing waits for a whole second', async () => {
  const { database, seen } = makeDatabase(rows, { countRows: failWith('DatabaseFailure') });
  const baseline = await capture(database, { restoreTo });
  expect(baseline).toMatchObject({ kind: 'none', restoreTo, capturedAt: at('08:00:04') });
  expect(baseline.tables.map((table) => table.rows)).toEqual([null, null, null]);
  expect(seen).toMatchObject({ snapshots: [false], closed: 1 });
});

test('start that names its own time, tables empty by now: captured, since it says nothing about then', async () => {
  const { database } = makeDatabase({ 'public.users': 0 });
  expect((await capture(database, { restoreTo })).kind).toBe('none');
});

test('no row in any table that is checked: EmptyDatabase, though others have some', async () => {
  const { database, seen } = makeDatabase({ ...rows, 'public.drafts': 0 });
  const checks = withChecks({ tables: ['drafts'] });
  await expect(capture(database, checks)).rejects.toMatchObject({ name: 'EmptyDatabase' });
  expect(seen.closed).toBe(1);
});

test('no table at all: EmptyDatabase, also when the start names its own time', async () => {
  const { database } = makeDatabase({});
  await expect(capture(database, { restoreTo })).rejects.toMatchObject({ name: 'EmptyDatabase' });
});

test.each(['openSnapshot', 'listTables', 'countRows'] as const)(
  '%s fails: its error passes through and the session is closed',
  async (question) => {
    const { database, seen } = makeDatabase(rows, { [question]: failWith('DatabaseBusy') });
    await expect(capture(database)).rejects.toMatchObject({ name: 'DatabaseBusy' });
    expect(seen.closed).toBe(1);
  },
);
