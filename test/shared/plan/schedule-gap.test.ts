import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isScheduleExpression } from '../../../shared/plan/schedule.ts';
import { findLongestGapHours } from '../../../shared/plan/schedule-gap.ts';

const from = '2026-11-21T00:00:00Z';

test.each([
  ['every Monday', 'cron(0 8 ? * MON *)', 168],
  ['every Monday, by number', 'cron(0 8 ? * 2 *)', 168],
  ['every Sunday, by number', 'cron(0 8 ? * 1 *)', 168],
  ['every day', 'cron(30 2 * * ? *)', 24],
  ['twice a day, unevenly', 'cron(0 2,10 * * ? *)', 16],
  ['on weekdays', 'cron(0 8 ? * MON-FRI *)', 72],
  ['on weekdays, by number', 'cron(0 8 ? * 2-6 *)', 72],
  ['during office hours', 'cron(0/15 8-17 ? * MON-FRI *)', 62.25],
  ['on Tuesdays and Saturdays', 'cron(0 8 ? * TUE,SAT *)', 96],
  ['on the first of each month', 'cron(0 8 1 * ? *)', 31 * 24],
  ['on the last day of each month', 'cron(0 8 L * ? *)', 31 * 24],
  ['on the last Saturday by L alone, which is every Saturday', 'cron(0 8 ? * L *)', 168],
  ['on the last Friday of each month', 'cron(0 8 ? * 6L *)', 35 * 24],
  ['on the first Monday of each month', 'cron(0 8 ? * 2#1 *)', 35 * 24],
  ['on the second Wednesday of each quarter', 'cron(0 8 ? 1,4,7,10 WED#2 *)', 98 * 24],
  ['once a year', 'cron(0 8 1 1 ? *)', 366 * 24],
  ['every other year', 'cron(0 8 1 1 ? 2027/2)', 731 * 24],
  ['every 12 hours', 'rate(12 hours)', 12],
  ['every 7 days', 'rate(7 days)', 168],
  ['every 30 minutes', 'rate(30 minutes)', 0.5],
])('%s: %s pauses %d hours at most', (_, expression, hours) => {
  expect(isScheduleExpression(expression)).toBe(true);
  expect(findLongestGapHours(expression, from)).toBeCloseTo(hours, 6);
});

test.each([
  ['for one instant', 'at(2027-01-01T08:00:00)'],
  ['of years that are over', 'cron(0 8 ? * MON 2020-2022)'],
  ['that runs once more', 'cron(0 8 24 12 ? 2026)'],
])('%s: no pause', (_, expression) => {
  expect(findLongestGapHours(expression, from)).toBeNull();
});

test('any weekdays at any hour: the longest pause between the days of a week, from whatever day it is counted', () => {
  const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 });
  const begins = fc.integer({ min: 0, max: 400 }).map((day) => new Date(Date.UTC(2026, 10, 21 + day)));
  fc.assert(
    fc.property(days, fc.nat(23), begins, (chosen, hour, begin) => {
      const sorted = chosen.toSorted((a, b) => a - b);
      const pauses = sorted.map((day, index) => (sorted[index + 1] ?? (sorted[0] ?? 0) + 7) - day);
      const expression = `cron(0 ${hour} ? * ${chosen.join(',')} *)`;
      expect(findLongestGapHours(expression, begin.toISOString())).toBe(24 * Math.max(...pauses));
    }),
    { numRuns: 10 },
  );
});
