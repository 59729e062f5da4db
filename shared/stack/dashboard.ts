import { metricNamespace } from '../monitors/metrics.ts';
import type { Plan } from '../plan/plans.ts';

/**
 * CloudFormation resource: the dashboard of the stack. Drills come once a week, so it shows three months.
 * @param alarms logical ids of the alarms to show, by title
 */
export const dashboardResources = (
  plans: Record<string, Plan>,
  alarms: Record<string, readonly string[]>,
): Record<string, object> => ({
  DrillDashboard: {
    Type: 'AWS::CloudWatch::Dashboard',
    Properties: {
      // Dashboards belong to the account, not to a Region (CloudWatch User Guide, "Using CloudWatch dashboards").
      DashboardName: { 'Fn::Sub': '${AWS::StackName}-${AWS::Region}' },
      DashboardBody: { 'Fn::Sub': JSON.stringify(bodyOf(plans, alarms)) },
    },
  },
});

/** A dashboard is a grid of 24 columns (CloudWatch API, "Dashboard body structure and syntax"). */
const columns = 24;
const height = 6;

type Widget = { type: 'metric' | 'alarm'; properties: object };
/** Widgets that share the width of one row. */
type Row = Widget[];

const bodyOf = (plans: Record<string, Plan>, alarms: Record<string, readonly string[]>): object => {
  const names = Object.keys(plans);
  const rows: Row[] = [
    Object.entries(alarms).flatMap(([title, ids]) => (ids.length === 0 ? [] : [showAlarms(title, ids)])),
    [
      graph('Drills: passed (1) or failed (0)', byPlan(names, 'DrillPassed'), { stat: 'Minimum', max: 1 }),
      graph('Hours since the last passed drill', byPlan(names, 'PassedDrillAgeHours'), { stat: 'Maximum' }),
    ],
    ...inRows(
      Object.entries(plans).map(([name, { objectives }]) =>
        graph(`RTO of ${name}, seconds`, byPlan([name], 'DrillRtoSeconds'), {
          stat: 'Maximum',
          objective: objectives.rtoMinutes,
        }),
      ),
    ),
    ...inRows(
      Object.entries(plans).map(([name, { objectives }]) =>
        graph(`RPO of ${name}, seconds`, byPlan([name], 'DrillRpoSeconds'), {
          stat: 'Maximum',
          objective: objectives.rpoMinutes,
        }),
      ),
    ),
    [
      graph('Age of the newest snapshot, hours', byCluster('SnapshotAgeHours', 'Maximum'), { limit: 26 }),
      graph('Restorable time lies behind, seconds', byCluster('RestorableLagSeconds', 'Maximum'), {
        limit: 1800,
      }),
    ],
    [
      graph('Backtrack window, actual over target', byCluster('BacktrackWindowRatio', 'Minimum'), {
        limit: 1,
      }),
      graph('Can be rewound by Backtrack, 1 or 0', byCluster('BacktrackReady', 'Minimum'), { limit: 1 }),
    ],
    [
      graph(
        'Posture: findings that fail, and those that are new',
        [
          [metricNamespace, 'PostureFailures'],
          [metricNamespace, 'PostureRise'],
        ],
        { stat: 'Maximum' },
      ),
      graph('Posture: what fails, by cluster', byCluster('PostureFailures', 'Maximum'), {}),
    ],
    [
      graph('Clusters that drills left behind', [[metricNamespace, 'LeftoverDrillClusters']], {
        stat: 'Maximum',
      }),
      graph('Recoveries: seconds until the writer answered', byPlan(names, 'RecoverySeconds'), {
        stat: 'Maximum',
      }),
    ],
  ];
  return {
    start: '-P3M',
    periodOverride: 'inherit',
    widgets: rows.flatMap((row, index) =>
      row.map((widget, place) => {
        const width = Math.floor(columns / row.length);
        return { ...widget, x: place * width, y: index * height, width, height };
      }),
    ),
  };
};

const perRow = 3;

const inRows = (widgets: Widget[]): Row[] =>
  widgets.flatMap((_, index) => (index % perRow === 0 ? [widgets.slice(index, index + perRow)] : []));

type Line = unknown[];

const byPlan = (plans: readonly string[], metric: string): Line[] =>
  plans.map((plan) => [metricNamespace, metric, 'Plan', plan]);

/** A search, so that new clusters show up too. */
const byCluster = (metric: string, stat: string): Line[] => [
  [
    {
      expression: `SEARCH('{${metricNamespace},DBClusterIdentifier} MetricName="${metric}"', '${stat}', 3600)`,
      id: 'clusters',
    },
  ],
];

type GraphOptions = { stat?: string; max?: number; limit?: number; objective?: number | undefined };

const graph = (title: string, metrics: Line[], { stat, max, limit, objective }: GraphOptions): Widget => {
  const line =
    objective === undefined
      ? limit === undefined
        ? null
        : { label: 'alarm', value: limit }
      : { label: 'objective', value: objective * 60 };
  return {
    type: 'metric',
    properties: {
      title,
      view: 'timeSeries',
      region: '${AWS::Region}',
      metrics,
      period: 3600,
      ...(stat !== undefined && { stat }),
      yAxis: { left: { min: 0, ...(max !== undefined && { max }) } },
      ...(line !== null && { annotations: { horizontal: [line] } }),
    },
  };
};

/** A widget shows 100 alarms at most. */
const maxAlarms = 100;

const showAlarms = (title: string, ids: readonly string[]): Widget => ({
  type: 'alarm',
  properties: { title, alarms: ids.slice(0, maxAlarms).map((id) => `\${${id}.Arn}`) },
});
