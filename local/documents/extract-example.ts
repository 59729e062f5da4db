import type { ExtractOutcome } from '../../shared/extraction/document.ts';
import { unknownVolume } from '../../shared/result/volume.ts';
import type { CheckResult } from '../../shared/truth/checks.ts';

/** The extract that the pages show: yesterday's orders of one tenant, with the users that they point to. */

const startedAt = '2026-11-20T09:00:00Z';
const copy = 'drill-shop-3c4d5e6f';

const passCheck = (table: string, kind: 'rows' | 'checksum', value: string | number): CheckResult => ({
  name: `${kind} ${table}`,
  kind,
  table,
  expected: value,
  actual: value,
  tolerance: null,
  verdict: 'passed',
  reason: kind === 'rows' ? 'the counts are equal' : 'every row is equal',
});

export const extractExample: ExtractOutcome = {
  id: '3c4d5e6f',
  plan: 'shop',
  source: 'shop',
  engine: 'aurora-postgresql',
  trigger: { kind: 'manual', reason: 'orders of tenant 7, ticket 2210' },
  dryRun: false,
  restore: { restoreTo: '2026-11-19T16:00:00Z', reached: '2026-11-19T16:00:00Z' },
  copy,
  sandbox: {
    name: 'dev',
    cluster: 'dev-aurora',
    host: 'dev-aurora.cluster-c1a2b3.eu-west-1.rds.amazonaws.com',
    database: 'sandbox',
    schema: 'extract_shop_20261119160000_3c4d5e6f',
    state: 'complete',
  },
  tables: [
    {
      table: 'public.orders',
      where: 'tenant_id = 7',
      partitions: 'none',
      leftOut: ['trigger audit_orders is left out', 'policy by_tenant is left out'],
      isParent: false,
      rows: 1_204_551,
      bytes: 318_767_104,
      ranges: { done: 16, all: 16 },
      columns: ['id', 'tenant_id', 'user_id', 'amount', 'state'],
      fixed: [],
      key: ['id'],
    },
    {
      table: 'public.users',
      where: null,
      partitions: 'none',
      leftOut: [],
      isParent: true,
      rows: 88_203,
      bytes: 12_582_912,
      ranges: { done: 2, all: 2 },
      columns: ['id', 'email'],
      fixed: [],
      key: ['id'],
    },
  ],
  checks: [
    passCheck('public.orders', 'rows', 1_204_551),
    passCheck('public.orders', 'checksum', '9f3a61c0d2b47e85'),
    passCheck('public.users', 'rows', 88_203),
    passCheck('public.users', 'checksum', '1b7d0e5a93c2f648'),
  ],
  changes: {
    summary: 'public.orders: 1,204 changed (in amount), 3 gone, 40 new',
    lines: [
      'public.orders: 1,204 changed (in amount): id 7, 9 and 1,202 more; 3 gone: id 12, 15, 18; 40 new: id 9001 and 39 more',
      '1 table unchanged',
    ],
    found: {
      tables: [
        {
          table: 'public.orders',
          unchanged: 1_203_344,
          changed: 1204,
          gone: 3,
          added: 40,
          isExact: true,
          margin: 0,
          key: ['id'],
          columns: [{ column: 'amount', rows: 1204 }],
          listed: {
            changed: [
              { key: ['7'], columns: ['amount'] },
              { key: ['9'], columns: ['amount'] },
            ],
            gone: [['12'], ['15'], ['18']],
            added: [['9001']],
          },
          redefined: { dropped: [], added: [] },
        },
      ],
      unchangedTables: 1,
      goneTables: [],
      addedTables: [],
      definitions: [],
      notCompared: [],
    },
  },
  tablesNow: '',
  sideEffects: '',
  phases: [
    { name: 'PrepareExtract', startedAt, endedAt: '2026-11-20T09:00:03Z', seconds: 3 },
    {
      name: 'CheckCluster',
      startedAt: '2026-11-20T09:00:05Z',
      endedAt: '2026-11-20T09:14:00Z',
      seconds: 835,
    },
    { name: 'CheckWriter', startedAt: '2026-11-20T09:14:00Z', endedAt: '2026-11-20T09:20:30Z', seconds: 390 },
    { name: 'CopyTables', startedAt: '2026-11-20T09:20:34Z', endedAt: '2026-11-20T09:21:40Z', seconds: 66 },
    {
      name: 'VerifyExtract',
      startedAt: '2026-11-20T09:21:40Z',
      endedAt: '2026-11-20T09:22:10Z',
      seconds: 30,
    },
  ],
  teardown: { status: 'pending', deleted: [] },
  resources: [
    { kind: 'cluster', name: copy, createdAt: '2026-11-20T09:00:05Z', deletedAt: null },
    { kind: 'instance', name: `${copy}-writer`, createdAt: '2026-11-20T09:14:00Z', deletedAt: null },
  ],
  cost: {
    used: {
      instance: { class: 'db.serverless', capacity: { min: 0.5, max: 8 }, minutes: 8, isSeenAvailable: true },
      storageMinutes: 22,
      isIoOptimized: false,
      volume: unknownVolume,
      undated: [],
      isStanding: false,
      stateTransitions: 80,
      functionSeconds: 120,
      functionGiBSeconds: 58,
    },
    estimate: { low: 0.02, high: 0.14, currency: 'USD' },
    assumptions: ['list prices of us-east-1 as of 2026-11-01, before tax and discounts: config/prices.json'],
  },
  startedAt,
  endedAt: '2026-11-20T09:22:12Z',
  failures: [],
};
