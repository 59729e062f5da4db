import { Cron } from 'croner';

const hourMs = 3_600_000;
/** After 28 years all dates have the same weekdays again. One that reaches maxRuns sooner has short pauses. */
const horizonHours = 28 * 366 * 24;
const maxRuns = 4000;
/** A run within the first week, and every pause of the week after it. */
const weeklyHorizonHours = 14 * 24;
const unitHours = { minute: 1 / 60, hour: 1, day: 24 } as const;

/**
 * The longest pause between two runs of a schedule, in hours: 168 for every Monday. Null when it never runs twice: it is
 * for one instant, or its years are over.
 * @param expression one that `isScheduleExpression` takes, in UTC
 * @param from ISO 8601: runs before it do not count
 */
export const findLongestGapHours = (expression: string, from: string): number | null => {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate !== null) return Number(rate[1]) * unitHours[rate[2] as keyof typeof unitHours];
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1];
  if (fields === undefined) return null;
  const cron = new Cron(toCroner(fields), { timezone: 'UTC', paused: true });
  const end = Date.parse(from) + (isWeekly(fields) ? weeklyHorizonHours : horizonHours) * hourMs;
  let longest: number | null = null;
  let last = cron.nextRun(from);
  for (let runs = 0; last !== null && last.getTime() < end && runs < maxRuns; runs += 1) {
    const next = cron.nextRun(last);
    if (next !== null) longest = Math.max(longest ?? 0, (next.getTime() - last.getTime()) / hourMs);
    last = next;
  }
  return longest;
};

/** Every week is like the other where nothing but weekdays is named, as in most schedules. */
const isWeekly = (fields: string): boolean => {
  const [, , days, months, weekdays = '*', years = '*'] = fields.trim().split(/\s+/);
  return [days, months, years].every((field) => field === '*' || field === '?') && !/[#L]/i.test(weekdays);
};

/** A drill may begin late, fail and be started again by hand before anybody is paged. */
const graceHours = 24;

/** How old the last passed drill may be: a day more than the longest pause. Null as above. */
export const findDeadlineHours = (expression: string, from: string): number | null => {
  const gapHours = findLongestGapHours(expression, from);
  return gapHours === null ? null : gapHours + graceHours;
};

/**
 * EventBridge Scheduler counts weekdays from 1 for Sunday, and writes the last Friday of a month as 6L. A question mark
 * is any day (EventBridge Scheduler user guide, "Schedule types"). Croner counts from 0, writes 5#L, and begins with
 * seconds.
 */
const toCroner = (fields: string): string => {
  const [minutes, hours, days, months, weekdays = '*', years] = fields.trim().split(/\s+/);
  const any = (field: string | undefined) => (field === '?' ? '*' : field);
  return [
    '0',
    withEnd(minutes, 59),
    withEnd(hours, 23),
    withEnd(any(days), 31),
    withEnd(months, 12),
    withEnd(toCronerWeekdays(weekdays), 6),
    withEnd(years, 2199),
  ].join(' ');
};

/** "5/15" is from 5 to the end in steps of 15. Croner wants the end. */
const withEnd = (field: string | undefined, end: number): string | undefined =>
  field?.replace(/(^|,)(\w+)\//g, (_, before: string, start: string) => `${before}${start}-${end}/`);

const toCronerWeekdays = (field: string): string => {
  if (field === '?' || field === '*') return '*';
  if (field === 'L') return '6';
  const last = /^(\d|[A-Za-z]{3})L$/.exec(field)?.[1];
  if (last !== undefined) return `${fromZero(last)}#L`;
  const nth = /^(\d|[A-Za-z]{3})#(\d)$/.exec(field);
  if (nth !== null) return `${fromZero(nth[1] ?? '')}#${nth[2]}`;
  // The number after a slash is a step, not a day.
  return field.replace(/(^|[,-])(\d)/g, (_, before: string, day: string) => `${before}${fromZero(day)}`);
};

const fromZero = (day: string): string => (/^\d$/.test(day) ? String(Number(day) - 1) : day);
