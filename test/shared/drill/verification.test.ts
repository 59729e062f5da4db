import { expect, test } from 'vitest';
import { describeVerification } from '../../../shared/drill/verification.ts';
import { unpack } from '../../../shared/job/packing.ts';
import { at, makeCheck } from './state-fixture.ts';

const failed = makeCheck({
  name: 'rows public.orders',
  verdict: 'failed',
  reason: '7 rows missing, 1 allowed',
});

test('some checks of each outcome: counted in words, the failed ones told, and all of them packed', () => {
  const checks = [makeCheck(), failed, makeCheck(), makeCheck({ verdict: 'skipped' }), makeCheck()];
  const { checks: packed, ...told } = describeVerification(at('08:24:49'), checks);
  expect(told).toEqual({
    firstAnswerAt: at('08:24:49'),
    summary: '3 passed, 1 failed, 1 skipped',
    findings: ['rows public.orders: 7 rows missing, 1 allowed'],
  });
  expect(unpack(packed)).toEqual(checks);
});

test('more than ten failed: ten are told, and all are counted', () => {
  const checks = Array.from({ length: 11 }, (_, index) => ({ ...failed, name: `rows t${index}` }));
  const { summary, findings } = describeVerification(at('08:24:49'), checks);
  expect(summary).toBe('0 passed, 11 failed, 0 skipped');
  expect(findings.map((finding) => finding.split(':')[0])).toEqual(
    checks.slice(0, 10).map(({ name }) => name),
  );
});

test('a long reason: cut in what the console shows, and whole in the checks', () => {
  const long = { ...failed, reason: 'x'.repeat(2000) };
  const { findings, checks } = describeVerification(at('08:24:49'), [long]);
  expect(findings).toEqual([`rows public.orders: ${'x'.repeat(480)}`]);
  expect(unpack(checks)).toEqual([long]);
});
