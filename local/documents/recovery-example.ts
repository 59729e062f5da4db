import { adviseRecovery } from '../../shared/recovery/advice.ts';
import type { RecoveryOutcome } from '../../shared/recovery/document.ts';
import type { RecoveryFacts } from '../../shared/recovery/facts.ts';
import { recoveredNames } from '../../shared/recovery/names.ts';
import { unknownVolume } from '../../shared/result/volume.ts';
import type { CheckResult } from '../../shared/truth/checks.ts';

/** The recovery that the pages show. */

const startedAt = '2026-11-19T03:00:00Z';
const restoreTo = '2026-11-19T02:50:00Z';
const { cluster, writer } = recoveredNames('shop', restoreTo);

/** A healthy PostgreSQL source, asked for ten minutes ago, with one snapshot from the morning before. */
export const exampleFacts: RecoveryFacts = {
  source: {
    identifier: 'shop',
    resourceId: 'cluster-SHOP',
    engine: 'aurora-postgresql',
    engineVersion: '17.7',
    status: 'available',
  },
  restoreTo,
  window: { earliest: '2026-11-12T00:00:00Z', latest: '2026-11-19T02:56:00Z' },
  snapshots: [
    {
      identifier: 'rds:shop-2026-11-18',
      cluster: 'shop',
      clusterResourceId: 'cluster-SHOP',
      type: 'automated',
      status: 'available',
      createdAt: '2026-11-18T02:10:00Z',
      isCopy: false,
      engine: 'aurora-postgresql',
      engineVersion: '17.7',
      tags: {},
    },
  ],
  backtrack: null,
  left: { clusters: 10, instances: 10 },
  wantedInstances: 2,
  clones: 0,
  sideEffects: { refusal: null, doubt: '' },
  measured: { 'point-in-time': { minutes: 22, drills: 8 } },
  hourly: { instances: { low: 0.5, high: 0.5 }, storage: 0.05, currency: 'USD' },
};

const passTest = (name: string): CheckResult => ({
  name: `test ${name}`,
  kind: 'query',
  table: null,
  expected: 0,
  actual: '0',
  tolerance: null,
  verdict: 'passed',
  reason: 'the answer is as expected',
});

const cost: RecoveryOutcome['cost'] = {
  used: {
    instance: null,
    storageMinutes: 28,
    isIoOptimized: false,
    volume: unknownVolume,
    isStanding: true,
    undated: [],
    stateTransitions: 60,
    functionSeconds: 40,
    functionGiBSeconds: 14,
  },
  estimate: { low: 0.2, high: 0.3, currency: 'USD' },
  assumptions: ['list prices'],
};

/** A recovery of the shop that went well: to ten minutes ago, after a bad update. */
export const recoveryExample: RecoveryOutcome = {
  id: '5e6f7a8b',
  plan: 'shop',
  source: 'shop',
  engine: 'aurora-postgresql',
  old: {
    resourceId: 'cluster-SHOP',
    endpoint: 'shop.cluster-c1a2b3.eu-west-1.rds.amazonaws.com',
    stands: true,
  },
  trigger: { kind: 'manual', reason: 'a bad update at 02:51' },
  dryRun: false,
  wish: {},
  advice: adviseRecovery(exampleFacts, 'auto', startedAt),
  restore: { kind: 'point-in-time', restoreTo, reached: restoreTo },
  cluster: {
    identifier: cluster,
    writer,
    endpoint: `${cluster}.cluster-c1a2b3.eu-west-1.rds.amazonaws.com`,
    readerEndpoint: `${cluster}.cluster-ro-c1a2b3.eu-west-1.rds.amazonaws.com`,
    port: 5432,
    isAvailable: true,
    isUsable: true,
    owner: null,
  },
  readers: [
    {
      identifier: `${cluster}-reader-1`,
      instanceClass: 'db.r8g.large',
      promotionTier: 1,
      like: 'shop-2',
      isReady: true,
    },
  ],
  usableAfterSeconds: 1320,
  changes: {
    summary: 'public.orders: 1,204 changed (in amount), 3 new',
    lines: [
      'public.orders: 1,204 changed (in amount): id 7, 9 and 1,202 more; 3 new: id 9001, 9002, 9003',
      '11 tables unchanged',
    ],
    found: {
      tables: [
        {
          table: 'public.orders',
          unchanged: 88_796,
          changed: 1204,
          gone: 0,
          added: 3,
          isExact: true,
          margin: 0,
          key: ['id'],
          columns: [{ column: 'amount', rows: 1204 }],
          listed: {
            changed: [
              { key: ['7'], columns: ['amount'] },
              { key: ['9'], columns: ['amount'] },
            ],
            gone: [],
            added: [['9001'], ['9002'], ['9003']],
          },
          redefined: { dropped: [], added: [] },
        },
      ],
      unchangedTables: 11,
      goneTables: [],
      addedTables: [],
      definitions: [],
      notCompared: [],
    },
  },
  tests: [passTest('checkout works'), passTest('bad rows gone')],
  settings: [
    { setting: 'port', source: '5432', recovered: '5432', outcome: 'same', command: null },
    {
      setting: 'IAM roles',
      source: 'arn:aws:iam::1:role/load',
      recovered: 'none',
      outcome: 'to do',
      command: `aws rds add-role-to-db-cluster --db-cluster-identifier ${cluster} --role-arn arn:aws:iam::1:role/load`,
    },
    {
      setting: 'targets of RDS Proxy',
      source: null,
      recovered: null,
      outcome: 'not known',
      command: 'aws rds describe-db-proxies',
    },
  ],
  phases: [
    { name: 'PrepareRecovery', startedAt, endedAt: '2026-11-19T03:00:02Z', seconds: 2 },
    {
      name: 'RestoreCluster',
      startedAt: '2026-11-19T03:00:02Z',
      endedAt: '2026-11-19T03:00:05Z',
      seconds: 3,
    },
    {
      name: 'VerifyRecovery',
      startedAt: '2026-11-19T03:00:05Z',
      endedAt: '2026-11-19T03:23:00Z',
      seconds: 1375,
    },
  ],
  resources: [
    { kind: 'cluster', name: cluster, createdAt: '2026-11-19T03:00:03Z' },
    { kind: 'instance', name: writer, createdAt: '2026-11-19T03:12:00Z' },
    { kind: 'instance', name: `${cluster}-reader-1`, createdAt: '2026-11-19T03:23:00Z' },
  ],
  cost: cost,
  startedAt,
  endedAt: '2026-11-19T03:31:00Z',
  failures: [],
};
