import { expect, test } from 'vitest';
import { metricsOf } from '../../../shared/monitors/drill-metrics.ts';
import { makeResult } from '../drill/result-fixture.ts';

const namesOf = (changes: Parameters<typeof makeResult>[0]) =>
  metricsOf(makeResult(changes)).map(({ name, value }) => [name, value]);

test('a drill that failed with both times measured: three values of its plan', () => {
  expect(namesOf({})).toEqual([
    ['DrillPassed', 0],
    ['DrillRtoSeconds', 754],
    ['DrillRpoSeconds', 700],
  ]);
  for (const metric of metricsOf(makeResult())) {
    expect(metric).toMatchObject({ plan: 'shop', cluster: null, at: '2026-11-19T03:00:00Z' });
  }
});

test('a time that was not measured: no value, not a zero', () => {
  const rto = { seconds: null, objectiveSeconds: 3600, met: null };
  expect(namesOf({ rto })).toEqual([
    ['DrillPassed', 0],
    ['DrillRpoSeconds', 700],
  ]);
});

test.each([
  ['a dry run', { dryRun: true }],
  ['a drill of no known plan', { plan: null }],
])('%s: no values', (_, changes) => {
  expect(metricsOf(makeResult(changes))).toEqual([]);
});
