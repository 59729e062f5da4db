import { describe, expect, test } from 'vitest';
import { type GetStack, ofType } from './stack.ts';

export const testSweeper = (getStack: GetStack) =>
  describe('the sweeper in the template', () => {
    const alarm = (name: string) =>
      ofType(getStack(), 'AWS::CloudWatch::Alarm').find(
        ([, { Properties }]) => Properties.AlarmName === `aurora-drills-prod-${name}`,
      )?.[1].Properties;

    test('what is left for 45 minutes pages; a reading of 0 among others is no leftover', () => {
      expect(alarm('leftover-clusters')).toMatchObject({
        Namespace: 'Custom/RDS',
        MetricName: 'LeftoverDrillClusters',
        Statistic: 'Minimum',
        Period: 900,
        EvaluationPeriods: 3,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
        TreatMissingData: 'notBreaching',
      });
      expect(alarm('leftover-clusters')).not.toHaveProperty('Dimensions');
    });

    test('an execution that was stopped or timed out pages, whether its event came or not', () => {
      const { Metrics, ...ends } = alarm('drill-aborted') ?? {};
      expect(ends).toMatchObject({
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
        TreatMissingData: 'notBreaching',
      });
      const count = (MetricName: string, machine = 'DrillStateMachine') => ({
        Metric: {
          Namespace: 'AWS/States',
          MetricName,
          Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: machine } }],
        },
        Stat: 'Sum',
        Period: 300,
      });
      expect(Metrics).toEqual([
        { Id: 'ends', Expression: 'SUM(METRICS())', ReturnData: true },
        { Id: 'aborted', MetricStat: count('ExecutionsAborted'), ReturnData: false },
        { Id: 'timedOut', MetricStat: count('ExecutionsTimedOut'), ReturnData: false },
        {
          Id: 'recoveriesAborted',
          MetricStat: count('ExecutionsAborted', 'RecoverStateMachine'),
          ReturnData: false,
        },
        {
          Id: 'recoveriesTimedOut',
          MetricStat: count('ExecutionsTimedOut', 'RecoverStateMachine'),
          ReturnData: false,
        },
        {
          Id: 'rehearsalsAborted',
          MetricStat: count('ExecutionsAborted', 'RehearseStateMachine'),
          ReturnData: false,
        },
        {
          Id: 'rehearsalsTimedOut',
          MetricStat: count('ExecutionsTimedOut', 'RehearseStateMachine'),
          ReturnData: false,
        },
        {
          Id: 'extractsAborted',
          MetricStat: count('ExecutionsAborted', 'ExtractStateMachine'),
          ReturnData: false,
        },
        {
          Id: 'extractsTimedOut',
          MetricStat: count('ExecutionsTimedOut', 'ExtractStateMachine'),
          ReturnData: false,
        },
        {
          Id: 'rewindsAborted',
          MetricStat: count('ExecutionsAborted', 'RewindStateMachine'),
          ReturnData: false,
        },
        {
          Id: 'rewindsTimedOut',
          MetricStat: count('ExecutionsTimedOut', 'RewindStateMachine'),
          ReturnData: false,
        },
      ]);
    });

    test('every machine whose copies are torn down: its executions are known to the sweeper', () => {
      const { Environment } = getStack().template.Resources.SweepLeftoversLambdaFunction?.Properties ?? {};
      const { STATE_MACHINE_ARN: arns } = (
        Environment as { Variables: Record<string, { 'Fn::Sub': string }> }
      ).Variables;
      const names = arns?.['Fn::Sub'].split(',').map((arn) => arn.split(':').at(-1));
      expect(names).toEqual([
        'aurora-drills-prod',
        'aurora-drills-prod-rehearse',
        'aurora-drills-prod-extract',
      ]);
    });

    test('whatever comes into the queue of failed deliveries pages, though others lie there unread', () => {
      expect(alarm('failed-deliveries')).toMatchObject({
        Namespace: 'AWS/SQS',
        MetricName: 'NumberOfMessagesSent',
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['FailedDeliveries', 'QueueName'] } }],
        Statistic: 'Sum',
        Period: 300,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
        TreatMissingData: 'notBreaching',
      });
    });

    test('the rule may call the function, and nobody else through events', () => {
      expect(getStack().template.Resources.BadEndsPermission?.Properties).toEqual({
        FunctionName: { 'Fn::GetAtt': ['SweepLeftoversLambdaFunction', 'Arn'] },
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: { 'Fn::GetAtt': ['BadEnds', 'Arn'] },
      });
    });

    test.each([
      ['SnapshotAge', 0],
      ['DrillAge', 0],
      ['BacktrackReady', 0],
      ['Posture', 0],
      ['SweepLeftovers', 0],
      ['BacktrackWindow', undefined],
    ])('%s: a failed call is repeated %s times, or as often as Lambda does', (name, times) => {
      const configs = ofType(getStack(), 'AWS::Lambda::EventInvokeConfig').map(
        ([, { Properties }]) => Properties,
      );
      const own = configs.find(
        ({ FunctionName }) => (FunctionName as { Ref: string }).Ref === `${name}LambdaFunction`,
      );
      expect(own?.MaximumRetryAttempts).toBe(times);
    });
  });
