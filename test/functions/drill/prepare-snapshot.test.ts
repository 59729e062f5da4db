import { expect, test } from 'vitest';
import { restoreCluster } from '../../../functions/copy/restore-cluster.ts';
import { prepareDrill } from '../../../functions/drill/prepare-drill.ts';
import type { CopyRequest, Snapshot } from '../../../shared/aurora/port.ts';
import { makeCluster, makeSnapshot } from '../../shared/aurora/cluster-fixture.ts';
import { makeFreshDrill, makePassedDrill } from '../../shared/drill/state-fixture.ts';
import { clockAt, makeAurora, makeInstance } from '../fakes.ts';

type World = { from?: string; snapshots?: Partial<Snapshot>[]; input?: object };

/** Of a source whose backups have no restorable window. */
const prepare = ({ from = 'newest-snapshot', snapshots = [{}], input = {} }: World) => {
  const source = makeCluster({ earliestRestorableTime: null, latestRestorableTime: null });
  const aurora = makeAurora({
    findCluster: async () => source,
    listInstances: async () => [makeInstance('prod-aurora-main-1')],
    listClusterParameters: async () => [],
    listSnapshots: async function* () {
      yield snapshots.map(makeSnapshot);
    },
  });
  const plan = {
    source: source.identifier,
    database: { name: 'app', user: 'drill_reader' },
    restore: { from, instanceClass: 'db.r8g.large' },
  };
  const { execution } = makePassedDrill();
  return prepareDrill(
    { execution: { ...execution, input } },
    {
      aurora,
      readPlans: async () => JSON.stringify({ plans: { main: plan } }),
      teardownMinutes: 60,
      now: clockAt('08:00'),
    },
  );
};

test('newest snapshot: the newest that is of this cluster, available and no copy; its age is the RPO', async () => {
  const later = '2026-11-16T07:00:00Z';
  const snapshots = [
    { identifier: 'older', createdAt: '2026-11-15T02:10:00Z' },
    { identifier: 'by-hand', type: 'manual', createdAt: '2026-11-16T06:00:00Z', engineVersion: '17.6' },
    { identifier: 'unfinished', status: 'creating', createdAt: later },
    { identifier: 'copied', isCopy: true, createdAt: later },
    { identifier: 'of-an-earlier-cluster', clusterResourceId: 'cluster-EARLIER', createdAt: later },
    { identifier: 'drill-prod-aurora-main-0badcafe-snapshot', type: 'manual', createdAt: later },
    { identifier: 'of-who-knows-which-cluster', clusterResourceId: null, createdAt: later },
    { identifier: 'without-a-time', createdAt: null },
  ];
  expect(await prepare({ snapshots })).toMatchObject({
    copyKind: 'snapshot',
    restoreTo: '2026-11-16T06:00:00Z',
    rpoSeconds: 7200,
    snapshot: {
      identifier: 'by-hand',
      createdAt: '2026-11-16T06:00:00Z',
      type: 'manual',
      engine: 'aurora-postgresql',
      engineVersion: '17.6',
    },
  });
});

test('newest snapshot, and there is none: SnapshotNotFound', async () => {
  await expect(prepare({ snapshots: [{ status: 'failed' }] })).rejects.toMatchObject({
    name: 'SnapshotNotFound',
    summary: expect.stringContaining('source prod-aurora-main has no available snapshot'),
  });
});

test('newest snapshot from before a major upgrade: SnapshotNotFound that names both versions', async () => {
  const snapshots = [{ identifier: 'before-upgrade', engineVersion: '16.9' }];
  await expect(prepare({ snapshots })).rejects.toMatchObject({
    name: 'SnapshotNotFound',
    summary: expect.stringMatching(
      /before-upgrade, is of version 16\.9, from before its upgrade to 17\.\d+$/,
    ),
    hint: 'take a snapshot now, or wait for the next automated one',
  });
});

test('fresh snapshot: none is looked for, and there is no RPO to measure', async () => {
  expect(await prepare({ from: 'fresh-snapshot', snapshots: [] })).toMatchObject({
    copyKind: 'fresh-snapshot',
    snapshot: null,
    restoreTo: null,
    rpoSeconds: null,
  });
});

test.each(['newest-snapshot', 'fresh-snapshot'])(
  '%s and a restoreTo: InvalidInput says why',
  async (from) => {
    const input = { restoreTo: '2026-11-16T07:00:00Z' };
    await expect(prepare({ from, input })).rejects.toMatchObject({
      name: 'InvalidInput',
      summary: `restoreTo is 2026-11-16T07:00:00Z, and the plan has restore.from: ${from}`,
      hint: expect.stringContaining('leave restoreTo out'),
    });
  },
);

test('the log of a source without a restorable window: SourceNotRestorable', async () => {
  await expect(prepare({ from: 'log' })).rejects.toMatchObject({ name: 'SourceNotRestorable' });
});

/** What RDS is asked for. */
const restoreFrom = async (state: Parameters<typeof restoreCluster>[0]) => {
  const requests: CopyRequest[] = [];
  const aurora = makeAurora({ restoreCluster: async (request) => void requests.push(request) });
  await restoreCluster(state, { aurora, now: clockAt('08:06') });
  return requests[0];
};

test('the restore: of that snapshot, in its own engine version, with every setting of the source', async () => {
  const { execution } = makePassedDrill();
  const snapshots = [{ identifier: 'rds:prod-2026-11-16-02-10', engineVersion: '17.6' }];
  const PrepareDrill = { ...(await prepare({ snapshots })) };
  expect(await restoreFrom({ execution, PrepareDrill } as never)).toMatchObject({
    kind: 'snapshot',
    snapshot: 'rds:prod-2026-11-16-02-10',
    engine: 'aurora-postgresql',
    engineVersion: '17.6',
    target: PrepareDrill.target.cluster,
    port: 5432,
    subnetGroup: 'app-private',
    securityGroups: ['sg-0a1b2c3d4e'],
    parameterGroup: 'app-cluster',
    inherited: PrepareDrill.restore.inherited,
    tags: PrepareDrill.tags,
  });
});

test('the restore of a fresh snapshot: of the one that was taken', async () => {
  const { RestoreCluster: _, ...state } = makeFreshDrill();
  expect(await restoreFrom(state)).toMatchObject({
    kind: 'snapshot',
    snapshot: state.TakeSnapshot.snapshot,
    engineVersion: '17.7',
  });
});

test('a snapshot that no state has fixed: UnreadableAnswer', async () => {
  const { CheckSnapshot: _, RestoreCluster: __, ...state } = makeFreshDrill();
  await expect(restoreFrom(state)).rejects.toMatchObject({ name: 'UnreadableAnswer' });
});
