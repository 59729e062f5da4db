/** `gone`: none has that ARN any more. AWS forgets an execution 90 days after its end. */
export type ExecutionStatus = 'running' | 'ended' | 'gone';

/** The port to Step Functions. Fails with a DrillError: Throttled, AwsUnavailable, AccessDenied, AwsFailure or UnreadableAnswer. */
export type Executions = {
  findStatus(executionArn: string): Promise<ExecutionStatus>;
};

/** A machine's name ends with its job; that of drills has no such end. */
export const isRehearsal = (executionArn: string): boolean => /:execution:[^:]+-rehearse:/.test(executionArn);

/** Did one of these state machines run the execution? The ARNs share account, Region and name. */
export const isExecutionOf = (stateMachineArns: readonly string[], executionArn: string): boolean =>
  stateMachineArns.some((arn) => executionArn.startsWith(`${arn.replace(':stateMachine:', ':execution:')}:`));
