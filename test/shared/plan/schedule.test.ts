import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isScheduleExpression } from '../../../shared/plan/schedule.ts';

test.each([
  'cron(0 8 ? * MON *)',
  'cron(0 8 ? * 2 *)',
  'cron(30 2 1 * ? *)',
  'cron(0/15 * * * ? *)',
  'cron(*/10 8-17 ? * MON-FRI *)',
  'cron(0 6 ? * SUN,WED,FRI *)',
  'cron(0 6 1,15 JAN,JUL ? 2026-2030)',
  'cron(0 6 L * ? *)',
  'cron(0 6 LW * ? *)',
  'cron(0 6 15W * ? *)',
  'cron(0 6 1W * ? *)',
  'cron(0 6 1-1 * ? 2199)',
  'cron(0 6 1W * ? *)',
  'cron(0 6 1-1 * ? 2199)',
  'cron(0 6 ? * L *)',
  'cron(0 6 ? * FRIL *)',
  'cron(0 6 ? * MON#1 *)',
  'cron(0 6 ? * 6#3 *)',
  'cron(0 6 ? * 1#5 *)',
  'cron(0 6 ? * 1L *)',
  'cron(0 6 ? * SUN-SAT *)',
  'cron(0 6 ? JAN-DEC 7 *)',
  'cron(0 6 ? * 1#5 *)',
  'cron(0 6 ? * 1L *)',
  'cron(0 6 ? * SUN-SAT *)',
  'cron(0 6 ? JAN-DEC 7 *)',
  'rate(1 day)',
  'rate(7 days)',
  'rate(12 hours)',
  'at(2026-11-19T02:13:00)',
])('%s: accepted', (expression) => {
  expect(isScheduleExpression(expression)).toBe(true);
});

test.each([
  ['five fields, as in crontab', 'cron(0 8 * * MON)'],
  ['seven fields', 'cron(0 0 8 ? * MON *)'],
  ['both days named', 'cron(0 8 1 * MON *)'],
  ['two stars for the days', 'cron(0 8 * * * *)'],
  ['two question marks', 'cron(0 8 ? * ? *)'],
  ['minute 60', 'cron(60 8 ? * MON *)'],
  ['hour 24', 'cron(0 24 ? * MON *)'],
  ['day 0', 'cron(0 8 0 * ? *)'],
  ['day 32', 'cron(0 8 32 * ? *)'],
  ['month 13', 'cron(0 8 1 13 ? *)'],
  ['weekday 0, as in crontab', 'cron(0 8 ? * 0 *)'],
  ['weekday 8', 'cron(0 8 ? * 8 *)'],
  ['weekday in full', 'cron(0 8 ? * MONDAY *)'],
  ['month where the weekday stands', 'cron(0 8 ? * JAN *)'],
  ['sixth Monday of a month', 'cron(0 8 ? * MON#6 *)'],
  ['last weekday 8 of a month', 'cron(0 8 ? * 8L *)'],
  ['weekday 8 by number', 'cron(0 8 ? * 8#1 *)'],
  ['three digits before W', 'cron(0 8 115W * ? *)'],
  ['year after 2199', 'cron(0 8 ? * MON 2200)'],
  ['last weekday 8 of a month', 'cron(0 8 ? * 8L *)'],
  ['third weekday 8 of a month', 'cron(0 8 ? * 8#3 *)'],
  ['three digits before W', 'cron(0 8 115W * ? *)'],
  ['year after 2199', 'cron(0 8 ? * MON 2200)'],
  ['year before 1970', 'cron(0 8 ? * MON 1969)'],
  ['range that descends', 'cron(0 17-8 ? * MON *)'],
  ['step of zero', 'cron(0/0 8 ? * MON *)'],
  ['list with a hole', 'cron(0,,30 8 ? * MON *)'],
  ['no cron()', '0 8 ? * MON *'],
  ['unclosed', 'cron(0 8 ? * MON *'],
  ['rate of zero', 'rate(0 days)'],
  ['rate of a fraction', 'rate(1.5 days)'],
  ['rate in weeks', 'rate(1 week)'],
  ['instant with an offset', 'at(2026-11-19T02:13:00Z)'],
  ['instant without a time', 'at(2026-11-19)'],
  ['month 13 in an instant', 'at(2026-13-01T00:00:00)'],
  ['empty', ''],
])('%s: rejected', (_, expression) => {
  expect(isScheduleExpression(expression)).toBe(false);
});

test('any minute, hour, day, month and year within range: accepted', () => {
  const fields = fc.tuple(
    fc.integer({ min: 0, max: 59 }),
    fc.integer({ min: 0, max: 23 }),
    fc.integer({ min: 1, max: 31 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1970, max: 2199 }),
  );
  fc.assert(
    fc.property(fields, ([minute, hour, day, month, year]) =>
      isScheduleExpression(`cron(${minute} ${hour} ${day} ${month} ? ${year})`),
    ),
  );
});

test('a minute or an hour out of range: rejected', () => {
  fc.assert(
    fc.property(fc.integer({ min: 60 }), (tooMuch) => {
      expect(isScheduleExpression(`cron(${tooMuch} 8 ? * MON *)`)).toBe(false);
      expect(isScheduleExpression(`cron(0 ${tooMuch} ? * MON *)`)).toBe(false);
    }),
  );
});

test.each([
  'cron(0 8 99W * ? *)',
  'cron(0 8 0W * ? *)',
  'at(2026-02-30T00:00:00)',
  'at(2026-11-19T24:00:00)',
])('%s names a time that does not exist: rejected', (expression) => {
  expect(isScheduleExpression(expression)).toBe(false);
});
