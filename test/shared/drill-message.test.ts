import { expect, test } from 'vitest';
import { countChecks, describeObjective } from '../../shared/drill-figures.ts';
import { describeOutcome, describeTeardownFailure } from '../../shared/drill-message.ts';
import type { DrillState } from '../../shared/drill-state.ts';
import { errorCatalog } from '../../shared/errors.ts';
import { type Failure, findTeardownFailure } from '../../shared/failure.ts';
import { type Message, messageKinds, type Origin, toSubject, toText } from '../../shared/message.ts';
import { buildOutcome } from '../../shared/result.ts';
import {
  at,
  makeCheck,
  makeDrillStoppedIn,
  makeDrillUpTo,
  makeDrillWithChecks,
  makeDryRun,
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

const place = 's3://reports/prod-aurora-main/2026-11-16/1f2e3d4c/report.html';
const build = (state: DrillState) => buildOutcome(state, at('08:25:11'));
const passed = build(makeDrillUpTo('VerifyRestore'));
const target = makePassedDrill().PrepareDrill.target.cluster;

test('a drill that passed: the message says so, with both times and the teardown that follows', () => {
  const { subject, text } = mail(describeOutcome(passed, place));
  expect(subject).toBe('Restore drill passed: prod-aurora-main, RTO 20 min 12 s of 60 min, 3 checks');
  expect(text.split('\n')).toEqual([
    'The restored copy of prod-aurora-main matches production at that instant, and answered after 20 min 12 s. 3 checks passed.',
    '',
    'RTO  20 min 12 s (objective 60 min, met)',
    'RPO  3 min (objective 10 min, met)',
    'Restored to  2026-11-16T08:00:04Z',
    `Teardown  whatever was made as ${target} is removed next`,
    `Report  ${place}, where it stands once the teardown is over`,
    `Drill  ${passed.drillId}, begun 2026-11-16T08:00:00.250Z`,
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
    '1 of 1 check failed on the restored copy of prod-aurora-main, so a recovery may lose or change data: ' +
      'ChecksFailed in VerifyRestore: rows public.users: 7 rows missing, 1 allowed',
  );
  expect(text).not.toContain('\nFailed:');
  expect(text).toContain(`What to do: ${errorCatalog.ChecksFailed.hint}.`);
  expect(text).not.toContain('matches production');
});

test('failed before the plan was known: the message names the drill, and announces no teardown', () => {
  const { execution } = makePassedDrill();
  const result = build({ execution, failures: { PrepareDrill: { Error: 'InvalidInput', Cause: 'dryrun' } } });
  const { subject, text } = mail(describeOutcome(result, place));
  expect(subject).toBe(`Restore drill failed: drill ${result.drillId}: InvalidInput, dryrun`);
  expect(text).toContain('Nothing proves that the cluster of this drill can be brought back');
  expect(text).toContain('InvalidInput in PrepareDrill: dryrun');
  expect(text).toContain('RTO  not measured');
  expect(text).toContain('Restored to  nothing was restored\n');
  expect(text).not.toContain('Teardown');
});

test.each([
  [600, null, 'RTO 20 min 12 s, objective 10 min', 'takes longer than its plan allows', []],
  [3600, 60, 'RPO 3 min, objective 60 s', 'loses more than its plan allows', []],
  [
    600,
    60,
    'RTO 20 min 12 s, objective 10 min',
    'takes longer than its plan allows',
    ['RTO 20 min 12 s of 10 min', 'RPO 3 min of 60 s'],
  ],
])(
  'objectives of %j and %j s missed: which, by how much, and what it means',
  (rto, rpo, cause, stake, both) => {
    const { PrepareDrill, ...state } = makePassedDrill();
    const objectives = { rtoSeconds: rto, rpoSeconds: rpo };
    const message = describeOutcome(
      build({ ...state, PrepareDrill: { ...PrepareDrill, objectives } }),
      place,
    );
    expect(message.title).toBe(`Restore drill failed: prod-aurora-main: ObjectiveMissed, ${cause}`);
    expect(message.happened).toEqual([
      `A recovery of prod-aurora-main ${stake}: ObjectiveMissed in VerifyRestore: ${cause}`,
      ...both.map((missed) => `Objective missed: ${missed}`),
    ]);
  },
);

test('verified after the deadline: a recovery takes too long, not that none is proven', () => {
  const { PrepareDrill, ...state } = makePassedDrill();
  const late = build({ ...state, PrepareDrill: { ...PrepareDrill, deadline: at('08:20') } });
  expect(describeOutcome(late, place).happened).toEqual([
    expect.stringMatching(
      /^A recovery of prod-aurora-main takes longer than its plan allows: DeadlineExceeded/,
    ),
  ]);
});

test('the deadline passed before anything was restored: nothing is proven, not that a recovery takes too long', () => {
  const state = makeDrillStoppedIn('CheckRestorePoint', { Error: 'DeadlineExceeded', Cause: 'too late' });
  expect(describeOutcome(build(state), place).happened[0]).toMatch(
    /^Nothing proves that prod-aurora-main can/,
  );
});

test('a result shortened to a measured RTO: the copy was made, so its teardown is announced', () => {
  const { facts } = describeOutcome({ ...passed, phases: [] }, place);
  expect(facts).toContainEqual(['Teardown', `whatever was made as ${target} is removed next`]);
});

test.each([
  [2, ['check 1', 'check 2'], []],
  [10, Array.from({ length: 10 }, (_, index) => `check ${index + 1}`), []],
  [3000, Array.from({ length: 10 }, (_, index) => `check ${index + 1}`), ['and 2990 more failed']],
])('%i failed checks: the first ten with their reasons, and how many more', (count, names, others) => {
  const checks = Array.from({ length: count }, (_, index) =>
    makeCheck({ name: `check ${index + 1}`, verdict: 'failed', reason: 'because' }),
  );
  const [first, ...listed] = describeOutcome(build(makeDrillWithChecks(...checks)), place).happened;
  expect(first).toContain(`${count} of ${count} checks failed`);
  expect(listed).toEqual([...names.map((name) => `Failed: ${name}: because`), ...others]);
});

test.each([
  ['the restore was asked for', 'CaptureBaseline', `nothing was restored`, 'nothing was made'],
  [
    'the cluster was available',
    'CheckCluster',
    'not known to be reached (2026-11-16T08:00:04Z was asked for)',
    `whatever was made as ${target} is removed next`,
  ],
  [
    'the restore point was reached',
    'CheckRestorePoint',
    'nothing was restored (2026-11-16T08:00:04Z was asked for)',
    'nothing was made',
  ],
] as const)('stopped before %s: no time is named as restored', (_, phase, restored, teardown) => {
  const { NotifyResult, TearDown, CheckTeardown, ...state } = makeDrillStoppedIn(phase, {
    Error: 'AwsFailure',
  });
  const { facts, happened } = describeOutcome(build(state), place);
  expect(facts).toContainEqual(['Restored to', restored]);
  expect(facts).toContainEqual(['Teardown', teardown]);
  expect(happened[0]).toMatch(/^Nothing proves that prod-aurora-main can be brought back: AwsFailure in /);
});

test('a dry run that failed: called a dry run, and what a drill would meet', () => {
  const state = makeDryRun();
  const { CaptureBaseline, ...rest } = state;
  const stopped = build({ ...rest, failures: { CaptureBaseline: { Error: 'AccessDenied', Cause: 'no' } } });
  const { title, happened, details } = describeOutcome(stopped, place);
  expect(title).toBe('Dry run failed: prod-aurora-main: AccessDenied, no');
  expect(happened).toEqual([
    'A drill of prod-aurora-main would fail as this dry run has: AccessDenied in CaptureBaseline: no',
  ]);
  expect(details).toMatchObject({ dryRun: true });
});

test('a dry run that passed: no word of a proof or a match', () => {
  const { title, happened } = describeOutcome(build(makeDryRun()), place);
  expect(title).toBe('Dry run passed: prod-aurora-main, nothing was restored and nothing is proven');
  expect(happened).toEqual([
    'The plan of prod-aurora-main is valid. Nothing was restored. Nothing proves that prod-aurora-main can be brought back.',
  ]);
});

test('a cause of several lines: one line in the title, all of them below', () => {
  const state = makeDrillStoppedIn('PrepareDrill', { Error: 'InvalidPlans', Cause: 'plans.yml:\n  a\n  b' });
  const { title, happened } = describeOutcome(build(state), place);
  expect(title).toMatch(/: InvalidPlans, plans.yml: a b$/);
  expect(happened[0]).toContain('plans.yml:\n  a\n  b');
});

test('a cluster left behind: the second message names it and why it was not deleted', () => {
  const state = makeDrillStoppedIn('CheckTeardown', { Error: 'TeardownRefused', Cause: 'refused to delete' });
  const teardown = findTeardownFailure(state);
  const { subject, text } = mail(describeTeardownFailure(build(state), teardown as Failure, place));
  expect(subject).toBe(`Restore drill left a cluster behind: prod-aurora-main, ${target}`);
  expect(text.split('\n')[0]).toBe(
    `${target}, restored from prod-aurora-main, is not known to be gone and costs money while it stands: ` +
      'TeardownRefused in CheckTeardown: refused to delete',
  );
  expect(text).toContain(`Report  ${place}, where it stands once the teardown is over`);
});

test('a restore to a time of its own: the message does not claim a match with production', () => {
  const checks = [makeCheck(), makeCheck({ verdict: 'skipped' })];
  const result = { ...passed, checks, restore: { ...passed.restore, baseline: 'none' as const } };
  expect(mail(describeOutcome(result, place)).subject).toMatch(/, 1 check, 1 skipped$/);
  expect(mail(describeOutcome(result, place)).text).not.toContain('matches production');
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
  ['passed passed', '2 checks passed'],
  ['passed passed failed skipped skipped', '2 checks passed, 1 failed, 2 skipped'],
  ['failed', '0 checks passed, 1 failed'],
  ['skipped', '0 checks passed, 1 skipped'],
])('%s: %s', (verdicts, text) => {
  const checks = verdicts.split(' ').map((verdict) => makeCheck({ verdict: verdict as 'passed' }));
  expect(countChecks({ ...passed, checks })).toBe(text);
});
