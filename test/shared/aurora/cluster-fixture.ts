import type { Cluster, Snapshot } from '../../../shared/aurora/port.ts';

/** A healthy source cluster. Another identifier makes another cluster. */
export const makeCluster = (changes: Partial<Cluster> = {}): Cluster => ({
  identifier: 'prod-aurora-main',
  resourceId: changes.identifier === undefined ? 'cluster-PRODMAIN' : `cluster-OF-${changes.identifier}`,
  engine: 'aurora-postgresql',
  engineVersion: '17.7',
  engineMode: 'provisioned',
  isLimitless: false,
  isInVpc: true,
  status: 'available',
  createdAt: '2024-03-01T10:00:00Z',
  endpoint: 'prod-aurora-main.cluster-c1a2b3.eu-west-1.rds.amazonaws.com',
  readerEndpoint: 'prod-aurora-main.cluster-ro-c1a2b3.eu-west-1.rds.amazonaws.com',
  port: 5432,
  earliestRestorableTime: '2026-11-09T08:00:00Z',
  latestRestorableTime: '2026-11-16T07:57:00Z',
  subnetGroup: 'app-private',
  securityGroups: ['sg-0a1b2c3d4e'],
  parameterGroup: 'app-cluster',
  capacity: { min: 0.5, max: 32 },
  storageType: 'aurora-iopt1',
  lifecycleSupport: 'open-source-rds-extended-support-disabled',
  networkType: 'IPV4',
  writer: 'prod-aurora-main-1',
  backtrack: null,
  isProtected: false,
  tags: { team: 'payments' },
  ...changes,
});

/** An automated snapshot of that cluster, ready to be restored. */
export const makeSnapshot = (changes: Partial<Snapshot> = {}): Snapshot => ({
  identifier: 'rds:prod-aurora-main-2026-11-16-02-10',
  cluster: 'prod-aurora-main',
  clusterResourceId: 'cluster-PRODMAIN',
  type: 'automated',
  status: 'available',
  createdAt: '2026-11-16T02:10:00Z',
  isCopy: false,
  engine: 'aurora-postgresql',
  engineVersion: '17.7',
  tags: {},
  ...changes,
});
