import { expect, test } from 'vitest';
import { verifyRestore } from '../../../functions/drill/verify-restore.ts';
import type { Database, Reader } from '../../../shared/database/port.ts';
import type { Baseline, DrillState, Pieces, Preparation } from '../../../shared/drill/state.ts';
import { pack, unpack } from '../../../shared/job/packing.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import type { TableFigures } from '../../../shared/truth/table-reading.ts';
import {
  at,
  makeDrillUpTo,
  makeFigures,
  makePassedDrill,
  makeTableFigures,
} from '../../shared/drill/state-fixture.ts';
import { clockAt, failWith, makeDatabase } from '../fakes.ts';

const passed = makePassedDrill();
const { PrepareDrill: drill, CaptureBaseline, CheckCluster } = passed;
const rows = { 'public.users': 1000, 'public.orders': 48_000 };

type Changes = {
  checks?: Partial<Preparation['checks']>;
  baseline?: Partial<Baseline>;
  tables?: Partial<TableFigures>;
  restored?: Partial<Pieces['CheckCluster']>;
};

const makeState = ({ checks, baseline, restored, tables }: Changes): DrillState => ({
  ...makeDrillUpTo('CheckWriter'),
  PrepareDrill: { ...drill, checks: { ...drill.checks, ...checks } },
  CaptureBaseline: {
    ...CaptureBaseline,
    figures: pack(
      makeFigures(...Object.entries(rows).map(([table, count]) => makeTableFigures(table, count, tables))),
    ),
    ...baseline,
  },
  CheckCluster: { ...CheckCluster, ...restored },
});

const verify = async ({ database }: ReturnType<typeof makeDatabase>, changes: Changes = {}) => {
  const told: CheckResult[] = [];
  const deps = {
    database,
    onCheck: (check: CheckResult) => void told.push(check),
    now: clockAt('08:24:49'),
  };
  const verification = await verifyRestore(makeState(changes), deps);
  return { ...verification, checks: unpack(verification.checks), told };
};

const verdicts = (checks: CheckResult[]) => checks.map(({ name, verdict }) => [name, verdict]);

const equal = [
  ['schema public.users', 'passed'],
  ['rows public.users', 'passed'],
  ['schema public.orders', 'passed'],
  ['rows public.orders', 'passed'],
];
const whole = [
  ['database', 'passed'],
  ['sequences', 'passed'],
];

test('copy equal to production: every check passed, read at the endpoint of the copy', async () => {
  const copy = makeDatabase(rows);
  const { checks, firstAnswerAt } = await verify(copy, { restored: { port: 5433 } });
  expect(verdicts(checks)).toEqual([...equal, ...whole]);
  expect(firstAnswerAt).toBe(at('08:24:49'));
  expect(copy.seen).toMatchObject({
    opened: [{ ...drill.baselineAddress, host: CheckCluster.endpoint, port: 5433 }],
    sessions: [4],
    snapshots: [0],
    closed: 1,
  });
});

test('something may act in the copy: told once, as a skipped check, and counted', async () => {
  const { checks, summary, told } = await verify(makeDatabase(rows), {
    baseline: { sideEffects: 'not known whether these act in the copy: events: no right' },
  });
  expect(verdicts(checks)).toEqual([...equal, ...whole, ['side effects', 'skipped']]);
  expect(checks.at(-1)?.reason).toBe('not known whether these act in the copy: events: no right');
  expect(summary).toBe('6 passed, 0 failed, 1 skipped');
  expect(told).toEqual(checks);
});

test('each check done: told at once and in order, also when a later question fails', async () => {
  const { told, checks } = await verify(makeDatabase(rows));
  expect(told).toEqual(checks);
  const seen: string[] = [];
  const copy = makeDatabase(rows, {
    readDigest: async ({ table }) =>
      table === 'users' ? [{ range: 0, bucket: 0, rows: 1000, hash: 1000n }] : failWith('DatabaseBusy')(),
  });
  const deps = { database: copy.database, onCheck: ({ name }: CheckResult) => void seen.push(name) };
  await expect(verifyRestore(makeState({}), { ...deps, now: clockAt('08:25') })).rejects.toMatchObject({
    name: 'DatabaseBusy',
  });
  expect(seen).toEqual(['schema public.users', 'rows public.users']);
});

test('table that production lacks, all tables checked: it fails, after the tables of production', async () => {
  const { checks } = await verify(makeDatabase({ 'public.leftover': 3, ...rows }));
  expect(verdicts(checks)).toEqual([...equal, ['schema public.leftover', 'failed'], ...whole]);
});

test('table that production lacks, tables listed: ignored and not read', async () => {
  const copy = makeDatabase({ 'public.leftover': 3, ...rows });
  const { checks } = await verify(copy, { checks: { tables: ['users', 'orders'] } });
  expect(verdicts(checks)).toEqual([...equal, ...whole]);
  expect(copy.seen.read).not.toContain('keys public.leftover');
  expect(copy.seen.read).toHaveLength(2);
});

test('table missing from the copy: its schema fails and its rows are skipped', async () => {
  const { checks } = await verify(makeDatabase({ 'public.orders': 48_000 }));
  expect(verdicts(checks).slice(0, 2)).toEqual([
    ['schema public.users', 'failed'],
    ['rows public.users', 'skipped'],
  ]);
});

test('tolerance of one table: used for it alone, however the plan writes its name', async () => {
  const lossy = { 'public.users': 990, 'public.orders': 47_990 };
  const rowVerdicts = async (checks: Changes['checks']) =>
    verdicts(
      (await verify(makeDatabase(lossy), { checks: { tolerance: 0, ...checks }, tables: { keys: null } }))
        .checks,
    )
      .filter(([name]) => name?.startsWith('rows'))
      .map(([, verdict]) => verdict);
  expect(await rowVerdicts({})).toEqual(['failed', 'failed']);
  expect(await rowVerdicts({ overrides: { users: { tolerance: '1%' } } })).toEqual(['passed', 'failed']);
  expect(await rowVerdicts({ overrides: { 'public.orders': { tolerance: 10 } } })).toEqual([
    'failed',
    'passed',
  ]);
  expect(await rowVerdicts({ tolerance: '1%', overrides: { users: { tolerance: 9 } } })).toEqual([
    'failed',
    'passed',
  ]);
});

test.each([
  ['no endpoint', { endpoint: null }, 'has no endpoint'],
  ['no port', { port: null }, 'has no endpoint'],
  ["production's reader endpoint", { endpoint: drill.baselineAddress.host }, "has production's endpoint"],
  ["production's writer endpoint", { endpoint: drill.source.endpoint }, "has production's endpoint"],
])('copy with %s: UnreadableAnswer, and no session is opened', async (_condition, restored, summary) => {
  const copy = makeDatabase(rows);
  await expect(verify(copy, { restored })).rejects.toMatchObject({
    name: 'UnreadableAnswer',
    summary: expect.stringContaining(summary),
  });
  expect(copy.seen.opened).toEqual([]);
});

test("production's host with another port, as on one machine: verified", async () => {
  const restored = { endpoint: drill.baselineAddress.host, port: 5433 };
  expect(verdicts((await verify(makeDatabase(rows), { restored })).checks)).toEqual([...equal, ...whole]);
});

const uncounted: Changes = { baseline: { kind: 'none', bracket: null }, tables: { rows: null, keys: null } };

test('production counted, copy without a row: the checks fail, and say so one by one', async () => {
  const { checks } = await verify(makeDatabase({ 'public.users': 0, 'public.orders': 0 }));
  expect(checks.filter(({ kind }) => kind === 'rows').map(({ verdict }) => verdict)).toEqual([
    'failed',
    'failed',
  ]);
});

test('nothing of production to compare with, rows in one table of the copy: enough', async () => {
  const copy = makeDatabase({ 'public.users': 0, 'public.orders': 1 });
  const { checks } = await verify(copy, uncounted);
  expect(checks.filter(({ kind }) => kind === 'rows').map(({ verdict }) => verdict)).toEqual([
    'skipped',
    'skipped',
  ]);
});

test('nothing of production to compare with, copy without a row: ChecksFailed, and the session is closed', async () => {
  const copy = makeDatabase({ 'public.users': 0, 'public.orders': 0 });
  await expect(verify(copy, uncounted)).rejects.toMatchObject({ name: 'ChecksFailed' });
  expect(copy.seen.closed).toBe(1);
});

test.each(['openSnapshot', 'listTables'] as const)(
  '%s fails: its error passes through and the session is closed',
  async (question) => {
    const copy = makeDatabase(rows, { [question]: failWith('DatabaseFailure') });
    await expect(verify(copy)).rejects.toMatchObject({ name: 'DatabaseFailure' });
    expect(copy.seen.closed).toBe(1);
  },
);

test('no table of the copy can be read: a failed check each, and the session is closed', async () => {
  const copy = makeDatabase(rows, { readDigest: failWith('DatabaseFailure') });
  const { checks, findings } = await verify(copy);
  expect(checks.filter(({ kind }) => kind === 'rows')).toMatchObject([
    { verdict: 'failed', actual: null, reason: 'it cannot be read: injected DatabaseFailure' },
    { verdict: 'failed', actual: null },
  ]);
  expect(findings).toHaveLength(2);
  expect(copy.seen.closed).toBe(1);
});

test('the copy stops answering: DatabaseUnreachable, which a retry may cure, and the session is closed', async () => {
  const copy = makeDatabase(rows, { readDigest: failWith('DatabaseUnreachable') });
  await expect(verify(copy)).rejects.toMatchObject({ name: 'DatabaseUnreachable' });
  expect(copy.seen.closed).toBe(1);
});

test.each<[string, Partial<Reader>, string]>([
  ['cannot be reached', { openSnapshot: failWith('DatabaseUnreachable') }, 'injected DatabaseUnreachable'],
  ['has no time', { readDigest: failWith('OutOfTime') }, 'injected OutOfTime'],
])('rows differ, and production %s: the finding says so, and both are closed', async (_, changes, why) => {
  const copy = makeDatabase({ ...rows, 'public.users': 999 });
  const production = makeDatabase(rows, changes);
  const opened: boolean[] = [];
  const database: Database = {
    open: (address, options) => {
      const isProduction = address.host === drill.baselineAddress.host;
      opened.push(isProduction);
      return (isProduction ? production : copy).database.open(address, options);
    },
  };
  const { checks, findings } = await verify({ ...copy, database });
  expect(findings).toHaveLength(1);
  expect(checks.find(({ name }) => name === 'rows public.users')).toMatchObject({
    verdict: 'failed',
    reason: expect.stringMatching(new RegExp(`^1 row missing, .*; which rows is not known: ${why}$`)),
  });
  expect([opened, copy.seen.closed, production.seen.closed]).toEqual([[false, true], 1, 1]);
});
