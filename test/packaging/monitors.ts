import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readRdsEvents } from '../../shared/monitors/rds-events.ts';
import { readSweepTrigger } from '../../shared/teardown/sweep-trigger.ts';
import { functions, type GetStack, monitors, ofType } from './stack.ts';

export const testMonitors = (getStack: GetStack) =>
  describe('monitors in the template', () => {
    const alarms = () => ofType(getStack(), 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
    const alarm = (name: string) => alarms().find(({ AlarmName }) => AlarmName === name);

    test('the fleet alarm is the one that operators know, and silence sets it off', () => {
      expect(alarm('rds-snapshot-age-over-26h')).toMatchObject({
        Namespace: 'Custom/RDS',
        MetricName: 'SnapshotAgeHours',
        Statistic: 'Maximum',
        Period: 3600,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 26,
        TreatMissingData: 'breaching',
        AlarmActions: [{ Ref: 'PagerTopic' }],
      });
      expect(alarm('rds-snapshot-age-over-26h')).not.toHaveProperty('Dimensions');
    });

    test.each([
      ['rds-snapshot-age-over-26h-by-cluster', 'MAX(SnapshotAgeHours)', 'MAX() DESC', '> 26 in 1 x 3600'],
      ['rds-restorable-lag-over-30min', 'MAX(RestorableLagSeconds)', 'MAX() DESC', '> 1800 in 2 x 3600'],
      ['rds-backtrack-window-below-target', 'MIN(BacktrackWindowRatio)', 'MIN() ASC', '< 1 in 2 x 900'],
    ])('%s: one series for each cluster, so that the alarm names it', (name, value, order, breach) => {
      const { Metrics, ComparisonOperator, ...others } = alarm(name) ?? {};
      const [query] = Metrics as { Expression: string; Period: number }[];
      const from = 'FROM SCHEMA("Custom/RDS", DBClusterIdentifier) GROUP BY DBClusterIdentifier';
      expect(query?.Expression).toBe(`SELECT ${value} ${from} ORDER BY ${order}`);
      const isAbove = ComparisonOperator === 'GreaterThanThreshold';
      const { Threshold, EvaluationPeriods } = others;
      expect(`${isAbove ? '>' : '<'} ${Threshold} in ${EvaluationPeriods} x ${query?.Period}`).toBe(breach);
      expect(others.TreatMissingData).toBe('notBreaching');
      // CloudWatch evaluates such a query only over the last three hours.
      expect(Number(query?.Period) * Number(EvaluationPeriods)).toBeLessThanOrEqual(10_800);
    });

    test('each alarm pages, says when it is over, and links to a section of the runbook that exists', async () => {
      const runbook = await readFile('docs/runbook.md', 'utf8');
      // Three of them are for the plan of plans.yml: its last drill, its RTO, and no passed drill in time.
      expect(alarms()).toHaveLength(13 + 3 + 2 * functions.length);
      for (const { AlarmActions, OKActions, AlarmDescription } of alarms()) {
        expect([AlarmActions, OKActions]).toEqual([[{ Ref: 'PagerTopic' }], [{ Ref: 'PagerTopic' }]]);
        const { 'Fn::Sub': text } = AlarmDescription as { 'Fn::Sub': string };
        const section = /\$\{RunbookUrl\}#([\w-]+)$/.exec(text)?.[1];
        expect(runbook).toContain(`\n## ${section}\n`);
      }
    });

    test.each(functions)('%s: goes on failing, or is turned away: pages', (name) => {
      const id = name.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
      const common = {
        Namespace: 'AWS/Lambda',
        Dimensions: [{ Name: 'FunctionName', Value: { Ref: `${name}LambdaFunction` } }],
        Statistic: 'Sum',
        Period: 3600,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
      };
      expect(alarm(`aurora-drills-prod-${id}-errors`)).toMatchObject({
        ...common,
        MetricName: 'Errors',
        Threshold: monitors.includes(name) ? 0 : 7,
      });
      expect(alarm(`aurora-drills-prod-${id}-throttles`)).toMatchObject({
        ...common,
        MetricName: 'Throttles',
        Threshold: monitors.includes(name) ? 50 : 10,
      });
    });

    test('settings that fail and did not before page, and silence does not', () => {
      expect(alarm('rds-posture-rise')).toMatchObject({
        Namespace: 'Custom/RDS',
        MetricName: 'PostureRise',
        Statistic: 'Maximum',
        Period: 3600,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
        TreatMissingData: 'notBreaching',
      });
    });

    test('one event that cannot be read pages', () => {
      expect(alarm('aurora-drills-prod-unparsable-events')).toMatchObject({
        Namespace: 'Custom/RDS',
        MetricName: 'UnparsableRdsEvents',
        Statistic: 'Sum',
        Threshold: 0,
        TreatMissingData: 'notBreaching',
      });
    });

    test.each([
      ['backtrack-window', 'BacktrackWindow', 1],
      ['backtrack-ready', 'BacktrackReady', 1],
      ['sweep-leftovers', 'SweepLeftovers', 1],
      ['posture', 'Posture', 26],
    ])('%s-silent: an hour without a run of %s counts as 0 runs, and %d in a row page', (id, name, hours) => {
      const { Metrics, ...silence } = alarm(`aurora-drills-prod-${id}-silent`) ?? {};
      expect(silence).toMatchObject({
        EvaluationPeriods: hours,
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
        TreatMissingData: 'breaching',
      });
      const Dimensions = [{ Name: 'FunctionName', Value: { Ref: `${name}LambdaFunction` } }];
      const Metric = { Namespace: 'AWS/Lambda', MetricName: 'Invocations', Dimensions };
      expect(Metrics).toEqual([
        { Id: 'runs', Expression: 'FILL(invocations, 0)', ReturnData: true },
        { Id: 'invocations', MetricStat: { Metric, Stat: 'Sum', Period: 3600 }, ReturnData: false },
      ]);
    });

    test('Backtrack events of instances reach the function through a topic that admits RDS alone', () => {
      expect(getStack().template.Resources.BacktrackEvents?.Properties).toMatchObject({
        SourceType: 'db-instance',
        EventCategories: ['backtrack'],
        SnsTopicArn: { Ref: 'RdsEventTopic' },
        Enabled: true,
      });
      const endpoint = { 'Fn::GetAtt': ['BacktrackWindowLambdaFunction', 'Arn'] };
      expect(getStack().template.Resources.BacktrackEventsToFunction?.Properties).toEqual({
        TopicArn: { Ref: 'RdsEventTopic' },
        Protocol: 'lambda',
        Endpoint: endpoint,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['FailedDeliveries', 'Arn'] } },
      });
      expect(getStack().template.Resources.BacktrackEventsPermission?.Properties).toMatchObject({
        FunctionName: endpoint,
        Action: 'lambda:InvokeFunction',
        Principal: 'sns.amazonaws.com',
        SourceArn: { Ref: 'RdsEventTopic' },
      });
      const policy = JSON.stringify(getStack().template.Resources.RdsEventTopicPolicy?.Properties);
      expect(policy.match(/[\w.]+\.amazonaws\.com/g)).toEqual(['events.rds.amazonaws.com']);
    });

    test('the schedules may call what runs beside drills, start drills, and keep what failed, and nothing else', () => {
      const policies = JSON.stringify(getStack().template.Resources.ScheduleRole?.Properties.Policies);
      expect(policies.match(/"[a-z]+:[A-Z]\w+"/g)).toEqual([
        '"states:StartExecution"',
        '"lambda:InvokeFunction"',
        '"sqs:SendMessage"',
      ]);
      for (const name of monitors) expect(policies).toContain(`${name}LambdaFunction`);
    });

    test.each([
      ['PagerTopic', 'cloudwatch.amazonaws.com'],
      ['RdsEventTopic', 'events.rds.amazonaws.com'],
    ])('%s: of the services only %s may publish, and only for this account', (topic, Service) => {
      const { Topics, PolicyDocument } = getStack().template.Resources[`${topic}Policy`]?.Properties ?? {};
      expect(Topics).toEqual([{ Ref: topic }]);
      const { Statement } = PolicyDocument as { Statement: { Effect: string; Principal: object }[] };
      expect(Statement.filter(({ Principal }) => Object.hasOwn(Principal, 'Service'))).toMatchObject([
        {
          Effect: 'Allow',
          Principal: { Service },
          Action: 'sns:Publish',
          Resource: { Ref: topic },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ]);
    });

    test('every topic is encrypted with the key that alarms and RDS may use', () => {
      for (const [, { Properties }] of ofType(getStack(), 'AWS::SNS::Topic')) {
        expect(Properties.KmsMasterKeyId).toEqual({ Ref: 'TopicKey' });
      }
      expect(getStack().template.Resources.TopicKey?.Properties).toMatchObject({
        EnableKeyRotation: true,
        KeyPolicy: {
          Statement: [
            { Principal: { AWS: { 'Fn::Sub': expect.stringMatching(/:root$/) } }, Action: 'kms:*' },
            {
              Principal: { Service: ['cloudwatch.amazonaws.com', 'events.rds.amazonaws.com'] },
              Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            },
          ],
        },
      });
    });

    test.each([
      ['SnapshotAge', 'SnapshotAge', 'cron(5 * * * ? *)', 600],
      ['DrillAge', 'DrillAge', 'cron(10 * * * ? *)', 60],
      ['BacktrackWindow', 'BacktrackWindow', 'cron(0/15 * * * ? *)', 300],
      ['BacktrackReady', 'BacktrackReady', 'cron(5/15 * * * ? *)', 300],
      ['Posture', 'Posture', 'cron(20 6 * * ? *)', 600],
      ['Sweep', 'SweepLeftovers', 'cron(0/15 * * * ? *)', 300],
    ])(
      '%sSchedule: calls %s at %s as its code understands it, with %i seconds',
      (id, name, cron, seconds) => {
        const { Resources } = getStack().template;
        const { Target, State, ScheduleExpression } = Resources[`${id}Schedule`]?.Properties ?? {};
        const { Input, ...target } = Target as { Input: string };
        expect([ScheduleExpression, State]).toEqual([cron, undefined]);
        expect(target).toEqual({
          Arn: { 'Fn::GetAtt': [`${name}LambdaFunction`, 'Arn'] },
          RoleArn: { 'Fn::GetAtt': ['ScheduleRole', 'Arn'] },
          RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 900 },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['FailedDeliveries', 'Arn'] } },
        });
        expect(readRdsEvents(JSON.parse(Input)).isSchedule).toBe(true);
        expect(readSweepTrigger(JSON.parse(Input))).toEqual({ kind: 'schedule' });
        expect(Resources[`${name}LambdaFunction`]?.Properties.Timeout).toBe(seconds);
      },
    );
  });
