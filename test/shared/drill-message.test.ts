import { expect, test } from 'vitest';
import {
  countChecks,
  describeObjective,
  describeOutcome,
  describeTeardownFailure,
} from '../../shared/drill-message.ts';
import type { DrillState } from '../../shared/drill-state.ts';
import { errorCatalog } from '../../shared/errors.ts';
import { type Failure, findTeardownFailure } from '../../shared/failure.ts';
import { type Message, messageKinds, type Origin, toSubject, toText } from '../../shared/message.ts';
import { buildResult } from '../../shared/result.ts';
import {
  at,
  makeCheck,
  makeDrillStoppedIn,
  makeDrillUpTo,
  makeDrillWithChecks,
  makePassedDrill,
} from './drill-state-fixture.ts';

const origin: Origin = {
  account: '123456789012',
  region: 'eu-west-1',
  runbookUrl: 'https://example.com/runbook',
};

const mail = (message: Message) => ({
  subject: toSubject(message),
  text: toText(message, origin),
});

const build = (state: DrillState) => buildResult(state, at('08:25:11'));
const passed = build(makeDrillUpTo('VerifyRestore'));
const target = makePassedDrill().PrepareDrill.target.cluster;

test('a drill that passed: the message says so, with both times and the teardown that follows', () => {
  const { subject, text } = mail(describeOutcome(passed));
  expect(subject).toBe('Restore drill passed: prod-aurora-main');
  expect(text.split('\n')).toEqual([
    'The restored copy of prod-aurora-main matches production at that instant. 3 checks passed.',
    '',
    'RTO  20 min 12 s (objective 60 min, met)',
    'RPO  3 min (objective 10 min, met)',
    'Restored to  2026-11-16T08:00:04Z',
    `Teardown  whatever was made as ${target} is removed next`,
    `Drill  ${passed.drillId}, begun 2026-11-16T08:00:00.250Z`,
    'Account  123456789012, eu-west-1',
    'Runbook  https://example.com/runbook#drill-passed',
  ]);
});

test('checks failed: the message names the first and what to do, and does not claim a match', () => {
  const failed = makeCheck({ verdict: 'failed', reason: '7 rows missing, 1 allowed' });
  const { subject, text } = mail(describeOutcome(build(makeDrillWithChecks(failed))));
  expect(subject).toBe('Restore drill failed: prod-aurora-main');
  expect(text).toContain('ChecksFailed in VerifyRestore: rows public.users: 7 rows missing, 1 allowed');
  expect(text).toContain(`What to do: ${errorCatalog.ChecksFailed.hint}.`);
  expect(text).not.toContain('matches production');
});

test('failed before the plan was known: the message names the drill, and announces no teardown', () => {
  const { execution } = makePassedDrill();
  const result = build({ execution, failures: { PrepareDrill: { Error: 'InvalidInput', Cause: 'dryrun' } } });
  const { subject, text } = mail(describeOutcome(result));
  expect(subject).toBe(`Restore drill failed: drill ${result.drillId}`);
  expect(text).toContain('InvalidInput in PrepareDrill: dryrun');
  expect(text).toContain('RTO  not measured');
  expect(text).toContain('Restored to  not reached');
  expect(text).not.toContain('Teardown');
});

test('objective missed: the message shows measure, objective and that it was missed', () => {
  const { PrepareDrill, ...state } = makePassedDrill();
  const objectives = { rtoSeconds: 600, rpoSeconds: null };
  const { text } = mail(describeOutcome(build({ ...state, PrepareDrill: { ...PrepareDrill, objectives } })));
  expect(text).toContain('ObjectiveMissed in VerifyRestore');
  expect(text).toContain('RTO  20 min 12 s (objective 10 min, missed)');
});

test('a cluster left behind: the second message names it and why it was not deleted', () => {
  const state = makeDrillStoppedIn('CheckTeardown', { Error: 'TeardownRefused', Cause: 'refused to delete' });
  const teardown = findTeardownFailure(state);
  const { subject, text } = mail(describeTeardownFailure(build(state), teardown as Failure));
  expect(subject).toBe('Restore drill left a cluster behind: prod-aurora-main');
  expect(text).toContain(`${target} was not removed: TeardownRefused in CheckTeardown: refused to delete`);
});

test('a restore to a time of its own: the message does not claim a match with production', () => {
  const result = { ...passed, restore: { ...passed.restore, baseline: 'none' as const } };
  expect(mail(describeOutcome(result)).text).not.toContain('matches production');
});

test('a drill that fails and the next one that passes: one deduplication key for the plan, opened and resolved', () => {
  const failed = describeOutcome(build(makeDrillWithChecks(makeCheck({ verdict: 'failed' }))));
  const next = describeOutcome(passed);
  expect(failed.dedupKey).toBe('drill/prod-aurora-main');
  expect(next.dedupKey).toBe(failed.dedupKey);
  expect([failed, next].map(({ kind }) => messageKinds[kind].status)).toEqual(['open', 'resolved']);
});

test.each([
  [{ seconds: 1212, objectiveSeconds: 3600, met: true }, '20 min 12 s (objective 60 min, met)'],
  [{ seconds: 4000, objectiveSeconds: 3600, met: false }, '66 min 40 s (objective 60 min, missed)'],
  [{ seconds: 180, objectiveSeconds: null, met: null }, '3 min (no objective)'],
  [{ seconds: null, objectiveSeconds: 3600, met: null }, 'not measured (objective 60 min)'],
  [{ seconds: null, objectiveSeconds: null, met: null }, 'not measured (no objective)'],
  [{ seconds: 0, objectiveSeconds: 60, met: true }, '0 ms (objective 60 s, met)'],
])('%j: %s', (objective, text) => {
  expect(describeObjective(objective)).toBe(text);
});

test.each([
  ['passed passed', '2 checks passed'],
  ['passed passed failed skipped skipped', '2 checks passed, 1 failed, 2 skipped'],
  ['failed', '0 checks passed, 1 failed'],
  ['skipped', '0 checks passed, 1 skipped'],
])('%s: %s', (verdicts, text) => {
  const checks = verdicts.split(' ').map((verdict) => makeCheck({ verdict: verdict as 'passed' }));
  expect(countChecks({ ...passed, checks })).toBe(text);
});
