import {
  type DBCluster,
  type DBInstance,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { findCluster, rdsAurora } from '../../../shared/aws/rds.ts';
import { listPublicSnapshots, listRegionInstances } from '../../../shared/aws/rds-region.ts';
import { awsError } from './aws-error.ts';

const rds = mockClient(RDSClient);
const client = new RDSClient({ region: 'eu-west-1' });
const aurora = rdsAurora({ findCluster, listRegionInstances, listPublicSnapshots }, client);

beforeEach(() => rds.reset());

const readAll = async <Page>(pages: AsyncIterable<Page>): Promise<Page[]> => {
  const all: Page[] = [];
  for await (const page of pages) all.push(page);
  return all;
};

describe('the instances of a Region', () => {
  const instance = (name: string, changes: Partial<DBInstance> = {}): DBInstance => ({
    DBInstanceIdentifier: name,
    DBClusterIdentifier: 'prod',
    DBInstanceStatus: 'available',
    DBInstanceClass: 'db.r8g.large',
    ...changes,
  });

  test('those of Aurora alone, in pages of 100, to the last Marker', async () => {
    const requests: object[] = [];
    rds.on(DescribeDBInstancesCommand).callsFake((input) => {
      // The paginator changes its request from page to page.
      requests.push({ ...input });
      return input.Marker === undefined
        ? { DBInstances: [instance('a', { AvailabilityZone: 'eu-west-1b' })], Marker: 'two' }
        : { DBInstances: [instance('b')] };
    });
    const pages = await readAll(aurora.listRegionInstances());
    expect(pages.map(({ instances }) => instances.map(({ identifier, zone }) => [identifier, zone]))).toEqual(
      [[['a', 'eu-west-1b']], [['b', null]]],
    );
    const first = {
      Filters: [{ Name: 'engine', Values: ['aurora-mysql', 'aurora-postgresql'] }],
      MaxRecords: 100,
    };
    expect(requests).toEqual([first, { ...first, Marker: 'two' }]);
  });

  test('one that cannot be read: its cluster is named with what it lacks, and the others are there', async () => {
    rds.on(DescribeDBInstancesCommand).resolves({
      DBInstances: [
        instance('a'),
        instance('odd', { DBInstanceStatus: undefined }),
        instance('x', { DBInstanceIdentifier: undefined, DBClusterIdentifier: 'other' }),
        instance('b'),
      ],
    });
    const [page] = await readAll(aurora.listRegionInstances());
    expect(page?.instances.map(({ identifier }) => identifier)).toEqual(['a', 'b']);
    expect(page?.unreadable).toEqual([
      { cluster: 'prod', reason: 'odd: RDS answered without DBInstanceStatus' },
      { cluster: 'other', reason: 'an instance: RDS answered without DBInstanceIdentifier' },
    ]);
  });

  test('one in no cluster, and an answer without any: left out', async () => {
    rds
      .on(DescribeDBInstancesCommand)
      .resolvesOnce({ DBInstances: [instance('alone', { DBClusterIdentifier: undefined })], Marker: 'two' })
      .resolves({});
    const none = { instances: [], unreadable: [] };
    expect(await readAll(aurora.listRegionInstances())).toEqual([none, none]);
  });

  test('Throttling after a page: Throttled, and what was asked', async () => {
    rds
      .on(DescribeDBInstancesCommand)
      .resolvesOnce({ DBInstances: [instance('a')], Marker: 'two' })
      .rejects(awsError('Throttling'));
    await expect(readAll(aurora.listRegionInstances())).rejects.toMatchObject({
      name: 'Throttled',
      summary: 'list the instances: Throttling: said so',
    });
  });
});

describe('public snapshots', () => {
  test('of these clusters, of whatever account', async () => {
    rds.on(DescribeDBClusterSnapshotsCommand).resolves({
      DBClusterSnapshots: [
        {
          DBClusterSnapshotIdentifier: 'shown',
          DBClusterIdentifier: 'prod',
          DBClusterSnapshotArn: 'arn:of-another',
        },
      ],
    });
    const [page] = await readAll(aurora.listPublicSnapshots(['prod', 'other']));
    expect(page).toMatchObject([{ identifier: 'shown', arn: 'arn:of-another' }]);
    expect(rds.commandCalls(DescribeDBClusterSnapshotsCommand)[0]?.args[0].input).toEqual({
      SnapshotType: 'public',
      Filters: [{ Name: 'db-cluster-id', Values: ['prod', 'other'] }],
      MaxRecords: 100,
    });
  });

  test('AccessDenied: the error names what was asked', async () => {
    rds.on(DescribeDBClusterSnapshotsCommand).rejects(awsError('AccessDenied'));
    await expect(readAll(aurora.listPublicSnapshots(['a', 'b', 'c', 'd']))).rejects.toMatchObject({
      name: 'AccessDenied',
      summary: 'list the public snapshots of a, b, c and 1 more: AccessDenied: said so',
    });
  });
});

test.each<[string, Partial<DBCluster>, string | null]>([
  ['by a key of the account', { StorageEncrypted: true, StorageEncryptionType: 'sse-kms' }, 'sse-kms'],
  [
    'by a key of AWS, which StorageEncrypted leaves out',
    { StorageEncrypted: false, StorageEncryptionType: 'sse-rds' },
    'sse-rds',
  ],
  ['by none', { StorageEncrypted: false, StorageEncryptionType: 'none' }, 'none'],
  ['of a type that is not told, with a key', { StorageEncrypted: true }, 'sse-kms'],
  ['of a type that is not told, without a key', { StorageEncrypted: false }, 'none'],
  ['of which nothing is told', {}, null],
])('a cluster encrypted %s', async (_, told, encryption) => {
  const cluster = { DBClusterIdentifier: 'prod', Engine: 'aurora-mysql', Status: 'available', Port: 3306 };
  rds
    .on(DescribeDBClustersCommand)
    .resolves({ DBClusters: [{ ...cluster, ...told, DBClusterArn: 'arn:prod' }] });
  expect(await aurora.findCluster('prod')).toMatchObject({ arn: 'arn:prod', encryption });
});
