import {
  CreateDBInstanceCommand,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  ModifyDBClusterCommand,
  RDSClient,
  RestoreDBClusterFromSnapshotCommand,
  RestoreDBClusterToPointInTimeCommand,
  StartDBClusterCommand,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import * as verbs from '../../../shared/aws/rds.ts';
import { awsError } from './aws-error.ts';

const rds = mockClient(RDSClient);
const { rdsAurora, patientRds: _, removalVerbs: __, teardownVerbs: ___, ...all } = verbs;
const aurora = rdsAurora(all, new RDSClient({ region: 'eu-west-1' }));

beforeEach(() => rds.reset());

const restore = {
  kind: 'point-in-time' as const,
  source: 'prod',
  target: 'drill-prod-1',
  restoreTo: '2026-11-19T02:13:00Z',
  port: 5433,
  subnetGroup: 'drill-private',
  securityGroups: ['sg-1'],
  parameterGroup: 'prod-pg',
  capacity: { min: 0.5, max: 8 },
  inherited: {
    storageType: 'aurora-iopt1',
    lifecycleSupport: 'open-source-rds-extended-support',
    networkType: 'DUAL',
  },
  tags: { 'aurora-drills:drill': '1' },
};

test('cluster: described in our words, instants as ISO 8601', async () => {
  rds.on(DescribeDBClustersCommand, { DBClusterIdentifier: 'prod' }).resolves({
    DBClusters: [
      {
        DBClusterIdentifier: 'prod',
        DbClusterResourceId: 'cluster-ABC',
        Engine: 'aurora-postgresql',
        EngineVersion: '17.4',
        Status: 'available',
        ClusterCreateTime: new Date('2024-01-01T00:00:00Z'),
        Endpoint: 'prod.cluster-x.rds.amazonaws.com',
        ReaderEndpoint: 'prod.cluster-ro-x.rds.amazonaws.com',
        Port: 5432,
        EarliestRestorableTime: new Date('2026-11-12T00:00:00Z'),
        LatestRestorableTime: new Date('2026-11-19T02:13:00.250Z'),
        DBSubnetGroup: 'private',
        VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1', Status: 'active' }],
        DBClusterParameterGroup: 'prod-pg',
        ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 16 },
        EngineMode: 'provisioned',
        ClusterScalabilityType: 'limitless',
        VPCNetworkingEnabled: false,
        StorageType: 'aurora-iopt1',
        EngineLifecycleSupport: 'open-source-rds-extended-support',
        NetworkType: 'DUAL',
        DBClusterMembers: [
          {
            DBInstanceIdentifier: 'prod-2',
            IsClusterWriter: false,
            DBClusterParameterGroupStatus: 'pending-reboot',
          },
          { DBInstanceIdentifier: 'prod-1', IsClusterWriter: true, DBClusterParameterGroupStatus: 'in-sync' },
        ],
        DeletionProtection: true,
        MasterUsername: 'postgres',
        PendingModifiedValues: {
          EngineVersion: '17.5',
          MasterUserPassword: '****',
          PendingCloudwatchLogsExports: { LogTypesToEnable: ['postgresql'] },
        },
        TagList: [{ Key: 'env', Value: 'prod' }],
      },
    ],
  });
  expect(await aurora.findCluster('prod')).toEqual({
    identifier: 'prod',
    resourceId: 'cluster-ABC',
    engine: 'aurora-postgresql',
    engineVersion: '17.4',
    engineMode: 'provisioned',
    isLimitless: true,
    isInVpc: false,
    status: 'available',
    createdAt: '2024-01-01T00:00:00Z',
    endpoint: 'prod.cluster-x.rds.amazonaws.com',
    readerEndpoint: 'prod.cluster-ro-x.rds.amazonaws.com',
    port: 5432,
    earliestRestorableTime: '2026-11-12T00:00:00Z',
    latestRestorableTime: '2026-11-19T02:13:00.250Z',
    subnetGroup: 'private',
    securityGroups: ['sg-1'],
    parameterGroup: 'prod-pg',
    capacity: { min: 0.5, max: 16 },
    storageType: 'aurora-iopt1',
    lifecycleSupport: 'open-source-rds-extended-support',
    networkType: 'DUAL',
    writer: 'prod-1',
    backtrack: null,
    isProtected: true,
    tags: { env: 'prod' },
    cloneGroup: null,
    masterUser: 'postgres',
    isPasswordPending: true,
    pending: ['EngineVersion'],
    unrebooted: ['prod-2'],
    settings: expect.objectContaining({ retentionDays: null }),
    replication: { from: null, to: [] },
    arn: null,
    encryption: null,
  });
});

test.each([
  ['on: its target and its earliest time', 86_400, '2026-11-18T02:13:00Z'],
  ['on and too young for an earliest time: null there', 86_400, null],
  ['0, which means off: null', 0, null],
  ['not told, as for PostgreSQL: null', undefined, null],
])('Backtrack %s', async (_, targetSeconds, earliestTime) => {
  const cluster = { DBClusterIdentifier: 'prod', Engine: 'aurora-mysql', Status: 'available', Port: 3306 };
  rds.on(DescribeDBClustersCommand).resolves({
    DBClusters: [
      {
        ...cluster,
        BacktrackWindow: targetSeconds,
        EarliestBacktrackTime: earliestTime === null ? undefined : new Date(earliestTime),
      },
    ],
  });
  const backtrack = targetSeconds ? { targetSeconds, earliestTime } : null;
  expect(await aurora.findCluster('prod')).toMatchObject({ engine: 'aurora-mysql', backtrack });
});

test('cluster that does not exist: undefined, no error', async () => {
  rds.on(DescribeDBClustersCommand).rejects(awsError('DBClusterNotFoundFault'));
  expect(await aurora.findCluster('prod')).toBeUndefined();
});

test('cluster without a status: UnreadableAnswer, not a guess', async () => {
  rds
    .on(DescribeDBClustersCommand)
    .resolves({ DBClusters: [{ DBClusterIdentifier: 'prod', Engine: 'x', Port: 1 }] });
  await expect(aurora.findCluster('prod')).rejects.toMatchObject({ name: 'UnreadableAnswer' });
});

test('instances: all pages of the cluster, whoever made them', async () => {
  const instance = (name: string) => ({
    DBInstanceIdentifier: name,
    DBInstanceStatus: 'available',
    DBInstanceClass: 'db.r8g.large',
    DBParameterGroups: [{ DBParameterGroupName: 'pg' }],
  });
  rds
    .on(DescribeDBInstancesCommand)
    .resolvesOnce({ DBInstances: [instance('a')], Marker: 'next' })
    .resolvesOnce({ DBInstances: [instance('b')] });
  const names = (await aurora.listInstances('prod')).map(({ identifier }) => identifier);
  expect(names).toEqual(['a', 'b']);
  expect(rds.commandCalls(DescribeDBInstancesCommand)[0]?.args[0].input.Filters).toEqual([
    { Name: 'db-cluster-id', Values: ['prod'] },
  ]);
});

/** Sent for every kind of copy. */
const asked = {
  DBClusterIdentifier: 'drill-prod-1',
  Port: 5433,
  DBSubnetGroupName: 'drill-private',
  VpcSecurityGroupIds: ['sg-1'],
  DBClusterParameterGroupName: 'prod-pg',
  EnableIAMDatabaseAuthentication: true,
  DeletionProtection: false,
  BackupRetentionPeriod: 1,
  ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 8 },
  StorageType: 'aurora-iopt1',
  EngineLifecycleSupport: 'open-source-rds-extended-support',
  NetworkType: 'DUAL',
  Tags: [{ Key: 'aurora-drills:drill', Value: '1' }],
};

test('restore: to the second, every setting said outright, our tags and no others', async () => {
  rds.on(RestoreDBClusterToPointInTimeCommand).resolves({});
  await aurora.restoreCluster(restore);
  expect(rds.commandCalls(RestoreDBClusterToPointInTimeCommand)[0]?.args[0].input).toEqual({
    SourceDBClusterIdentifier: 'prod',
    RestoreToTime: new Date('2026-11-19T02:13:00Z'),
    ...asked,
  });
});

test('clone: of now, without an instant, and the same settings', async () => {
  rds.on(RestoreDBClusterToPointInTimeCommand).resolves({});
  const { restoreTo: _, ...settings } = restore;
  await aurora.restoreCluster({ ...settings, kind: 'clone' });
  expect(rds.commandCalls(RestoreDBClusterToPointInTimeCommand)[0]?.args[0].input).toEqual({
    SourceDBClusterIdentifier: 'prod',
    RestoreType: 'copy-on-write',
    UseLatestRestorableTime: true,
    ...asked,
  });
});

test('copy of a snapshot: engine and version of the snapshot said outright, and the same settings', async () => {
  rds.on(RestoreDBClusterFromSnapshotCommand).resolves({});
  const { restoreTo: _, source: __, ...settings } = restore;
  await verbs.restoreAny(new RDSClient({}))({
    ...settings,
    kind: 'snapshot',
    snapshot: 'rds:prod-2026-11-19-02-13',
    engine: 'aurora-postgresql',
    engineVersion: '16.4',
  });
  expect(rds.commandCalls(RestoreDBClusterFromSnapshotCommand)[0]?.args[0].input).toEqual({
    SnapshotIdentifier: 'rds:prod-2026-11-19-02-13',
    Engine: 'aurora-postgresql',
    EngineVersion: '16.4',
    ...asked,
  });
});

test('copies of every kind: a clone goes the way of a restore', async () => {
  rds.on(RestoreDBClusterToPointInTimeCommand).resolves({});
  const { restoreTo: _, ...settings } = restore;
  await verbs.restoreAny(new RDSClient({}))({ ...settings, kind: 'clone' });
  expect(rds.commandCalls(RestoreDBClusterToPointInTimeCommand)).toHaveLength(1);
});

test('restore of a provisioned cluster: no scaling configuration', async () => {
  rds.on(RestoreDBClusterToPointInTimeCommand).resolves({});
  await aurora.restoreCluster({ ...restore, capacity: null });
  const { input } = rds.commandCalls(RestoreDBClusterToPointInTimeCommand)[0]?.args[0] ?? {};
  expect(input).not.toHaveProperty('ServerlessV2ScalingConfiguration');
});

test('restore of a job that began before an upgrade: what its source has is not sent', async () => {
  rds.on(RestoreDBClusterToPointInTimeCommand).resolves({});
  const { inherited: _, ...older } = restore;
  await aurora.restoreCluster(older);
  const { input } = rds.commandCalls(RestoreDBClusterToPointInTimeCommand)[0]?.args[0] ?? {};
  expect(input).toMatchObject({
    StorageType: undefined,
    EngineLifecycleSupport: undefined,
    NetworkType: undefined,
  });
});

test('writer: in the cluster, not public, tagged', async () => {
  rds.on(CreateDBInstanceCommand).resolves({});
  await aurora.addWriter({
    cluster: 'drill-prod-1',
    identifier: 'drill-prod-1-writer',
    engine: 'aurora-postgresql',
    instanceClass: 'db.serverless',
    parameterGroup: 'pg',
    tags: { a: 'b' },
  });
  expect(rds.commandCalls(CreateDBInstanceCommand)[0]?.args[0].input).toEqual({
    DBClusterIdentifier: 'drill-prod-1',
    DBInstanceIdentifier: 'drill-prod-1-writer',
    Engine: 'aurora-postgresql',
    DBInstanceClass: 'db.serverless',
    DBParameterGroupName: 'pg',
    PubliclyAccessible: false,
    Tags: [{ Key: 'a', Value: 'b' }],
  });
});

test('deletions: the cluster without a final snapshot and without its automated backups', async () => {
  rds.on(DeleteDBInstanceCommand).resolves({}).on(DeleteDBClusterCommand).resolves({});
  await aurora.deleteInstance('drill-prod-1-writer');
  await aurora.deleteCluster('drill-prod-1');
  expect(rds.commandCalls(DeleteDBInstanceCommand)[0]?.args[0].input).toEqual({
    DBInstanceIdentifier: 'drill-prod-1-writer',
  });
  expect(rds.commandCalls(DeleteDBClusterCommand)[0]?.args[0].input).toEqual({
    DBClusterIdentifier: 'drill-prod-1',
    SkipFinalSnapshot: true,
    DeleteAutomatedBackups: true,
  });
});

test('a master password: set at once, and nothing else of the cluster; pending until RDS has set it', async () => {
  rds.on(ModifyDBClusterCommand).resolves({});
  await aurora.setMasterPassword({ identifier: 'drill-prod-1', password: 'secret-of-this-test' });
  expect(rds.commandCalls(ModifyDBClusterCommand)[0]?.args[0].input).toEqual({
    DBClusterIdentifier: 'drill-prod-1',
    MasterUserPassword: 'secret-of-this-test',
    ApplyImmediately: true,
  });

  const described = { DBClusterIdentifier: 'drill-prod-1', Engine: 'x', Status: 'available', Port: 1 };
  const pending = { ...described, PendingModifiedValues: { MasterUserPassword: '****' } };
  rds.on(DescribeDBClustersCommand).resolves({ DBClusters: [pending] });
  expect(await aurora.findCluster('drill-prod-1')).toMatchObject({ isPasswordPending: true });

  rds.on(ModifyDBClusterCommand).rejects(awsError('InvalidDBClusterStateFault'));
  const refused = aurora.setMasterPassword({ identifier: 'drill-prod-1', password: 'secret-of-this-test' });
  await expect(refused).rejects.toMatchObject({
    name: 'InvalidClusterState',
    message: expect.not.stringContaining('secret-of-this-test'),
  });
});

test('a stopped cluster is started, and deletion protection switched off: nothing else of a cluster is ever modified', async () => {
  rds.on(StartDBClusterCommand).resolves({}).on(ModifyDBClusterCommand).resolves({});
  await aurora.startCluster('drill-prod-1');
  await aurora.liftProtection('drill-prod-1');
  expect(rds.commandCalls(StartDBClusterCommand)[0]?.args[0].input).toEqual({
    DBClusterIdentifier: 'drill-prod-1',
  });
  expect(rds.commandCalls(ModifyDBClusterCommand)[0]?.args[0].input).toEqual({
    DBClusterIdentifier: 'drill-prod-1',
    DeletionProtection: false,
  });
});

describe('errors of AWS', () => {
  test.each([
    ['DBClusterQuotaExceededFault', 'QuotaExceeded'],
    ['DBClusterAlreadyExistsFault', 'TargetNameTaken'],
    ['InvalidRestoreFault', 'RequestRefused'],
    ['Throttling', 'Throttled'],
    ['ThrottlingException', 'Throttled'],
    ['AccessDenied', 'AccessDenied'],
    ['SomethingNew', 'AwsFailure'],
  ])('%s on a restore: %s, with the operation and the words of AWS', async (name, expected) => {
    rds.on(RestoreDBClusterToPointInTimeCommand).rejects(awsError(name));
    await expect(aurora.restoreCluster(restore)).rejects.toMatchObject({
      name: expected,
      summary: `restore drill-prod-1 from prod to 2026-11-19T02:13:00Z: ${name}: said so`,
    });
  });
});
