/** Gives the present; a parameter everywhere, so that tests and replays own the time. */
export type Clock = () => Date;

/** An instant as ISO 8601 in UTC. Milliseconds are left out when they are zero: 2026-11-19T02:13:00Z. */
export const toIso = (instant: Date): string => instant.toISOString().replace('.000Z', 'Z');

/** The last whole second before an ISO 8601 instant, or itself. */
export const toWholeSecond = (instant: string): string =>
  toIso(new Date(Math.floor(Date.parse(instant) / 1000) * 1000));

/** The next whole second after an ISO 8601 instant, or itself. */
export const toNextSecond = (instant: string): string =>
  toIso(new Date(Math.ceil(Date.parse(instant) / 1000) * 1000));

/** Tells how much of so many milliseconds, from now on, is left. */
export const countDown = (now: Clock, totalMs: number): (() => number) => {
  const end = now().getTime() + totalMs;
  return () => end - now().getTime();
};

/** Does something that may take so many milliseconds at most. */
export type Within = <Answer>(mostMs: number, act: () => Promise<Answer>) => Promise<Answer>;

/** Counts so many milliseconds down, and fewer for what is done `within` less. */
export const limitTime = (now: Clock, totalMs: number): { remainingMs: () => number; within: Within } => {
  const left = countDown(now, totalMs);
  let leftNow = left;
  return {
    remainingMs: () => leftNow(),
    within: async (mostMs, act) => {
      const own = countDown(now, mostMs);
      leftNow = () => Math.min(left(), own());
      try {
        return await act();
      } finally {
        leftNow = left;
      }
    },
  };
};

/** Seconds from one ISO 8601 instant to another, to the millisecond; negative when `to` is earlier. */
export const secondsBetween = (from: string, to: string): number =>
  (Date.parse(to) - Date.parse(from)) / 1000;

/** The ISO 8601 instant so many seconds after another. */
export const addSeconds = (instant: string, seconds: number): string =>
  toIso(new Date(Date.parse(instant) + seconds * 1000));

/** Does `a` lie after `b`? Both ISO 8601; compared as instants, since their texts may differ in precision. */
export const isAfter = (a: string, b: string): boolean => Date.parse(a) > Date.parse(b);

/** A length of time for people: "22 ms", "0.4 s", "48 s", "12 min 3 s", "1 h 40 min". */
export const describeSeconds = (seconds: number): string => {
  if (seconds < 0.1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  if (whole < 5400) return withRest(Math.floor(whole / 60), 'min', whole % 60, 's');
  return withRest(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'min');
};

const withRest = (amount: number, unit: string, rest: number, restUnit: string): string =>
  rest === 0 ? `${amount} ${unit}` : `${amount} ${unit} ${rest} ${restUnit}`;
