/** `gone`: there is none of that ARN any more, since AWS forgets an execution 90 days after its end. */
export type ExecutionStatus = 'running' | 'ended' | 'gone';

/** The port to Step Functions. Fails with a DrillError: Throttled, AwsUnavailable, AccessDenied, AwsFailure or UnreadableAnswer. */
export type Executions = {
  /** How the execution of this ARN stands. */
  findStatus(executionArn: string): Promise<ExecutionStatus>;
};

/** Did this state machine run the execution? Told by the ARNs, which share account, Region and name. */
export const isExecutionOf = (stateMachineArns: readonly string[], executionArn: string): boolean =>
  stateMachineArns.some((arn) => executionArn.startsWith(`${arn.replace(':stateMachine:', ':execution:')}:`));
