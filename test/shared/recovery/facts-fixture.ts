import { exampleFacts } from '../../../local/documents/recovery-example.ts';
import type { RecoveryFacts, RecoverySource } from '../../../shared/recovery/facts.ts';
import { makeSnapshot } from '../aurora/cluster-fixture.ts';

export const now = '2026-11-19T03:00:00Z';

type Changes = Partial<Omit<RecoveryFacts, 'source'>> & { source?: Partial<RecoverySource> };

/** The example, whose source is a healthy PostgreSQL, asked for ten minutes ago. */
export const makeFacts = ({ source, ...changes }: Changes = {}): RecoveryFacts => ({
  ...exampleFacts,
  ...changes,
  source: { ...exampleFacts.source, ...source },
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
