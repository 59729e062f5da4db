import { metricNamespace } from '../monitors/metrics.ts';
import type { Plan } from '../plan/plans.ts';
import { findDeadlineHours } from '../plan/schedule-gap.ts';
import { logicalId } from './plan-resources.ts';

/**
 * CloudFormation resources: the alarms of each plan, by logical id. A drill publishes once a week or so. An alarm that
 * ignores missing data shows how the last drill went until the next one.
 * @param from ISO 8601: schedules count from then on
 */
export const planAlarmResources = (plans: Record<string, Plan>, from: string): Record<string, object> =>
  Object.fromEntries(Object.entries(plans).flatMap(([name, plan]) => alarmsOf(name, plan, from)));

const alarmsOf = (name: string, { schedule, objectives }: Plan, from: string): [string, object][] => {
  const deadlineHours = schedule === undefined ? null : findDeadlineHours(schedule, from);
  const { rtoMinutes } = objectives;
  return [
    alarm(name, 'drill-failed', `The last drill of plan ${name} failed.`, {
      MetricName: 'DrillPassed',
      Statistic: 'Minimum',
      Period: 300,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'ignore',
    }),
    ...(rtoMinutes === undefined
      ? []
      : [
          alarm(
            name,
            'rto-over-objective',
            `The last drill of plan ${name} took longer than its objective.`,
            {
              MetricName: 'DrillRtoSeconds',
              Statistic: 'Maximum',
              Period: 300,
              ComparisonOperator: 'GreaterThanThreshold',
              Threshold: rtoMinutes * 60,
              TreatMissingData: 'ignore',
            },
          ),
        ]),
    // A plan that only runs by hand has no drill to miss.
    ...(deadlineHours === null
      ? []
      : [
          alarm(name, 'no-passed-drill', `No drill of plan ${name} has passed in time, or ever.`, {
            // An alarm reaches back seven days at most (CloudWatch API, PutMetricAlarm), and this one needs a week and a
            // day. So it watches an age, which is published every hour.
            MetricName: 'PassedDrillAgeHours',
            Statistic: 'Maximum',
            Period: 3600,
            ComparisonOperator: 'GreaterThanThreshold',
            Threshold: deadlineHours,
            TreatMissingData: 'breaching',
          }),
        ]),
  ];
};

const alarm = (plan: string, section: string, description: string, properties: object): [string, object] => [
  alarmId(plan, section),
  {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: { 'Fn::Sub': `\${AWS::StackName}-${plan}-${section}` },
      AlarmDescription: { 'Fn::Sub': `${description} \${RunbookUrl}#${section}` },
      Namespace: metricNamespace,
      Dimensions: [{ Name: 'Plan', Value: plan }],
      EvaluationPeriods: 1,
      AlarmActions: [{ Ref: 'PagerTopic' }],
      OKActions: [{ Ref: 'PagerTopic' }],
      ...properties,
    },
  },
];

/** DrillFailedAlarm..., RtoOverObjectiveAlarm... or NoPassedDrillAlarm... */
const alarmId = (plan: string, section: string): string =>
  logicalId(`${section.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Alarm`, plan);
