import { expect, test } from 'vitest';
import { readNewestSnapshots } from '../../../shared/aurora/newest-snapshots.ts';
import type { Aurora, Cluster } from '../../../shared/aurora/port.ts';
import type { SnapshotKind } from '../../../shared/aurora/snapshots.ts';
import { DrillError, type ErrorName } from '../../../shared/errors.ts';
import { makeCluster, makeSnapshot } from './cluster-fixture.ts';

const counted: SnapshotKind[] = ['automated'];
const taken = makeSnapshot().createdAt;

const makeClusters = (count: number): Cluster[] =>
  Array.from({ length: count }, (_, index) =>
    makeCluster({ identifier: `c${index}`, resourceId: `cluster-${index}` }),
  );
const identifiersOf = (clusters: readonly Cluster[]) => clusters.map(({ identifier }) => identifier);

type Region = {
  /** Clusters without a snapshot that counts. */
  bare?: string[];
  /** What a second look finds. By default the clusters of the first one. */
  standing?: Cluster[];
  odd?: string[];
  /** Called before each answer. Throws to make it fail. */
  onSnapshots?: (identifiers: readonly string[], page: number) => void;
  onClusters?: (identifiers: readonly string[]) => void;
};

/** The snapshots of this many clusters fill one page. */
const pageSize = 60;

/** A Region whose answers take one turn of the event loop. `seen` is what was asked of it. */
const makeRegion = (clusters: Cluster[], region: Region = {}) => {
  const { bare = [], standing = clusters, odd = [], onSnapshots, onClusters } = region;
  const byIdentifier = new Map(clusters.map((cluster) => [cluster.identifier, cluster]));
  const withoutAny = new Set(bare);
  const seen = { snapshots: [] as string[][], clusters: [] as string[][], inFlight: 0, mostInFlight: 0 };
  const answer = async <Answer>(make: () => Answer): Promise<Answer> => {
    seen.mostInFlight = Math.max(seen.mostInFlight, ++seen.inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    seen.inFlight--;
    return make();
  };
  const snapshotsOf = (identifiers: readonly string[]) =>
    identifiers
      .filter((identifier) => !withoutAny.has(identifier))
      .map((identifier) => {
        const clusterResourceId = byIdentifier.get(identifier)?.resourceId ?? null;
        return makeSnapshot({ cluster: identifier, clusterResourceId });
      });
  const aurora: Pick<Aurora, 'listClusters' | 'listSnapshots'> = {
    listSnapshots: async function* (identifiers) {
      seen.snapshots.push([...identifiers]);
      for (let start = 0; start < identifiers.length; start += pageSize) {
        yield await answer(() => {
          onSnapshots?.(identifiers, start / pageSize);
          return snapshotsOf(identifiers.slice(start, start + pageSize));
        });
      }
    },
    listClusters: (identifiers = []) => {
      seen.clusters.push([...identifiers]);
      return answer(() => {
        onClusters?.(identifiers);
        return {
          clusters: standing.filter(({ identifier }) => identifiers.includes(identifier)),
          unreadable: odd.map((cluster) => ({ cluster, reason: 'RDS answered without Port' })),
        };
      });
    },
  };
  return { aurora, seen };
};

const failFor =
  (poisoned: string[], name: ErrorName = 'UnreadableAnswer') =>
  (identifiers: readonly string[]) => {
    if (poisoned.some((identifier) => identifiers.includes(identifier))) {
      throw new DrillError(name, `injected ${name}`);
    }
  };

test('no clusters: nothing is asked', async () => {
  const { aurora, seen } = makeRegion([]);
  const { newest, gone, unreadable } = await readNewestSnapshots(aurora, [], counted);
  expect([newest.size, gone.size, unreadable]).toEqual([0, 0, []]);
  expect([seen.snapshots, seen.clusters]).toEqual([[], []]);
});

test.each([
  [1, [1]],
  [100, [100]],
  [101, [100, 1]],
  [250, [100, 100, 50]],
])('%i clusters: listings of %j clusters', async (count, sizes) => {
  const clusters = makeClusters(count);
  const { aurora, seen } = makeRegion(clusters);
  await readNewestSnapshots(aurora, clusters, counted);
  expect(seen.snapshots.map(({ length }) => length)).toEqual(sizes);
  expect(seen.snapshots.flat()).toEqual(identifiersOf(clusters));
});

test('10,000 clusters: all read in 100 listings, eight at once and never more', async () => {
  const clusters = makeClusters(10_000);
  const { aurora, seen } = makeRegion(clusters);
  const { newest, gone, unreadable } = await readNewestSnapshots(aurora, clusters, counted);
  expect(newest).toEqual(new Map(identifiersOf(clusters).map((identifier) => [identifier, taken])));
  expect([gone.size, unreadable]).toEqual([0, []]);
  expect([seen.snapshots.length, seen.clusters.length, seen.mostInFlight]).toEqual([100, 0, 8]);
});

test('10,000 clusters without a snapshot: looked for again in 100 listings, eight at once and never more', async () => {
  const clusters = makeClusters(10_000);
  const { aurora, seen } = makeRegion(clusters, { bare: identifiersOf(clusters) });
  const { newest, gone } = await readNewestSnapshots(aurora, clusters, counted);
  expect([newest.size, gone.size]).toEqual([0, 0]);
  expect(seen.clusters.map(({ length }) => length)).toEqual(Array(100).fill(100));
  expect(seen.mostInFlight).toBe(8);
});

test('only kinds that count: a cluster with other snapshots counts as one without', async () => {
  const clusters = makeClusters(1);
  const { newest } = await readNewestSnapshots(makeRegion(clusters).aurora, clusters, ['manual']);
  expect(newest.size).toBe(0);
});

test.each([0, 399, 512, 999])(
  'cluster %i of 1000 spoils its calls: it fails alone, in at most 14 more calls',
  async (index) => {
    const clusters = makeClusters(1000);
    const poisoned = `c${index}`;
    const { aurora, seen } = makeRegion(clusters, { onSnapshots: failFor([poisoned]) });
    const { newest, gone, unreadable } = await readNewestSnapshots(aurora, clusters, counted);
    expect(unreadable).toEqual([{ cluster: poisoned, reason: 'injected UnreadableAnswer' }]);
    expect(newest.size).toBe(999);
    expect([gone.size, seen.clusters]).toEqual([0, []]);
    expect(seen.snapshots.length).toBeLessThanOrEqual(10 + 14);
    expect(seen.mostInFlight).toBeLessThanOrEqual(8);
  },
);

test('several clusters spoil their calls, two of them neighbours: they fail, and every other one is read', async () => {
  const clusters = makeClusters(300);
  const poisoned = ['c7', 'c8', 'c99', 'c100'];
  const { aurora } = makeRegion(clusters, { onSnapshots: failFor(poisoned) });
  const { newest, unreadable } = await readNewestSnapshots(aurora, clusters, counted);
  expect(unreadable.map(({ cluster }) => cluster).sort()).toEqual(poisoned.sort());
  expect(newest.size).toBe(296);
});

test.each(['AccessDenied', 'Throttled', 'AwsUnavailable'] as const)(
  '%s: no call is halved, since no other group would fare better',
  async (name) => {
    const clusters = makeClusters(250);
    const { aurora, seen } = makeRegion(clusters, { onSnapshots: failFor(['c0'], name) });
    const { newest, unreadable } = await readNewestSnapshots(aurora, clusters, counted);
    expect(seen.snapshots).toHaveLength(3);
    expect(unreadable).toEqual(
      identifiersOf(clusters.slice(0, 100)).map((cluster) => ({ cluster, reason: `injected ${name}` })),
    );
    expect(newest.size).toBe(150);
  },
);

test.each([
  ['Throttled', 100, 0],
  ['UnreadableAnswer', 0, 100],
] as const)('%s on the second page: %i clusters fail, %i are read after all', async (name, failed, read) => {
  const clusters = makeClusters(100);
  const { aurora } = makeRegion(clusters, {
    onSnapshots: (_, page) => {
      if (page === 1) throw new DrillError(name, `injected ${name}`);
    },
  });
  const { newest, gone, unreadable } = await readNewestSnapshots(aurora, clusters, counted);
  const unread = new Set(unreadable.map(({ cluster }) => cluster));
  expect([unread.size, gone.size]).toEqual([failed, 0]);
  expect([...newest.keys()].filter((cluster) => !unread.has(cluster))).toHaveLength(read);
});

test('throttled while a spoiled call is halved: that half fails, and is not halved further', async () => {
  const clusters = makeClusters(100);
  const { aurora, seen } = makeRegion(clusters, {
    onSnapshots: (identifiers) => {
      failFor(['c0'], identifiers.length === 100 ? 'UnreadableAnswer' : 'Throttled')(identifiers);
    },
  });
  const { newest, unreadable } = await readNewestSnapshots(aurora, clusters, counted);
  expect(seen.snapshots.map(({ length }) => length)).toEqual([100, 50, 50]);
  expect([unreadable.length, newest.size]).toEqual([50, 50]);
});

test('clusters without a snapshot: looked for again, and no others', async () => {
  const clusters = makeClusters(300);
  const bare = ['c5', 'c205'];
  const { aurora, seen } = makeRegion(clusters, { bare, onSnapshots: failFor(['c0']) });
  const { newest, gone, unreadable } = await readNewestSnapshots(aurora, clusters, counted);
  expect(seen.clusters).toEqual([bare]);
  expect([newest.size, gone.size, unreadable.length]).toEqual([297, 0, 1]);
});

test.each<[string, Cluster[]]>([
  ['deleted', []],
  ['being deleted', [makeCluster({ identifier: 'c1', status: 'deleting' })]],
])('cluster %s between the calls: gone, and not without snapshots', async (_, standing) => {
  const clusters = makeClusters(3);
  const { aurora } = makeRegion(clusters, { bare: ['c1'], standing });
  const { newest, gone, unreadable } = await readNewestSnapshots(aurora, clusters, counted);
  expect([...gone]).toEqual(['c1']);
  expect([[...newest.keys()], unreadable]).toEqual([['c0', 'c2'], []]);
});

test('cluster that cannot be read on the second look: still there', async () => {
  const clusters = makeClusters(1);
  const { aurora } = makeRegion(clusters, { bare: ['c0'], standing: [], odd: ['c0'] });
  const { gone, unreadable } = await readNewestSnapshots(aurora, clusters, counted);
  expect([gone.size, unreadable]).toEqual([0, []]);
});

test('second look refused: neither gone nor without snapshots, but unreadable', async () => {
  const clusters = makeClusters(2);
  const { aurora } = makeRegion(clusters, { bare: ['c0'], onClusters: failFor(['c0'], 'AccessDenied') });
  const { newest, gone, unreadable } = await readNewestSnapshots(aurora, clusters, counted);
  expect(unreadable).toEqual([{ cluster: 'c0', reason: 'injected AccessDenied' }]);
  expect([[...newest.keys()], gone.size]).toEqual([['c1'], 0]);
});

test.each(['onSnapshots', 'onClusters'] as const)(
  'a defect in a listing (%s): thrown on',
  async (listing) => {
    const clusters = makeClusters(2);
    const onListing = () => {
      throw new TypeError('cannot read properties of undefined');
    };
    const { aurora, seen } = makeRegion(clusters, { bare: ['c0'], [listing]: onListing });
    await expect(readNewestSnapshots(aurora, clusters, counted)).rejects.toMatchObject({ name: 'TypeError' });
    expect(seen.snapshots).toHaveLength(1);
  },
);
