import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { DrillError } from '../errors.ts';
import type { ExecutionStatus, Executions } from '../job/executions.ts';
import { fromAwsError } from './errors.ts';

/** Every status of Step Functions (API, DescribeExecution). A pending redrive will run again. */
const statuses: Record<string, ExecutionStatus> = {
  RUNNING: 'running',
  PENDING_REDRIVE: 'running',
  SUCCEEDED: 'ended',
  FAILED: 'ended',
  TIMED_OUT: 'ended',
  ABORTED: 'ended',
};

/** Step Functions behind the Executions port. Patient, since nobody repeats a call of the sweeper. */
export const sfnExecutions = (client = new SFNClient({ maxAttempts: 10 })): Executions => ({
  findStatus: async (executionArn) => {
    try {
      const { status: word = 'none' } = await client.send(new DescribeExecutionCommand({ executionArn }));
      const status = Object.hasOwn(statuses, word) ? statuses[word] : undefined;
      if (status !== undefined) return status;
      throw new DrillError('UnreadableAnswer', `execution ${executionArn} has the status "${word}"`);
    } catch (error) {
      if ((error as Error).name === 'ExecutionDoesNotExist') return 'gone';
      throw fromAwsError(`describe execution ${executionArn}`, error);
    }
  },
});
