import { expect, test } from 'vitest';
import type { DrillResult } from '../../../shared/drill/document.ts';
import type { Failure } from '../../../shared/drill/failure.ts';
import { phases } from '../../../shared/drill/state.ts';
import { explainVerdict } from '../../../shared/drill/verdict-words.ts';
import { type ErrorName, errorCatalog } from '../../../shared/errors.ts';
import { notThen } from '../../../shared/truth/checks.ts';
import { makeFindings, makePassed } from '../report/report-fixture.ts';

const all = makePassed().phases;
const upTo = (name: string) => all.slice(0, all.findIndex((phase) => phase.name === name) + 1);
const fail = (
  phase: Failure['phase'],
  error: ErrorName | 'States.Timeout',
  changes: Partial<DrillResult> = {},
) =>
  makePassed({
    verdict: 'failed',
    failure: { phase, error, cause: 'the cause', hint: 'the hint' },
    ...changes,
  });
const left = {
  resources: [{ kind: 'cluster' as const, name: 'drill-left', createdAt: null, deletedAt: null }],
  teardown: { status: 'failed' as const, deleted: [] },
};
const restored = 'prod-aurora-main can be brought back: restored to 2026-11-16 08:00:04 UTC in 20 min 12 s';
const success = `${restored}, and all 23 checks match production at that instant`;
const was = 'prod-aurora-main was restored to 2026-11-16 08:00:04 UTC in 20 min 12 s';
const early = { phases: upTo('CheckRestorePoint'), checks: [], resources: [] };

test.each<[title: string, DrillResult, sentence: string]>([
  ['passed', makePassed(), `${success}.`],
  [
    'passed, the time to recover not measured',
    makePassed({ rto: { seconds: null, objectiveSeconds: null, met: null }, checks: makeFindings(1) }),
    'prod-aurora-main can be brought back: restored to 2026-11-16 08:00:04 UTC, and its one check matches production at that instant.',
  ],
  [
    'passed with skipped checks',
    makePassed({ checks: [...makeFindings(1200), ...makeFindings(1, 'skipped')] }),
    `${restored}, and 1,200 of 1,201 checks match production at that instant, with 1 skipped.`,
  ],
  [
    'passed at a time of its own',
    makePassed({
      restore: { kind: 'log', restoreTo: '2026-11-16T08:00:04Z', baseline: 'none', snapshot: null },
      checks: [
        ...makeFindings(2),
        ...makeFindings(3, 'skipped').map((check) => ({ ...check, reason: notThen })),
      ],
    }),
    `${restored}, and 2 of 5 checks passed, with 3 skipped.`,
  ],
  [
    'dry run passed',
    makePassed({ dryRun: true, phases: upTo('CaptureBaseline'), checks: makeFindings(4, 'skipped') }),
    'Nothing was restored in this dry run, so no recovery is proven: the plan is valid, and 4 checks would be done.',
  ],
  [
    'dry run failed',
    fail('CaptureBaseline', 'DatabaseDenied', { dryRun: true, phases: upTo('CaptureBaseline') }),
    'The dry run of prod-aurora-main failed: nothing was restored, and a drill would fail in the same way.',
  ],
  [
    'dry run failed for once',
    fail('CaptureBaseline', 'DatabaseUnreachable', { dryRun: true, phases: upTo('CaptureBaseline') }),
    'The dry run of prod-aurora-main failed: nothing was restored.',
  ],
  [
    'dry run not filed',
    fail('ConcludeDrill', 'ReportNotFiled', { dryRun: true, phases: upTo('CaptureBaseline') }),
    'The dry run of prod-aurora-main found the plan valid, but its report could not be filed in full.',
  ],
  [
    'dry run failed over what it was asked',
    fail('PrepareDrill', 'InvalidInput', { ...early, dryRun: true, source: null, plan: null }),
    'The dry run failed: nothing was restored, and a drill would fail in the same way.',
  ],
  [
    'checks failed',
    fail('VerifyRestore', 'ChecksFailed', { checks: [...makeFindings(21), ...makeFindings(2, 'failed')] }),
    `${was}, but 2 of 23 checks failed.`,
  ],
  [
    'its one check failed',
    fail('VerifyRestore', 'ChecksFailed', { checks: makeFindings(1, 'failed') }),
    `${was}, but its one check failed.`,
  ],
  [
    'more checks failed than a result can list',
    fail('VerifyRestore', 'ChecksFailed', { checks: [] }),
    `${was}, but checks of the copy failed.`,
  ],
  [
    'every check skipped',
    fail('VerifyRestore', 'NothingVerified', { checks: makeFindings(3, 'skipped') }),
    `${was}, but no check of the copy could be done, so nothing is proven.`,
  ],
  [
    'restored cluster unusable',
    fail('CheckCluster', 'ClusterUnusable', { phases: upTo('CheckCluster') }),
    'prod-aurora-main could not be brought back: the restored cluster never became usable.',
  ],
  [
    'writer unusable',
    fail('CheckWriter', 'WriterUnusable'),
    'prod-aurora-main could not be brought back: its restored cluster never had a usable writer.',
  ],
  [
    'both objectives missed',
    fail('VerifyRestore', 'ObjectiveMissed', {
      rto: { seconds: 4000, objectiveSeconds: 3600, met: false },
      rpo: { seconds: 720, objectiveSeconds: 600, met: false },
    }),
    'prod-aurora-main can be brought back, but not within its objectives: RTO 66 min 40 s instead of 60 min, RPO 12 min instead of 10 min.',
  ],
  [
    'verified after the deadline',
    fail('VerifyRestore', 'DeadlineExceeded'),
    `${success}; but the drill, with its checks, took longer than timeoutMinutes.`,
  ],
  [
    'verified after the deadline, and RTO missed',
    fail('VerifyRestore', 'DeadlineExceeded', { rto: { seconds: 4000, objectiveSeconds: 3600, met: false } }),
    'prod-aurora-main can be brought back, but not within its objectives: RTO 66 min 40 s instead of 60 min; and the drill, with its checks, took longer than timeoutMinutes.',
  ],
  [
    'deadline passed during the restore',
    fail('CheckCluster', 'DeadlineExceeded', { phases: upTo('CheckCluster') }),
    'prod-aurora-main was not brought back before the deadline of its drill.',
  ],
  [
    'deadline passed before the restore',
    fail('CheckRestorePoint', 'DeadlineExceeded', early),
    'The drill of prod-aurora-main failed before anything was restored, so nothing is proven.',
  ],
  [
    'teardown failed',
    fail('TearDown', 'AccessDenied', left),
    `${success}; but drill-left may still exist and cost money.`,
  ],
  [
    'teardown refused, two resources not gone',
    fail('TearDown', 'TeardownRefused', {
      ...left,
      resources: [...left.resources, { kind: 'instance', name: 'b', createdAt: null, deletedAt: null }],
    }),
    `${success}; but drill-left, b were left behind and cost money until they are deleted.`,
  ],
  [
    'nobody told',
    fail('NotifyResult', 'NotificationFailed'),
    `${success}; but its message could not be sent.`,
  ],
  [
    'report refused',
    fail('ConcludeDrill', 'ReportNotFiled'),
    `${success}; but its report could not be filed in full.`,
  ],
  [
    'report not stored',
    fail('ConcludeDrill', 'AccessDenied'),
    `${success}; but its report and its metrics could not be filed and published in full.`,
  ],
  [
    'metrics not published',
    fail('ConcludeDrill', 'MetricsFailed'),
    `${success}; but its metrics could not be published.`,
  ],
  [
    'quota exceeded when asked to restore',
    fail('RestoreCluster', 'QuotaExceeded', { ...early, phases: upTo('RestoreCluster') }),
    'The drill of prod-aurora-main failed before anything was restored, so nothing is proven.',
  ],
  [
    'waiting for the cluster refused',
    fail('CheckCluster', 'AccessDenied', { phases: upTo('CheckCluster') }),
    'The drill of prod-aurora-main failed while the copy was being restored, so nothing is proven.',
  ],
  [
    'restored database unreachable',
    fail('VerifyRestore', 'States.Timeout'),
    `${was}, but the drill failed before the copy was verified.`,
  ],
  [
    'nothing known yet',
    fail('PrepareDrill', 'UnknownPlan', { ...early, source: null, plan: null, target: null }),
    'The drill failed before anything was restored, so nothing is proven.',
  ],
])('%s: says so in one sentence', (_title, result, sentence) => {
  expect(explainVerdict(result).sentence).toBe(sentence);
});

test.each<[title: string, DrillResult, meaning: RegExp]>([
  ['checks failed', fail('VerifyRestore', 'ChecksFailed'), /^Treat prod-aurora-main as not recoverable/],
  ['cluster unusable', fail('CheckCluster', 'ClusterUnusable'), /^Treat prod-aurora-main as not recoverable/],
  [
    'RTO missed',
    fail('VerifyRestore', 'ObjectiveMissed', { rto: { seconds: 9, objectiveSeconds: 1, met: false } }),
    /^The data can be recovered, but a recovery takes too long\.$/,
  ],
  [
    'both objectives missed',
    fail('VerifyRestore', 'ObjectiveMissed', {
      rto: { seconds: 9, objectiveSeconds: 1, met: false },
      rpo: { seconds: 9, objectiveSeconds: 1, met: false },
    }),
    /but a recovery takes too long, and more of the newest data would be lost than agreed\.$/,
  ],
  [
    'verified after the deadline, RTO met',
    fail('VerifyRestore', 'DeadlineExceeded'),
    /still valid\. Time of the recovery itself: 20 min 12 s\. The drill with its checks took too long\.$/,
  ],
  [
    'only RPO missed',
    fail('VerifyRestore', 'ObjectiveMissed', { rpo: { seconds: 9, objectiveSeconds: 1, met: false } }),
    /more of the newest data would be lost/,
  ],
  ['deadline in a wait', fail('CheckWriter', 'DeadlineExceeded'), /did not see it end/],
  [
    'teardown failed',
    fail('CheckTeardown', 'TeardownFailed', left),
    /^What was verified is still valid: the problem came later/,
  ],
  ['report not stored', fail('ConcludeDrill', 'ReportNotFiled'), /report or history may be missing/],
  ['metrics not published', fail('ConcludeDrill', 'MetricsFailed'), /the dashboard and the alarms know/],
  ['nobody told', fail('NotifyResult', 'NotificationFailed'), /only the message about it was not sent/],
  ['every check skipped', fail('VerifyRestore', 'NothingVerified'), /nobody knows whether its data is right/],
  ['no capacity', fail('CheckWriter', 'CapacityUnavailable'), /a real recovery would have met the same/],
  ['mistyped', fail('PrepareDrill', 'InvalidInput', early), /^The drill did not get far enough/],
  [
    'deadline before the restore',
    fail('CheckRestorePoint', 'DeadlineExceeded', early),
    /did not get far enough/,
  ],
  ['copy unreachable', fail('VerifyRestore', 'DatabaseUnreachable'), /could be restored, but nobody knows/],
])('%s: says what it means for a recovery', (_title, result, meaning) => {
  expect(explainVerdict(result).meaning[0]).toMatch(meaning);
});

test('checks failed and teardown failed: the second is told as well, with a step that names what is left', () => {
  const { meaning, steps } = explainVerdict(fail('VerifyRestore', 'ChecksFailed', left));
  expect(meaning).toHaveLength(2);
  expect(meaning[1]).toBe('The teardown failed as well: drill-left may still exist and cost money.');
  expect(steps).toContain('check whether any of this still exists, and delete it: drill-left');
});

test('passed at a time of its own: says that production could not be read at that time', () => {
  const result = makePassed({ restore: { kind: 'log', restoreTo: null, baseline: 'none', snapshot: null } });
  expect(explainVerdict(result).meaning[0]).toContain('production can no longer be read');
});

test('passed: nothing to do and nothing to explain', () => {
  expect(explainVerdict(makePassed())).toMatchObject({ meaning: [], steps: [] });
});

test.each([
  ['lasting', 'DatabaseDenied', /says nothing about the backups: a dry run restores nothing/],
  ['passing', 'Throttled', /the problem may go away by itself/],
] as const)('dry run with a %s trouble: what it means, and to start the dry run again', (_, error, words) => {
  const { meaning, steps } = explainVerdict(fail('CaptureBaseline', error, { ...early, dryRun: true }));
  expect(meaning).toEqual([expect.stringMatching(words)]);
  expect(steps).toEqual(['the hint', 'start the dry run again']);
});

const phaseNames: Failure['phase'][] = [...phases, 'ConcludeDrill'];

test.each(phaseNames)('any error in %s without a check that passed: nothing is called verified', (phase) => {
  for (const error of Object.keys(errorCatalog) as ErrorName[]) {
    const result = fail(phase, error, { checks: makeFindings(3, 'skipped') });
    const { sentence, meaning } = explainVerdict(result);
    expect(`${error}: ${sentence} ${meaning.join(' ')}`).not.toMatch(
      /can be brought back|was verified is still valid/,
    );
  }
});

test('a step of the teardown failed and all is gone: says that nothing is left', () => {
  const { sentence, meaning } = explainVerdict(fail('TearDown', 'AccessDenied'));
  expect(sentence).toBe(`${success}; but a step of its teardown failed, though nothing is left.`);
  expect(meaning).toHaveLength(1);
});

test.each(Object.keys(errorCatalog) as ErrorName[])(
  '%s in its first phase: never says that anything was restored',
  (error) => {
    const { sentence, meaning, steps } = explainVerdict(fail('PrepareDrill', error, early));
    expect(sentence).not.toContain('restored to');
    expect(sentence).toContain('failed before anything was restored');
    expect(meaning).not.toEqual([]);
    expect(steps[0]).toBe('the hint');
  },
);
