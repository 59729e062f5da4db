import { expect, test } from 'vitest';
import { planAlarmResources } from '../../../shared/stack/plan-alarms.ts';
import { makePlans } from '../plan/plan-fixture.ts';

const from = '2026-11-21T00:00:00Z';
type Alarm = { Type: string; Properties: Record<string, unknown> & { Dimensions: object } };

const alarmsOf = (plans: Record<string, object>) => planAlarmResources(makePlans(plans), from);
const namesOf = (plans: Record<string, object>) =>
  Object.values(alarmsOf(plans)).map((alarm) => (alarm as Alarm).Properties.AlarmName);
const find = (plans: Record<string, object>, suffix: string): Alarm['Properties'] => {
  const all = Object.values(alarmsOf(plans)) as Alarm[];
  const found = all.find(({ Properties }) => JSON.stringify(Properties.AlarmName).includes(suffix));
  if (found === undefined) throw new Error(`there is no alarm ${suffix}`);
  return found.Properties;
};

const weekly = { schedule: 'cron(0 8 ? * MON *)', objectives: { rtoMinutes: 60 } };

test('a scheduled plan with an RTO objective: three alarms of its own', () => {
  expect(namesOf({ shop: weekly })).toEqual([
    { 'Fn::Sub': '${AWS::StackName}-shop-drill-failed' },
    { 'Fn::Sub': '${AWS::StackName}-shop-rto-over-objective' },
    { 'Fn::Sub': '${AWS::StackName}-shop-no-passed-drill' },
  ]);
});

test('a plan by hand without objectives: only the alarm on its last drill', () => {
  expect(namesOf({ shop: {} })).toEqual([{ 'Fn::Sub': '${AWS::StackName}-shop-drill-failed' }]);
});

test('the last drill failed: the alarm lasts until the next one, since what is missing is ignored', () => {
  expect(find({ shop: weekly }, 'drill-failed')).toMatchObject({
    MetricName: 'DrillPassed',
    Dimensions: [{ Name: 'Plan', Value: 'shop' }],
    Statistic: 'Minimum',
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    TreatMissingData: 'ignore',
  });
});

test('RTO over its objective: in seconds, and lasts until the next drill', () => {
  expect(find({ shop: weekly }, 'rto-over')).toMatchObject({
    MetricName: 'DrillRtoSeconds',
    Statistic: 'Maximum',
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 3600,
    TreatMissingData: 'ignore',
  });
});

test.each([
  ['every Monday', 'cron(0 8 ? * MON *)', 8 * 24],
  ['every day', 'rate(1 day)', 2 * 24],
  ['on weekdays', 'cron(0 8 ? * MON-FRI *)', 4 * 24],
  ['each month', 'cron(0 8 1 * ? *)', 32 * 24],
])(
  'a drill %s: no passed one for its longest pause and a day sets the alarm off, and so does silence',
  (_, schedule, hours) => {
    expect(find({ shop: { schedule } }, 'no-passed-drill')).toMatchObject({
      MetricName: 'PassedDrillAgeHours',
      Dimensions: [{ Name: 'Plan', Value: 'shop' }],
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: hours,
      TreatMissingData: 'breaching',
    });
  },
);

test('every alarm: within what CloudWatch evaluates, pages both ways, and links to the runbook', () => {
  const alarms = Object.values(alarmsOf({ shop: weekly, 'other-shop': weekly })) as Alarm[];
  expect(alarms).toHaveLength(6);
  for (const { Type, Properties } of alarms) {
    const { Period, EvaluationPeriods } = Properties;
    expect(Type).toBe('AWS::CloudWatch::Alarm');
    expect(Number(Period) * Number(EvaluationPeriods)).toBeLessThanOrEqual(
      Number(Period) < 3600 ? 86_400 : 604_800,
    );
    expect(Properties).toMatchObject({
      Namespace: 'Custom/RDS',
      AlarmActions: [{ Ref: 'PagerTopic' }],
      OKActions: [{ Ref: 'PagerTopic' }],
      AlarmDescription: { 'Fn::Sub': expect.stringMatching(/ \$\{RunbookUrl\}#[a-z-]+$/) },
    });
  }
});

test('names that differ in signs only: logical ids of letters and digits that differ', () => {
  const ids = Object.keys(alarmsOf({ 'a-b': {}, a_b: {}, ab: {} }));
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^DrillFailedAlarm[A-Za-z0-9]+$/);
});
