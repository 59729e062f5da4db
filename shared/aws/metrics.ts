import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDatum,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { toIso } from '../instants.ts';
import {
  type Metric,
  type Metrics,
  metricNamespace,
  metricUnits,
  type Point,
  type Series,
} from '../monitors/metrics.ts';
import { fromAwsErrorAs } from './errors.ts';
import { quickCalls } from './quick-calls.ts';
import { connectVerbs } from './verbs.ts';

/**
 * CloudWatch takes 1,000 metrics and 1 MB in one call (CloudWatch User Guide, cloudwatch_limits). One of ours is under
 * 400 bytes, since identifiers have at most 63 characters, so the number is the limit that is met first.
 */
const maxMetricsInCall = 1000;

/** CloudWatch behind the Metrics port, with the given verbs. */
export const cloudWatchMetrics = <Verbs extends Record<string, (client: CloudWatchClient) => unknown>>(
  verbs: Verbs,
  // More attempts than the SDK's default: nobody repeats a call of a monitor.
  client = new CloudWatchClient({ maxAttempts: 10 }),
) => connectVerbs(verbs, client);

/** For the end of a drill. */
export const quickCloudWatch = (): CloudWatchClient => new CloudWatchClient(quickCalls);

export const publish =
  (client: CloudWatchClient): Metrics['publish'] =>
  async (metrics) => {
    const failures: unknown[] = [];
    for (let start = 0; start < metrics.length; start += maxMetricsInCall) {
      const batch = metrics.slice(start, start + maxMetricsInCall);
      const request = new PutMetricDataCommand({
        Namespace: metricNamespace,
        MetricData: batch.map(toDatum),
      });
      // A refused batch must not hide the others.
      await client.send(request).catch((error) => failures.push(error));
    }
    if (failures.length > 0) throw fromAwsErrorAs('MetricsFailed', 'cloudwatch:PutMetricData', failures[0]);
  };

export const read =
  (client: CloudWatchClient): Metrics['read'] =>
  async (series, from, to) => {
    try {
      const points = series.map((): Point[] => []);
      let token: string | undefined;
      do {
        const answer = await client.send(
          new GetMetricDataCommand({
            MetricDataQueries: series.map(toQuery),
            StartTime: new Date(from),
            EndTime: new Date(to),
            ScanBy: 'TimestampAscending',
            NextToken: token,
          }),
        );
        for (const { Id = '', Timestamps = [], Values = [] } of answer.MetricDataResults ?? []) {
          const found = Id === '' ? undefined : points[Number(Id.slice(1))];
          Values.forEach((value, index) => {
            const at = Timestamps[index];
            if (at !== undefined) found?.push({ at: toIso(at), value });
          });
        }
        token = answer.NextToken;
      } while (token !== undefined);
      return points;
    } catch (error) {
      throw fromAwsErrorAs('MetricsFailed', 'cloudwatch:GetMetricData', error);
    }
  };

const toDatum = ({ name, cluster, plan, value, at }: Metric): MetricDatum => ({
  MetricName: name,
  ...(cluster !== null && { Dimensions: [{ Name: 'DBClusterIdentifier', Value: cluster }] }),
  ...(plan !== undefined && { Dimensions: [{ Name: 'Plan', Value: plan }] }),
  Timestamp: new Date(at),
  Value: value,
  Unit: metricUnits[name],
});

const toQuery = ({ namespace, name, cluster, statistic, periodSeconds }: Series, index: number) => ({
  Id: `s${index}`,
  MetricStat: {
    Metric: {
      Namespace: namespace,
      MetricName: name,
      Dimensions: [{ Name: 'DBClusterIdentifier', Value: cluster }],
    },
    Stat: statistic,
    Period: periodSeconds,
  },
});
