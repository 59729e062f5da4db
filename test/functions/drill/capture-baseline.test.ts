import { expect, test } from 'vitest';
import { captureBaseline } from '../../../functions/drill/capture-baseline.ts';
import type { Preparation } from '../../../shared/drill/state.ts';
import { unpack } from '../../../shared/job/packing.ts';
import { at, makePassedDrill } from '../../shared/drill/state-fixture.ts';
import { clockAt, columns, failWith, makeDatabase, objects } from '../fakes.ts';

const rows = { 'public.orders': 48_000, 'public.users': 1200, 'audit.events': 7 };
const { execution, PrepareDrill: drill } = makePassedDrill();
const restoreTo = at('07:30');
const instant = Date.parse(at('08:00:04'));

const capture = async (
  database: ReturnType<typeof makeDatabase>['database'],
  changes: Partial<Preparation> = {},
) => {
  const state = { execution, PrepareDrill: { ...drill, ...changes } };
  const baseline = await captureBaseline(state, { database, now: clockAt('08:00:05') });
  return { ...baseline, figures: unpack(baseline.figures) };
};

const withChecks = (changes: Partial<Preparation['checks']>) => ({ checks: { ...drill.checks, ...changes } });

test('plan that checks all tables: each is read just before the next whole second and just after it', async () => {
  const { database, seen } = makeDatabase(rows);
  const baseline = await capture(database);
  expect(baseline).toMatchObject({
    kind: 'same-instant',
    restoreTo: at('08:00:04'),
    bracket: { beforeMs: 36, afterMs: 254 },
    summary: '3 tables; 49,207 rows, 0 of them moved during the instant',
  });
  expect(baseline.figures.tables).toMatchObject(
    Object.entries(rows).map(([table, count]) => ({
      table,
      columns,
      objects,
      rows: { before: count, after: count, moved: 0 },
      keys: { content: 'keys', key: ['id'], parts: [{ rows: count }] },
      values: null,
    })),
  );
  expect(seen).toMatchObject({
    opened: [drill.baselineAddress, drill.baselineAddress],
    // Definitions are read before the bracket and once more at the end.
    snapshots: [0, instant - 40, instant + 250, 0],
    closed: 2,
  });
});

test('plan with so many sessions: half of them read before the instant, half after', async () => {
  const { database, seen } = makeDatabase(rows);
  await capture(database, withChecks({ sessions: 7 }));
  expect(seen.sessions).toEqual([3, 3]);
});

test('plan that lists tables: these alone are read, however they are written', async () => {
  const { database, seen } = makeDatabase(rows);
  const { figures } = await capture(database, withChecks({ tables: ['users', '"audit".events'] }));
  expect(figures.tables.map(({ table }) => table)).toEqual(['public.users', 'audit.events']);
  expect(new Set(seen.read)).toEqual(new Set(['keys public.users', 'keys audit.events']));
});

test.each([
  ['tables', withChecks({ tables: ['users', 'userz'] })],
  ['overrides', withChecks({ overrides: { userz: { tolerance: 0 } } })],
  ['overrides beside a list', withChecks({ tables: ['users'], overrides: { userz: { tolerance: 0 } } })],
])(
  '%s name a table that production lacks: TableNotFound names it, before any row is read',
  async (_where, changes) => {
    const { database, seen } = makeDatabase(rows);
    await expect(capture(database, changes)).rejects.toMatchObject({
      name: 'TableNotFound',
      summary: expect.stringMatching(/has no table public\.userz; it has public\.orders/),
    });
    expect(seen).toMatchObject({ read: [], closed: 2 });
  },
);

test('start that names its own time: no row is read and nothing waits for a whole second', async () => {
  const { database, seen } = makeDatabase(rows);
  const baseline = await capture(database, { restoreTo });
  expect(baseline).toMatchObject({ kind: 'none', restoreTo, bracket: null, summary: '3 tables' });
  expect(baseline.figures.tables.map((table) => table.rows)).toEqual([null, null, null]);
  expect(seen).toMatchObject({ snapshots: [0, 0], read: [], closed: 2 });
});

test('start that names its own time, tables empty by now: captured, since it says nothing about then', async () => {
  const { database } = makeDatabase({ 'public.users': 0 });
  expect((await capture(database, { restoreTo })).kind).toBe('none');
});

test('no row in any table that is checked: EmptyDatabase, though others have some', async () => {
  const { database, seen } = makeDatabase({ ...rows, 'public.drafts': 0 });
  const checks = withChecks({ tables: ['drafts'] });
  await expect(capture(database, checks)).rejects.toMatchObject({ name: 'EmptyDatabase' });
  expect(seen.closed).toBe(2);
});

test('no table at all: EmptyDatabase, also when the start names its own time', async () => {
  const { database } = makeDatabase({});
  await expect(capture(database, { restoreTo })).rejects.toMatchObject({ name: 'EmptyDatabase' });
});

test('time runs out at one table: the others are read, and the baseline names what was not', async () => {
  const { database } = makeDatabase(rows);
  const { open } = database;
  const late: typeof database = {
    open: async (address, options) => {
      const reader = await open(address, options);
      const isLate = (table: { table: string }) => table.table === 'users';
      return {
        ...reader,
        readDigest: (table, request) =>
          isLate(table) ? failWith('OutOfTime')() : reader.readDigest(table, request),
      };
    },
  };
  const { figures, summary } = await capture(late);
  expect(summary).toBe('3 tables; 48,007 rows, 0 of them moved during the instant; not read: public.users');
  expect(figures.tables.map(({ rows, unread }) => [rows?.before ?? null, unread])).toEqual([
    [48_000, null],
    [null, 'injected OutOfTime'],
    [7, null],
  ]);
});

test.each(['OutOfTime', 'DatabaseBusy'] as const)(
  'no table can be read, each for %s: OutOfTime that says why, before anything is restored',
  async (name) => {
    const { database, seen } = makeDatabase(rows, { readDigest: failWith(name) });
    await expect(capture(database)).rejects.toMatchObject({
      name: 'OutOfTime',
      summary: expect.stringContaining(`injected ${name}`),
    });
    expect(seen.closed).toBe(2);
  },
);

test.each([
  'readClock',
  'readLag',
  'openSnapshot',
  'listTables',
  'listObjects',
  'listLateCounters',
  'readDigest',
] as const)('%s fails: its error passes through and both readers are closed', async (question) => {
  const { database, seen } = makeDatabase(rows, { [question]: failWith('DatabaseDenied') });
  await expect(capture(database)).rejects.toMatchObject({ name: 'DatabaseDenied' });
  expect(seen.closed).toBe(2);
});

test('a query of the plan is wrong: its error names the query, before any row is read', async () => {
  const { database, seen } = makeDatabase(rows, { runQuery: failWith('DatabaseFailure') });
  const queries = [{ name: 'revenue', sql: 'select nonsense', expect: 'same' }];
  await expect(capture(database, withChecks({ queries }))).rejects.toMatchObject({
    name: 'DatabaseFailure',
    summary: 'query "revenue": injected DatabaseFailure',
  });
  expect(seen).toMatchObject({ read: [], closed: 2 });
});

const acting = {
  listSideEffects: async () => ({
    found: [{ kind: 'subscription' as const, name: 'app.orders' }],
    unseen: [{ kind: 'foreign server' as const, reason: 'those in other databases are not seen' }],
  }),
};
const unseen =
  'not known whether these act in the copy: foreign servers: those in other databases are not seen';

test.each([
  ['refuses', { action: 'refuse' as const, quiet: [] }],
  ['was prepared before an upgrade', undefined],
])('production has a subscription, and the drill %s: SideEffects, and no row is read', async (_, rule) => {
  const { database, seen } = makeDatabase(rows, acting);
  const { sideEffects: _none, ...prepared } = drill;
  const changes = rule === undefined ? {} : { sideEffects: rule };
  const state = { execution, PrepareDrill: { ...prepared, ...changes } };
  await expect(captureBaseline(state, { database, now: clockAt('08:00:05') })).rejects.toMatchObject({
    name: 'SideEffects',
    summary: 'a copy of prod-aurora-main would act by itself: 1 subscription (app.orders)',
  });
  expect(seen).toMatchObject({ read: [], closed: 2 });
});

test.each([
  ['restores to now', {}],
  ['names its own time', { restoreTo }],
])(
  'production has a subscription, and a drill that %s accepts it: captured, and the summary says so',
  async (_, when) => {
    const { database } = makeDatabase(rows, acting);
    const { summary, sideEffects, sights } = await capture(database, {
      ...when,
      sideEffects: { action: 'accepted', quiet: [] },
    });
    expect(sideEffects).toBe(`acts in the copy, as the plan accepts: 1 subscription (app.orders); ${unseen}`);
    expect(summary).toContain(`; ${sideEffects}`);
    expect(sights).toEqual({
      active: ['1 subscription (app.orders)'],
      quiet: [],
      unknown: ['foreign servers: those in other databases are not seen'],
    });
  },
);

test('production has a subscription that the parameter groups keep quiet: captured, and the summary says so', async () => {
  const { database } = makeDatabase(rows, acting);
  const { summary, sideEffects } = await capture(database, {
    sideEffects: { action: 'refuse', quiet: ['subscription'] },
  });
  expect(sideEffects).toBe(unseen);
  expect(summary).toContain(`; quiet in the copy by its parameters: 1 subscription (app.orders); ${unseen}`);
});
