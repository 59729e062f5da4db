import { describe, expect, test } from 'vitest';
import { DrillError } from '../../../shared/errors.ts';
import type { Plan } from '../../../shared/plan/plans.ts';
import { fixRecovery, settleRecovered } from '../../../shared/recovering/job.ts';
import { readFacts } from '../../../shared/recovering/sights.ts';
import { findSource, type SeenSource } from '../../../shared/recovering/source.ts';
import type { Choice } from '../../../shared/recovery/way-back.ts';
import { failWith, makeAurora, makeInstance } from '../../functions/fakes.ts';
import { makeCluster, makeSnapshot } from '../aurora/cluster-fixture.ts';
import { testPrices } from '../result/prices-fixture.ts';

const execution = {
  id: 'arn:aws:states:eu-west-1:111122223333:execution:aurora-drills-prod-recover:c0ffee',
  name: 'c0ffee',
  startedAt: '2026-11-16T08:00:00Z',
  input: {},
};

const seen = (changes: Partial<SeenSource> = {}): SeenSource => ({
  cluster: makeCluster(),
  instances: [makeInstance('prod-aurora-main-1', { instanceClass: 'db.r6g.large', parameterGroup: 'app' })],
  stands: true,
  window: { earliest: '2026-11-09T08:00:00Z', latest: '2026-11-16T07:57:00Z' },
  ...changes,
});

const plan = (changes: Partial<Plan> = {}) => ({
  name: 'main',
  timeoutMinutes: 60,
  restore: {},
  sideEffects: 'refuse' as const,
  recover: { readers: 'same' as const },
  ...changes,
});

const log: Choice = {
  mechanism: 'point-in-time',
  reason: '',
  reaches: '2026-11-16T07:30:00Z',
  lossSeconds: 0,
  isAhead: false,
  resourceId: null,
};

describe('settings of a recovered cluster', () => {
  test("the source's own, whatever the plan says of copies", () => {
    const restore = { subnetGroup: 'drills', port: 6000, instanceClass: 'db.t4g.medium' };
    expect(settleRecovered(plan({ restore }), seen())).toMatchObject({
      port: 5432,
      subnetGroup: 'app-private',
      securityGroups: ['sg-0a1b2c3d4e'],
      clusterParameterGroup: 'app-cluster',
      instanceParameterGroup: 'app',
      instanceClass: 'db.r6g.large',
      inherited: { storageType: 'aurora-iopt1', networkType: 'IPV4' },
    });
  });

  test('a class that the plan gives recovered clusters counts most', () => {
    const recover = { readers: 'same' as const, instanceClass: 'db.r8g.xlarge' };
    expect(settleRecovered(plan({ recover }), seen()).instanceClass).toBe('db.r8g.xlarge');
  });

  test('a source without instances: the class of copies; without that either: InvalidPlan', () => {
    const bare = seen({ instances: [] });
    const restore = { instanceClass: 'db.t4g.medium' };
    expect(settleRecovered(plan({ restore }), bare).instanceClass).toBe('db.t4g.medium');
    expect(() => settleRecovered(plan(), bare)).toThrow(DrillError);
  });
});

describe('the job', () => {
  const fix = (choice: Choice, source = seen(), changes: Partial<Plan> = {}) =>
    fixRecovery({
      execution,
      plan: plan(changes),
      sources: ['prod-aurora-main', 'other'],
      source,
      snapshots: [makeSnapshot()],
      restore: settleRecovered(plan(), source),
      choice,
    });

  test('named by source and time, with the tags of the source, of the plan and of the recovery', () => {
    const recover = { readers: 'same' as const, tags: { CostCenter: 'data' } };
    expect(fix(log, seen(), { recover })).toMatchObject({
      target: {
        cluster: 'recovered-prod-aurora-main-20261116073000',
        writer: 'recovered-prod-aurora-main-20261116073000-writer',
      },
      restoreTo: '2026-11-16T07:30:00Z',
      deadline: '2026-11-16T09:00:00Z',
      tags: {
        team: 'payments',
        CostCenter: 'data',
        'aurora-recovered:source': 'prod-aurora-main',
        'aurora-recovered:restore-to': '2026-11-16T07:30:00Z',
      },
      kept: { resourceId: null },
    });
  });

  test('from a snapshot: that snapshot, with the version that was chosen and its own time', () => {
    const choice: Choice = {
      mechanism: 'snapshot',
      reason: '',
      reaches: '2026-11-16T02:10:00Z',
      lossSeconds: 60,
      snapshot: makeSnapshot().identifier,
      engineVersion: '17.6',
    };
    expect(fix(choice)).toMatchObject({
      copyKind: 'snapshot',
      snapshot: { identifier: makeSnapshot().identifier, engineVersion: '17.6' },
      target: { cluster: 'recovered-prod-aurora-main-20261116021000' },
    });
  });

  test('of a deleted source: its resource id is kept for the restore', () => {
    expect(fix({ ...log, resourceId: 'cluster-GONE' }).kept?.resourceId).toBe('cluster-GONE');
  });
});

describe('what is seen', () => {
  const verbs = {
    findCluster: async () => undefined,
    listSnapshots: async function* () {
      yield [makeSnapshot()];
    },
    readQuotas: async () => ({ clusters: 3, instances: 4 }),
  };
  const look = (source: SeenSource, more = {}) =>
    readFacts(makeAurora({ ...verbs, ...more }), {
      source,
      restoreTo: '2026-11-16T07:30:00Z',
      restore: settleRecovered(plan(), source),
      readers: [
        {
          identifier: '-reader-1',
          instanceClass: 'db.r6g.large',
          parameterGroup: null,
          promotionTier: 1,
          like: null,
        },
      ],
      execution: execution.id,
      measured: {},
      prices: testPrices,
    });

  test('clones: the clusters that share storage with the source, itself left out; not known without a group, or if nobody may look', async () => {
    const group = (identifier: string) => makeCluster({ identifier, cloneGroup: 'g' });
    const source = seen({ cluster: makeCluster({ cloneGroup: 'g' }) });
    const clusters = [source.cluster, group('one'), group('two'), makeCluster({ identifier: 'three' })];
    const listClusters = async () => ({ clusters, unreadable: [] });
    expect(await look(source, { listClusters })).toMatchObject({ clones: 2, wantedInstances: 2 });
    expect((await look(seen())).clones).toBeNull();
    const denied = await look(source, {
      listClusters: failWith('AccessDenied'),
      readQuotas: failWith('AccessDenied'),
    });
    expect(denied).toMatchObject({ clones: null, left: { clusters: null, instances: null } });
  });

  test('an hour costs what writer and readers cost, and storage; a class without a price: not known', async () => {
    const { hourly } = await look(seen());
    // Of I/O-Optimized storage: two instances at 0.6 dollars, and 100 GiB at 0.146 dollars a month.
    expect(hourly).toEqual({
      instances: { low: 1.2, high: 1.2 },
      storage: expect.closeTo(0.02, 6),
      currency: 'USD',
    });
    const odd = seen({ instances: [makeInstance('prod-aurora-main-1', { instanceClass: 'db.x9.huge' })] });
    expect((await look(odd)).hourly?.instances).toBeNull();
  });

  test('a cluster of that name which is another: what is left stays as it is', async () => {
    const findCluster = async () => makeCluster({ identifier: 'recovered-x', tags: {} });
    expect((await look(seen(), { findCluster })).left).toEqual({ clusters: 3, instances: 4 });
  });

  test('a deleted source with two retained backups: the one that reaches further', async () => {
    const backup = (resourceId: string, latest: string | null) => ({
      cluster: 'prod',
      resourceId,
      engine: 'aurora-mysql',
      engineVersion: '8.0.mysql_aurora.3.08.0',
      engineMode: 'provisioned',
      port: null,
      window: latest === null ? null : { earliest: '2026-11-01T00:00:00Z', latest },
      storageType: null,
      retentionDays: null,
      backupWindow: null,
      kmsKey: null,
      hasIamSignIn: null,
      tags: {},
    });
    const listRetainedBackups = async () => [
      backup('cluster-NONE', null),
      backup('cluster-OLD', '2026-11-02T00:00:00Z'),
      backup('cluster-NEW', '2026-11-05T00:00:00Z'),
    ];
    const source = await findSource(makeAurora({ ...verbs, listRetainedBackups }), 'prod');
    expect(source).toMatchObject({
      cluster: { resourceId: 'cluster-NEW', port: 3306, status: 'deleted' },
      stands: false,
      instances: [],
    });
  });
});
