import { createHash } from 'node:crypto';
import { executionPrefixes } from '../job/trigger.ts';
import { type Plan, sourcesOf } from '../plan/plans.ts';

/** CloudFormation resources: one AWS::Scheduler::Schedule for each plan with a schedule, by logical id. */
export const scheduleResources = (plans: Record<string, Plan>): Record<string, object> =>
  Object.fromEntries(
    Object.entries(plans).flatMap(([name, { schedule }]) =>
      schedule === undefined ? [] : [[logicalId('Schedule', name), scheduleOf(name, schedule)]],
    ),
  );

/**
 * The universal target lets the schedule name the execution, which tells a scheduled drill from one started by hand.
 * Scheduler replaces <aws.scheduler.execution-id> with its own id of the invocation.
 */
const scheduleOf = (plan: string, expression: string): object => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    Name: { 'Fn::Sub': `\${AWS::StackName}-${plan}` },
    Description: `Starts the restore drill of plan ${plan}`,
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: { 'Fn::Sub': 'arn:${AWS::Partition}:scheduler:::aws-sdk:sfn:startExecution' },
      RoleArn: { 'Fn::GetAtt': ['ScheduleRole', 'Arn'] },
      RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 },
      // A drill that was never started can tell nobody.
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['FailedDeliveries', 'Arn'] } },
      Input: {
        'Fn::Sub': JSON.stringify({
          StateMachineArn: '${DrillStateMachine}',
          Name: `${executionPrefixes.schedule}<aws.scheduler.execution-id>`,
          Input: JSON.stringify({ plan }),
        }),
      },
    },
  },
});

/**
 * The logical id of something that a plan has, letters and digits only. The hash keeps plans apart whose names differ
 * only in other characters or in case.
 */
export const logicalId = (kind: string, plan: string): string =>
  `${kind}${plan}`.replace(/[^A-Za-z0-9]/g, '') + createHash('sha256').update(plan).digest('hex').slice(0, 8);

/**
 * The database users that the functions that talk SQL may sign in as: the plans' users, as ARNs for rds-db:connect.
 * On any cluster, since nobody knows a restored one's resource id before.
 */
export const databaseUserArns = (plans: Record<string, Plan>): object[] =>
  [...new Set(Object.values(plans).map(({ database }) => database.user))].map((user) => ({
    'Fn::Sub': `arn:\${AWS::Partition}:rds-db:\${AWS::Region}:\${AWS::AccountId}:dbuser:*/${user}`,
  }));

/** No cluster has this resource id: a policy has to name something where no plan has a sandbox. */
const noSandbox = { resourceId: 'none', user: 'none' };

/** The users of the plans' sandboxes, each on its own cluster alone, as ARNs for rds-db:connect. */
export const sandboxUserArns = (plans: Record<string, Plan>): object[] => {
  const sandboxes = Object.values(plans).flatMap((plan) => Object.values(plan.sandboxes));
  const users = (sandboxes.length === 0 ? [noSandbox] : sandboxes).map(
    ({ resourceId, user }) => `dbuser:${resourceId}/${user}`,
  );
  return [...new Set(users)].map((user) => ({
    'Fn::Sub': `arn:\${AWS::Partition}:rds-db:\${AWS::Region}:\${AWS::AccountId}:${user}`,
  }));
};

/** What RestoreCluster may restore from: the plans' sources, as ARNs. RDS keeps identifiers in lower case. */
export const sourceClusterArns = (plans: Record<string, Plan>): object[] => sourcesOf(plans).map(clusterArn);

export const clusterArn = (cluster: string): object => ({
  'Fn::Sub': `arn:\${AWS::Partition}:rds:\${AWS::Region}:\${AWS::AccountId}:cluster:${cluster.toLowerCase()}`,
});
