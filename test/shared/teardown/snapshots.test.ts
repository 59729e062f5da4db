import { expect, test } from 'vitest';
import { checkTeardown } from '../../../functions/copy/check-teardown.ts';
import { tearDown } from '../../../functions/copy/tear-down.ts';
import type { Cluster, Snapshot } from '../../../shared/aurora/port.ts';
import type { DrillState } from '../../../shared/drill/state.ts';
import type { ExecutionStatus } from '../../../shared/job/executions.ts';
import { listExpected, removalOf, removeSnapshot } from '../../../shared/teardown/pass.ts';
import { sweepOnce } from '../../../shared/teardown/sweep.ts';
import { failWith } from '../../functions/fakes.ts';
import { makeHeldAurora } from '../../functions/held-aurora.ts';
import { makeCluster, makeSnapshot } from '../aurora/cluster-fixture.ts';
import { at, dropPhases, makeFreshDrill } from '../drill/state-fixture.ts';

const fresh = makeFreshDrill();
const { PrepareDrill: drill, TakeSnapshot } = fresh;
const own = TakeSnapshot.snapshot;
const target = drill.target.cluster;

const makeOwn = (changes: Partial<Snapshot> = {}): Snapshot =>
  makeSnapshot({ identifier: own, type: 'manual', tags: drill.tags, ...changes });
const makeTarget = (changes: Partial<Cluster> = {}) => ({
  cluster: makeCluster({ identifier: target, resourceId: 'cluster-COPY', tags: drill.tags, ...changes }),
  instances: [],
});

/** Failed while its snapshot was taken. */
const early = ['CheckSnapshot', 'CompleteBaseline', 'RestoreCluster', 'CheckCluster', 'AddWriter'] as const;
const late = ['CheckWriter', 'VerifyRestore', 'TearDown', 'CheckTeardown'] as const;
const begun: DrillState = dropPhases(fresh, ...early, ...late);
const unanswered: DrillState = {
  ...dropPhases(begun, 'TakeSnapshot'),
  failures: { TakeSnapshot: { Error: 'AwsUnavailable' } },
};
const restored: DrillState = dropPhases(fresh, 'TearDown', 'CheckTeardown');

const makeWorld = (snapshots: Snapshot[], clusters: ReturnType<typeof makeTarget>[] = []) => {
  const calls: string[] = [];
  const aurora = makeHeldAurora(clusters, (verb, name) => void calls.push(`${verb} ${name}`), snapshots);
  return { aurora, calls };
};

const tear = (state: DrillState, ...held: Parameters<typeof makeWorld>) => {
  const { aurora, calls } = makeWorld(...held);
  const now = () => new Date(at('08:25'));
  return { piece: tearDown(state, { aurora, teardownMinutes: 60, now }), aurora, calls };
};

test('snapshot and cluster: both are asked for in one pass, and the snapshot stands before the cluster', async () => {
  const { piece, calls } = tear(restored, [makeOwn()], [makeTarget()]);
  expect(await piece).toMatchObject({ status: 'pending', resources: [own, target] });
  expect(calls.sort()).toEqual([`deleteCluster ${target}`, `deleteSnapshot ${own}`]);
});

test('deletion of a snapshot without a time is denied, since its tags are not known everywhere yet: pending', async () => {
  const { aurora } = makeWorld([makeOwn({ status: 'creating', createdAt: null })]);
  const now = at('08:25');
  const asked = removeSnapshot({ ...aurora, deleteSnapshot: failWith('AccessDenied') }, removalOf(drill), {
    mayAppear: false,
    madeAt: null,
    now,
  });
  expect(await asked).toMatchObject({
    isGone: false,
    reason: expect.stringContaining('injected AccessDenied'),
  });
});

test('snapshot that is still being made: RDS refuses, and the next pass asks again', async () => {
  const snapshots = [makeOwn({ status: 'creating', createdAt: null })];
  const { piece, aurora } = tear(begun, snapshots);
  const first = await piece;
  expect(first).toMatchObject({ status: 'pending', resources: [own] });
  expect(first.reason).toContain(`still there: snapshot ${own} (creating)`);
  const [snapshot] = snapshots;
  if (snapshot !== undefined) snapshot.status = 'available';
  const again = { ...begun, TearDown: { ...fresh.TearDown, ...first } };
  const next = await checkTeardown(again, { aurora, now: () => new Date(at('08:26')) });
  expect(next).toMatchObject({ status: 'pending', reason: expect.stringContaining('(available)') });
  expect(snapshot?.status).toBe('deleting');
});

test.each<[string, DrillState, string[]]>([
  ['asked for, and not seen since', begun, [own]],
  ['asked for without an answer', unanswered, [own]],
  ['refused by name', { ...unanswered, failures: { TakeSnapshot: { Error: 'QuotaExceeded' } } }, []],
  ['seen to be available: then only the cluster may appear', restored, [target]],
])('a snapshot that was %s: may it still appear?', (_, state, expected) => {
  expect(listExpected(state, removalOf(drill))).toEqual(expected);
});

test('a snapshot whose answer was lost: nothing found is believed after five minutes, and not before', async () => {
  const first = await tear(unanswered, []).piece;
  expect(first).toMatchObject({ status: 'pending', settledAt: at('08:30') });
  const state = { ...unanswered, TearDown: { ...fresh.TearDown, ...first } };
  const { aurora } = makeWorld([]);
  const check = (time: string) => checkTeardown(state, { aurora, now: () => new Date(at(time)) });
  expect(await check('08:29:59')).toMatchObject({
    status: 'pending',
    reason: 'the snapshot that was asked for may still appear',
  });
  expect(await check('08:30:01')).toMatchObject({ status: 'ready', resources: [] });
});

test('a cluster that is refused: the snapshot goes all the same, and then the teardown says no', async () => {
  const { piece, calls } = tear(restored, [makeOwn()], [makeTarget({ tags: {} })]);
  await expect(piece).rejects.toMatchObject({ name: 'TeardownRefused' });
  expect(calls).toEqual([`deleteSnapshot ${own}`]);
});

test('a snapshot under our name that is not ours: TeardownRefused names why, and it stays', async () => {
  const { piece, calls } = tear(begun, [makeOwn({ cluster: 'billing' })]);
  await expect(piece).rejects.toMatchObject({
    name: 'TeardownRefused',
    summary: `refused to delete: ${own} is a snapshot of billing, not of prod-aurora-main`,
  });
  expect(calls).toEqual([]);
});

const scope = {
  stateMachineArns: ['arn:aws:states:eu-west-1:111122223333:stateMachine:aurora-drills'],
  neverDeleted: ['prod-aurora-main'],
  now: at('08:40'),
};

const sweep = async (snapshots: Snapshot[], status: ExecutionStatus, isDryRun = false) => {
  const { aurora, calls } = makeWorld(snapshots);
  const executions = { findStatus: async () => status };
  return { found: await sweepOnce(scope, isDryRun, { aurora, executions }), calls };
};

test('a sweep: the snapshot of a drill that has ended goes, and counts until it is gone', async () => {
  const { found, calls } = await sweep([makeOwn()], 'ended');
  expect(found).toMatchObject({ left: 1, removing: [{ snapshot: own }], kept: [], reported: [] });
  expect(calls).toContain(`deleteSnapshot ${own}`);
});

test('a sweep while its drill runs, or without effect: the snapshot stays', async () => {
  const running = await sweep([makeOwn()], 'running');
  expect(running.found).toMatchObject({ left: 0, kept: [{ snapshot: own }], removing: [] });
  const dry = await sweep([makeOwn()], 'ended', true);
  expect(dry.found).toMatchObject({ left: 1, removing: [{ snapshot: own }] });
  expect([...running.calls, ...dry.calls]).toEqual([]);
});

test.each([
  ['of somebody, named like a drill', { identifier: 'drill-before-migration', tags: {} }, 1, 0],
  ['of a copy, which somebody keeps with its tags', { identifier: 'kept', cluster: target }, 1, 0],
  ['of somebody, named as a drill names its own', { tags: {} }, 1, 1],
  ['of somebody', { identifier: 'before-migration', tags: {} }, 0, 0],
])('a sweep and a snapshot %s: it stays', async (_, changes, reported, left) => {
  const { found, calls } = await sweep([makeOwn(changes)], 'ended');
  expect(calls).toEqual([]);
  expect([found.reported.length, found.left, found.removing]).toEqual([reported, left, []]);
});

test('the snapshots cannot be listed: the sweep names them, after the clusters', async () => {
  const { aurora, calls } = makeWorld([], [makeTarget()]);
  const listManualSnapshots = async function* (): AsyncGenerator<Snapshot[]> {
    yield await failWith('AccessDenied')();
  };
  const ports = {
    aurora: { ...aurora, listManualSnapshots },
    executions: { findStatus: async () => 'ended' as const },
  };
  expect(await sweepOnce(scope, false, ports)).toMatchObject({
    removing: [{ cluster: target }],
    failed: [{ cluster: 'the manual snapshots', reason: 'injected AccessDenied' }],
  });
  expect(calls).toEqual([`deleteCluster ${target}`]);
});
