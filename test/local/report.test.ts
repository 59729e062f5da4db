import { expect, test } from 'vitest';
import { renderReport, summarize } from '../../local/report.ts';
import type { CheckResult } from '../../shared/checks.ts';
import type { DrillResult } from '../../shared/result.ts';

const check = (name: string, verdict: CheckResult['verdict']): CheckResult => ({
  name,
  kind: 'rows',
  table: name,
  expected: 1200,
  actual: 1100,
  tolerance: '0.1%',
  verdict,
  reason: 'because',
});

const hostile = `<script>alert("x")</script>`;

const result: DrillResult = {
  schema: 'aurora-drills/result/1',
  drillId: '1a2b3c4d',
  plan: 'shop',
  source: 'prod-shop',
  target: 'drill-prod-shop-1a2b3c4d',
  engine: 'aurora-postgresql',
  trigger: { kind: 'local', reason: null },
  dryRun: false,
  verdict: 'failed',
  failure: { phase: 'VerifyRestore', error: 'ChecksFailed', cause: `rows of ${hostile}`, hint: 'compare' },
  restore: { kind: 'point-in-time', restoreTo: '2026-11-19T02:13:00Z', baseline: 'same-instant' },
  rto: { seconds: 754, objectiveSeconds: 3600, met: true },
  rpo: { seconds: 700, objectiveSeconds: 600, met: false },
  phases: [
    { name: 'PrepareDrill', startedAt: '2026-11-19T02:00:00Z', endedAt: '2026-11-19T02:00:01Z', seconds: 1 },
  ],
  checks: [check('passed one', 'passed'), check(hostile, 'failed'), check('skipped one', 'skipped')],
  teardown: { status: 'completed', deleted: ['drill-prod-shop-1a2b3c4d'] },
  startedAt: '2026-11-19T02:00:00Z',
  endedAt: '2026-11-19T03:00:00Z',
};

test('summary: verdict, both objectives, the failure with its hint, and failed checks first', () => {
  const text = summarize(result);
  expect(text.split('\n')[0]).toBe('Restore drill 1a2b3c4d failed');
  expect(text).toContain('12 min 34 s (objective 60 min, met)');
  expect(text).toContain('11 min 40 s (objective 10 min, missed)');
  expect(text).toContain('compare');
  expect(text.indexOf(hostile, text.indexOf('verdict'))).toBeLessThan(text.indexOf('skipped one'));
  expect(text.indexOf('skipped one')).toBeLessThan(text.indexOf('passed one'));
});

test('report: hostile names and causes stand as text', () => {
  const page = renderReport(result);
  expect(page).not.toContain('<script>');
  expect(page).toContain('&lt;script>alert(');
});

test('report of a dry run: says that nothing was restored', () => {
  expect(renderReport({ ...result, dryRun: true })).toContain('nothing: dry run');
});
