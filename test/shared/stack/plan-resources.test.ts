import { expect, test } from 'vitest';
import { triggerOf } from '../../../shared/job/trigger.ts';
import { type Plan, parsePlans } from '../../../shared/plan/plans.ts';
import {
  databaseUserArns,
  sandboxUserArns,
  scheduleResources,
  sourceClusterArns,
} from '../../../shared/stack/plan-resources.ts';

const makePlans = (schedules: Record<string, string | undefined>): Record<string, Plan> => {
  const entries = Object.entries(schedules).map(([name, schedule]) => [
    name,
    { source: 'app', database: { name: 'app', user: 'drill_reader' }, ...(schedule && { schedule }) },
  ]);
  return parsePlans(JSON.stringify({ plans: Object.fromEntries(entries) }), 'plans.yml');
};

type Schedule = {
  Type: string;
  Properties: {
    ScheduleExpression: string;
    ScheduleExpressionTimezone: string;
    Target: { Arn: string; Input: { 'Fn::Sub': string } };
  };
};

const scheduleOf = (plan: string, expression: string): Schedule =>
  Object.values(scheduleResources(makePlans({ [plan]: expression })))[0] as Schedule;

test('plans with and without a schedule: one resource for each that has one', () => {
  const plans = makePlans({ orders: 'rate(7 days)', byHand: undefined, users: 'cron(0 8 ? * MON *)' });
  const ids = Object.keys(scheduleResources(plans));
  expect(ids).toEqual([expect.stringMatching(/^Scheduleorders/), expect.stringMatching(/^Scheduleusers/)]);
});

test('no plan with a schedule: no resource', () => {
  expect(scheduleResources(makePlans({ byHand: undefined }))).toEqual({});
});

test('names that differ in case, - and _ only: logical ids of letters and digits that differ', () => {
  const plans = makePlans({ 'a-b': 'rate(1 day)', a_b: 'rate(1 day)', ab: 'rate(1 day)', AB: 'rate(1 day)' });
  const ids = Object.keys(scheduleResources(plans));
  expect(ids).toHaveLength(4);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z][A-Za-z0-9]*$/);
});

test("a schedule: the plan's expression, in UTC, starts an execution", () => {
  const { Type, Properties } = scheduleOf('orders', 'cron(0 8 ? * MON *)');
  expect(Type).toBe('AWS::Scheduler::Schedule');
  expect(Properties).toMatchObject({
    ScheduleExpression: 'cron(0 8 ? * MON *)',
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: { 'Fn::Sub': 'arn:${AWS::Partition}:scheduler:::aws-sdk:sfn:startExecution' },
      RoleArn: { 'Fn::GetAtt': ['ScheduleRole', 'Arn'] },
    },
  });
});

test('a schedule: the execution is named so that the drill knows it was scheduled, and input names the plan', () => {
  const { Target } = scheduleOf('prod-aurora-main', 'rate(7 days)').Properties;
  const request = JSON.parse(Target.Input['Fn::Sub']);
  expect(request.StateMachineArn).toBe('${DrillStateMachine}');
  expect(JSON.parse(request.Input)).toEqual({ plan: 'prod-aurora-main' });
  expect(request.Name).toContain('<aws.scheduler.execution-id>');
  expect(triggerOf(request.Name, null).kind).toBe('schedule');
});

test('database users: each user of the plans once, on any cluster', () => {
  const arns = JSON.stringify(databaseUserArns(makePlans({ orders: undefined, users: undefined })));
  expect(arns.match(/dbuser:\*\/drill_reader/g)).toHaveLength(1);
});

test('sources: the cluster of each plan once, in lower case as RDS keeps it', () => {
  const [orders, users] = Object.values(makePlans({ orders: undefined, users: undefined })) as [Plan, Plan];
  const arns = sourceClusterArns({ orders, users, billing: { ...orders, source: 'Prod-Billing' } });
  expect(arns).toEqual(
    ['app', 'prod-billing'].map((name) => ({
      'Fn::Sub': `arn:\${AWS::Partition}:rds:\${AWS::Region}:\${AWS::AccountId}:cluster:${name}`,
    })),
  );
});

test('a schedule that could start no drill leaves that in the queue of failed deliveries', () => {
  const { Target } = scheduleOf('orders', 'rate(7 days)').Properties;
  expect(Target).toMatchObject({ DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['FailedDeliveries', 'Arn'] } } });
});

test('sandboxes: each user on its own cluster alone, once; without a sandbox, nobody anywhere', () => {
  const dev = { cluster: 'dev', resourceId: 'cluster-DEV', database: 'sandbox', user: 'sandbox_writer' };
  const qa = { ...dev, cluster: 'qa', resourceId: 'cluster-QA' };
  const [plan] = Object.values(makePlans({ orders: undefined })) as [Plan];
  const arns = sandboxUserArns({
    orders: { ...plan, sandboxes: { dev, qa } },
    users: { ...plan, sandboxes: { dev } },
  });
  const arnOf = (user: string) => ({
    'Fn::Sub': `arn:\${AWS::Partition}:rds-db:\${AWS::Region}:\${AWS::AccountId}:dbuser:${user}`,
  });
  expect(arns).toEqual([arnOf('cluster-DEV/sandbox_writer'), arnOf('cluster-QA/sandbox_writer')]);
  expect(sandboxUserArns({ orders: plan })).toEqual([arnOf('none/none')]);
});
