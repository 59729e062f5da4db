import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SweepDeps, sweepLeftovers } from '../../../functions/monitors/sweep-leftovers.ts';
import type { Aurora, Cluster, Unreadable } from '../../../shared/aurora/port.ts';
import { DrillError, type ErrorName } from '../../../shared/errors.ts';
import type { ExecutionStatus } from '../../../shared/job/executions.ts';
import { jobId, tagsOf, targetNames } from '../../../shared/job/names.ts';
import type { Metric } from '../../../shared/monitors/metrics.ts';
import { makeCluster } from '../../shared/aurora/cluster-fixture.ts';
import { testPrices } from '../../shared/result/prices-fixture.ts';
import { failWith, makeInstance } from '../fakes.ts';
import { type Held, makeHeldAurora, passTime } from '../held-aurora.ts';

const source = 'prod-aurora-main';
const now = '2026-11-16T12:00:00Z';
const later = '2026-11-16T13:00:00Z';
const stateMachineArn = 'arn:aws:states:eu-west-1:111122223333:stateMachine:aurora-drills';
const arnOf = (name: string, stateMachine = 'aurora-drills') =>
  `arn:aws:states:eu-west-1:111122223333:execution:${stateMachine}:${name}`;
const staging = arnOf('one', 'staging');

/** The cluster and writer that this execution's drill made. They expire in an hour. */
const makeDrill = (name: string, changes: Partial<Cluster> = {}, expires = later): Held => {
  const execution = name.startsWith('arn:') ? name : arnOf(name);
  const id = jobId(execution);
  const { cluster: identifier, writer } = targetNames(source, id);
  const tags = tagsOf({ kind: 'drill', id, source, execution, expires });
  const cluster = makeCluster({ identifier, tags, ...changes });
  return { cluster, instances: [makeInstance(writer, { cluster: cluster.identifier })] };
};
const clusterOf = ({ cluster }: Held) => cluster;
const nameOf = ({ cluster }: Held) => cluster.identifier;
const removalOf = (held: Held) => [`deleteInstance ${nameOf(held)}-writer`, `deleteCluster ${nameOf(held)}`];

const listOf = (fleet: Held[], ...unreadable: Unreadable[]) => ({
  clusters: fleet.map(clusterOf),
  unreadable,
});

const planOf = (identifier: string) => ({ source: identifier, database: { name: 'app', user: 'reader' } });
const onePlan = JSON.stringify({ plans: { main: planOf(source) } });
const twoPlans = JSON.stringify({ plans: { billing: planOf('billing'), main: planOf(source) } });

/** The execution of this name has this status. Every other one has ended. */
const standing = (name: string, one: ExecutionStatus): Pick<SweepDeps, 'executions'> => ({
  executions: { findStatus: async (arn) => (arn === arnOf(name) ? one : 'ended') },
});

type World = Partial<SweepDeps> & { plans?: string; verbs?: Partial<Aurora> };

const sweep = async (event: unknown, fleet: Held[], { plans = onePlan, verbs, ...deps }: World = {}) => {
  const log: string[] = [];
  // The sweeper's role may not switch deletion protection off.
  const { liftProtection: _, ...aurora } = makeHeldAurora(fleet, (verb, name) => log.push(`${verb} ${name}`));
  const published: Metric[][] = [];
  const outcome = await sweepLeftovers(event, {
    aurora: { ...aurora, ...verbs },
    ...standing('runs', 'running'),
    metrics: { publish: async (metrics) => void published.push([...metrics]) },
    notify: async ({ kind, title, dedupKey, at }) => void log.push(`tell ${kind} ${title} ${dedupKey} ${at}`),
    reports: { read: async () => null },
    placeOf: (key) => key,
    readPlans: async () => plans,
    stateMachineArns: () => [stateMachineArn],
    recoverMachineArn: () => `${stateMachineArn}-recover`,
    rewindMachineArn: () => `${stateMachineArn}-rewind`,
    prices: () => testPrices,
    now: () => new Date(now),
    ...deps,
  }).catch((error: DrillError) => error);
  return { outcome, log, published };
};

/** Exactly one publish, of this value. */
const leaves = (value: number) => [[{ name: 'LeftoverDrillClusters', cluster: null, value, at: now }]];
const schedule = { source: 'aws.scheduler', 'detail-type': 'Scheduled Event' };
const statusEvent = (name: string, status = 'ABORTED', changes: object = {}) => ({
  ...{ source: 'aws.states', 'detail-type': 'Step Functions Execution Status Change' },
  detail: { executionArn: arnOf(name), name, status, input: '{"plan":"main"}', ...changes },
});
const saying = (part: string) => expect.stringContaining(part);
const finding = (held: Held, part: string) => ({ cluster: nameOf(held), reason: saying(part) });
const incomplete = (part: string) => ({ name: 'SweepIncomplete', summary: saying(part) });
const one = makeDrill('one');
const two = makeDrill('two', {}, now);

test.each([schedule, {}, { dryRun: false }])('%j: an orphan goes, its instances first', async (event) => {
  const orphan = makeDrill('one');
  orphan.instances.push(makeInstance('autoscaled-reader', { cluster: nameOf(orphan) }));
  const fleet = [orphan, { cluster: makeCluster(), instances: [makeInstance(`${source}-1`)] }];
  const removing = [
    { ...finding(orphan, `has ended: ${arnOf('one')}`), found: saying('still there: instance') },
  ];
  const left = { isDryRun: false, left: 1, removing, kept: [], reported: [], failed: [] };
  const log = removalOf(orphan).toSpliced(1, 0, 'deleteInstance autoscaled-reader');
  expect(await sweep(event, fleet)).toEqual({ outcome: left, log, published: leaves(1) });
  expect(await sweep(event, fleet)).toMatchObject({ log: [], published: leaves(1) });
  passTime(fleet);
  expect(await sweep(event, fleet)).toMatchObject({ log: [], published: leaves(0) });
});

test.each<[string, ExecutionStatus, Held]>([
  ['whose execution is forgotten', 'gone', one],
  ['that has expired, though its execution runs', 'running', makeDrill('one', {}, now)],
  ['that is stopped', 'ended', makeDrill('one', { status: 'stopped' })],
])('a cluster %s: counts until it is gone, after three sweeps at most', async (_, one, held) => {
  const fleet = [structuredClone(held)];
  for (let round = 0; round < 3; round += 1) {
    const [left, seen] = [fleet.length, await sweep(schedule, fleet, standing('one', one))];
    expect(seen).toMatchObject({ outcome: { failed: [] }, published: leaves(left) });
    passTime(fleet);
  }
  expect(fleet).toEqual([]);
});

test('the cluster of a drill that runs, protected or not: kept, while the orphan beside it goes', async () => {
  const fleet = [makeDrill('runs', { isProtected: true }), makeDrill('one')];
  const outcome = { kept: [finding(makeDrill('runs'), 'its drill runs')], removing: [finding(one, 'ended')] };
  expect(await sweep(schedule, fleet)).toMatchObject({ outcome, log: removalOf(one), published: leaves(1) });
});

test.each<[string, 'reported' | 'kept', number, Held, string]>([
  ['the name without tags', 'reported', 1, makeDrill('one', { tags: {} }), 'has no tag'],
  ['the prefix', 'reported', 0, makeDrill('one', { identifier: 'drill-app', tags: {} }), 'has no tag'],
  ['the tags without prefix', 'reported', 1, makeDrill('one', { identifier: 'renamed' }), 'does not begin'],
  ['the tags, but a source', 'reported', 1, makeDrill('one', { identifier: source }), 'is the source'],
  ['the tags, but of billing', 'reported', 1, makeDrill('one', { identifier: 'billing' }), 'is the source'],
  ['another name', 'reported', 1, makeDrill('one', { tags: two.cluster.tags }), 'is not the name'],
  [
    'protection by somebody',
    'reported',
    1,
    makeDrill('one', { isProtected: true }),
    'somebody has protected it',
  ],
  ['another state machine', 'kept', 0, makeDrill(staging), 'another state machine'],
  ['another one, and expired', 'reported', 1, makeDrill(staging, {}, now), 'another state machine'],
])('a stranger with %s: %s, %i left, and nothing is asked of RDS', async (_, list, left, held, reason) => {
  const fleet = [structuredClone(held)];
  const { outcome, log, published } = await sweep(schedule, fleet, { plans: twoPlans });
  expect(outcome).toMatchObject({ left, removing: [], failed: [], [list]: [finding(held, reason)] });
  expect({ log, published, fleet }).toEqual({ log: [], published: leaves(left), fleet: [held] });
});

describe('a cluster that cannot be dealt with', () => {
  const bad = makeDrill('bad');
  const badFails = (name: ErrorName, otherwise?: unknown) => async (asked: string) => {
    if (asked === nameOf(bad) || asked === arnOf('bad')) throw new DrillError(name, `${name} of bad`);
    return otherwise as never;
  };
  test.each<[string, number, World]>([
    ['its deletion is denied', 2, { verbs: { deleteCluster: badFails('AccessDenied') } }],
    ['its instances cannot be listed', 2, { verbs: { listInstances: badFails('Throttled', one.instances) } }],
    ['its execution is not told', 1, { executions: { findStatus: badFails('Throttled', 'ended') } }],
  ])('%s: the other goes, %i left, then SweepIncomplete names it alone', async (_, left, world) => {
    const { outcome, log, published } = await sweep(schedule, structuredClone([bad, one]), world);
    const summary = expect.stringMatching(`^1 of 2 clusters could .*: ${nameOf(bad)} \\(\\w+ of bad\\)$`);
    expect(log).toContain(removalOf(one)[0]);
    expect(published).toEqual(leaves(left));
    expect(outcome).toMatchObject({ name: 'SweepIncomplete', summary });
  });

  test.each([
    ['drill-odd', incomplete('drill-odd (no Port)')],
    ['odd', { failed: [], left: 1 }],
  ])('%s is unreadable: fails the sweep with the prefix only, after the orphan', async (cluster, outcome) => {
    const verbs = { listClusters: async () => listOf([one], { cluster, reason: 'no Port' }) };
    const seen = await sweep(schedule, [makeDrill('one')], { verbs });
    expect(seen).toMatchObject({ outcome, log: removalOf(one), published: leaves(1) });
  });

  const late: Partial<Cluster>[] = [{ tags: {} }, { isProtected: true }];
  test.each(late)('%j by the time of its deletion: refused, and named', async (changes) => {
    const findCluster = async () => makeDrill('one', changes).cluster;
    const seen = await sweep(schedule, [makeDrill('one')], { verbs: { findCluster } });
    expect(seen).toMatchObject({ outcome: incomplete('(refused to delete: '), log: [] });
  });
});

test('a dry run: lists what would be removed and what failed; nothing is asked for, nothing published', async () => {
  const fleet = structuredClone([one, two, makeDrill('runs')]);
  const removing = [finding(one, 'ended'), finding(two, 'expired')];
  const kept = [finding(makeDrill('runs'), 'runs')];
  const failed = [{ cluster: 'drill-odd', reason: 'no Port' }];
  const verbs = { listClusters: async () => listOf(fleet, ...failed) };
  const outcome = { isDryRun: true, left: 2, removing, kept, reported: [], failed };
  expect(await sweep({ dryRun: true }, fleet, { verbs })).toEqual({ outcome, log: [], published: [] });
});

describe('a status event', () => {
  const id = jobId(arnOf('one'));
  const unclear = ['{"plan":"gone"}', '{"plan":"main","typo":1}', '{', 'null', null, undefined];
  const told = async (status: string, changes: object, plans: string) => {
    const event = statusEvent('one', status, changes);
    const { log, published } = await sweep(event, [makeDrill('one')], { plans });
    expect([log.slice(1), published]).toEqual([removalOf(one), leaves(1)]);
    return log[0];
  };

  test.each([
    ['FAILED', 'drill-failed Restore drill failed: main'],
    ['TIMED_OUT', 'drill-aborted Restore drill timed out: main'],
    ['ABORTED', 'drill-aborted Restore drill was stopped: main'],
  ])('%s: the pager is told first, then the cluster goes', async (status, words) => {
    const line = await told(status, {}, twoPlans);
    expect([line?.startsWith(`tell ${words}`), line?.endsWith(` drill/main ${now}`)]).toEqual([true, true]);
  });

  test.each<[string | null | undefined, string, string]>([
    ['{"plan":"billing"}', 'billing', `drill ${id}`],
    ['{}', `drill ${id}`, 'main'],
    ['{"Comment":"Insert your JSON here"}', `drill ${id}`, 'main'],
    ...unclear.map((input): [typeof input, string, string] => [input, `drill ${id}`, `drill ${id}`]),
  ])('input %j: told of %s with two plans, of %s with one', async (input, ...names) => {
    for (const [index, plans] of [twoPlans, onePlan].entries()) {
      expect(await told('ABORTED', { input }, plans)).toContain(
        ` was stopped: ${names[index]}, nothing is proven drill/`,
      );
    }
  });

  test.each([
    ['FAILED', { input: '{"dryRun":true}' }],
    ['ABORTED', { input: '{"plan":"main","dryRun":true}' }],
    ['FAILED', { error: 'InvalidInput' }],
    ['FAILED', { error: 'UnknownPlan' }],
    ['SUCCEEDED', {}],
    ['RUNNING', {}],
    ['PENDING_REDRIVE', {}],
    ['ABORTED', { executionArn: staging }],
    ['FAILED', { executionArn: arnOf('one', 'aurora-drills-2') }],
  ])('%s %j: nobody is told, and the sweep goes on', async (status, changes) => {
    const { log, published } = await sweep(statusEvent('one', status, changes), [makeDrill('one')]);
    expect([log, published]).toEqual([removalOf(one), leaves(1)]);
  });

  test('a history that cannot be read: told all the same', async () => {
    const reports = { read: failWith('ReportNotFiled') };
    const { log } = await sweep(statusEvent('one'), [makeDrill('one')], { reports });
    expect(log[0]).toContain('was stopped: main, nothing is proven');
  });

  test('nobody can be told: sweeps all the same, publishes, and then fails', async () => {
    const notify = failWith('NotificationFailed');
    const { outcome, ...done } = await sweep(statusEvent('one'), [makeDrill('one')], { notify });
    expect(outcome).toMatchObject(incomplete('execution one: injected'));
    expect(done).toEqual({ log: removalOf(one), published: leaves(1) });
  });
});

const noMetric = { metrics: { publish: failWith('MetricsFailed') } };
test.each<[string, string, unknown, World, string[]]>([
  ['a wrong plans.yml', 'InvalidPlan', schedule, { plans: 'plans: { main: {} }' }, []],
  ['a wrong plans.yml, after a bad end', 'InvalidPlan', statusEvent('one'), { plans: '[' }, []],
  ['no clusters', 'AccessDenied', schedule, { verbs: { listClusters: failWith('AccessDenied') } }, []],
  ['no metrics', 'SweepIncomplete', schedule, noMetric, removalOf(one)],
])('%s: %s, nothing is published, and deleted only what could be', async (_, name, event, world, log) => {
  const seen = await sweep(event, [makeDrill('one')], world);
  expect(seen).toMatchObject({ outcome: { name }, log, published: [] });
});

test('nobody can be told, a cluster be read or a value be published: SweepIncomplete names all three', async () => {
  const listClusters = async () => listOf([one], { cluster: 'drill-odd', reason: 'no Port' });
  const { outcome } = await sweep(statusEvent('one'), [makeDrill('one')], {
    verbs: { listClusters },
    notify: failWith('NotificationFailed'),
    metrics: { publish: failWith('MetricsFailed') },
  });
  const parts = [
    'nobody was told of execution one: injected NotificationFailed',
    '1 of 2 clusters could not be dealt with: drill-odd (no Port)',
    'the value is missing: injected MetricsFailed',
  ];
  expect(outcome).toMatchObject({ name: 'SweepIncomplete', summary: parts.join('; ') });
});

test('sweeps twice in a row, status events doubled and in any order: one end, without any orphan', async () => {
  const stay = [makeDrill('runs'), makeDrill('x', { identifier: 'renamed' }), makeDrill('y', { tags: {} })];
  const orphan = fc.record({ status: fc.constantFrom('available', 'stopped', 'failed') });
  const event = fc.constantFrom(schedule, ...['0', '1', '2', 'runs'].map((name) => statusEvent(name)));
  const steps = fc.array(fc.tuple(event, fc.boolean(), fc.boolean()), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(orphan, { maxLength: 3 }), steps, async (orphans, sequence) => {
      const fleet = [...structuredClone(stay), ...orphans.map((changes, n) => makeDrill(String(n), changes))];
      const settle = Array.from({ length: 4 }, () => [schedule, false, true] as const);
      for (const [each, isTwice, hasTime] of [...sequence, ...settle]) {
        await sweep(each, fleet);
        if (isTwice) await sweep(each, fleet);
        if (hasTime) passTime(fleet);
      }
      expect(fleet).toEqual(stay);
    }),
  );
});
