import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { sfnExecutions } from '../../../shared/aws/executions.ts';
import { isExecutionOf } from '../../../shared/job/executions.ts';
import { awsError } from './aws-error.ts';

const sfn = mockClient(SFNClient);
const execution = 'arn:aws:states:eu-west-1:111122223333:execution:aurora-drills:schedule-6f1c2d3e';
const findStatus = () => sfnExecutions().findStatus(execution);
const answer = (status: string | undefined) =>
  sfn.on(DescribeExecutionCommand).resolves({ status } as Record<string, unknown>);

beforeEach(() => sfn.reset());

test('an execution: described by its ARN and nothing else, once, by a patient client', async () => {
  answer('RUNNING');
  await findStatus();
  const calls = sfn.commandCalls(DescribeExecutionCommand);
  expect(calls.map(({ args }) => args[0].input)).toEqual([{ executionArn: execution }]);
  const client: SFNClient | undefined = calls[0]?.thisValue as SFNClient;
  expect(await client?.config.maxAttempts()).toBe(10);
});

test.each([
  ['RUNNING', 'running'],
  ['PENDING_REDRIVE', 'running'],
  ['SUCCEEDED', 'ended'],
  ['FAILED', 'ended'],
  ['TIMED_OUT', 'ended'],
  ['ABORTED', 'ended'],
])('an execution that is %s: %s', async (status, standing) => {
  answer(status);
  expect(await findStatus()).toBe(standing);
});

test('an execution that Step Functions has forgotten: gone, no error', async () => {
  sfn.on(DescribeExecutionCommand).rejects(awsError('ExecutionDoesNotExist'));
  expect(await findStatus()).toBe('gone');
});

test.each([
  ['EXPLODED', '"EXPLODED"'],
  ['running', '"running"'],
  ['', '""'],
  [undefined, '"none"'],
  ['constructor', '"constructor"'],
])('a status that nobody knows, %j: UnreadableAnswer that names it, not a guess', async (status, seen) => {
  answer(status);
  await expect(findStatus()).rejects.toMatchObject({
    name: 'UnreadableAnswer',
    summary: `execution ${execution} has the status ${seen}`,
  });
});

test.each([
  ['ThrottlingException', 'Throttled'],
  ['AccessDeniedException', 'AccessDenied'],
  ['InvalidArn', 'AwsFailure'],
])('%s: %s, with the execution and the words of AWS', async (aws, name) => {
  sfn.on(DescribeExecutionCommand).rejects(awsError(aws));
  await expect(findStatus()).rejects.toMatchObject({
    name,
    summary: `describe execution ${execution}: ${aws}: said so`,
  });
});

test.each([
  ['a broken connection', { code: 'ECONNRESET' }],
  ['an error inside Step Functions', { $metadata: { httpStatusCode: 500 } }],
])('%s: AwsUnavailable', async (_, facts) => {
  sfn.on(DescribeExecutionCommand).rejects(awsError('Error', facts));
  await expect(findStatus()).rejects.toMatchObject({ name: 'AwsUnavailable' });
});

describe('whose execution an ARN is', () => {
  const stateMachine = 'arn:aws:states:eu-west-1:111122223333:stateMachine:aurora-drills';

  test.each([
    ['its own', true, execution],
    ['one of a state machine with a longer name', false, execution.replace('drills:', 'drills-2:')],
    ['one of a state machine with a shorter name', false, execution.replace('drills:', 'drill:')],
    ['one of another account', false, execution.replace('111122223333', '999999999999')],
    ['one of another Region', false, execution.replace('eu-west-1', 'us-east-1')],
    ['one that only holds the ARN', false, `x${execution}`],
    ['the ARN of the state machine itself', false, stateMachine],
    ['one without a name of its own', false, execution.replace(/:schedule.*/, '')],
    ['an express execution', false, execution.replace(':execution:', ':express:')],
    ['nothing', false, ''],
  ])('%s: %s', (_, expected, arn) => {
    expect(isExecutionOf([stateMachine], arn)).toBe(expected);
  });
});
