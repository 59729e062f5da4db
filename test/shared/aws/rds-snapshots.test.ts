import {
  CreateDBClusterSnapshotCommand,
  DeleteDBClusterSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import {
  deleteSnapshot,
  findSnapshot,
  listManualSnapshots,
  rdsAurora,
  takeSnapshot,
} from '../../../shared/aws/rds.ts';
import { awsError } from './aws-error.ts';

const rds = mockClient(RDSClient);
const aurora = rdsAurora(
  { takeSnapshot, findSnapshot, listManualSnapshots, deleteSnapshot },
  new RDSClient({ region: 'eu-west-1' }),
);
const own = 'drill-prod-1f2e3d4c-snapshot';
const request = { cluster: 'prod', identifier: own, tags: { 'aurora-drills:drill': '1f2e3d4c' } };

beforeEach(() => rds.reset());

test('a snapshot is taken: of the cluster, under the name, with the tags, and nothing else is said', async () => {
  rds.on(CreateDBClusterSnapshotCommand).resolves({});
  await aurora.takeSnapshot(request);
  expect(rds.commandCalls(CreateDBClusterSnapshotCommand)[0]?.args[0].input).toEqual({
    DBClusterIdentifier: 'prod',
    DBClusterSnapshotIdentifier: own,
    Tags: [{ Key: 'aurora-drills:drill', Value: '1f2e3d4c' }],
  });
});

test('a snapshot is found by its name alone, and is undefined when there is none', async () => {
  rds.on(DescribeDBClusterSnapshotsCommand).resolves({
    DBClusterSnapshots: [
      { DBClusterSnapshotIdentifier: own, DBClusterIdentifier: 'prod', TagList: [{ Key: 'a', Value: 'b' }] },
    ],
  });
  expect(await aurora.findSnapshot(own)).toMatchObject({
    identifier: own,
    cluster: 'prod',
    tags: { a: 'b' },
  });
  expect(rds.commandCalls(DescribeDBClusterSnapshotsCommand)[0]?.args[0].input).toEqual({
    DBClusterSnapshotIdentifier: own,
  });
  rds.on(DescribeDBClusterSnapshotsCommand).rejects(awsError('DBClusterSnapshotNotFoundFault'));
  expect(await aurora.findSnapshot(own)).toBeUndefined();
});

test('the manual snapshots of Aurora alone are listed, to the last Marker', async () => {
  const snapshot = (name: string) => ({ DBClusterSnapshotIdentifier: name, DBClusterIdentifier: 'prod' });
  const requests: object[] = [];
  rds.on(DescribeDBClusterSnapshotsCommand).callsFake((input) => {
    // The paginator changes its request from page to page.
    requests.push({ ...input });
    return input.Marker === undefined
      ? { DBClusterSnapshots: [snapshot('a')], Marker: 'two' }
      : { DBClusterSnapshots: [snapshot('b')] };
  });
  const names: string[][] = [];
  for await (const page of aurora.listManualSnapshots()) names.push(page.map(({ identifier }) => identifier));
  expect(names).toEqual([['a'], ['b']]);
  const first = {
    SnapshotType: 'manual',
    Filters: [{ Name: 'engine', Values: ['aurora-mysql', 'aurora-postgresql'] }],
    MaxRecords: 100,
  };
  expect(requests).toEqual([first, { ...first, Marker: 'two' }]);
});

test('a snapshot is deleted by its name', async () => {
  rds.on(DeleteDBClusterSnapshotCommand).resolves({});
  await aurora.deleteSnapshot(own);
  expect(rds.commandCalls(DeleteDBClusterSnapshotCommand)[0]?.args[0].input).toEqual({
    DBClusterSnapshotIdentifier: own,
  });
});

test.each([
  ['DBClusterSnapshotAlreadyExistsFault', 'TargetNameTaken'],
  ['InvalidDBClusterStateFault', 'InvalidClusterState'],
  ['SnapshotQuotaExceededFault', 'QuotaExceeded'],
  ['SnapshotQuotaExceeded', 'QuotaExceeded'],
  ['DBClusterNotFoundFault', 'ClusterNotFound'],
])('%s as it is taken: %s, with what was asked', async (awsName, name) => {
  rds.on(CreateDBClusterSnapshotCommand).rejects(awsError(awsName));
  await expect(aurora.takeSnapshot(request)).rejects.toMatchObject({
    name,
    summary: `take snapshot ${own} of prod: ${awsName}: said so`,
  });
});

test.each([
  ['DBClusterSnapshotNotFoundFault', 'SnapshotNotFound'],
  ['InvalidDBClusterSnapshotStateFault', 'InvalidClusterState'],
])('%s as it is deleted: %s', async (awsName, name) => {
  rds.on(DeleteDBClusterSnapshotCommand).rejects(awsError(awsName));
  await expect(aurora.deleteSnapshot(own)).rejects.toMatchObject({ name });
});

test('the manual snapshots cannot be listed: the error says so', async () => {
  rds.on(DescribeDBClusterSnapshotsCommand).rejects(awsError('AccessDenied'));
  const list = async () => {
    for await (const _ of aurora.listManualSnapshots()) throw new Error('a page came');
  };
  await expect(list()).rejects.toMatchObject({
    name: 'AccessDenied',
    summary: 'list the manual snapshots: AccessDenied: said so',
  });
});
