import {
  DescribeAccountAttributesCommand,
  DescribeDBClusterAutomatedBackupsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { rdsAurora } from '../../../shared/aws/rds.ts';
import { listRetainedBackups, readQuotas } from '../../../shared/aws/rds-recovery.ts';
import { awsError } from './aws-error.ts';

const rds = mockClient(RDSClient);
const aurora = rdsAurora({ listRetainedBackups, readQuotas }, new RDSClient({ region: 'eu-west-1' }));

beforeEach(() => rds.reset());

test('quotas: what is left of clusters and instances, never below nothing, and null where RDS does not say', async () => {
  rds.on(DescribeAccountAttributesCommand, {}).resolvesOnce({
    AccountQuotas: [
      { AccountQuotaName: 'DBInstances', Used: 41, Max: 40 },
      { AccountQuotaName: 'DBClusters', Used: 12, Max: 40 },
      { AccountQuotaName: 'ManualSnapshots', Used: 1, Max: 100 },
    ],
  });
  expect(await aurora.readQuotas()).toEqual({ clusters: 28, instances: 0 });

  rds
    .on(DescribeAccountAttributesCommand)
    .resolves({ AccountQuotas: [{ AccountQuotaName: 'DBClusters', Max: 40 }] });
  expect(await aurora.readQuotas()).toEqual({ clusters: null, instances: null });
});

test('retained backups: asked for by the filter, to the last Marker, with what they tell of the cluster', async () => {
  const requests: object[] = [];
  const pages = [
    {
      DBClusterAutomatedBackups: [
        {
          DBClusterIdentifier: 'prod',
          DbClusterResourceId: 'cluster-OLD',
          Engine: 'aurora-postgresql',
          EngineVersion: '17.7',
          EngineMode: 'provisioned',
          Port: 5433,
          RestoreWindow: {
            EarliestTime: new Date('2026-11-12T00:00:00Z'),
            LatestTime: new Date('2026-11-19T02:56:00Z'),
          },
          StorageType: 'aurora-iopt1',
          BackupRetentionPeriod: 7,
          PreferredBackupWindow: '02:10-02:40',
          KmsKeyId: 'arn:aws:kms:eu-west-1:1:key/k',
          IAMDatabaseAuthenticationEnabled: true,
          TagList: [{ Key: 'team', Value: 'payments' }],
        },
      ],
      Marker: 'two',
    },
    {
      DBClusterAutomatedBackups: [
        { DBClusterIdentifier: 'prod', DbClusterResourceId: 'cluster-OLDER', Engine: 'aurora-postgresql' },
        { DBClusterIdentifier: 'prod' },
      ],
    },
  ];
  rds.on(DescribeDBClusterAutomatedBackupsCommand).callsFake((request: object) => {
    requests.push({ ...request });
    return pages.shift();
  });

  const [newer, older, ...others] = await aurora.listRetainedBackups('prod');
  expect(newer).toEqual({
    cluster: 'prod',
    resourceId: 'cluster-OLD',
    engine: 'aurora-postgresql',
    engineVersion: '17.7',
    engineMode: 'provisioned',
    port: 5433,
    window: { earliest: '2026-11-12T00:00:00Z', latest: '2026-11-19T02:56:00Z' },
    storageType: 'aurora-iopt1',
    retentionDays: 7,
    backupWindow: '02:10-02:40',
    kmsKey: 'arn:aws:kms:eu-west-1:1:key/k',
    hasIamSignIn: true,
    tags: { team: 'payments' },
  });
  expect(older).toMatchObject({
    resourceId: 'cluster-OLDER',
    engineVersion: 'unknown',
    port: null,
    window: null,
  });
  // Nobody can restore it without its resource id.
  expect(others).toEqual([]);
  const Filters = [
    { Name: 'db-cluster-id', Values: ['prod'] },
    { Name: 'status', Values: ['retained'] },
  ];
  expect(requests).toEqual([
    { Filters, MaxRecords: 100 },
    { Filters, MaxRecords: 100, Marker: 'two' },
  ]);
});

test.each([
  ['Throttling', 'Throttled'],
  ['AccessDenied', 'AccessDenied'],
  ['SomethingNew', 'AwsFailure'],
] as const)('%s from RDS: %s', async (aws, name) => {
  rds.on(DescribeAccountAttributesCommand).rejects(awsError(aws));
  rds.on(DescribeDBClusterAutomatedBackupsCommand).rejects(awsError(aws));
  await expect(aurora.readQuotas()).rejects.toMatchObject({ name });
  await expect(aurora.listRetainedBackups('prod')).rejects.toMatchObject({ name });
});
