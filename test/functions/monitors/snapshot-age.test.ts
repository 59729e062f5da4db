import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snapshotAge } from '../../../functions/monitors/snapshot-age.ts';
import type { Aurora, Cluster, ClusterList, Snapshot } from '../../../shared/aurora/port.ts';
import type { SnapshotKind } from '../../../shared/aurora/snapshots.ts';
import { DrillError } from '../../../shared/errors.ts';
import { addSeconds } from '../../../shared/instants.ts';
import type { Metric } from '../../../shared/monitors/metrics.ts';
import type { Scope } from '../../../shared/monitors/scope.ts';
import { makeCluster, makeSnapshot } from '../../shared/aurora/cluster-fixture.ts';
import { failWith } from '../fakes.ts';

const now = '2026-11-16T12:00:00Z';
const hoursAgo = (hours: number): string => addSeconds(now, -3600 * hours);

/** An automated snapshot of app, this many hours old. null while it is being made. */
const makeAged = (hours: number | null, changes: Partial<Snapshot> = {}): Snapshot =>
  makeSnapshot({
    identifier: `rds:app-${hours}`,
    cluster: 'app',
    clusterResourceId: null,
    createdAt: hours === null ? null : hoursAgo(hours),
    ...changes,
  });

/** A cluster, 100 hours old, that can be restored to two minutes ago. */
const makeApp = (changes: Partial<Cluster> = {}): Cluster =>
  makeCluster({
    identifier: 'app',
    resourceId: null,
    createdAt: hoursAgo(100),
    latestRestorableTime: '2026-11-16T11:58:00Z',
    ...changes,
  });

type Fleet = {
  clusters: Cluster[];
  snapshots?: Snapshot[];
  unreadable?: ClusterList['unreadable'];
  scope?: Scope;
  countedKinds?: SnapshotKind[];
  /** What the clock says, call by call. */
  clock?: () => string;
  verbs?: Partial<Aurora>;
};

const run = async ({
  clusters,
  snapshots = [],
  unreadable = [],
  scope,
  countedKinds,
  clock,
  verbs,
}: Fleet) => {
  const published: Metric[] = [];
  const deps = {
    aurora: {
      listClusters: async (identifiers?: readonly string[]) => ({
        clusters: clusters.filter(({ identifier }) => identifiers?.includes(identifier) ?? true),
        unreadable: [...unreadable],
      }),
      listSnapshots: async function* (identifiers: readonly string[]) {
        // One per page, so that the newest must be found across pages.
        for (const snapshot of snapshots) if (identifiers.includes(snapshot.cluster)) yield [snapshot];
      },
      ...verbs,
    },
    metrics: { publish: async (metrics: readonly Metric[]) => void published.push(...metrics) },
    scope: () => scope ?? ({ kind: 'all' } as const),
    countedKinds: (): SnapshotKind[] => countedKinds ?? ['automated', 'aws-backup'],
    now: () => new Date(clock?.() ?? now),
  };
  const outcome = await snapshotAge({}, deps).catch((error: DrillError) => error);
  const findValue = (name: string, cluster: string | null) =>
    published.find((metric) => metric.name === name && metric.cluster === cluster)?.value;
  return {
    outcome,
    published,
    age: findValue('SnapshotAgeHours', 'app'),
    lag: findValue('RestorableLagSeconds', 'app'),
    fleet: findValue('SnapshotAgeHours', null),
  };
};

describe('age of the newest snapshot', () => {
  test.each<[string, Snapshot[], number]>([
    ['an automated one', [makeAged(3)], 3],
    ['several, in any order', [makeAged(27), makeAged(3), makeAged(51)], 3],
    ['none yet: the age of the cluster', [], 100],
    ['only one being made', [makeAged(null, { status: 'creating' })], 100],
    ['one being made, with a time', [makeAged(1, { status: 'creating' }), makeAged(25)], 25],
    ['only a manual one', [makeAged(1, { type: 'manual', identifier: 'before-release' })], 100],
    ['only a copy', [makeAged(1, { isCopy: true })], 100],
    ['one of AWS Backup', [makeAged(2, { type: 'manual', identifier: 'awsbackup:job-1f' })], 2],
    ['one of AWS Backup by type', [makeAged(2, { type: 'awsbackup', identifier: 'job-1f' })], 2],
    ['one from a clock ahead of ours', [makeAged(-0.1), makeAged(25)], 0],
    ['another cluster has a fresh one', [makeAged(1, { cluster: 'other' }), makeAged(30)], 30],
  ])('%s', async (_condition, snapshots, hours) => {
    const { age, fleet, lag } = await run({ clusters: [makeApp()], snapshots });
    expect([age, fleet, lag]).toEqual([hours, hours, 120]);
  });

  test('a cluster made anew under an old name: the snapshots of the old one do not count', async () => {
    const snapshots = [makeAged(3, { clusterResourceId: 'cluster-OLD' })];
    const clusters = [makeApp({ resourceId: 'cluster-NEW', createdAt: hoursAgo(1) })];
    expect((await run({ clusters, snapshots })).age).toBe(1);
  });

  test('manual ones and copies count where the settings say so', async () => {
    const snapshots = [makeAged(4, { type: 'manual', identifier: 'x' }), makeAged(2, { isCopy: true })];
    expect((await run({ clusters: [makeApp()], snapshots, countedKinds: ['manual'] })).age).toBe(4);
    expect((await run({ clusters: [makeApp()], snapshots, countedKinds: ['manual', 'copy'] })).age).toBe(2);
  });

  test('the fleet: the oldest of all, without dimensions, and stamped with the instant of the run', async () => {
    const clusters = [makeApp(), makeApp({ identifier: 'web' })];
    const snapshots = [makeAged(3), makeAged(27.5, { cluster: 'web' })];
    const { outcome, fleet, published } = await run({ clusters, snapshots });
    expect(fleet).toBe(27.5);
    expect(published.every(({ at }) => at === now)).toBe(true);
    expect(outcome).toEqual({ clusters: 2, oldest: { cluster: 'web', hours: 27.5 } });
  });
});

test('a run that takes its time: every value is of the instant before it read anything', async () => {
  let isListed = false;
  const listClusters = async () => {
    isListed = true;
    return { clusters: [makeApp()], unreadable: [] };
  };
  const { published, age } = await run({
    clusters: [],
    snapshots: [makeAged(3)],
    clock: () => (isListed ? '2026-11-16T12:10:00Z' : now),
    verbs: { listClusters },
  });
  expect(age).toBe(3);
  expect(new Set(published.map(({ at }) => at))).toEqual(new Set([now]));
});

describe('restorable lag', () => {
  test.each<[string, Partial<Cluster>, number | undefined]>([
    ['a restorable cluster', {}, 120],
    ['a clock ahead of ours', { latestRestorableTime: '2026-11-16T12:00:05Z' }, 0],
    ['never restorable: the age of the cluster', { latestRestorableTime: null }, 360_000],
    [
      'a restore under way has nothing to lose',
      { status: 'creating', latestRestorableTime: null },
      undefined,
    ],
    ['a stopped cluster writes nothing', { status: 'stopped' }, undefined],
  ])('%s', async (_condition, changes, lag) => {
    const seen = await run({ clusters: [makeApp(changes)], snapshots: [makeAged(3)] });
    expect([seen.age, seen.lag]).toEqual([3, lag]);
  });
});

describe('which clusters', () => {
  test.each<[string, Cluster]>([
    ['of a drill by its tag', makeApp({ identifier: 'copy', tags: { 'aurora-drills:drill': '1a2b3c4d' } })],
    ['of a drill by its name', makeApp({ identifier: 'drill-app-1a2b3c4d' })],
    ['on its way out', makeApp({ identifier: 'old', status: 'deleting' })],
  ])('a cluster %s: never', async (_condition, cluster) => {
    const { published } = await run({ clusters: [makeApp(), cluster], snapshots: [makeAged(3)] });
    expect(new Set(published.map((metric) => metric.cluster))).toEqual(new Set([null, 'app']));
  });

  test('a tag is configured: only clusters that have it', async () => {
    const clusters = [makeApp({ tags: { backup: 'required' } }), makeApp({ identifier: 'scratch' })];
    const scope = { kind: 'tag', key: 'backup', value: 'required' } as const;
    const { fleet } = await run({ clusters, snapshots: [makeAged(3)], scope });
    expect(fleet).toBe(3);
  });

  test('a tag that no cluster has: NothingMonitored, and silence for the alarm', async () => {
    const scope = { kind: 'tag', key: 'bakcup', value: null } as const;
    const { outcome, published } = await run({ clusters: [makeApp()], scope });
    expect(outcome).toMatchObject({ name: 'NothingMonitored' });
    expect(published).toEqual([]);
  });

  test('no cluster at all: 0 for the fleet, so that silence still means a dead function', async () => {
    const { outcome, published } = await run({ clusters: [] });
    expect(published).toEqual([{ name: 'SnapshotAgeHours', cluster: null, value: 0, at: now }]);
    expect(outcome).toEqual({ clusters: 0, oldest: null });
  });

  test('deleted since it was listed: no value, since its snapshots went with it', async () => {
    const clusters = [makeApp({ createdAt: hoursAgo(20_000) })];
    let isListed = false;
    const listClusters = async () => {
      const found = isListed ? [] : clusters;
      isListed = true;
      return { clusters: found, unreadable: [] };
    };
    const { fleet, age, outcome } = await run({ clusters, verbs: { listClusters } });
    expect([fleet, age]).toEqual([0, undefined]);
    expect(outcome).toEqual({ clusters: 0, oldest: null });
  });
});

describe('what cannot be read', () => {
  const web = makeApp({ identifier: 'web' });

  test.each<[string, Omit<Fleet, 'clusters'> & { broken?: Partial<Cluster> }]>([
    [
      'its snapshots',
      {
        verbs: {
          listSnapshots: async function* (identifiers) {
            yield [makeAged(3)];
            if (identifiers.includes('web')) throw new DrillError('RequestRefused', 'odd answer');
          },
        },
      },
    ],
    ['its description', { unreadable: [{ cluster: 'web', reason: 'RDS answered without Status' }] }],
    ['its age: neither snapshot nor creation time', { broken: { createdAt: null } }],
  ])('%s: named in the error, after the values of the others', async (_condition, { broken, ...fleet }) => {
    const clusters = fleet.unreadable === undefined ? [makeApp(), { ...web, ...broken }] : [makeApp()];
    const seen = await run({ snapshots: [makeAged(3)], ...fleet, clusters });
    expect([seen.age, seen.fleet]).toEqual([3, 3]);
    expect(seen.outcome).toMatchObject({
      name: 'MonitorIncomplete',
      message: expect.stringMatching(/^1 of 2 clusters .* web \(/),
    });
  });

  test('no cluster could be read: nothing for the fleet, so that its alarm goes off', async () => {
    const { outcome, published } = await run({
      clusters: [makeApp()],
      verbs: {
        // biome-ignore lint/correctness/useYield: it fails before its first page.
        listSnapshots: async function* () {
          throw new DrillError('AccessDenied', 'no rds:DescribeDBClusterSnapshots');
        },
      },
    });
    expect(outcome).toMatchObject({ name: 'MonitorIncomplete' });
    expect(published).toEqual([]);
  });

  test('the clusters cannot be listed: the error as it is, and nothing published', async () => {
    const { outcome, published } = await run({
      clusters: [],
      verbs: { listClusters: failWith('Throttled') },
    });
    expect(outcome).toMatchObject({ name: 'Throttled' });
    expect(published).toEqual([]);
  });
});

test('10,000 clusters: one value of each kind for every one, all finite', async () => {
  const clusters = Array.from({ length: 10_000 }, (_, index) => makeApp({ identifier: `app-${index}` }));
  const snapshots = clusters.map(({ identifier }, index) => makeAged(index % 24, { cluster: identifier }));
  const { published, fleet } = await run({
    clusters,
    verbs: {
      // The fake's search through all snapshots would take longer than the tested code.
      listSnapshots: async function* (identifiers) {
        yield identifiers.map((name) => snapshots[Number(name.slice('app-'.length))] as Snapshot);
      },
    },
  });
  expect(published).toHaveLength(20_001);
  expect(published.every(({ value }) => Number.isFinite(value))).toBe(true);
  expect(fleet).toBe(23);
});

test('any fleet: every value is finite and not negative', async () => {
  const instant = fc
    .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString());
  const maybe = fc.option(instant);
  const snapshot = fc.record({
    identifier: fc.constantFrom('rds:a', 'awsbackup:job-1', 'by-hand'),
    cluster: fc.constantFrom('a', 'b', 'c'),
    clusterResourceId: fc.constantFrom(null, 'cluster-1'),
    type: fc.constantFrom('automated', 'manual', 'awsbackup', 'unknown'),
    status: fc.constantFrom('available', 'creating', 'failed'),
    createdAt: maybe,
    isCopy: fc.boolean(),
    engine: fc.constant('aurora-mysql'),
    engineVersion: fc.constant('8.0'),
    tags: fc.constant({}),
  });
  const cluster = fc
    .record({
      identifier: fc.constantFrom('a', 'b', 'c'),
      createdAt: maybe,
      latestRestorableTime: maybe,
      status: fc.constantFrom('available', 'creating', 'stopped', 'no-such-status'),
    })
    .map(makeApp);
  const clusters = fc.uniqueArray(cluster, { selector: ({ identifier }) => identifier });
  await fc.assert(
    fc.asyncProperty(clusters, fc.array(snapshot), async (fleet, snapshots) => {
      const { published } = await run({ clusters: fleet, snapshots });
      for (const { value } of published) expect(Number.isFinite(value) && value >= 0).toBe(true);
    }),
  );
});
