import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { type Metric, metricNamespace } from '../../shared/monitors/metrics.ts';

/** An alarm on one of our metrics, as deployed. */
export type Alarm = {
  name: string;
  metric: string;
  /** On each cluster, or on the value without dimensions. */
  isByCluster: boolean;
  isAbove: boolean;
  threshold: number;
  /** How many readings in a row set it off. */
  readings: number;
};

type AlarmResource = {
  Type: string;
  Properties: {
    AlarmName: string;
    Namespace?: string;
    MetricName?: string;
    Metrics?: { Expression: string }[];
    ComparisonOperator: string;
    Threshold: number;
    EvaluationPeriods: number;
  };
};

/** The alarms of config/monitors.yml on metrics of ours. */
export const readAlarms = async (): Promise<Alarm[]> => {
  const text = await readFile(new URL('../../config/monitors.yml', import.meta.url), 'utf8');
  // Silent, because CloudFormation's own tags, such as !Ref, do not matter here.
  const { Resources } = parse(text, { merge: true, logLevel: 'silent' });
  return Object.values(Resources as Record<string, AlarmResource>)
    .filter(({ Type, Properties }) => Type === 'AWS::CloudWatch::Alarm' && isOnOurs(Properties))
    .map(({ Properties }) => {
      const expression = Properties.Metrics?.[0]?.Expression;
      const metric = Properties.MetricName ?? /\((\w+)\)/.exec(expression ?? '')?.[1];
      if (metric === undefined)
        throw new Error(`config/monitors.yml: ${Properties.AlarmName} names no metric`);
      return {
        // The name that Serverless gives it in the default stage.
        name: Properties.AlarmName.replace('${self:service}-${self:provider.stage}', 'aurora-drills-prod'),
        metric,
        isByCluster: expression !== undefined,
        isAbove: Properties.ComparisonOperator === 'GreaterThanThreshold',
        threshold: Properties.Threshold,
        readings: Properties.EvaluationPeriods,
      };
    });
};

const isOnOurs = ({ Namespace, Metrics }: AlarmResource['Properties']): boolean =>
  Namespace === metricNamespace || (Metrics?.[0]?.Expression.includes(metricNamespace) ?? false);

/** The alarms that these values would set off, in words. */
export const describeBreaches = (alarms: readonly Alarm[], metrics: readonly Metric[]): string[] =>
  alarms.flatMap(({ name, metric, isByCluster, isAbove, threshold, readings }) =>
    metrics
      .filter((one) => one.name === metric && (one.cluster !== null) === isByCluster)
      .filter(({ value }) => (isAbove ? value > threshold : value < threshold))
      .map(({ cluster, value }) => {
        const seen = `${cluster === null ? '' : `${cluster} `}${Number(value.toFixed(2))}`;
        const lasting = readings === 1 ? '' : `, after ${readings} such readings in a row`;
        return `${name}: ${seen} ${isAbove ? '>' : '<'} ${threshold}${lasting}`;
      }),
  );
