import { expect, test } from 'vitest';
import { buildOutcome } from '../../../shared/drill/document.ts';
import { type Failure, findTeardownFailure } from '../../../shared/drill/failure.ts';
import { describeCounts, describeObjective } from '../../../shared/drill/figures.ts';
import type { DrillState, Phase } from '../../../shared/drill/state.ts';
import type { StateWith } from '../../../shared/drill/step.ts';
import { errorCatalog } from '../../../shared/errors.ts';
import { describeOutcome, describeTeardownFailure } from '../../../shared/messages/drill.ts';
import {
  type Message,
  messageKinds,
  type Origin,
  toSubject,
  toText,
} from '../../../shared/messages/message.ts';
import { countVerdicts } from '../../../shared/truth/checks.ts';
import {
  at,
  dropPhases,
  makeCheck,
  makeDrillStoppedIn,
  makeDrillUpTo,
  makeDrillWithChecks,
  makeDryRun,
  makePassedDrill,
} from '../drill/state-fixture.ts';

const origin: Origin = {
  account: '123456789012',
  region: 'eu-west-1',
  runbookUrl: 'https://example.com/runbook',
};

const mail = (message: Message) => ({
  subject: toSubject(message),
  text: toText(message, origin),
});

const place = 's3://reports/prod-aurora-main/2026-11-16/1f2e3d4c/report.html';
const build = (state: DrillState) => buildOutcome(state, at('08:25:11'));
const passed = build(makeDrillUpTo('VerifyRestore'));
const target = makePassedDrill().PrepareDrill.target.cluster;
const recovered = 'prod-aurora-main can be brought back: restored to 2026-11-16 08:00:04 UTC in 20 min 12 s';

test('a drill that passed: the message says so, with both times and the teardown that follows', () => {
  const { subject, text } = mail(describeOutcome(passed, place));
  expect(subject).toBe('Restore drill passed: prod-aurora-main, RTO 20 min 12 s of 60 min, 3 checks');
  expect(text.split('\n')).toEqual([
    `${recovered}, and all 3 checks match production at that instant.`,
    '',
    'RTO  20 min 12 s (objective 60 min, met)',
    'RPO  3 min (objective 10 min, met)',
    'Restored to  2026-11-16 08:00:04 UTC',
    `Teardown  anything the drill created as ${target} is deleted next. If the drill is stopped before that, this verdict stands, and the sweeper deletes it`,
    `Report  ${place}, filed now, and again when the drill ends`,
    `Drill  ${passed.drillId}, started 2026-11-16 08:00:00 UTC`,
    'Account  123456789012, eu-west-1',
    'Runbook  https://example.com/runbook#drill-passed',
  ]);
});

test('checks failed: the message names the first and what to do, and does not claim a match', () => {
  const failed = makeCheck({ verdict: 'failed', reason: '7 rows missing, 1 allowed' });
  const { subject, text } = mail(describeOutcome(build(makeDrillWithChecks(failed)), place));
  expect(subject).toBe(
    'Restore drill failed: prod-aurora-main: ChecksFailed, rows public.users: 7 rows missing, 1 allowed',
  );
  expect(text.split('\n')[0]).toBe(
    'prod-aurora-main was restored to 2026-11-16 08:00:04 UTC in 20 min 12 s, but its one check failed. ' +
      'ChecksFailed in VerifyRestore: rows public.users: 7 rows missing, 1 allowed',
  );
  expect(text).not.toContain('\nFailed:');
  expect(text.split('\n')[1]).toBe('Treat prod-aurora-main as not recoverable until you know why.');
  expect(text).toContain(`What to do: ${errorCatalog.ChecksFailed.hint}.`);
  expect(text).toContain('What to do: start the drill again: until one passes, nothing new is proven.');
  expect(text).not.toContain('matches production');
});

test('failed before the plan was known: the message names the drill, and announces no teardown', () => {
  const { execution } = makePassedDrill();
  const result = build({ execution, failures: { PrepareDrill: { Error: 'InvalidInput', Cause: 'dryrun' } } });
  const { subject, text } = mail(describeOutcome(result, place));
  expect(subject).toBe(`Restore drill failed: drill ${result.drillId}: InvalidInput, dryrun`);
  expect(text).toMatch(
    /^The drill failed before anything was restored, so nothing is proven\. InvalidInput in PrepareDrill: dryrun\n/,
  );
  expect(text).toContain('RTO  not measured');
  expect(text).toContain('Restored to  nothing was restored\n');
  expect(text).not.toContain('Teardown');
});

const tooSlow = 'a recovery takes too long';
const tooLossy = 'more of the newest data would be lost than agreed';

test.each([
  [600, null, 'RTO 20 min 12 s, objective 10 min', 'RTO 20 min 12 s instead of 10 min', tooSlow],
  [3600, 60, 'RPO 3 min, objective 60 s', 'RPO 3 min instead of 60 s', tooLossy],
  [
    600,
    60,
    'RTO 20 min 12 s, objective 10 min',
    'RTO 20 min 12 s instead of 10 min, RPO 3 min instead of 60 s',
    `${tooSlow}, and ${tooLossy}`,
  ],
])(
  'objectives of %j and %j s missed: which, by how much, and what it means',
  (rto, rpo, cause, missed, meaning) => {
    const { PrepareDrill, ...state } = makePassedDrill();
    const objectives = { rtoSeconds: rto, rpoSeconds: rpo };
    const message = describeOutcome(
      build({ ...state, PrepareDrill: { ...PrepareDrill, objectives } }),
      place,
    );
    expect(message.title).toBe(`Restore drill failed: prod-aurora-main: ObjectiveMissed, ${cause}`);
    expect(message.happened).toEqual([
      `prod-aurora-main can be brought back, but not within its objectives: ${missed}. ObjectiveMissed in VerifyRestore: ${cause}`,
      `The data can be recovered, but ${meaning}.`,
    ]);
  },
);

test('checks failed and an objective missed: both are told', () => {
  const { PrepareDrill, ...state } = makeDrillWithChecks(
    makeCheck({ verdict: 'failed' }),
  ) as StateWith<Phase>;
  const objectives = { rtoSeconds: 600, rpoSeconds: null };
  const { happened } = describeOutcome(
    build({ ...state, PrepareDrill: { ...PrepareDrill, objectives } }),
    place,
  );
  expect(happened.at(-1)).toBe('Objective missed: RTO 20 min 12 s instead of 10 min');
});

test('verified after the deadline: the drill took too long, not the recovery', () => {
  const { PrepareDrill, ...state } = makePassedDrill();
  const late = build({ ...state, PrepareDrill: { ...PrepareDrill, deadline: at('08:20') } });
  const { happened } = describeOutcome(late, place);
  expect(happened[0]).toMatch(
    /; but the drill, with its checks, took longer than timeoutMinutes\. DeadlineExceeded in VerifyRestore: /,
  );
  expect(happened[1]).toContain(
    'Time of the recovery itself: 20 min 12 s. The drill with its checks took too long.',
  );
  expect(happened.join('\n')).not.toContain(tooSlow);
});

test('the deadline passed before anything was restored: nothing is proven, not that a recovery takes too long', () => {
  const state = makeDrillStoppedIn('CheckRestorePoint', { Error: 'DeadlineExceeded', Cause: 'too late' });
  expect(describeOutcome(build(state), place).happened[0]).toMatch(
    /^The drill of prod-aurora-main failed before anything was restored, so nothing is proven\. /,
  );
});

test('the message goes out before the teardown: pending, and not a word that this failed', () => {
  const beforeTeardown = makeDrillWithChecks(makeCheck({ verdict: 'failed' }));
  const result = build(dropPhases(beforeTeardown, 'NotifyResult', 'TearDown', 'CheckTeardown'));
  expect(result.teardown.status).toBe('pending');
  expect(mail(describeOutcome(result, place)).text).not.toMatch(/teardown failed|not known to be gone/i);
});

test('a second failure before the message: told after the first', () => {
  const other = { phase: 'CheckWriter', error: 'WriterUnusable', cause: 'no host', hint: 'look' } as const;
  const failed = build(makeDrillWithChecks(makeCheck({ verdict: 'failed' })));
  const { happened } = describeOutcome({ ...failed, otherFailures: [other] }, place);
  expect(happened.at(-1)).toBe('Then: WriterUnusable in CheckWriter: no host');
});

test.each([
  [2, ['check 1', 'check 2'], []],
  [10, Array.from({ length: 10 }, (_, index) => `check ${index + 1}`), []],
  [3000, Array.from({ length: 10 }, (_, index) => `check ${index + 1}`), ['and 2990 more failed']],
])('%i failed checks: the first ten with their reasons, and how many more', (count, names, others) => {
  const checks = Array.from({ length: count }, (_, index) =>
    makeCheck({ name: `check ${index + 1}`, verdict: 'failed', reason: 'because' }),
  );
  const [first, , ...listed] = describeOutcome(build(makeDrillWithChecks(...checks)), place).happened;
  const shown = count.toLocaleString('en-US');
  expect(first).toContain(`${shown} of ${shown} checks failed. `);
  expect(listed).toEqual([...names.map((name) => `Failed: ${name}: because`), ...others]);
});

test.each([
  ['the restore was asked for', 'CaptureBaseline', `nothing was restored`, 'nothing was created'],
  [
    'the cluster was available',
    'CheckCluster',
    'not known (2026-11-16 08:00:04 UTC was asked for)',
    `anything the drill created as ${target} is deleted next. If the drill is stopped before that, this verdict stands, and the sweeper deletes it`,
  ],
  [
    'the restore point was reached',
    'CheckRestorePoint',
    'nothing was restored (2026-11-16 08:00:04 UTC was asked for)',
    'nothing was created',
  ],
] as const)('stopped before %s: no time is named as restored', (_, phase, restored, teardown) => {
  const { NotifyResult, TearDown, CheckTeardown, ...state } = makeDrillStoppedIn(phase, {
    Error: 'AwsFailure',
  });
  const { facts, happened } = describeOutcome(build(state), place);
  expect(facts).toContainEqual(['Restored to', restored]);
  expect(facts).toContainEqual(['Teardown', teardown]);
  expect(happened[0]).toMatch(
    /^The drill of prod-aurora-main failed .* so nothing is proven\. AwsFailure in /,
  );
});

test('a dry run that failed: called a dry run, and what a drill would meet', () => {
  const state = makeDryRun();
  const { CaptureBaseline, ...rest } = state;
  const stopped = build({ ...rest, failures: { CaptureBaseline: { Error: 'AccessDenied', Cause: 'no' } } });
  const { title, happened, details } = describeOutcome(stopped, place);
  expect(title).toBe('Dry run failed: prod-aurora-main: AccessDenied, no');
  expect(happened).toEqual([
    'The dry run of prod-aurora-main failed: nothing was restored, and a drill would fail in the same way. AccessDenied in CaptureBaseline: no',
    'This says nothing about the backups: a dry run restores nothing.',
  ]);
  expect(details).toMatchObject({ dryRun: true });
});

test('a dry run that passed: no word of a proof or a match', () => {
  const { title, happened } = describeOutcome(build(makeDryRun()), place);
  expect(title).toBe('Dry run passed: prod-aurora-main, nothing was restored and nothing is proven');
  expect(happened).toEqual([
    expect.stringMatching(
      /^Nothing was restored in this dry run, so no recovery is proven: the plan is valid/,
    ),
  ]);
});

test('a cause of several lines: one line in the title, all of them below', () => {
  const state = makeDrillStoppedIn('PrepareDrill', { Error: 'InvalidPlans', Cause: 'plans.yml:\n  a\n  b' });
  const { title, happened } = describeOutcome(build(state), place);
  expect(title).toMatch(/: InvalidPlans, plans.yml: a b$/);
  expect(happened[0]).toContain('plans.yml:\n  a\n  b');
});

test.each([
  ['TeardownRefused', 'was left behind and costs money until it is deleted'],
  ['AccessDenied', 'may still exist and cost money'],
])('a teardown that failed by %s: the second message names what may stand, and why', (error, clause) => {
  const state = makeDrillStoppedIn('CheckTeardown', { Error: error, Cause: 'not this one' });
  const teardown = findTeardownFailure(state) as Failure;
  const { resources: made, ...result } = build(state);
  const resources = made.filter(({ kind }) => kind === 'cluster');
  const message = describeTeardownFailure({ ...result, resources }, teardown, place);
  const { subject, text } = mail(message);
  expect(subject).toMatch(/^Restore drill could not delete what it restored: prod-aurora-main, drill-/);
  expect(text.split('\n')[0]).toBe(
    `After a drill of prod-aurora-main, ${target} ${clause}. ${error} in CheckTeardown: not this one`,
  );
  expect(message.facts).toContainEqual(['Report', place]);
});

test('a restore to a time of its own: the message does not claim a match with production', () => {
  const checks = [makeCheck(), makeCheck({ verdict: 'skipped' })];
  const result = { ...passed, checks, restore: { ...passed.restore, baseline: 'none' as const } };
  const { subject, text } = mail(describeOutcome(result, place));
  expect(subject).toMatch(/, 1 check, 1 skipped$/);
  expect(text).toContain('1 of 2 checks passed, with 1 skipped.');
  expect(text).toContain('production can no longer be read');
  expect(text).not.toContain('production at that instant');
});

test('most checks skipped: the message does not say that the copy matches, but how many checks do', () => {
  const checks = [makeCheck(), ...Array.from({ length: 25 }, () => makeCheck({ verdict: 'skipped' }))];
  const { happened } = describeOutcome({ ...passed, checks }, place);
  expect(happened).toEqual([
    `${recovered}, and 1 of 26 checks matches production at that instant, with 25 skipped.`,
  ]);
});

test('a drill that fails and the next one that passes: one deduplication key for the plan, opened and resolved', () => {
  const failed = describeOutcome(build(makeDrillWithChecks(makeCheck({ verdict: 'failed' }))), place);
  const next = describeOutcome(passed, place);
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
  ['passed passed', '2 passed'],
  ['passed passed failed skipped skipped', '2 passed, 1 failed, 2 skipped'],
  ['failed', '0 passed, 1 failed'],
  ['skipped', '0 passed, 1 skipped'],
])('%s: %s', (verdicts, text) => {
  const checks = verdicts.split(' ').map((verdict) => makeCheck({ verdict: verdict as 'passed' }));
  expect(describeCounts(countVerdicts(checks))).toBe(text);
});

test('dry runs: a key of their own, so that none of them closes what a failed drill has opened', () => {
  const keyOf = (dryRun: boolean) => describeOutcome({ ...passed, dryRun }, place).dedupKey;
  expect([keyOf(false), keyOf(true)]).toEqual(['drill/prod-aurora-main', 'dry-run/prod-aurora-main']);
});
