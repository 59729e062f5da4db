import type { RecoveryFacts, RecoverySource } from '../../../shared/recovery/facts.ts';
import { makeSnapshot } from '../aurora/cluster-fixture.ts';

export const now = '2026-11-19T03:00:00Z';

type Changes = Partial<Omit<RecoveryFacts, 'source'>> & { source?: Partial<RecoverySource> };

/** A healthy PostgreSQL source, asked for ten minutes ago, with one snapshot from the morning before. */
export const makeFacts = ({ source, ...changes }: Changes = {}): RecoveryFacts => ({
  source: {
    identifier: 'shop',
    resourceId: 'cluster-SHOP',
    engine: 'aurora-postgresql',
    engineVersion: '17.7',
    status: 'available',
    ...source,
  },
  restoreTo: '2026-11-19T02:50:00Z',
  window: { earliest: '2026-11-12T00:00:00Z', latest: '2026-11-19T02:56:00Z' },
  snapshots: [makeSnapshotAt('2026-11-18T02:10:00Z')],
  backtrack: null,
  left: { clusters: 10, instances: 10 },
  wantedInstances: 2,
  clones: 0,
  sideEffects: { refusal: null, doubt: '' },
  measured: { 'point-in-time': { minutes: 22, drills: 8 } },
  hourly: { instances: { low: 0.5, high: 0.5 }, storage: 0.05, currency: 'USD' },
  ...changes,
});

/** A usable snapshot of the shop. */
export const makeSnapshotAt = (createdAt: string, changes: Parameters<typeof makeSnapshot>[0] = {}) =>
  makeSnapshot({
    identifier: `rds:shop-${createdAt.slice(0, 10)}`,
    cluster: 'shop',
    clusterResourceId: 'cluster-SHOP',
    createdAt,
    ...changes,
  });

/** Aurora MySQL with a Backtrack window of a day. */
export const mysql = { source: { engine: 'aurora-mysql', engineVersion: '8.0.mysql_aurora.3.08.0' } };
export const backtrack = { targetSeconds: 86_400, earliestTime: '2026-11-18T03:00:00Z' };
