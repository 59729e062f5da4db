import type { Plan } from './plan.ts';
import { executionPrefixes } from './trigger.ts';

/** CloudFormation resources: one AWS::Scheduler::Schedule for each plan with a schedule, by logical id. */
export const scheduleResources = (plans: Record<string, Plan>): Record<string, object> =>
  Object.fromEntries(
    Object.entries(plans).flatMap(([name, { schedule }]) =>
      schedule === undefined ? [] : [[`${logicalId(name)}Schedule`, scheduleOf(name, schedule)]],
    ),
  );

/**
 * The universal target lets the schedule name the execution, which tells a scheduled drill from one by hand.
 * Scheduler puts its own id of the invocation in the place of <aws.scheduler.execution-id>.
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
      Arn: 'arn:aws:scheduler:::aws-sdk:sfn:startExecution',
      RoleArn: { 'Fn::GetAtt': ['ScheduleRole', 'Arn'] },
      RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 },
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

/** Logical ids are letters and digits only; a plan's name may hold - and _ besides, which must not fall together. */
const logicalId = (name: string): string =>
  name
    .replace(/[-_]/g, (mark) => (mark === '-' ? 'Dash' : 'Underscore'))
    .replace(/^./, (first) => first.toUpperCase());
