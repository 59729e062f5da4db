import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type GetStack, ofType } from './stack.ts';

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
      ['rds-snapshot-age-over-26h-by-cluster', 'MAX(SnapshotAgeHours)', 'MAX() DESC', '> 26'],
      ['rds-restorable-lag-over-30min', 'MAX(RestorableLagSeconds)', 'MAX() DESC', '> 1800'],
      ['rds-backtrack-window-below-target', 'MIN(BacktrackWindowRatio)', 'MIN() ASC', '< 1'],
    ])('%s: one series for each cluster, so that the alarm names it', (name, value, order, breach) => {
      const { Metrics, EvaluationPeriods, ComparisonOperator, Threshold } = alarm(name) ?? {};
      const [query] = Metrics as { Expression: string; Period: number }[];
      const from = 'FROM SCHEMA("Custom/RDS", DBClusterIdentifier) GROUP BY DBClusterIdentifier';
      expect(query?.Expression).toBe(`SELECT ${value} ${from} ORDER BY ${order}`);
      expect(`${ComparisonOperator === 'GreaterThanThreshold' ? '>' : '<'} ${Threshold}`).toBe(breach);
      // CloudWatch evaluates such a query over the last three hours only.
      expect(Number(query?.Period) * Number(EvaluationPeriods)).toBeLessThanOrEqual(10_800);
    });

    test('each alarm pages, says when it is over, and links to a section of the runbook that exists', async () => {
      const runbook = await readFile('docs/runbook.md', 'utf8');
      expect(alarms()).toHaveLength(8);
      for (const { AlarmActions, OKActions, AlarmDescription } of alarms()) {
        expect([AlarmActions, OKActions]).toEqual([[{ Ref: 'PagerTopic' }], [{ Ref: 'PagerTopic' }]]);
        const { 'Fn::Sub': text } = AlarmDescription as { 'Fn::Sub': string };
        const section = /\$\{RunbookUrl\}#([\w-]+)$/.exec(text)?.[1];
        expect(runbook).toContain(`\n## ${section}\n`);
      }
    });

    test.each([
      ['snapshot-age-errors', 'Errors', 'SnapshotAgeLambdaFunction'],
      ['backtrack-window-errors', 'Errors', 'BacktrackWindowLambdaFunction'],
    ])('%s: one failed run pages', (name, metric, id) => {
      expect(alarm(`aurora-drills-prod-${name}`)).toMatchObject({
        Namespace: 'AWS/Lambda',
        MetricName: metric,
        Dimensions: [{ Name: 'FunctionName', Value: { Ref: id } }],
        Statistic: 'Sum',
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
      });
    });

    test('an hour without a run of the Backtrack monitor counts as 0 runs, and pages', () => {
      const { Metrics, ...silence } = alarm('aurora-drills-prod-backtrack-window-silent') ?? {};
      expect(silence).toMatchObject({ ComparisonOperator: 'LessThanThreshold', Threshold: 1 });
      const [runs, invocations] = Metrics as Record<string, unknown>[];
      expect(runs).toMatchObject({ Expression: 'FILL(invocations, 0)', ReturnData: true });
      expect(JSON.stringify(invocations)).toContain('{"Ref":"BacktrackWindowLambdaFunction"}');
    });

    test('Backtrack events of instances reach the function through a topic that admits RDS alone', () => {
      expect(getStack().template.Resources.BacktrackEvents?.Properties).toMatchObject({
        SourceType: 'db-instance',
        EventCategories: ['backtrack'],
        SnsTopicArn: { Ref: 'RdsEventTopic' },
        Enabled: true,
      });
      const endpoint = { 'Fn::GetAtt': ['BacktrackWindowLambdaFunction', 'Arn'] };
      expect(getStack().template.Resources.BacktrackEventsToFunction?.Properties).toMatchObject({
        TopicArn: { Ref: 'RdsEventTopic' },
        Protocol: 'lambda',
        Endpoint: endpoint,
      });
      expect(getStack().template.Resources.BacktrackEventsPermission?.Properties).toMatchObject({
        FunctionName: endpoint,
        Principal: 'sns.amazonaws.com',
        SourceArn: { Ref: 'RdsEventTopic' },
      });
      const policy = JSON.stringify(getStack().template.Resources.RdsEventTopicPolicy?.Properties);
      expect(policy.match(/[\w.]+\.amazonaws\.com/g)).toEqual(['events.rds.amazonaws.com']);
    });

    test.each([
      [
        'SnapshotAgeRole',
        ['cloudwatch:PutMetricData', 'rds:DescribeDBClusterSnapshots', 'rds:DescribeDBClusters'],
      ],
      [
        'BacktrackWindowRole',
        [
          'cloudwatch:GetMetricData',
          'cloudwatch:PutMetricData',
          'kms:Decrypt',
          'kms:GenerateDataKey',
          'rds:DescribeDBClusters',
          'rds:DescribeDBInstances',
          'sns:Publish',
        ],
      ],
    ])('%s: what its function calls, and nothing that changes RDS', (role, actions) => {
      const { Policies } = getStack().template.Resources[role]?.Properties ?? {};
      const [, own] = Policies as {
        PolicyDocument: { Statement: { Action: string[]; Condition?: object }[] };
      }[];
      const statements = own?.PolicyDocument.Statement ?? [];
      expect(statements.flatMap(({ Action }) => Action).sort()).toEqual(actions);
      const publishing = statements.find(({ Action }) => Action.includes('cloudwatch:PutMetricData'));
      expect(publishing?.Condition).toEqual({ StringEquals: { 'cloudwatch:namespace': 'Custom/RDS' } });
    });

    test('the schedules may call both monitors and start drills, and nothing else', () => {
      const policies = JSON.stringify(getStack().template.Resources.ScheduleRole?.Properties.Policies);
      expect(policies.match(/"[a-z]+:[A-Z]\w+"/g)).toEqual([
        '"states:StartExecution"',
        '"lambda:InvokeFunction"',
      ]);
      for (const name of ['SnapshotAge', 'BacktrackWindow'])
        expect(policies).toContain(`${name}LambdaFunction`);
    });

    test('every topic is encrypted with the key that alarms and RDS may use', () => {
      for (const [, { Properties }] of ofType(getStack(), 'AWS::SNS::Topic')) {
        expect(Properties.KmsMasterKeyId).toEqual({ Ref: 'TopicKey' });
      }
      const key = JSON.stringify(getStack().template.Resources.TopicKey?.Properties);
      for (const service of ['cloudwatch', 'events.rds']) expect(key).toContain(`"${service}.amazonaws.com"`);
    });

    test('runs both on a schedule, the ages every hour', () => {
      const schedules = ofType(getStack(), 'AWS::Scheduler::Schedule').map(([id, { Properties }]) => [
        id,
        Properties.ScheduleExpression,
      ]);
      expect(Object.fromEntries(schedules)).toMatchObject({
        SnapshotAgeSchedule: 'cron(5 * * * ? *)',
        BacktrackWindowSchedule: 'cron(0/15 * * * ? *)',
      });
    });
  });
