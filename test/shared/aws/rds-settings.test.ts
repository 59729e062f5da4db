import {
  CreateDBInstanceCommand,
  type DBCluster,
  type DBInstance,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  RestoreDBClusterFromSnapshotCommand,
  RestoreDBClusterToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Cluster, CopyRequest } from '../../../shared/aurora/port.ts';
import type { ClusterSettings, InstanceSettings } from '../../../shared/aurora/settings.ts';
import { addWriter, findCluster, listInstances, rdsAurora, restoreAny } from '../../../shared/aws/rds.ts';

const rds = mockClient(RDSClient);
const client = new RDSClient({ region: 'eu-west-1' });
const aurora = rdsAurora({ findCluster, listInstances, restoreAny, addWriter }, client);

beforeEach(() => rds.reset());

const find = async (more: DBCluster): Promise<Cluster | undefined> => {
  const cluster = { DBClusterIdentifier: 'prod', Engine: 'aurora-mysql', Status: 'available', Port: 3306 };
  rds.on(DescribeDBClustersCommand).resolves({ DBClusters: [{ ...cluster, ...more }] });
  return aurora.findCluster('prod');
};

const describeCluster = async (more: DBCluster): Promise<ClusterSettings | undefined> =>
  (await find(more))?.settings;

const describeInstance = async (more: DBInstance): Promise<InstanceSettings | undefined> => {
  const instance = {
    DBInstanceIdentifier: 'a',
    DBInstanceStatus: 'available',
    DBInstanceClass: 'db.r8g.large',
  };
  rds.on(DescribeDBInstancesCommand).resolves({ DBInstances: [{ ...instance, ...more }] });
  return (await aurora.listInstances('prod'))[0]?.settings;
};

test.each([
  [
    { MinCapacity: 0, MaxCapacity: 8, SecondsUntilAutoPause: 600 },
    { min: 0, max: 8, autoPauseSeconds: 600 },
  ],
  // One that never goes down to 0 never pauses, and RDS takes no time for it.
  [
    { MinCapacity: 0.5, MaxCapacity: 8, SecondsUntilAutoPause: 300 },
    { min: 0.5, max: 8 },
  ],
  [
    { MinCapacity: 0, MaxCapacity: 8 },
    { min: 0, max: 8 },
  ],
])('capacity %j', async (ServerlessV2ScalingConfiguration, capacity) => {
  expect((await find({ ServerlessV2ScalingConfiguration }))?.capacity).toEqual(capacity);
});

describe('settings of a cluster', () => {
  test('all of them in our words', async () => {
    const settings = await describeCluster({
      BackupRetentionPeriod: 35,
      PreferredBackupWindow: '02:10-02:40',
      PreferredMaintenanceWindow: 'sun:03:00-sun:03:30',
      KmsKeyId: 'arn:key',
      EnabledCloudwatchLogsExports: ['audit', 'error'],
      IAMDatabaseAuthenticationEnabled: true,
      CopyTagsToSnapshot: true,
      AutoMinorVersionUpgrade: false,
      HttpEndpointEnabled: true,
      AssociatedRoles: [{ RoleArn: 'arn:role', FeatureName: 's3Import' }, { RoleArn: 'arn:load' }, {}],
      CustomEndpoints: ['reports.cluster-custom-x.rds.amazonaws.com'],
      GlobalClusterIdentifier: 'world',
      MasterUserSecret: { SecretArn: 'arn:secret' },
      LocalWriteForwardingStatus: 'enabled',
      ActivityStreamStatus: 'started',
      ActivityStreamMode: 'async',
      ActivityStreamKmsKeyId: 'arn:stream-key',
      DomainMemberships: [{ Domain: 'd-1234567890', IAMRoleName: 'directory' }],
    });
    expect(settings).toEqual({
      retentionDays: 35,
      backupWindow: '02:10-02:40',
      maintenanceWindow: 'sun:03:00-sun:03:30',
      kmsKey: 'arn:key',
      logExports: ['audit', 'error'],
      hasIamSignIn: true,
      copiesTagsToSnapshots: true,
      hasMinorUpgrades: false,
      hasHttpEndpoint: true,
      roles: [
        { arn: 'arn:role', feature: 's3Import' },
        { arn: 'arn:load', feature: null },
      ],
      customEndpoints: ['reports.cluster-custom-x.rds.amazonaws.com'],
      globalCluster: 'world',
      masterSecret: 'arn:secret',
      hasLocalWriteForwarding: true,
      activityStream: { mode: 'async', kmsKey: 'arn:stream-key' },
      domain: { id: 'd-1234567890', role: 'directory' },
    });
  });

  test('not told: null, each of them', async () => {
    const settings = await describeCluster({});
    expect(Object.values(settings ?? {})).toEqual(Array(16).fill(null));
  });

  test('an activity stream that is stopped: none', async () => {
    const settings = await describeCluster({
      ActivityStreamStatus: 'stopped',
      ActivityStreamMode: 'async',
      ActivityStreamKmsKeyId: 'arn:stream-key',
    });
    expect(settings?.activityStream).toBeNull();
  });
});

describe('settings of an instance', () => {
  test('all of them in our words', async () => {
    const settings = await describeInstance({
      PromotionTier: 0,
      AutoMinorVersionUpgrade: false,
      PubliclyAccessible: true,
      PreferredMaintenanceWindow: 'mon:03:00-mon:03:30',
      CACertificateIdentifier: 'rds-ca-rsa4096-g1',
      MonitoringInterval: 15,
      MonitoringRoleArn: 'arn:monitoring',
      PerformanceInsightsEnabled: true,
      DatabaseInsightsMode: 'advanced',
      PerformanceInsightsRetentionPeriod: 465,
      PerformanceInsightsKMSKeyId: 'arn:key',
    });
    expect(settings).toEqual({
      promotionTier: 0,
      hasMinorUpgrades: false,
      isPublic: true,
      maintenanceWindow: 'mon:03:00-mon:03:30',
      certificateAuthority: 'rds-ca-rsa4096-g1',
      monitoring: { seconds: 15, role: 'arn:monitoring' },
      insights: { mode: 'advanced', retentionDays: 465, kmsKey: 'arn:key' },
    });
  });

  test.each([
    ['not told', {}],
    ['monitoring and insights off', { MonitoringInterval: 0, PerformanceInsightsEnabled: false }],
  ])('%s: null, each of them', async (_, more) => {
    expect(Object.values((await describeInstance(more)) ?? {})).toEqual(Array(7).fill(null));
  });
});

describe('a cluster that is kept', () => {
  const kept = {
    retentionDays: 35,
    backupWindow: '02:10-02:40',
    kmsKey: 'arn:key',
    logExports: ['postgresql'],
    hasIamSignIn: false,
    copiesTagsToSnapshots: true,
    backtrackSeconds: 86_400,
  };
  const settings = {
    target: 'recovered-prod-20261119021300',
    port: 3307,
    subnetGroup: 'private',
    securityGroups: ['sg-1'],
    parameterGroup: 'prod',
    capacity: null,
    inherited: { storageType: null, lifecycleSupport: null, networkType: null },
    kept,
    tags: { 'aurora-recovered:source': 'prod' },
  };
  const restore: CopyRequest = {
    kind: 'point-in-time',
    source: 'prod',
    restoreTo: '2026-11-19T02:13:00Z',
    ...settings,
  };

  const asked = {
    DBClusterIdentifier: 'recovered-prod-20261119021300',
    Port: 3307,
    DBSubnetGroupName: 'private',
    VpcSecurityGroupIds: ['sg-1'],
    DBClusterParameterGroupName: 'prod',
    DeletionProtection: true,
    EnableIAMDatabaseAuthentication: false,
    BackupRetentionPeriod: 35,
    PreferredBackupWindow: '02:10-02:40',
    KmsKeyId: 'arn:key',
    EnableCloudwatchLogsExports: ['postgresql'],
    CopyTagsToSnapshot: true,
    BacktrackWindow: 86_400,
    Tags: [{ Key: 'aurora-recovered:source', Value: 'prod' }],
  };
  const ask = async (request: CopyRequest): Promise<unknown> => {
    rds.on(RestoreDBClusterToPointInTimeCommand).resolves({});
    await aurora.restoreAny(request);
    return rds.commandCalls(RestoreDBClusterToPointInTimeCommand)[0]?.args[0].input;
  };

  test('to a point in time: protected from the first call, and what its source has', async () => {
    expect(await ask(restore)).toEqual({
      SourceDBClusterIdentifier: 'prod',
      RestoreToTime: new Date('2026-11-19T02:13:00Z'),
      ...asked,
    });
  });

  test('of a deleted source: by its resource id alone', async () => {
    expect(await ask({ ...restore, resourceId: 'cluster-ABC' })).toEqual({
      SourceDbClusterResourceId: 'cluster-ABC',
      RestoreToTime: new Date('2026-11-19T02:13:00Z'),
      ...asked,
    });
  });

  test('one that pauses when it is idle: after as long as its source', async () => {
    const capacity = { min: 0, max: 8, autoPauseSeconds: 86_400 };
    expect(await ask({ ...restore, capacity })).toMatchObject({
      ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 8, SecondsUntilAutoPause: 86_400 },
    });
  });

  test('a clone: no key of its own', async () => {
    expect(await ask({ kind: 'clone', source: 'prod', ...settings })).toEqual({
      SourceDBClusterIdentifier: 'prod',
      RestoreType: 'copy-on-write',
      UseLatestRestorableTime: true,
      ...asked,
      KmsKeyId: undefined,
    });
  });

  test('of a snapshot: the same', async () => {
    rds.on(RestoreDBClusterFromSnapshotCommand).resolves({});
    const origin = { kind: 'snapshot' as const, snapshot: 's', engine: 'aurora-mysql', engineVersion: '8.0' };
    await aurora.restoreAny({ ...origin, ...settings });
    expect(rds.commandCalls(RestoreDBClusterFromSnapshotCommand)[0]?.args[0].input).toEqual({
      SnapshotIdentifier: 's',
      Engine: 'aurora-mysql',
      EngineVersion: '8.0',
      ...asked,
    });
  });

  test('of a source whose settings are not known: protected, with IAM sign-in, and the rest left to RDS', async () => {
    const unknown = {
      retentionDays: null,
      backupWindow: null,
      kmsKey: null,
      logExports: null,
      hasIamSignIn: null,
      copiesTagsToSnapshots: null,
      backtrackSeconds: null,
    };
    expect(await ask({ ...restore, kept: unknown })).toMatchObject({
      DeletionProtection: true,
      EnableIAMDatabaseAuthentication: true,
      BackupRetentionPeriod: undefined,
      KmsKeyId: undefined,
      BacktrackWindow: undefined,
    });
  });

  test('a reader: with the promotion tier of the one that it stands for, 0 included', async () => {
    rds.on(CreateDBInstanceCommand).resolves({});
    const reader = {
      cluster: 'recovered-prod-1',
      identifier: 'recovered-prod-1-reader-1',
      engine: 'aurora-mysql',
      instanceClass: 'db.r8g.large',
      parameterGroup: null,
      tags: {},
    };
    await aurora.addWriter({ ...reader, promotionTier: 0 });
    await aurora.addWriter(reader);
    const tiers = rds.commandCalls(CreateDBInstanceCommand).map(({ args }) => args[0].input.PromotionTier);
    expect(tiers).toEqual([0, undefined]);
  });
});
