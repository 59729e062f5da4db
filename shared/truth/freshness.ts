import type { Moment, NewestTime } from '../database/port.ts';
import { describeSeconds, secondsBetween, toIso } from '../instants.ts';
import type { Checks } from '../plan/plans.ts';
import { fromWallClock, toWallClock } from '../wall-clock.ts';
import type { BlankCheck, CheckResult } from './checks.ts';

export type Freshness = NonNullable<Checks['overrides'][string]['freshness']>;

/** An instant as the two kinds of columns write it. */
export const momentOf = (instant: string, { timeZone }: Freshness): Moment => ({
  utc: instant,
  wallClock: toWallClock(instant, timeZone),
});

/** The instant of a column's newest value, ISO 8601, UTC. Null for minus infinity and years BC. */
export const readNewestTime = ({ text, isZoned }: NewestTime, { timeZone }: Freshness): string | null => {
  const at = isZoned ? Date.parse(toIsoText(text)) : fromWallClock(text, timeZone);
  return Number.isNaN(at) ? null : toIso(new Date(at));
};

/** PostgreSQL writes `2026-11-16 08:00:04.12+00`. */
const toIsoText = (text: string): string => text.replace(' ', 'T').replace(/\+00(:00)?$/, 'Z');

const secondsPerUnit = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

export const toSeconds = (duration: string): number =>
  Number(duration.slice(0, -1)) * secondsPerUnit[duration.slice(-1) as keyof typeof secondsPerUnit];

export const makeFreshnessCheck = (table: string, { within }: Freshness, restoreTo: string): BlankCheck => ({
  name: `freshness ${table}`,
  kind: 'freshness',
  table,
  expected: `within ${within} of ${restoreTo}`,
  actual: null,
  tolerance: within,
});

/**
 * Checks that the newest row of the restored copy is young enough at the instant restored to.
 * @param newest ISO 8601; null if the column holds no time at all
 * @param production the same for production; undefined if it was not read at that instant
 */
export const compareFreshness = (
  table: string,
  freshness: Freshness,
  restoreTo: string,
  newest: string | null,
  production: string | null | undefined,
): CheckResult => {
  const check = { ...makeFreshnessCheck(table, freshness, restoreTo), actual: newest };
  const compared =
    production === undefined ? '' : `; in production it is ${production === null ? 'empty' : production}`;
  if (newest === null) {
    return {
      ...check,
      verdict: 'failed',
      reason: `${freshness.column} holds no time up to the instant${compared}`,
    };
  }
  // When clocks go back, an hour comes twice: a time read as the later one may be after the instant.
  const seconds = Math.max(0, secondsBetween(newest, restoreTo));
  const age = `the newest ${freshness.column} is ${describeSeconds(seconds)} older than the instant`;
  return seconds <= toSeconds(freshness.within)
    ? { ...check, verdict: 'passed', reason: age }
    : { ...check, verdict: 'failed', reason: `${age}, ${freshness.within} allowed${compared}` };
};
