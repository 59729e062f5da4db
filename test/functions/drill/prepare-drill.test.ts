import { expect, test } from 'vitest';
import { prepareDrill } from '../../../functions/drill/prepare-drill.ts';
import type { Cluster, Instance, Parameter } from '../../../shared/aurora/port.ts';
import { drillTags } from '../../../shared/job/names.ts';
import type { Execution } from '../../../shared/job/state.ts';
import { makeCluster } from '../../shared/aurora/cluster-fixture.ts';
import { at, makePassedDrill } from '../../shared/drill/state-fixture.ts';
import { clockAt, makeAurora, makeInstance } from '../fakes.ts';

/** The writer comes last, so that a setting of the reader is not taken by chance. */
const reader = makeInstance('prod-aurora-main-2', {
  instanceClass: 'db.t4g.medium',
  parameterGroup: 'app-reader',
});
const writer = makeInstance('prod-aurora-main-1', {
  instanceClass: 'db.r8g.large',
  parameterGroup: 'app-writer',
});

type World = {
  source?: Partial<Cluster>;
  instances?: Instance[];
  plan?: object;
  others?: Record<string, object>;
  execution?: Partial<Execution>;
  time?: string;
  /** Parameters by the name of their group. */
  clusterGroups?: Record<string, Parameter[]>;
  instanceGroups?: Record<string, Parameter[]>;
};

const prepare = (world: World = {}) => {
  const source = makeCluster(world.source);
  const plan = {
    source: source.identifier,
    database: { name: 'app', user: 'drill_reader' },
    ...world.plan,
  };
  const aurora = makeAurora({
    findCluster: async (identifier) => (identifier === source.identifier ? source : undefined),
    listInstances: async (identifier) =>
      identifier === source.identifier ? (world.instances ?? [reader, writer]) : [],
    listClusterParameters: async (group) => world.clusterGroups?.[group] ?? [],
    listInstanceParameters: async (group) => world.instanceGroups?.[group] ?? [],
  });
  const readPlans = async () => JSON.stringify({ plans: { main: plan, ...world.others } });
  const execution = { ...makePassedDrill().execution, input: {}, ...world.execution };
  return prepareDrill(
    { execution },
    { aurora, readPlans, teardownMinutes: 60, now: clockAt(world.time ?? '08:00:01') },
  );
};

/** No plan changes these. */
const inherited = {
  storageType: 'aurora-iopt1',
  lifecycleSupport: 'open-source-rds-extended-support-disabled',
  networkType: 'IPV4',
};

test('plan without restore settings: every one is taken from the source and its writer', async () => {
  expect((await prepare()).restore).toEqual({
    port: 5432,
    subnetGroup: 'app-private',
    securityGroups: ['sg-0a1b2c3d4e'],
    clusterParameterGroup: 'app-cluster',
    instanceParameterGroup: 'app-writer',
    instanceClass: 'db.r8g.large',
    capacity: { min: 0.5, max: 32 },
    inherited,
  });
});

const settings = {
  port: 5433,
  subnetGroup: 'drill-private',
  securityGroups: ['sg-ffffffff'],
  clusterParameterGroup: 'drill-cluster',
  instanceParameterGroup: 'drill-instance',
  instanceClass: 'db.serverless',
  capacity: { min: 1, max: 2 },
};

test('plan with every restore setting: all of them win over the source', async () => {
  expect((await prepare({ plan: { restore: settings } })).restore).toEqual({
    ...settings,
    inherited: { ...inherited, networkType: null },
  });
});

test.each(Object.entries(settings))(
  'plan with %s alone: it wins, the rest is from the source',
  async (key, value) => {
    const { restore } = await prepare();
    expect((await prepare({ plan: { restore: { [key]: value } } })).restore).toEqual({
      ...restore,
      [key]: value,
      // The plan's own subnet group need not support the source's network.
      ...(key === 'subnetGroup' ? { inherited: { ...inherited, networkType: null } } : {}),
    });
  },
);

const quiet: Parameter[] = [{ name: 'max_logical_replication_workers', value: '0', isSet: true }];

test.each<[string, World, string[]]>([
  ["the plan's own cluster group", { clusterGroups: { 'drill-cluster': quiet } }, ['subscription']],
  ["the plan's own instance group", { instanceGroups: { 'drill-instance': quiet } }, ['subscription']],
  ["the source's groups, which the copy does not get", { clusterGroups: { 'app-cluster': quiet } }, []],
])('quiet by %s: told to the baseline', async (_where, groups, kinds) => {
  const { sideEffects } = await prepare({ ...groups, plan: { restore: settings } });
  expect(sideEffects).toEqual({ action: 'refuse', quiet: kinds });
});

test('plan without groups: those of the source count, since the copy gets them', async () => {
  const { sideEffects } = await prepare({
    clusterGroups: { 'app-cluster': quiet },
    plan: { sideEffects: 'accepted' },
  });
  expect(sideEffects).toEqual({ action: 'accepted', quiet: ['subscription'] });
});

test('source that names no writer: its first instance stands in', async () => {
  const { restore } = await prepare({ source: { writer: null } });
  expect(restore).toMatchObject({ instanceClass: 'db.t4g.medium', instanceParameterGroup: 'app-reader' });
});

test('no instance class in the plan and no instance in the source: InvalidPlan', async () => {
  await expect(prepare({ instances: [] })).rejects.toMatchObject({
    name: 'InvalidPlan',
    summary: expect.stringContaining('restore.instanceClass'),
  });
});

test('source without instances, class in the plan: prepared', async () => {
  const plan = { restore: { instanceClass: 'db.serverless' } };
  expect((await prepare({ instances: [], plan })).restore).toMatchObject({
    instanceClass: 'db.serverless',
    instanceParameterGroup: null,
  });
});

test('source with a reader endpoint: the baseline is read there', async () => {
  expect((await prepare({ source: { port: 5440 } })).baselineAddress).toEqual({
    engine: 'aurora-postgresql',
    host: makeCluster().readerEndpoint,
    port: 5440,
    database: 'app',
    user: 'drill_reader',
  });
});

test('source without a reader endpoint: the baseline is read at its endpoint', async () => {
  const { baselineAddress } = await prepare({ source: { readerEndpoint: null } });
  expect(baselineAddress.host).toBe(makeCluster().endpoint);
});

test.each<[string, Partial<Cluster>, string]>([
  ['source of another engine', { engine: 'neptune' }, 'NotSupported'],
  ['source without the beginning of a window', { earliestRestorableTime: null }, 'SourceNotRestorable'],
  ['source without the end of a window', { latestRestorableTime: null }, 'SourceNotRestorable'],
  ['source that is stopped', { status: 'stopped' }, 'SourceNotRestorable'],
  ['source without its key', { status: 'inaccessible-encryption-credentials' }, 'KeyUnusable'],
])('%s: it fails by name', async (_condition, source, name) => {
  await expect(prepare({ source })).rejects.toMatchObject({ name });
});

test('source that runs aurora-mysql: prepared, and its baseline is read as MySQL', async () => {
  const mysql = { engine: 'aurora-mysql', engineVersion: '8.0.mysql_aurora.3.10.0', port: 3306 };
  const { source, baselineAddress } = await prepare({ source: mysql });
  expect(source.engine).toBe('aurora-mysql');
  expect(baselineAddress).toMatchObject({ engine: 'aurora-mysql', port: 3306 });
});

test('source with a status nobody knows: prepared, since that says nothing of its backups', async () => {
  expect((await prepare({ source: { status: 'exploded' } })).source.identifier).toBe('prod-aurora-main');
});

test('source that is backing up: prepared, since it can be restored', async () => {
  expect((await prepare({ source: { status: 'backing-up' } })).source.identifier).toBe('prod-aurora-main');
});

test('no source of that name: SourceNotFound', async () => {
  await expect(prepare({ plan: { source: 'another' } })).rejects.toMatchObject({ name: 'SourceNotFound' });
});

test.each([
  ['at the beginning of the window', '2026-11-09T08:00:00Z', '2026-11-09T08:00:00Z'],
  ['a second before its end', '2026-11-16T07:56:59Z', '2026-11-16T07:56:59Z'],
  ['with an offset', '2026-11-16T08:30:00+01:00', '2026-11-16T07:30:00Z'],
])('restoreTo %s: taken, in UTC', async (_condition, restoreTo, expected) => {
  expect((await prepare({ execution: { input: { restoreTo } } })).restoreTo).toBe(expected);
});

test.each([
  ['a second before the window', '2026-11-09T07:59:59Z', 'before'],
  ['at the end of the window, which RDS refuses', '2026-11-16T07:57:00Z', 'after'],
])('restoreTo %s: RestoreTimeOutsideWindow', async (_condition, restoreTo, word) => {
  await expect(prepare({ execution: { input: { restoreTo } } })).rejects.toMatchObject({
    name: 'RestoreTimeOutsideWindow',
    summary: expect.stringContaining(`is ${word} the restorable window`),
  });
});

test('same execution prepared twice: the same target and tags, whenever that is', async () => {
  const [first, second] = await Promise.all([prepare(), prepare({ time: '08:10' })]);
  expect([second.id, second.target, second.tags]).toEqual([first.id, first.target, first.tags]);
});

test('another execution: another target', async () => {
  const [first, other] = await Promise.all([prepare(), prepare({ execution: { id: 'arn:another' } })]);
  expect(other.target.cluster).not.toBe(first.target.cluster);
  expect(other.target.writer).not.toBe(first.target.writer);
});

test('deadline and expiry: counted from the start of the execution, an hour of teardown on top', async () => {
  const { deadline, tags, id } = await prepare({ plan: { timeoutMinutes: 45 }, time: '08:10' });
  expect(deadline).toBe('2026-11-16T08:45:00.250Z');
  expect(tags).toEqual({
    [drillTags.drill]: id,
    [drillTags.job]: 'drill',
    [drillTags.source]: 'prod-aurora-main',
    [drillTags.execution]: makePassedDrill().execution.id,
    [drillTags.expires]: '2026-11-16T09:45:00.250Z',
  });
});

test('tags of the plan: beside ours, and the tags of the source are not taken over', async () => {
  const { tags: ours } = await prepare();
  const { tags } = await prepare({ plan: { restore: { tags: { CostCenter: 'data 4711' } } } });
  expect(tags).toEqual({ ...ours, CostCenter: 'data 4711' });
});

test('execution whose name makes no tag: InvalidInput', async () => {
  const id = `${makePassedDrill().execution.id}${'!'.repeat(70)}`;
  await expect(prepare({ execution: { id } })).rejects.toMatchObject({ name: 'InvalidInput' });
});

test('objectives in minutes: handed on in seconds, null where the plan has none', async () => {
  const { objectives } = await prepare({ plan: { objectives: { rtoMinutes: 30 } } });
  expect(objectives).toEqual({ rtoSeconds: 1800, rpoSeconds: null });
});

test.each([
  [at('07:57'), 181],
  [at('08:01'), 0],
])('LatestRestorableTime %s, looked at 08:00:01: the RPO is %i s', async (latestRestorableTime, seconds) => {
  expect((await prepare({ source: { latestRestorableTime } })).rpoSeconds).toBe(seconds);
});

test('what no teardown may touch: the source by name and by resource id, and the sources of all plans', async () => {
  const other = { source: 'billing', database: { name: 'app', user: 'drill_reader' } };
  const { neverDeleted } = await prepare({ others: { other }, execution: { input: { plan: 'main' } } });
  expect(neverDeleted).toEqual(['prod-aurora-main', 'cluster-PRODMAIN', 'billing']);
});
