/** `gone`: none has that ARN any more. AWS forgets an execution 90 days after its end. */
export type ExecutionStatus = 'running' | 'ended' | 'gone';

/** The port to Step Functions. Fails with a DrillError: Throttled, AwsUnavailable, AccessDenied, AwsFailure or UnreadableAnswer. */
export type Executions = {
  findStatus(executionArn: string): Promise<ExecutionStatus>;
};

const asked = { rehearse: 'a rehearsal', extract: 'an extract' };

/** What an execution was, in words, if somebody waits for its answer; null else. A machine's name ends with its job. */
export const nameAskedJob = (executionArn: string): string | null => {
  const [, job] = /:execution:[^:]+-(rehearse|extract):/.exec(executionArn) ?? [];
  return job === undefined ? null : asked[job as keyof typeof asked];
};

/** Did one of these state machines run the execution? The ARNs share account, Region and name. */
export const isExecutionOf = (stateMachineArns: readonly string[], executionArn: string): boolean =>
  stateMachineArns.some((arn) => executionArn.startsWith(`${arn.replace(':stateMachine:', ':execution:')}:`));
