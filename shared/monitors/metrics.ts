/** Public: the namespace of all our metrics. */
export const metricNamespace = 'Custom/RDS';

/** Public: all metrics, each with its CloudWatch unit. CloudWatch has no unit for hours. */
export const metricUnits = {
  SnapshotAgeHours: 'None',
  RestorableLagSeconds: 'Seconds',
  BacktrackWindowRatio: 'None',
  BacktrackReady: 'None',
  UnparsableRdsEvents: 'Count',
  LeftoverDrillClusters: 'Count',
  DrillPassed: 'None',
  DrillRtoSeconds: 'Seconds',
  DrillRpoSeconds: 'Seconds',
  PassedDrillAgeHours: 'None',
  RecoverySeconds: 'Seconds',
  PostureFailures: 'Count',
  PostureRise: 'Count',
} as const satisfies Record<string, 'None' | 'Seconds' | 'Count'>;

export type MetricName = keyof typeof metricUnits;

/**
 * One value at one instant (ISO 8601): of one cluster, of one plan, or, with neither, of the whole fleet. Values are
 * finite.
 */
export type Metric = { name: MetricName; cluster: string | null; plan?: string; value: number; at: string };

/** A series of past values of one cluster, one for each period that has any. */
export type Series = {
  namespace: string;
  name: string;
  cluster: string;
  statistic: 'Average' | 'Minimum' | 'Maximum' | 'Sum';
  periodSeconds: number;
};

export type Point = { at: string; value: number };

/** The port to CloudWatch metrics. Both verbs fail with a DrillError: Throttled, AwsUnavailable or MetricsFailed. */
export type Metrics = {
  /** All values appear, or the call fails. Even then, those that CloudWatch accepted appear. */
  publish(metrics: readonly Metric[]): Promise<void>;
  /** The points of each series between two instants (ISO 8601), earliest first. */
  read(series: readonly Series[], from: string, to: string): Promise<Point[][]>;
};
