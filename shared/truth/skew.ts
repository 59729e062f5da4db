import type { Progress } from '../database/port.ts';
import { listSome } from '../words.ts';
import type { Bracket } from './bracket.ts';
import type { BlankCheck, CheckResult } from './checks.ts';

/**
 * Where a copy really lies, in milliseconds after the instant asked for: negative is early. `fromMs` and `toMs` bound it,
 * null where no look at production was that early or late. `idle`: nothing was written, so every time is the same.
 * `unclear`: tables say different times, as they do when one of them lost rows.
 */
export type Skew = { kind: 'idle' | 'unclear' } | Measured;
export type Measured = { kind: 'measured'; fromMs: number | null; toMs: number | null; aboutMs: number };

type Bounds = { fromMs: number | null; toMs: number | null };

/**
 * Places a copy among what was seen of production: it is from before the first look that was further than the copy is, and
 * from after the last one that was not as far.
 */
export const measureSkew = (seen: readonly Progress[], copy: Progress['counts'], instant: string): Skew => {
  const names = Object.keys(copy).filter((name) => isGrowing(seriesOf(seen, name)));
  if (names.length === 0) return { kind: 'idle' };
  const bounds = names.map((name) => findBounds(seriesOf(seen, name), copy[name] ?? 0));
  const fromMs = most(
    bounds.map(({ fromMs }) => fromMs),
    Math.max,
  );
  const toMs = most(
    bounds.map(({ toMs }) => toMs),
    Math.min,
  );
  if (fromMs !== null && toMs !== null && fromMs > toMs) return { kind: 'unclear' };
  const aboutMs = fromMs !== null && toMs !== null ? (fromMs + toMs) / 2 : extrapolate(seen, copy, names);
  const zero = Date.parse(instant);
  const after = (ms: number | null): number | null => (ms === null ? null : Math.round(ms - zero));
  return { kind: 'measured', fromMs: after(fromMs), toMs: after(toMs), aboutMs: Math.round(aboutMs - zero) };
};

type Look = { atMs: number; count: number };

const seriesOf = (seen: readonly Progress[], name: string): Look[] =>
  seen.flatMap(({ atMs, counts }) => {
    const count = counts[name];
    return count === undefined ? [] : [{ atMs, count }];
  });

/** Does it grow, and only grow? When the greatest key is deleted, it shrinks and proves nothing. */
const isGrowing = (series: readonly Look[]): boolean => {
  const [first, last] = [series[0], series.at(-1)];
  if (first === undefined || last === undefined || first.count === last.count) return false;
  return series.every(({ count }, index) => count >= (series[index - 1]?.count ?? count));
};

const findBounds = (series: readonly Look[], count: number): Bounds => ({
  fromMs: series.findLast((look) => look.count < count)?.atMs ?? null,
  toMs: series.find((look) => look.count > count)?.atMs ?? null,
});

const most = (bounds: readonly (number | null)[], choose: (...ms: number[]) => number): number | null => {
  const known = bounds.filter((ms) => ms !== null);
  return known.length === 0 ? null : choose(...known);
};

/** Beyond the looks, production is taken to have gone on as fast as on average. What grew most tells best. */
const extrapolate = (
  seen: readonly Progress[],
  copy: Progress['counts'],
  names: readonly string[],
): number => {
  const rows = names.map((name) => {
    const series = seriesOf(seen, name);
    const [first, last] = [series[0] ?? { atMs: 0, count: 0 }, series.at(-1) ?? { atMs: 0, count: 0 }];
    const perMs = (last.count - first.count) / (last.atMs - first.atMs);
    return { grown: last.count - first.count, atMs: first.atMs + ((copy[name] ?? 0) - first.count) / perMs };
  });
  return rows.reduce((best, row) => (row.grown > best.grown ? row : best)).atMs;
};

export const makeTimeCheck = (instant: string): BlankCheck => ({
  name: 'restored time',
  kind: 'time',
  table: null,
  expected: instant,
  actual: null,
  tolerance: null,
});

/** Is the copy from before the first reading, or from after the second? */
export const isOutside = (skew: Skew, { beforeMs, afterMs }: Bracket): boolean => {
  if (skew.kind !== 'measured') return false;
  const { fromMs, toMs, aboutMs } = skew;
  const isEarly = toMs !== null && toMs <= 0 && aboutMs < -beforeMs;
  const isLate = fromMs !== null && fromMs >= 0 && aboutMs > afterMs;
  return isEarly || isLate;
};

/** What the copy's time proves by itself. Nothing when nothing was written meanwhile. */
export const tellTime = (skew: Skew, { instant }: Bracket): CheckResult[] => {
  const check = makeTimeCheck(instant);
  if (skew.kind === 'idle') return [];
  if (skew.kind !== 'measured') {
    const reason =
      'what was written just then lies at different times in the copy, so its own time is unclear';
    return [{ ...check, verdict: 'skipped', reason }];
  }
  return [{ ...check, actual: timeOf(skew, instant), verdict: 'passed', reason: describeSkew(skew) }];
};

/** One finding in place of all that follow from it: a copy of another time differs in every table that was written to. */
export const explainByTime = (
  checks: readonly CheckResult[],
  skew: Measured,
  { instant }: Bracket,
  follows: (check: CheckResult) => boolean,
): CheckResult[] => {
  const failed = checks.filter((check) => check.verdict === 'failed' && follows(check));
  const names = listSome(
    failed.map(({ name }) => name),
    3,
  );
  const finding: CheckResult = {
    ...makeTimeCheck(instant),
    actual: timeOf(skew, instant),
    ...(failed.length === 0
      ? { verdict: 'passed', reason: `${describeSkew(skew)}; nothing differs` }
      : {
          verdict: 'failed',
          reason: `restored to another time than asked, ${describeSkew(skew)}; so these differ: ${names}`,
        }),
  };
  return [
    finding,
    ...checks.map(
      (check): CheckResult =>
        failed.includes(check)
          ? { ...check, verdict: 'skipped', reason: `${check.reason}; the copy is from another time` }
          : check,
    ),
  ];
};

const timeOf = ({ aboutMs }: Measured, instant: string): string =>
  new Date(Date.parse(instant) + aboutMs).toISOString();

/** "0.03 s late, give or take 0.05 s"; "about 62 s early" where nobody looked. */
const describeSkew = ({ fromMs, toMs, aboutMs }: Measured): string => {
  const side = aboutMs < 0 ? 'early' : 'late';
  if (fromMs === null || toMs === null) return `about ${inSeconds(Math.abs(aboutMs))} ${side}`;
  return `${inSeconds(Math.abs(aboutMs))} ${side}, give or take ${inSeconds((toMs - fromMs) / 2)}`;
};

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 0)} s`;
