import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandOutput,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { cloudWatchMetrics, publish as publishVerb, read as readVerb } from '../../../shared/aws/metrics.ts';
import type { Metric, Series } from '../../../shared/monitors/metrics.ts';
import { awsError } from './aws-error.ts';

const cloudWatch = mockClient(CloudWatchClient);
const { publish, read } = cloudWatchMetrics(
  { publish: publishVerb, read: readVerb },
  new CloudWatchClient({ region: 'eu-west-1' }),
);

beforeEach(() => cloudWatch.reset());

const at = '2026-11-16T08:00:00Z';
const age = (cluster: string | null, value = 6): Metric => ({ name: 'SnapshotAgeHours', cluster, value, at });
const ages = (count: number) => Array.from({ length: count }, (_, index) => age(`c${index}`));
const published = () => cloudWatch.commandCalls(PutMetricDataCommand).map(({ args }) => args[0].input);

/** AWS's name of each error is on the left. */
const errors = [
  ['Throttling', 'Throttled'],
  ['ThrottlingException', 'Throttled'],
  ['InternalServiceFault', 'AwsUnavailable'],
  ['AccessDenied', 'MetricsFailed'],
  ['InvalidParameterValueException', 'MetricsFailed'],
  ['SomethingNew', 'MetricsFailed'],
] as const;

describe('publish', () => {
  test('nothing: nothing is sent', async () => {
    await publish([]);
    expect(cloudWatch.calls()).toHaveLength(0);
  });

  test('metrics of clusters and of the fleet: one request, a dimension only where there is a cluster', async () => {
    cloudWatch.on(PutMetricDataCommand).resolves({});
    await publish([
      age(null, 30.5),
      { name: 'RestorableLagSeconds', cluster: 'prod', value: 300, at: '2026-11-16T08:00:00.250Z' },
      { name: 'BacktrackWindowRatio', cluster: 'prod-mysql', value: 0.5, at },
      { name: 'UnparsableRdsEvents', cluster: null, value: 1, at },
    ]);
    const of = (Value: string) => ({ Dimensions: [{ Name: 'DBClusterIdentifier', Value }] });
    const Timestamp = new Date(at);
    expect(published()).toEqual([
      {
        Namespace: 'Custom/RDS',
        MetricData: [
          { MetricName: 'SnapshotAgeHours', Timestamp, Value: 30.5, Unit: 'None' },
          {
            MetricName: 'RestorableLagSeconds',
            ...of('prod'),
            Timestamp: new Date('2026-11-16T08:00:00.250Z'),
            Value: 300,
            Unit: 'Seconds',
          },
          { MetricName: 'BacktrackWindowRatio', ...of('prod-mysql'), Timestamp, Value: 0.5, Unit: 'None' },
          { MetricName: 'UnparsableRdsEvents', Timestamp, Value: 1, Unit: 'Count' },
        ],
      },
    ]);
    expect(published()[0]?.MetricData?.[0]).not.toHaveProperty('Dimensions');
  });

  test.each([
    [1000, [1000]],
    [1001, [1000, 1]],
    [20_001, [...Array(20).fill(1000), 1]],
  ])('%i metrics: each sent once, at most 1000 in a call', async (count, sizes) => {
    cloudWatch.on(PutMetricDataCommand).resolves({});
    await publish(ages(count));
    const batches = published().map(({ MetricData = [] }) => MetricData);
    expect(batches.map(({ length }) => length)).toEqual(sizes);
    const clusters = batches.flat().map(({ Dimensions }) => Dimensions?.[0]?.Value);
    expect(clusters).toEqual(ages(count).map(({ cluster }) => cluster));
  });

  test('a full batch of the longest identifiers and values: less than half of the 1 MB that CloudWatch takes', async () => {
    cloudWatch.on(PutMetricDataCommand).resolves({});
    const longest: Metric = { ...age('c'.repeat(63), 123_456.123_456_789_01), name: 'RestorableLagSeconds' };
    await publish(Array(1000).fill(longest));
    expect(published()).toHaveLength(1);
    expect(Buffer.byteLength(JSON.stringify(published()[0]))).toBeLessThan(400_000);
  });

  test('a batch that is refused: the next ones are sent, and the call fails', async () => {
    cloudWatch.on(PutMetricDataCommand).rejectsOnce(awsError('AccessDenied')).resolves({});
    await expect(publish(ages(2500))).rejects.toMatchObject({ name: 'MetricsFailed' });
    expect(published().map(({ MetricData }) => MetricData?.length)).toEqual([1000, 1000, 500]);
  });

  test('several batches refused: the first refusal is told', async () => {
    cloudWatch
      .on(PutMetricDataCommand)
      .resolvesOnce({})
      .rejectsOnce(awsError('Throttling'))
      .rejects(awsError('AccessDenied'));
    await expect(publish(ages(3000))).rejects.toMatchObject({ name: 'Throttled' });
  });

  test.each(errors)('%s: fails as %s, in the words of AWS', async (awsName, name) => {
    cloudWatch.on(PutMetricDataCommand).rejects(awsError(awsName));
    const summary = `cloudwatch:PutMetricData: ${awsName}: said so`;
    await expect(publish(ages(1))).rejects.toMatchObject({ name, summary });
  });
});

describe('read', () => {
  const ratio: Series = {
    namespace: 'Custom/RDS',
    name: 'BacktrackWindowRatio',
    cluster: 'prod-mysql',
    statistic: 'Minimum',
    periodSeconds: 900,
  };
  const rate: Series = {
    namespace: 'AWS/RDS',
    name: 'BacktrackChangeRecordsCreationRate',
    cluster: 'prod-mysql-2',
    statistic: 'Average',
    periodSeconds: 3600,
  };
  const from = '2026-11-02T08:00:00Z';
  const time = (clock: string) => `2026-11-16T${clock}Z`;
  const result = (Id: string, ...points: [clock: string, value: number][]) => ({
    Id,
    Timestamps: points.map(([clock]) => new Date(time(clock))),
    Values: points.map(([, value]) => value),
  });
  const page = (answer: Partial<GetMetricDataCommandOutput>) => ({ $metadata: {}, ...answer });

  test('two series: one request for both, earliest first', async () => {
    cloudWatch.on(GetMetricDataCommand).resolves({});
    await read([ratio, rate], from, at);
    const query = (Id: string, series: Series) => ({
      Id,
      MetricStat: {
        Metric: {
          Namespace: series.namespace,
          MetricName: series.name,
          Dimensions: [{ Name: 'DBClusterIdentifier', Value: series.cluster }],
        },
        Stat: series.statistic,
        Period: series.periodSeconds,
      },
    });
    expect(cloudWatch.commandCalls(GetMetricDataCommand).map(({ args }) => args[0].input)).toEqual([
      {
        MetricDataQueries: [query('s0', ratio), query('s1', rate)],
        StartTime: new Date(from),
        EndTime: new Date(at),
        ScanBy: 'TimestampAscending',
      },
    ]);
  });

  test('several pages: all are read, the series kept apart, and each earliest first', async () => {
    cloudWatch
      .on(GetMetricDataCommand)
      .resolvesOnce(page({ MetricDataResults: [result('s1', ['05:00:00', 70])], NextToken: 'two' }))
      .resolvesOnce(page({ MetricDataResults: [], NextToken: 'three' }))
      .resolvesOnce(
        page({
          MetricDataResults: [
            result('s0', ['06:00:00', 1], ['06:15:00.500', 0.9]),
            result('s1', ['06:00:00', 80], ['07:00:00', 90]),
          ],
        }),
      );
    expect(await read([ratio, rate], from, at)).toEqual([
      [
        { at: time('06:00:00'), value: 1 },
        { at: time('06:15:00.500'), value: 0.9 },
      ],
      [
        { at: time('05:00:00'), value: 70 },
        { at: time('06:00:00'), value: 80 },
        { at: time('07:00:00'), value: 90 },
      ],
    ]);
    const requests = cloudWatch.commandCalls(GetMetricDataCommand).map(({ args }) => args[0].input);
    expect(requests.map(({ NextToken }) => NextToken)).toEqual([undefined, 'two', 'three']);
    expect(requests[2]).toEqual({ ...requests[0], NextToken: 'three' });
  });

  test.each<[string, Partial<GetMetricDataCommandOutput>]>([
    ['no results', {}],
    ['results without points', { MetricDataResults: [{ Id: 's0' }] }],
    ['a result that nobody asked for', { MetricDataResults: [result('s7', ['06:00:00', 1])] }],
    ['a value without its time', { MetricDataResults: [{ Id: 's0', Timestamps: [], Values: [1] }] }],
  ])('%s: no points, and no error', async (_, answer) => {
    cloudWatch.on(GetMetricDataCommand).resolves(page(answer));
    expect(await read([ratio], from, at)).toEqual([[]]);
  });

  test.each(errors)('%s: fails as %s, in the words of AWS', async (awsName, name) => {
    cloudWatch.on(GetMetricDataCommand).rejects(awsError(awsName));
    const summary = `cloudwatch:GetMetricData: ${awsName}: said so`;
    await expect(read([ratio], from, at)).rejects.toMatchObject({ name, summary });
  });
});
