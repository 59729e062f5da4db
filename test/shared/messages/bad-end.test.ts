import { describe, expect, test } from 'vitest';
import { buildOutcome } from '../../../shared/drill/document.ts';
import type { DrillState } from '../../../shared/drill/state.ts';
import { jobId } from '../../../shared/job/names.ts';
import {
  type BadEnd,
  decideTelling,
  describeBadEnd,
  type FiledVerdict,
} from '../../../shared/messages/bad-end.ts';
import { describeOutcome } from '../../../shared/messages/drill.ts';
import { messageKinds, type Origin, toChat, toSnsForms, toText } from '../../../shared/messages/message.ts';
import type { ChangedExecution } from '../../../shared/teardown/sweep-trigger.ts';
import { at, makeDrillUpTo, makePassedDrill } from '../drill/state-fixture.ts';

const origin: Origin = {
  account: '123456789012',
  region: 'eu-west-1',
  runbookUrl: 'https://example.com/runbook',
};
const { execution } = makePassedDrill();
const id = jobId(execution.id);
const plan = 'prod-aurora-main';

const makeExecution = <Status extends BadEnd>(
  status: Status,
  said: Partial<Pick<ChangedExecution, 'error' | 'cause'>> = {},
): ChangedExecution & { status: Status } => ({
  arn: execution.id,
  name: execution.name,
  input: '{}',
  startedAt: null,
  error: null,
  cause: null,
  ...said,
  status,
});
const describeEnd = (status: BadEnd, of: string | null = plan, said = {}) =>
  describeBadEnd(makeExecution(status, said), of, at('09:00'));

const stateMachineArn = 'arn:aws:states:eu-west-1:111122223333:stateMachine:aurora-drills';
const typed = { name: 'by-hand' };

test.each<[string, Partial<ChangedExecution>]>([
  ['failed', { status: 'FAILED', error: 'ChecksFailed' }],
  ['timed out', { status: 'TIMED_OUT' }],
  ['was stopped', { status: 'ABORTED' }],
  ['was stopped, its input dropped', { status: 'ABORTED', input: null }],
  ['was stopped, its input no JSON', { status: 'ABORTED', input: '{' }],
  ['was stopped, and no dry run', { status: 'ABORTED', input: '{"dryRun":false}' }],
  ['was scheduled and is of no plan', { status: 'FAILED', error: 'UnknownPlan' }],
  ['was typed and lacks a permission', { ...typed, status: 'FAILED', error: 'AccessDenied' }],
])('an execution that %s: somebody is told', (_, changes) => {
  const ended = { ...makeExecution('FAILED'), ...changes };
  expect(decideTelling(ended, [stateMachineArn])).toMatchObject({ action: 'tell', end: ended });
});

test.each<[string, Partial<ChangedExecution>, string]>([
  ['passed', { status: 'SUCCEEDED' }, 'SUCCEEDED is not a bad end'],
  ['runs', { status: 'RUNNING' }, 'not a bad end'],
  ['will run again', { status: 'PENDING_REDRIVE' }, 'not a bad end'],
  [
    'is of another state machine',
    { arn: execution.id.replace('aurora-drills', 'staging') },
    'another state machine',
  ],
  [
    'is a rehearsal',
    { arn: execution.id.replace('aurora-drills', 'aurora-drills-rehearse') },
    'its own states tell, or the alarm',
  ],
  [
    'is an extract',
    { arn: execution.id.replace('aurora-drills', 'aurora-drills-extract') },
    'it was an extract: its own states tell',
  ],
  ['was a dry run', { input: '{"dryRun":true}' }, 'dry run'],
  ['was mistyped', { ...typed, error: 'InvalidInput' }, 'started it by hand and sees InvalidInput'],
  ['names a plan that somebody mistyped', { ...typed, error: 'UnknownPlan' }, 'sees UnknownPlan'],
])('an execution that %s: nobody is told', (_, changes, reason) => {
  const machines = ['', '-rehearse', '-extract'].map((end) => `${stateMachineArn}${end}`);
  const decision = decideTelling({ ...makeExecution('FAILED'), ...changes }, machines);
  expect(decision).toEqual({ action: 'ignore', reason: expect.stringContaining(reason) });
});

test('a drill that was stopped: who and why to find out, that nothing is proven, and what is removed', () => {
  expect(toText(describeEnd('ABORTED'), origin).split('\n')).toEqual([
    'The drill of plan prod-aurora-main was stopped by somebody, and no report of it was found. Unless a message of this drill says so, nothing proves that its cluster can be brought back.',
    'The sweeper deletes what the drill restored, unless somebody has protected it against deletion.',
    'What to do: find out who stopped it and why: look for StopExecution in CloudTrail.',
    'What to do: start the drill again, so that one can pass.',
    '',
    `Drill  ${id}`,
    'Execution  schedule-6f1c2d3e',
    'Account  123456789012, eu-west-1',
    'Runbook  https://example.com/runbook#drill-aborted',
  ]);
});

test('a drill that timed out: where it hung, and not that somebody stopped it', () => {
  const [first, , step, ...rest] = toText(describeEnd('TIMED_OUT'), origin).split('\n');
  expect(first).toContain('ran past the time limit of the state machine');
  expect(step).toContain('the state where it hung');
  expect([first, step, ...rest].join('\n')).not.toContain('stopped');
});

test.each([
  ['error and cause', { error: 'ChecksFailed', cause: '7 rows missing' }, 'ChecksFailed: 7 rows missing'],
  ['an error alone', { error: 'ChecksFailed', cause: null }, 'ChecksFailed'],
  ['an empty cause', { error: 'ChecksFailed', cause: '' }, 'ChecksFailed'],
])('a drill that failed, with %s: what is at stake, its words, and where to read more', (_, said, words) => {
  const { happened, toDo } = describeEnd('FAILED', plan, said);
  expect(happened).toEqual([
    `The restore drill of ${plan} did not pass, so do not count on a recovery until one does: ${words}`,
  ]);
  expect(toDo[0]).toContain('read the message of the drill itself');
});

test.each([
  ['ChecksFailed', 'so do not count on a recovery until one does', 'read the message'],
  ['ObjectiveMissed', 'did not keep to the times of its plan', 'read the message'],
  ['DeadlineExceeded', 'did not keep to the times of its plan', 'read the message'],
  [
    'TeardownFailed',
    'verified is still valid, but what it restored may still exist',
    'the sweeper tries again',
  ],
  [
    'TeardownRefused',
    'verified is still valid, but what it restored may still exist',
    'look at what is named',
  ],
  [
    'NotificationFailed',
    'verified is still valid, but not all of it was sent',
    'check the notification topic',
  ],
  [
    'ReportNotFiled',
    'verified is still valid, but not all of it was sent, filed',
    'check that the report bucket',
  ],
  [
    'MetricsFailed',
    'verified is still valid, but not all of it was sent, filed and pub',
    'check that the role',
  ],
  ['QuotaExceeded', 'so nothing new is proven until one does', 'read the message'],
  ['NothingVerified', 'so nothing new is proven until one does', 'read the message'],
  ['States.Timeout', 'so nothing new is proven until one does', 'read the message'],
  [null, 'so nothing new is proven until one does: the event does not say why', 'read the message'],
])('a drill that failed by %s: %s, and what to do first', (error, stake, step) => {
  const { happened, toDo } = describeEnd('FAILED', plan, { error });
  expect(happened).toEqual([expect.stringContaining(stake)]);
  expect(toDo[0]).toContain(step);
});

test.each<[BadEnd, string, string, string]>([
  ['FAILED', 'drill-failed', 'failed', ': ChecksFailed, 7 rows missing'],
  ['TIMED_OUT', 'drill-aborted', 'timed out', ', nothing is proven'],
  ['ABORTED', 'drill-aborted', 'was stopped', ', nothing is proven'],
])('%s: the kind %s, and a title of plan, or drill without one, and words', (status, kind, how, words) => {
  const details = { drillId: id, execution: execution.id, status };
  const said = status === 'FAILED' ? { error: 'ChecksFailed', cause: '7 rows missing' } : {};
  expect(describeEnd(status, plan, said)).toMatchObject({
    kind,
    title: `Restore drill ${how}: ${plan}${words}`,
    at: at('09:00'),
    details: { ...details, plan },
  });
  expect(describeEnd(status, null, said)).toMatchObject({
    kind,
    title: `Restore drill ${how}: drill ${id}${words}`,
    details: { ...details, plan: null },
  });
});

test('error and cause of the event: whole in the details, for machines', () => {
  const said = { error: 'ChecksFailed', cause: '7 rows missing' };
  expect(describeEnd('FAILED', plan, said).details).toMatchObject(said);
  expect(describeEnd('ABORTED').details).toMatchObject({ error: null, cause: null });
});

describe('a drill that was stopped, and had filed something', () => {
  const filed = {
    plan,
    verdict: 'passed',
    failure: null,
    teardown: 'pending',
    report: 's3://b/r.html',
  } as const;
  const failed = {
    ...filed,
    verdict: 'failed',
    failure: { phase: 'VerifyRestore', error: 'ChecksFailed' },
  } as const;
  const stopped = (one: FiledVerdict | null, of: string | null = plan) =>
    describeBadEnd(makeExecution('ABORTED'), of, at('09:00'), one);

  test('a verdict that passed: it stands, with its report, and only the teardown is open', () => {
    const { title, happened, toDo, facts, dedupKey } = stopped(filed);
    expect(title).toBe(`Restore drill was stopped after its verdict: ${plan}, passed`);
    expect(happened[0]).toBe(
      `The drill of plan ${plan} was stopped by somebody after its verdict, passed. That verdict stands. Its report was filed before the teardown, and not again after it.`,
    );
    expect([toDo.length, dedupKey]).toEqual([1, `teardown/${id}`]);
    expect(facts).toContainEqual(['Report', 's3://b/r.html']);
  });

  test('a verdict that failed: the trouble is the one that the drill told', () => {
    const { title, toDo, dedupKey } = stopped(failed);
    expect(title).toMatch(/after its verdict: prod-aurora-main, failed by ChecksFailed in VerifyRestore$/);
    expect(toDo[0]).toContain('read the message of the drill itself');
    expect(dedupKey).toBe(`drill/${plan}`);
  });

  test('a verdict of a run before a redrive: nothing is proven by this one', () => {
    expect(stopped({ ...failed, teardown: 'completed' }).title).toMatch(/, nothing is proven$/);
  });

  test.each(['States.Timeout', 'Lambda.Unknown', 'ReportNotFiled'])(
    'its last step died with %s: the verdict that passed stands',
    (error) => {
      const told = describeBadEnd(makeExecution('FAILED', { error }), plan, at('09:00'), filed);
      expect(told.happened[0]).toContain('verified is still valid, but not all of it was sent');
      expect(told.toDo.length).toBeGreaterThan(0);
    },
  );

  test('an event without its plan: what was filed has it', () => {
    expect(stopped(failed, null).dedupKey).toBe(`drill/${plan}`);
  });
});

test('a drill that failed by an error in its teardown: what it verified is still valid, under the key of its teardown', () => {
  const filed = {
    plan,
    verdict: 'failed',
    failure: { phase: 'TearDown', error: 'AccessDenied' },
    teardown: 'failed',
    report: 's3://b/r.html',
  } as const;
  const told = (error: string) =>
    describeBadEnd(makeExecution('FAILED', { error }), plan, at('09:00'), filed);
  expect(told('AccessDenied').happened[0]).toContain('verified is still valid, but what it restored may');
  expect(told('AccessDenied').dedupKey).toBe(`teardown/${id}`);
  // Of a run before this one.
  expect(told('ChecksFailed').dedupKey).toBe(`drill/${plan}`);
});

describe('the deduplication key', () => {
  const keyOf = (state: DrillState) =>
    describeOutcome(buildOutcome(state, at('08:30')), 's3://reports').dedupKey;
  const ends = ['FAILED', 'TIMED_OUT', 'ABORTED'] as const;

  test.each(ends)(
    '%s with a plan: that of the drill itself, so that one page shows and a pass closes it',
    (end) => {
      const { dedupKey, kind } = describeEnd(end);
      expect(dedupKey).toBe(keyOf(makeDrillUpTo('VerifyRestore')));
      expect(messageKinds[kind].status).toBe('open');
    },
  );

  test.each(ends)('%s without a plan: that of the drill itself, which did not know it either', (end) => {
    const unprepared = { execution, failures: { PrepareDrill: { Error: 'InvalidInput' } } };
    expect(describeEnd(end, null).dedupKey).toBe(keyOf(unprepared));
  });
});

describe('words of 100,000 characters', () => {
  test.each(['x', '"', '\n', '\u0000', '<', '@', '世', '😀', '\ud800'])(
    'of %j in error, cause and name: every form within the limits of SNS and chat',
    (character) => {
      const long = character.repeat(100_000);
      const said = { ...makeExecution('FAILED', { error: long, cause: long }), name: long };
      const message = describeBadEnd(said, plan, at('09:00'));
      const forms = toSnsForms(message, origin);
      expect(Buffer.byteLength(JSON.stringify(forms))).toBeLessThan(256 * 1024);
      expect(forms.sms).toMatch(/^Restore drill failed: prod-aurora-main: .{1,65}$/);
      const { content } = toChat(message, origin) as { content: { description: string } };
      expect(content.description.length).toBeLessThanOrEqual(8000);
      expect(content.description).toContain('#drill-failed');
    },
  );

  test('in the name of a drill without a plan: the title and the key stay short', () => {
    const { title, dedupKey } = describeBadEnd(
      { ...makeExecution('ABORTED'), name: 'x'.repeat(100_000), arn: 'y'.repeat(100_000) },
      null,
      at('09:00'),
    );
    expect([title.length, dedupKey.length].every((length) => length < 70)).toBe(true);
  });
});
