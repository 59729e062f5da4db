import type { Cluster, Instance, Parameter, Snapshot } from '../../../shared/aurora/port.ts';
import type { ClusterSettings, InstanceSettings } from '../../../shared/aurora/settings.ts';
import { addSeconds } from '../../../shared/instants.ts';
import { automatedSnapshot, blankCluster, usualSettings } from '../../aurora/descriptions.ts';
import type { ModelCluster } from '../../aurora/model-fleet.ts';
import type { EngineName } from '../../servers/engine-name.ts';

/** A cluster of the model fleet that is as it should be. Instants are ISO 8601. */

export const homeRegion = 'eu-west-1';
export const otherRegion = 'eu-central-1';

const account = '123456789012';
const hourSeconds = 3600;
export const daySeconds = 24 * hourSeconds;

export const arnOf = (region: string, name: string): string => `arn:aws:rds:${region}:${account}:${name}`;

/** @param now ISO 8601 */
export const wellSet = (name: string, engine: EngineName, now: string): ModelCluster => {
  const cluster: Cluster = {
    ...blankCluster(engine, name, engine === 'mysql' ? 3306 : 5432),
    arn: arnOf(homeRegion, `cluster:${name}`),
    encryption: 'sse-kms',
    status: 'available',
    createdAt: addSeconds(now, -400 * daySeconds),
    earliestRestorableTime: addSeconds(now, -35 * daySeconds),
    latestRestorableTime: addSeconds(now, -180),
    // Each has a group of its own, so that one can be denied.
    parameterGroup: `${name}-settings`,
    capacity: null,
    writer: `${name}-1`,
    isProtected: true,
    tags: { team: 'shop', environment: 'production' },
    backtrack:
      engine === 'mysql' ? { targetSeconds: daySeconds, earliestTime: addSeconds(now, -daySeconds) } : null,
    replication: { from: null, to: [] },
    settings: wellKept[engine],
  };
  return {
    cluster,
    instances: [instanceIn(name, 1), instanceIn(name, 2)],
    parameters: wellAudited[engine],
    snapshots: [0, 1, 2].map((daysAgo) => dailySnapshot(cluster, daysAgo, now)),
    publicSnapshots: [],
    copies: [],
  };
};

const kmsKey = arnOf(homeRegion, 'key/0a1b2c3d').replace('arn:aws:rds', 'arn:aws:kms');

export const keptSettings: ClusterSettings = {
  ...usualSettings,
  retentionDays: 35,
  kmsKey,
  copiesTagsToSnapshots: true,
};

const wellKept: Record<EngineName, ClusterSettings> = {
  postgres: { ...keptSettings, logExports: ['postgresql'] },
  mysql: { ...keptSettings, logExports: ['audit', 'error', 'slowquery'] },
};

const set = (name: string, value: string): Parameter => ({ name, value, isSet: true });

const wellAudited: Record<EngineName, Parameter[]> = {
  postgres: [
    set('shared_preload_libraries', 'pg_stat_statements,pgaudit'),
    set('pgaudit.log', 'ddl,role'),
    set('pgaudit.role', 'rds_pgaudit'),
    set('log_statement', 'ddl'),
  ],
  mysql: [
    set('server_audit_logging', '1'),
    set('server_audit_events', 'CONNECT,QUERY_DDL,QUERY_DCL'),
    set('binlog_format', 'OFF'),
  ],
};

const instanceSettings: InstanceSettings = {
  promotionTier: 1,
  hasMinorUpgrades: true,
  isPublic: false,
  maintenanceWindow: keptSettings.maintenanceWindow,
  certificateAuthority: 'rds-ca-rsa2048-g1',
  monitoring: null,
  insights: null,
};

const zones = ['a', 'b', 'c'].map((letter) => `${homeRegion}${letter}`);

/** @param number from 1 on; each stands in a zone of its own */
const instanceIn = (cluster: string, number: number): Instance => ({
  identifier: `${cluster}-${number}`,
  cluster,
  status: 'available',
  instanceClass: 'db.r7g.large',
  parameterGroup: 'default',
  zone: zones[number - 1] ?? null,
  settings: instanceSettings,
});

const dailySnapshot = (cluster: Cluster, daysAgo: number, now: string): Snapshot => {
  const taken = automatedSnapshot(cluster, addSeconds(now, -daysAgo * daySeconds - 4 * hourSeconds));
  return {
    ...taken,
    arn: arnOf(homeRegion, `cluster-snapshot:${taken.identifier}`),
    encryption: 'sse-kms',
    copiedFrom: null,
  };
};
