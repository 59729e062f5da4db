import {
  CreateDBInstanceCommand,
  type DBCluster,
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBParametersCommand,
  RDSClient,
  RestoreDBClusterToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { addWriter } from '../../../functions/copy/add-writer.ts';
import { restoreCluster } from '../../../functions/copy/restore-cluster.ts';
import { prepareDrill } from '../../../functions/drill/prepare-drill.ts';
import * as verbs from '../../../shared/aws/rds.ts';
import { makeDrillUpTo } from '../../shared/drill/state-fixture.ts';
import { clockAt } from '../fakes.ts';

/** As RDS describes a Serverless v2 cluster with I/O-Optimized storage. */
const described: DBCluster = {
  DBClusterIdentifier: 'prod-aurora-main',
  DbClusterResourceId: 'cluster-PRODMAIN',
  Engine: 'aurora-postgresql',
  EngineVersion: '17.7',
  EngineMode: 'provisioned',
  ClusterScalabilityType: 'standard',
  VPCNetworkingEnabled: true,
  Status: 'available',
  ClusterCreateTime: new Date('2024-03-01T10:00:00Z'),
  Endpoint: 'prod-aurora-main.cluster-c1a2b3.eu-west-1.rds.amazonaws.com',
  ReaderEndpoint: 'prod-aurora-main.cluster-ro-c1a2b3.eu-west-1.rds.amazonaws.com',
  Port: 5432,
  EarliestRestorableTime: new Date('2026-11-09T08:00:00Z'),
  LatestRestorableTime: new Date('2026-11-16T07:57:00Z'),
  DBSubnetGroup: 'app-private',
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0a1b2c3d4e' }],
  DBClusterParameterGroup: 'app-cluster',
  ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 32 },
  StorageType: 'aurora-iopt1',
  EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
  NetworkType: 'DUAL',
  DBClusterMembers: [{ DBInstanceIdentifier: 'prod-aurora-main-1', IsClusterWriter: true }],
  DeletionProtection: true,
  TagList: [{ Key: 'team', Value: 'payments' }],
};

const mysql = { Engine: 'aurora-mysql', EngineVersion: '8.0.mysql_aurora.3.10.0', Port: 3306 };
const provisioned = { ServerlessV2ScalingConfiguration: undefined };

const rds = mockClient(RDSClient);
const {
  findCluster,
  listInstances,
  listSnapshots,
  listClusterParameters,
  listInstanceParameters,
  rdsAurora,
} = verbs;
const { restoreCluster: restoring, addWriter: adding } = verbs;
const reading = {
  findCluster,
  listInstances,
  listSnapshots,
  listClusterParameters,
  listInstanceParameters,
};
const aurora = rdsAurora(
  { ...reading, restoreCluster: restoring, addWriter: adding },
  new RDSClient({ region: 'eu-west-1' }),
);

beforeEach(() => rds.reset());

type World = { source: Partial<DBCluster>; writer?: string; restore?: object };

/** From the first state to the writer, with the requests that RDS gets. */
const drill = async ({ source, writer = 'db.serverless', restore = {} }: World) => {
  rds.on(DescribeDBClustersCommand).resolves({ DBClusters: [{ ...described, ...source }] });
  rds.on(DescribeDBInstancesCommand).resolves({
    DBInstances: [
      {
        DBInstanceIdentifier: 'prod-aurora-main-1',
        DBClusterIdentifier: 'prod-aurora-main',
        DBInstanceStatus: 'available',
        DBInstanceClass: writer,
        DBParameterGroups: [{ DBParameterGroupName: 'app-writer' }],
      },
    ],
  });
  rds.on(DescribeDBClusterParametersCommand).resolves({ Parameters: [] });
  rds.on(DescribeDBParametersCommand).resolves({ Parameters: [] });
  rds.on(RestoreDBClusterToPointInTimeCommand).resolves({});
  rds.on(CreateDBInstanceCommand).resolves({});
  const plan = { source: 'prod-aurora-main', database: { name: 'app', user: 'drill_reader' }, restore };
  const now = clockAt('08:06');
  const before = { ...makeDrillUpTo('CheckRestorePoint') };
  const execution = { ...before.execution, input: {} };
  const PrepareDrill = await prepareDrill(
    { execution },
    {
      aurora,
      readPlans: async () => JSON.stringify({ plans: { main: plan } }),
      teardownMinutes: 60,
      now,
    },
  );
  const state = { ...before, execution, PrepareDrill };
  await restoreCluster(state, { aurora, now });
  await addWriter(state, { aurora, now });
  return PrepareDrill;
};

const requests = () => ({
  restored: rds.commandCalls(RestoreDBClusterToPointInTimeCommand).map(({ args }) => args[0].input),
  created: rds.commandCalls(CreateDBInstanceCommand).map(({ args }) => args[0].input),
});

/** What a drill of the described cluster asks for. */
const restored = {
  SourceDBClusterIdentifier: 'prod-aurora-main',
  RestoreToTime: expect.any(Date),
  DBClusterIdentifier: expect.stringMatching(/^drill-prod-aurora-main-[0-9a-f]{8}$/),
  Port: 5432,
  DBSubnetGroupName: 'app-private',
  VpcSecurityGroupIds: ['sg-0a1b2c3d4e'],
  DBClusterParameterGroupName: 'app-cluster',
  EnableIAMDatabaseAuthentication: true,
  DeletionProtection: false,
  BackupRetentionPeriod: 1,
  ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 32 },
  StorageType: 'aurora-iopt1',
  EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
  NetworkType: 'DUAL',
};
const created = {
  DBClusterIdentifier: restored.DBClusterIdentifier,
  DBInstanceIdentifier: expect.stringMatching(/-writer$/),
  Engine: 'aurora-postgresql',
  DBInstanceClass: 'db.serverless',
  DBParameterGroupName: 'app-writer',
  PubliclyAccessible: false,
};

const expectRequests = async (world: World, changes: { restored?: object; created?: object }) => {
  const { tags } = await drill(world);
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  expect(requests()).toEqual({
    restored: [{ ...restored, Tags, ...changes.restored }],
    created: [{ ...created, Tags, ...changes.created }],
  });
};

const supported = 'supported are Aurora PostgreSQL 12 or later and Aurora MySQL 3 or later';

describe('flavours that cannot be drilled', () => {
  test.each<[flavour: string, Partial<DBCluster>]>([
    ['Aurora MySQL 2', { ...mysql, EngineVersion: '5.7.mysql_aurora.2.12.5' }],
    ['Aurora MySQL 2 or older', { ...mysql, EngineVersion: '5.6.10a' }],
    ['a PostgreSQL older than 12', { EngineVersion: '11.21' }],
    ['a PostgreSQL older than 12', { EngineVersion: '9.6.22' }],
    ['Limitless', { EngineVersion: '16.6-limitless', ClusterScalabilityType: 'limitless' }],
    ['Serverless v1', { EngineMode: 'serverless', EngineVersion: '13.12', ...provisioned }],
    ['Serverless v1', { ...mysql, EngineMode: 'serverless', EngineVersion: '5.7.mysql_aurora.2.11.4' }],
    [
      'without VPC networking',
      {
        VPCNetworkingEnabled: false,
        InternetAccessGatewayEnabled: true,
        DBSubnetGroup: undefined,
        VpcSecurityGroups: undefined,
      },
    ],
    ['another engine', { Engine: 'neptune', EngineVersion: '1.3.2.1' }],
    ['another engine', { Engine: 'mysql', EngineVersion: '8.0.39' }],
  ])('%s (%o): refused by name, with what is supported, before anything is made', async (flavour, source) => {
    await expect(drill({ source })).rejects.toMatchObject({
      name: 'NotSupported',
      summary: expect.stringMatching(new RegExp(`${flavour}.*${source.EngineVersion ?? ''}.*${supported}`)),
    });
    expect(requests()).toEqual({ restored: [], created: [] });
  });

  test.each<[string, World]>([
    [
      'db.serverless in the plan, a provisioned source, and no capacity',
      { source: provisioned, writer: 'db.r8g.large', restore: { instanceClass: 'db.serverless' } },
    ],
    ['db.serverless in the source, whose capacity RDS does not tell', { source: provisioned }],
  ])('%s: InvalidPlan that names restore.capacity, before anything is made', async (_, world) => {
    await expect(drill(world)).rejects.toMatchObject({
      name: 'InvalidPlan',
      summary: expect.stringContaining('restore.capacity is missing'),
    });
    expect(requests()).toEqual({ restored: [], created: [] });
  });
});

describe('flavours that can be drilled', () => {
  test('Serverless v2, I/O-Optimized, both networks, without Extended Support: so is the copy', () =>
    expectRequests({ source: {} }, {}));

  test.each(['12.22', '13.18', '14.3', '18.1'])('PostgreSQL %s: drilled', (EngineVersion) =>
    expectRequests({ source: { EngineVersion } }, {}),
  );

  test.each(['8.0.mysql_aurora.3.04.0', '8.4.mysql_aurora.4.0.0'])('Aurora MySQL %s: drilled', (version) =>
    expectRequests(
      { source: { ...mysql, EngineVersion: version } },
      { restored: { Port: 3306 }, created: { Engine: 'aurora-mysql' } },
    ),
  );

  test('provisioned: no capacity is sent, and the writer has the class of the source', () =>
    expectRequests(
      { source: provisioned, writer: 'db.r8g.large' },
      {
        restored: { ServerlessV2ScalingConfiguration: undefined },
        created: { DBInstanceClass: 'db.r8g.large' },
      },
    ));

  test('provisioned, with db.serverless and a capacity in the plan: both are sent', () =>
    expectRequests(
      {
        source: provisioned,
        writer: 'db.r8g.large',
        restore: { instanceClass: 'db.serverless', capacity: { min: 1, max: 4 } },
      },
      { restored: { ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 4 } } },
    ));

  test.each(['open-source-rds-extended-support', 'open-source-rds-extended-support-disabled'])(
    'EngineLifecycleSupport %s: passed on',
    (EngineLifecycleSupport) =>
      expectRequests({ source: { EngineLifecycleSupport } }, { restored: { EngineLifecycleSupport } }),
  );

  test.each(['aurora', 'aurora-iopt1'])('StorageType %s: passed on', (StorageType) =>
    expectRequests({ source: { StorageType } }, { restored: { StorageType } }),
  );

  test('tags in the plan: on the cluster and on its instance, beside ours', async () => {
    await drill({ source: {}, restore: { tags: { CostCenter: 'data', team: 'dba' } } });
    const { restored, created } = requests();
    for (const { Tags = [] } of [...restored, ...created]) {
      expect(Tags).toHaveLength(7);
      expect(Tags).toContainEqual({ Key: 'CostCenter', Value: 'data' });
      expect(Tags).toContainEqual({ Key: 'team', Value: 'dba' });
      expect(Tags.filter(({ Key }) => Key?.startsWith('aurora-drills:'))).toHaveLength(5);
    }
    expect([restored.length, created.length]).toEqual([1, 1]);
  });

  test.each(['IPV4', 'DUAL'])('NetworkType %s: passed on', (NetworkType) =>
    expectRequests({ source: { NetworkType } }, { restored: { NetworkType } }),
  );
});

describe('a description that lacks a member', () => {
  const refusals: Partial<Record<keyof DBCluster, string>> = {
    DBClusterIdentifier: 'UnreadableAnswer',
    Engine: 'UnreadableAnswer',
    Status: 'UnreadableAnswer',
    Port: 'UnreadableAnswer',
    EarliestRestorableTime: 'SourceNotRestorable',
    LatestRestorableTime: 'SourceNotRestorable',
    // Its writer is of class db.serverless.
    ServerlessV2ScalingConfiguration: 'InvalidPlan',
  };
  /** What is not sent then. RDS takes its own default. */
  const omitted: Partial<Record<keyof DBCluster, object>> = {
    DBSubnetGroup: { DBSubnetGroupName: undefined },
    VpcSecurityGroups: { VpcSecurityGroupIds: [] },
    DBClusterParameterGroup: { DBClusterParameterGroupName: undefined },
    StorageType: { StorageType: undefined },
    EngineLifecycleSupport: { EngineLifecycleSupport: undefined },
    NetworkType: { NetworkType: undefined },
  };
  const members = Object.keys(described) as (keyof DBCluster)[];

  test.each(members.filter((member) => member in refusals))(
    '%s, which a drill needs: refused by name, and nothing is made',
    async (member) => {
      await expect(drill({ source: { [member]: undefined } })).rejects.toMatchObject({
        name: refusals[member],
      });
      expect(requests()).toEqual({ restored: [], created: [] });
    },
  );

  test.each(members.filter((member) => !(member in refusals)))(
    '%s: drilled, and nothing is invented in its place',
    (member) => expectRequests({ source: { [member]: undefined } }, { restored: omitted[member] ?? {} }),
  );
});
