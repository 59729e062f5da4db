import {
  BacktrackDBClusterCommand,
  DescribeBlueGreenDeploymentsCommand,
  DescribeDBClusterBacktracksCommand,
  DescribeEventsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { rdsAurora } from '../../../shared/aws/rds.ts';
import {
  backtrackCluster,
  listBacktracks,
  listBlueGreens,
  listClusterEvents,
} from '../../../shared/aws/rds-backtrack.ts';
import { awsError } from './aws-error.ts';

const rds = mockClient(RDSClient);
const aurora = rdsAurora(
  { backtrackCluster, listBacktracks, listBlueGreens, listClusterEvents },
  new RDSClient({ region: 'eu-west-1' }),
);

const answer = {
  DBClusterIdentifier: 'shop',
  BacktrackIdentifier: 'one',
  BacktrackTo: new Date('2026-11-19T02:12:59.500Z'),
  BacktrackedFrom: new Date('2026-11-19T03:00:00Z'),
  BacktrackRequestCreationTime: new Date('2026-11-19T03:00:01Z'),
  Status: 'APPLYING',
};

const backtracking = {
  identifier: 'one',
  to: '2026-11-19T02:12:59.500Z',
  from: '2026-11-19T03:00:00Z',
  requestedAt: '2026-11-19T03:00:01Z',
  status: 'applying',
};

beforeEach(() => rds.reset());

describe('rewind', () => {
  const request = { cluster: 'shop', to: '2026-11-19T02:13:00Z' };

  test('asked for by cluster and time alone: never by force, never to the earliest time', async () => {
    rds.on(BacktrackDBClusterCommand).resolves(answer);
    expect(await aurora.backtrackCluster(request)).toEqual(backtracking);
    expect(rds.commandCalls(BacktrackDBClusterCommand).map(({ args: [{ input }] }) => input)).toEqual([
      { DBClusterIdentifier: 'shop', BacktrackTo: new Date('2026-11-19T02:13:00Z') },
    ]);
  });

  test.each([
    ['InvalidDBClusterStateFault', 400, 'InvalidClusterState'],
    ['DBClusterNotFoundFault', 404, 'ClusterNotFound'],
    ['InvalidParameterCombination', 400, 'RequestRefused'],
    ['BacktrackBinlogEnabled', 400, 'RequestRefused'],
    ['SomethingElse', 503, 'AwsUnavailable'],
    ['Throttling', 400, 'Throttled'],
  ])('%s, HTTP %i: %s, with what RDS says', async (name, httpStatusCode, expected) => {
    rds.on(BacktrackDBClusterCommand).rejects(awsError(name, { $metadata: { httpStatusCode } }));
    await expect(aurora.backtrackCluster(request)).rejects.toMatchObject({
      name: expected,
      summary: `rewind shop to 2026-11-19T02:13:00Z: ${name}: said so`,
    });
  });

  test('the connection breaks: its answer is lost, and the error can be told from a refusal', async () => {
    rds.on(BacktrackDBClusterCommand).rejects(awsError('Error', { code: 'ECONNRESET' }));
    await expect(aurora.backtrackCluster(request)).rejects.toMatchObject({ name: 'AwsUnavailable' });
  });

  test('an answer without its identifier: said, not guessed', async () => {
    rds.on(BacktrackDBClusterCommand).resolves({ ...answer, BacktrackIdentifier: undefined });
    await expect(aurora.backtrackCluster(request)).rejects.toMatchObject({ name: 'UnreadableAnswer' });
  });
});

test('the rewinds of a cluster: to the last Marker, while one does not say where it went back from', async () => {
  rds
    .on(DescribeDBClusterBacktracksCommand, { DBClusterIdentifier: 'shop' })
    .resolvesOnce({ DBClusterBacktracks: [answer], Marker: 'two' })
    .resolvesOnce({
      DBClusterBacktracks: [{ ...answer, BacktrackIdentifier: 'two', BacktrackedFrom: undefined }],
    });
  expect(await aurora.listBacktracks('shop')).toEqual([
    backtracking,
    { ...backtracking, identifier: 'two', from: null },
  ]);
  rds.on(DescribeDBClusterBacktracksCommand).rejects(awsError('AccessDenied'));
  await expect(aurora.listBacktracks('shop')).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('the events of a cluster: of both ends, to the last Marker, those without time or text left out', async () => {
  const at = new Date('2026-11-18T04:00:00Z');
  rds
    .on(DescribeEventsCommand)
    .resolvesOnce({ Events: [{ Date: at, Message: 'Database cluster has been patched' }], Marker: 'two' })
    .resolvesOnce({ Events: [{ Date: at }, { Message: 'no time' }] });
  expect(
    await aurora.listClusterEvents({
      cluster: 'shop',
      from: '2026-11-17T00:00:00Z',
      to: '2026-11-19T00:00:00Z',
    }),
  ).toEqual([{ at: '2026-11-18T04:00:00Z', message: 'Database cluster has been patched' }]);
  expect(rds.commandCalls(DescribeEventsCommand)[0]?.args[0].input).toMatchObject({
    SourceType: 'db-cluster',
    SourceIdentifier: 'shop',
    StartTime: new Date('2026-11-17T00:00:00Z'),
    EndTime: new Date('2026-11-19T00:00:00Z'),
  });
});

test('Blue/Green deployments: of clusters by their identifiers, of instances without', async () => {
  const cluster = (name: string) => `arn:aws:rds:eu-west-1:123456789012:cluster:${name}`;
  rds.on(DescribeBlueGreenDeploymentsCommand).resolves({
    BlueGreenDeployments: [
      {
        BlueGreenDeploymentIdentifier: 'bgd-1',
        Source: cluster('shop'),
        Target: cluster('shop-green-1'),
        Status: 'AVAILABLE',
      },
      { BlueGreenDeploymentIdentifier: 'bgd-2', Source: 'arn:aws:rds:eu-west-1:123456789012:db:old' },
    ],
  });
  expect(await aurora.listBlueGreens()).toEqual([
    { identifier: 'bgd-1', source: 'shop', target: 'shop-green-1', status: 'AVAILABLE' },
    { identifier: 'bgd-2', source: null, target: null, status: 'unknown' },
  ]);
});
