import { expect, test } from 'vitest';
import { type ChangedExecution, readSweepTrigger } from '../../../shared/teardown/sweep-trigger.ts';
import { schedulerEvent } from '../monitors/rds-event-fixture.ts';

const executionArn = 'arn:aws:states:us-east-2:123456789012:execution:state-machine-name:execution-name';

/** The sample of a failed execution (Step Functions guide, "Automating Step Functions event delivery with EventBridge"). */
const statusEvent = (changes: Record<string, unknown> = {}) => ({
  version: '0',
  id: '315c1398-40ff-a850-213b-158f73e60175',
  'detail-type': 'Step Functions Execution Status Change',
  source: 'aws.states',
  account: '123456789012',
  time: '2019-02-26T19:42:21Z',
  region: 'us-east-2',
  resources: [executionArn],
  detail: {
    executionArn,
    stateMachineArn: 'arn:aws:states:us-east-2:123456789012:stateMachine:state-machine',
    name: 'execution-name',
    status: 'FAILED',
    startDate: 1551225146847,
    stopDate: 1551225151881,
    input: '{}',
    inputDetails: { included: true },
    output: null,
    outputDetails: null,
    ...changes,
  },
});

const failed: ChangedExecution = {
  arn: executionArn,
  name: 'execution-name',
  status: 'FAILED',
  input: '{}',
  startedAt: '2019-02-26T23:52:26.847Z',
  error: null,
  cause: null,
};

/** zod's own message comes after the first line. */
const refuses = (problem: string) =>
  expect.objectContaining({
    name: 'InvalidInput',
    summary: expect.stringMatching(/^this does not start a sweep:\n/),
    message: expect.stringContaining(`\n  ${problem}`),
    hint: expect.stringContaining('{"dryRun": true}'),
  });

test.each<[string, unknown]>([
  ['in full', schedulerEvent()],
  ['as config/sweeper.yml writes it', { source: 'aws.scheduler', 'detail-type': 'Scheduled Event' }],
  ['with keys of tomorrow', { source: 'aws.scheduler', more: 1 }],
])('the event of EventBridge Scheduler, %s: a schedule', (_, event) => {
  expect(readSweepTrigger(event)).toEqual({ kind: 'schedule' });
});

test.each([
  [{}, false],
  [{ dryRun: false }, false],
  [{ dryRun: true }, true],
])('%j by hand: a dry run is %s', (event, isDryRun) => {
  expect(readSweepTrigger(event)).toEqual({ kind: 'by-hand', isDryRun });
});

test.each<[unknown, string]>([
  [{ dryrun: true }, 'dryrun: unknown key'],
  [{ dryRun: true, force: true }, 'force: unknown key'],
  [{ plan: 'prod-aurora-main' }, 'plan: unknown key'],
  [{ dryRun: 'true' }, 'dryRun: expected boolean, seen "true"'],
  [{ dryRun: 1 }, 'dryRun: expected boolean, seen 1'],
  [{ dryRun: null }, 'dryRun: expected boolean, seen null'],
  [JSON.parse('{"__proto__": {"dryRun": true}}'), '__proto__: unknown key'],
  [null, '(the whole): expected object, seen null'],
  [undefined, '(the whole): expected object, but it is missing'],
  ['{}', '(the whole): expected object, seen "{}"'],
  [[], '(the whole): expected object, seen []'],
  [7, '(the whole): expected object, seen 7'],
])('%j by hand: InvalidInput that names the key', (event, problem) => {
  expect(() => readSweepTrigger(event)).toThrow(refuses(problem));
});

test('the documented event of a failed execution: what the sweep needs of it', () => {
  expect(readSweepTrigger(statusEvent())).toEqual({ kind: 'status', execution: failed });
});

test.each(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'])(
  'an execution that is %s: read as such',
  (status) => {
    expect(readSweepTrigger(statusEvent({ status }))).toEqual({
      kind: 'status',
      execution: { ...failed, status },
    });
  },
);

test('an event with error and cause, as real ones have them: both are passed on', () => {
  const said = { error: 'ChecksFailed', cause: 'rows public.users: 7 rows missing' };
  expect(readSweepTrigger(statusEvent(said))).toEqual({ kind: 'status', execution: { ...failed, ...said } });
});

test.each(['input', 'error', 'cause'] as const)('an event whose %s is null or left out: null', (key) => {
  const said = { input: '{"plan":"a"}', error: 'Denied', cause: 'why' };
  for (const value of [null, undefined]) {
    const { detail, ...event } = statusEvent({ ...said, [key]: value });
    const sent = JSON.parse(JSON.stringify({ ...event, detail }));
    expect(readSweepTrigger(sent)).toEqual({
      kind: 'status',
      execution: { ...failed, ...said, [key]: null },
    });
  }
});

test('an event whose input was dropped for its size: null, whatever else says so', () => {
  const event = statusEvent({ input: undefined, inputDetails: { included: false } });
  expect(readSweepTrigger(event)).toEqual({ kind: 'status', execution: { ...failed, input: null } });
});

test('an event with nothing but what is read, and keys of tomorrow: read', () => {
  const { source, 'detail-type': type } = statusEvent();
  const detail = { executionArn, name: 'execution-name', status: 'FAILED', input: '{}', redriveCount: 0 };
  expect(readSweepTrigger({ source, 'detail-type': type, detail, more: 1 })).toEqual({
    kind: 'status',
    execution: { ...failed, startedAt: null },
  });
});

test.each([null, 'yesterday', -1, 1.5, 1e300])(
  'an event that says it started at %s: read without',
  (startDate) => {
    expect(readSweepTrigger(statusEvent({ startDate }))).toEqual({
      kind: 'status',
      execution: { ...failed, startedAt: null },
    });
  },
);

test.each<[string, unknown, string]>([
  ['another source', { ...statusEvent(), source: 'aws.rds' }, 'source: expected "aws.states"'],
  ['a null source', { ...statusEvent(), source: null }, 'source: expected "aws.states"'],
  ['another schedule', { ...schedulerEvent(), source: 'aws.events' }, 'source: expected "aws.states"'],
  [
    'another type',
    { ...statusEvent(), 'detail-type': 'AWS API Call via CloudTrail' },
    'detail-type: expected',
  ],
  ['no type', { ...statusEvent(), 'detail-type': undefined }, 'detail-type: expected'],
  ['no detail', { ...statusEvent(), detail: undefined }, 'detail: expected object, but it is missing'],
  ['a detail in words', { ...statusEvent(), detail: 'FAILED' }, 'detail: expected object, seen "FAILED"'],
  ['no ARN', statusEvent({ executionArn: undefined }), 'detail.executionArn: expected string'],
  ['an empty ARN', statusEvent({ executionArn: '' }), 'detail.executionArn: '],
  ['an ARN that is none', statusEvent({ executionArn: [executionArn] }), 'detail.executionArn: expected'],
  ['no name', statusEvent({ name: undefined }), 'detail.name: expected string'],
  ['an empty name', statusEvent({ name: '' }), 'detail.name: '],
  ['no status', statusEvent({ status: undefined }), 'detail.status: '],
  ['a status of its own', statusEvent({ status: 'EXPLODED' }), 'detail.status: '],
  ['a status in small letters', statusEvent({ status: 'aborted' }), 'detail.status: '],
  ['a status that every object has', statusEvent({ status: 'constructor' }), 'detail.status: '],
  ['an input that is no text', statusEvent({ input: {} }), 'detail.input: expected string, seen {}'],
  ['an error that is no text', statusEvent({ error: 7 }), 'detail.error: expected string, seen 7'],
  ['a cause that is no text', statusEvent({ cause: ['x'] }), 'detail.cause: expected string, seen ["x"]'],
])('an event with %s: InvalidInput that names the path', (_, event, problem) => {
  expect(() => readSweepTrigger(event)).toThrow(refuses(problem));
});

test('an event with several things wrong: all of them are named', () => {
  const event = { source: 'aws.states', detail: { executionArn: '', status: 'OK' } };
  for (const path of ['detail-type', 'detail.executionArn', 'detail.name', 'detail.status']) {
    expect(() => readSweepTrigger(event)).toThrow(refuses(path));
  }
});
