import {
  type DBCluster,
  type DBClusterSnapshot,
  DescribeDBClusterParametersCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBParametersCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../../shared/aurora/port.ts';
import * as verbs from '../../../shared/aws/rds.ts';
import { awsError } from './aws-error.ts';

const rds = mockClient(RDSClient);
const { rdsAurora, patientRds: _, removalVerbs: __, teardownVerbs: ___, ...all } = verbs;
const aurora = rdsAurora(all, new RDSClient({ region: 'eu-west-1' }));

beforeEach(() => rds.reset());

/** Answers with these pages, one after the other. The SDK reuses one input for all of them, so keep copies. */
const paging = <Page>(...pages: Page[]) => {
  const requests: object[] = [];
  const answer = (request: object): Page | undefined => {
    requests.push({ ...request });
    return pages.shift();
  };
  return { requests, answer };
};

/** AWS's name of each error is on the left. A list has no cluster to be missing. */
const errors = [
  ['Throttling', 'Throttled'],
  ['AccessDenied', 'AccessDenied'],
  ['InvalidParameterValue', 'RequestRefused'],
  ['SomethingNew', 'AwsFailure'],
] as const;

const auroraEngines = { Name: 'engine', Values: ['aurora-mysql', 'aurora-postgresql'] };

describe('clusters', () => {
  const cluster = (name: string, changes: Partial<DBCluster> = {}): DBCluster => ({
    DBClusterIdentifier: name,
    Engine: 'aurora-mysql',
    Status: 'available',
    Port: 3306,
    ...changes,
  });

  test('all of the Region: Aurora only, in pages of 100, to the last Marker', async () => {
    const { requests, answer } = paging(
      { DBClusters: [cluster('a'), cluster('b')], Marker: 'two' },
      { DBClusters: [], Marker: 'three' },
      { DBClusters: [cluster('c')] },
    );
    rds.on(DescribeDBClustersCommand).callsFake(answer);
    const { clusters, unreadable } = await aurora.listClusters();
    expect(clusters.map(({ identifier }) => identifier)).toEqual(['a', 'b', 'c']);
    expect(unreadable).toEqual([]);
    const first = { Filters: [auroraEngines], MaxRecords: 100 };
    expect(requests).toEqual([first, { ...first, Marker: 'two' }, { ...first, Marker: 'three' }]);
  });

  test('some by their identifiers: one filter more', async () => {
    rds.on(DescribeDBClustersCommand).resolves({ DBClusters: [cluster('a')] });
    await aurora.listClusters(['a', 'b']);
    expect(rds.commandCalls(DescribeDBClustersCommand).map(({ args }) => args[0].input)).toEqual([
      { Filters: [auroraEngines, { Name: 'db-cluster-id', Values: ['a', 'b'] }], MaxRecords: 100 },
    ]);
  });

  test('none in the Region: an empty list', async () => {
    rds.on(DescribeDBClustersCommand).resolves({});
    expect(await aurora.listClusters()).toEqual({ clusters: [], unreadable: [] });
  });

  test('one of a hundred that cannot be read: it is named with what it lacks, and the others are there', async () => {
    const others = Array.from({ length: 99 }, (_, index) => cluster(`c${index}`));
    rds.on(DescribeDBClustersCommand).resolves({
      DBClusters: [...others.slice(0, 50), cluster('odd', { Status: undefined }), ...others.slice(50)],
    });
    const { clusters, unreadable } = await aurora.listClusters();
    expect(clusters.map(({ identifier }) => identifier)).toEqual(
      others.map(({ DBClusterIdentifier }) => DBClusterIdentifier),
    );
    expect(unreadable).toEqual([{ cluster: 'odd', reason: 'RDS answered without Status' }]);
  });

  test('unreadable ones on several pages: all are named, one without identifier as such', async () => {
    rds
      .on(DescribeDBClustersCommand)
      .resolvesOnce({ DBClusters: [cluster('odd', { Port: undefined })], Marker: 'two' })
      .resolvesOnce({ DBClusters: [cluster('x', { DBClusterIdentifier: undefined }), cluster('a')] });
    const { clusters, unreadable } = await aurora.listClusters();
    expect(clusters.map(({ identifier }) => identifier)).toEqual(['a']);
    expect(unreadable).toEqual([
      { cluster: 'odd', reason: 'RDS answered without Port' },
      { cluster: 'a cluster without identifier', reason: 'RDS answered without DBClusterIdentifier' },
    ]);
  });

  test('Backtrack of a listed cluster: told as that of one described alone', async () => {
    const earliest = new Date('2026-11-18T02:13:00Z');
    const described = cluster('a', { BacktrackWindow: 86_400, EarliestBacktrackTime: earliest });
    rds.on(DescribeDBClustersCommand).resolves({ DBClusters: [described] });
    const { clusters } = await aurora.listClusters();
    expect(clusters[0]?.backtrack).toEqual({ targetSeconds: 86_400, earliestTime: '2026-11-18T02:13:00Z' });
    expect(clusters[0]).toEqual(await aurora.findCluster('a'));
  });

  test.each(errors)('%s on a page after the first: %s, and no half of a list', async (awsName, name) => {
    rds
      .on(DescribeDBClustersCommand)
      .resolvesOnce({ DBClusters: [cluster('a')], Marker: 'two' })
      .rejectsOnce(awsError(awsName));
    const summary = `list the clusters: ${awsName}: said so`;
    await expect(aurora.listClusters()).rejects.toMatchObject({ name, summary });
  });
});

describe('the cluster of an instance', () => {
  test('instance in a cluster: its identifier, in one request', async () => {
    const instance = { DBInstanceIdentifier: 'prod-1', DBClusterIdentifier: 'prod' };
    rds.on(DescribeDBInstancesCommand).resolves({ DBInstances: [instance] });
    expect(await aurora.findClusterOf('prod-1')).toBe('prod');
    expect(rds.commandCalls(DescribeDBInstancesCommand).map(({ args }) => args[0].input)).toEqual([
      { DBInstanceIdentifier: 'prod-1' },
    ]);
  });

  test.each([
    ['instance in no cluster', { DBInstances: [{ DBInstanceIdentifier: 'prod-1' }] }],
    ['an answer without instances', { DBInstances: [] }],
    ['an answer without a list', {}],
  ])('%s: undefined', async (_, answer) => {
    rds.on(DescribeDBInstancesCommand).resolves(answer);
    expect(await aurora.findClusterOf('prod-1')).toBeUndefined();
  });

  test.each(['DBInstanceNotFound', 'DBInstanceNotFoundFault'])('%s: undefined, no error', async (name) => {
    rds.on(DescribeDBInstancesCommand).rejects(awsError(name));
    expect(await aurora.findClusterOf('prod-1')).toBeUndefined();
  });

  test.each(errors)('%s: %s, with what was asked', async (awsName, name) => {
    rds.on(DescribeDBInstancesCommand).rejects(awsError(awsName));
    const summary = `describe instance prod-1: ${awsName}: said so`;
    await expect(aurora.findClusterOf('prod-1')).rejects.toMatchObject({ name, summary });
  });
});

describe('snapshots', () => {
  const read = async (...clusters: string[]) => {
    const pages: Snapshot[][] = [];
    for await (const page of aurora.listSnapshots(clusters)) pages.push(page);
    return pages;
  };
  const list = async (...snapshots: DBClusterSnapshot[]) => {
    rds.on(DescribeDBClusterSnapshotsCommand).resolves({ DBClusterSnapshots: snapshots });
    return (await read('prod')).flat();
  };
  const snapshot = (name: string) => ({ DBClusterSnapshotIdentifier: name, DBClusterIdentifier: 'prod' });

  test('of several clusters: every type, in pages of 100, to the last Marker', async () => {
    const { requests, answer } = paging(
      { DBClusterSnapshots: [snapshot('a'), snapshot('b')], Marker: 'two' },
      { DBClusterSnapshots: [], Marker: 'three' },
      { DBClusterSnapshots: [snapshot('c')] },
    );
    rds.on(DescribeDBClusterSnapshotsCommand).callsFake(answer);
    const pages = await read('prod', 'other');
    expect(pages.map((page) => page.map(({ identifier }) => identifier))).toEqual([['a', 'b'], [], ['c']]);
    const first = { Filters: [{ Name: 'db-cluster-id', Values: ['prod', 'other'] }], MaxRecords: 100 };
    expect(requests).toEqual([first, { ...first, Marker: 'two' }, { ...first, Marker: 'three' }]);
  });

  test('described in our words, the instant as ISO 8601', async () => {
    const automated = {
      DBClusterSnapshotIdentifier: 'rds:prod-2026-11-16-02-10',
      DBClusterIdentifier: 'prod',
      DbClusterResourceId: 'cluster-ABC',
      SnapshotType: 'automated',
      Status: 'available',
      SnapshotCreateTime: new Date('2026-11-16T02:10:00.250Z'),
      Engine: 'aurora-postgresql',
      EngineVersion: '17.7',
      TagList: [{ Key: 'team', Value: 'payments' }],
      DBClusterSnapshotArn: 'arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:rds:prod-2026-11-16-02-10',
      StorageEncrypted: true,
    };
    expect(await list(automated)).toEqual([
      {
        identifier: 'rds:prod-2026-11-16-02-10',
        cluster: 'prod',
        clusterResourceId: 'cluster-ABC',
        type: 'automated',
        status: 'available',
        createdAt: '2026-11-16T02:10:00.250Z',
        isCopy: false,
        engine: 'aurora-postgresql',
        engineVersion: '17.7',
        tags: { team: 'payments' },
        arn: automated.DBClusterSnapshotArn,
        encryption: 'sse-kms',
        copiedFrom: null,
      },
    ]);
  });

  test('being created, and described by next to nothing: null and unknown, not a guess', async () => {
    expect(await list({ DBClusterIdentifier: 'prod' })).toEqual([
      {
        identifier: '',
        cluster: 'prod',
        clusterResourceId: null,
        type: 'unknown',
        status: 'unknown',
        createdAt: null,
        isCopy: false,
        engine: 'unknown',
        engineVersion: 'unknown',
        tags: {},
        arn: null,
        encryption: null,
        copiedFrom: null,
      },
    ]);
  });

  test.each([
    ['the source of a copy: a copy of it', 'arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:a'],
    ['an empty source: no copy', ''],
  ])('%s', async (_, source) => {
    const [copy] = await list({ DBClusterIdentifier: 'prod', SourceDBClusterSnapshotArn: source });
    expect(copy).toMatchObject({ isCopy: source !== '', copiedFrom: source || null });
  });

  test('one that does not say whose it is: left out, and the others are there', async () => {
    const nameless = { DBClusterSnapshotIdentifier: 'a', Status: 'available' };
    const snapshots = await list(nameless, { DBClusterIdentifier: 'prod' });
    expect(snapshots.map(({ cluster }) => cluster)).toEqual(['prod']);
  });

  test('none: no snapshots', async () => {
    rds.on(DescribeDBClusterSnapshotsCommand).resolves({});
    expect((await read('prod')).flat()).toEqual([]);
  });

  test('a reader that has seen enough after one page: no other page is asked for', async () => {
    const { requests, answer } = paging({ DBClusterSnapshots: [snapshot('a')], Marker: 'two' });
    rds.on(DescribeDBClusterSnapshotsCommand).callsFake(answer);
    for await (const page of aurora.listSnapshots(['prod'])) if (page.length > 0) break;
    expect(requests).toHaveLength(1);
  });

  test.each(errors)(
    '%s after a page: the page, then %s, and the operation names a few of the clusters',
    async (awsName, name) => {
      rds
        .on(DescribeDBClusterSnapshotsCommand)
        .resolvesOnce({ DBClusterSnapshots: [snapshot('a')], Marker: 'two' })
        .rejectsOnce(awsError(awsName));
      const pages = aurora.listSnapshots(['a', 'b', 'c', ...Array(97).fill('x')])[Symbol.asyncIterator]();
      expect((await pages.next()).value).toHaveLength(1);
      const summary = `list the snapshots of a, b, c and 97 more: ${awsName}: said so`;
      await expect(pages.next()).rejects.toMatchObject({ name, summary });
    },
  );
});

describe('the parameters of a group', () => {
  const page = [
    { ParameterName: 'event_scheduler', ParameterValue: 'OFF', Source: 'user' },
    { ParameterName: 'max_connections', ParameterValue: '1000', Source: 'engine-default' },
    { ParameterName: 'without_a_value', Source: 'system' },
  ];
  const read = [
    { name: 'event_scheduler', value: 'OFF', isSet: true },
    { name: 'max_connections', value: '1000', isSet: false },
  ];

  test('group of a cluster: every page of it, without what has no value', async () => {
    rds
      .on(DescribeDBClusterParametersCommand)
      .resolvesOnce({ Parameters: page.slice(0, 1), Marker: 'two' })
      .resolvesOnce({ Parameters: page.slice(1) });
    expect(await aurora.listClusterParameters('drills')).toEqual(read);
    expect(
      rds.commandCalls(DescribeDBClusterParametersCommand).map(({ args }) => args[0].input),
    ).toMatchObject([
      { DBClusterParameterGroupName: 'drills', MaxRecords: 100 },
      { DBClusterParameterGroupName: 'drills', MaxRecords: 100, Marker: 'two' },
    ]);
  });

  test('group of an instance: the same', async () => {
    rds.on(DescribeDBParametersCommand).resolves({ Parameters: page });
    expect(await aurora.listInstanceParameters('drills')).toEqual(read);
    expect(rds.commandCalls(DescribeDBParametersCommand).map(({ args }) => args[0].input)).toMatchObject([
      { DBParameterGroupName: 'drills', MaxRecords: 100 },
    ]);
  });

  test('group that does not exist: RequestRefused names it', async () => {
    rds.on(DescribeDBClusterParametersCommand).rejects(awsError('DBParameterGroupNotFound'));
    await expect(aurora.listClusterParameters('drills')).rejects.toMatchObject({
      name: 'RequestRefused',
      summary: expect.stringContaining('describe cluster parameter group drills'),
    });
  });
});
