/**
 * Does EventBridge Scheduler take this schedule expression: cron(six fields), rate(n unit) or at(instant)?
 * Source: EventBridge Scheduler user guide, "Schedule types". Ranges of fields are checked too, to find a typing error
 * before a deployment.
 */
export const isScheduleExpression = (expression: string): boolean =>
  isRate(expression) || isAt(expression) || isCron(expression);

const isRate = (expression: string): boolean => /^rate\([1-9]\d* (minute|hour|day)s?\)$/.test(expression);

const isAt = (expression: string): boolean => {
  const instant = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression)?.[1];
  if (instant === undefined) return false;
  // Date.parse takes February 30 for March 2. Only a day that exists comes back unchanged.
  const parsed = new Date(`${instant}Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(instant);
};

const months = 'JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC'.split('|');
const weekdays = 'SUN|MON|TUE|WED|THU|FRI|SAT'.split('|');

const isCron = (expression: string): boolean => {
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  if (fields?.length !== 6) return false;
  const [minutes, hours, days, monthField, weekdayField, years] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  // One of the two day fields must be a question mark: a schedule cannot name both.
  if ((days === '?') === (weekdayField === '?')) return false;
  return (
    isField(minutes, 0, 59) &&
    isField(hours, 0, 23) &&
    (days === '?' || /^(LW|L|([1-9]|[12]\d|3[01])W)$/.test(days) || isField(days, 1, 31)) &&
    isField(named(monthField, months, 1), 1, 12) &&
    (weekdayField === '?' || isWeekday(weekdayField)) &&
    isField(years, 1970, 2199)
  );
};

const isWeekday = (field: string): boolean => {
  const numbers = named(field, weekdays, 1);
  return /^[1-7]?L$/.test(numbers) || /^[1-7]#[1-5]$/.test(numbers) || isField(numbers, 1, 7);
};

/** Month and weekday names as numbers, so that one range check serves all fields. */
const named = (field: string, names: string[], first: number): string =>
  field.replace(/[A-Za-z]{3}/g, (name) => {
    const index = names.indexOf(name.toUpperCase());
    return index < 0 ? name : String(index + first);
  });

/** A list of `*`, `n`, `n-m`, each with an optional step, all in range. */
const isField = (field: string, min: number, max: number): boolean =>
  field.split(',').every((part) => {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) return false;
    const numbers = [match[1], match[2]].filter((text) => text !== undefined).map(Number);
    const step = match[3] === undefined ? 1 : Number(match[3]);
    return step >= 1 && numbers.every((number) => number >= min && number <= max) && isAscending(numbers);
  });

const isAscending = ([from, to]: number[]): boolean => from === undefined || to === undefined || from <= to;
