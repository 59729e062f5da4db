import type { Cluster, Instance, Parameter, Snapshot, SnapshotRequest } from '../../shared/aurora/port.ts';
import type { ClusterSettings, KeptSettings } from '../../shared/aurora/settings.ts';
import type { EngineName } from '../servers/engine-name.ts';
import { mariadbOwner } from '../servers/mariadb.ts';
import { superuser } from '../sources/postgres.ts';
import type { BacktrackSettings } from './backtracks.ts';

/** How RDS describes what exists on this machine. */

/** Here a name is never given twice. */
export const resourceIdOf = (identifier: string): string => `cluster-${identifier.toUpperCase()}`;

type Backed = Pick<Cluster, 'identifier' | 'engine' | 'engineVersion'>;

/** Named as RDS names its automated snapshots. */
export const automatedSnapshot = (
  { identifier: cluster, engine, engineVersion }: Backed,
  createdAt: string,
): Snapshot => ({
  identifier: `rds:${cluster}-${createdAt.slice(0, 16).replace(/[T:]/g, '-')}`,
  cluster,
  clusterResourceId: resourceIdOf(cluster),
  type: 'automated',
  status: 'available',
  createdAt,
  isCopy: false,
  engine,
  engineVersion,
  tags: {},
});

/** One that somebody takes, at its beginning. */
export const manualSnapshot = (
  { engine, engineVersion }: Backed,
  { identifier, cluster, tags }: SnapshotRequest,
): Snapshot => ({
  identifier,
  cluster,
  clusterResourceId: resourceIdOf(cluster),
  type: 'manual',
  status: 'creating',
  createdAt: null,
  isCopy: false,
  engine,
  engineVersion,
  tags,
});

/** What every server here is started with: nothing acts in a copy. */
export const localParameters: Parameter[] = [
  { name: 'max_logical_replication_workers', value: '0', isSet: true },
  { name: 'shared_preload_libraries', value: '', isSet: false },
  { name: 'event_scheduler', value: 'OFF', isSet: true },
  { name: 'skip_replica_start', value: 'ON', isSet: true },
];

/** Of a cluster with Backtrack. */
export const binlogFormat = ({ hasBinlogConsumers = false }: BacktrackSettings): Parameter => ({
  name: 'binlog_format',
  value: hasBinlogConsumers ? 'ROW' : 'OFF',
  isSet: true,
});

/** The writer, then a reader that has no server: nothing here asks it, and a recovery makes as many. */
export const sourceInstances = (cluster: string, status: string): Instance[] =>
  [1, 2].map((number) => ({
    identifier: `${cluster}-${number}`,
    cluster,
    status,
    instanceClass: 'db.serverless',
    parameterGroup: 'local-instance',
  }));

/** The Aurora engine that each server plays. */
const auroraEngines = {
  postgres: { engine: 'aurora-postgresql', engineVersion: '18', masterUser: superuser },
  mysql: { engine: 'aurora-mysql', engineVersion: '8.0.mysql_aurora.3.10.0', masterUser: mariadbOwner },
} as const satisfies Record<EngineName, Partial<Cluster>>;

/** What RDS describes of a cluster that nobody has set anything of, but for sign-in with IAM, which a plan needs. */
export const usualSettings: ClusterSettings = {
  retentionDays: 7,
  backupWindow: '02:10-02:40',
  maintenanceWindow: 'sun:03:00-sun:03:30',
  kmsKey: null,
  logExports: [],
  hasIamSignIn: true,
  copiesTagsToSnapshots: false,
  hasHttpEndpoint: false,
  roles: [],
  customEndpoints: [],
  globalCluster: null,
  masterSecret: null,
  hasLocalWriteForwarding: false,
  activityStream: null,
  domain: null,
};

/** A restore has RDS's defaults for what the request leaves out. A setting of the source that is not known is not in it. */
export const restoredSettings = (kept: KeptSettings | undefined): ClusterSettings => {
  const { backtrackSeconds: _, ...named } = kept ?? {};
  const known = Object.entries(named).filter(([, value]) => value !== null);
  return { ...usualSettings, retentionDays: 1, hasIamSignIn: false, ...Object.fromEntries(known) };
};

export const blankCluster = (engine: EngineName, identifier: string, port: number): Cluster => ({
  identifier,
  resourceId: resourceIdOf(identifier),
  ...auroraEngines[engine],
  engineMode: 'provisioned',
  isLimitless: false,
  isInVpc: true,
  status: 'creating',
  createdAt: null,
  endpoint: '127.0.0.1',
  // Readers here have ports of their own, so no one address leads to all.
  readerEndpoint: null,
  port,
  // RDS: null until a cluster's own restore completes. Restored clusters are never backed up here.
  earliestRestorableTime: null,
  latestRestorableTime: null,
  subnetGroup: null,
  securityGroups: [],
  parameterGroup: 'local-cluster',
  // As in a small drill in AWS. Used only for the estimate of the cost.
  capacity: { min: 0.5, max: 8 },
  storageType: null,
  lifecycleSupport: null,
  networkType: null,
  writer: null,
  backtrack: null,
  isProtected: false,
  tags: {},
  settings: usualSettings,
});
