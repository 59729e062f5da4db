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
/** `keys` is how many tables agree on it; 0: it is by transactions alone. `transactionsMs` is what transactions alone say. */
export type Measured = { kind: 'measured'; keys: number; transactionsMs: number | null } & Place;

type Place = { fromMs: number | null; toMs: number | null; aboutMs: number };
type Reached = Pick<Progress, 'counts' | 'transactions'>;

/**
 * Places a copy among what was seen of production: it is from before the first look that was further than the copy is, and
 * from after the last one that was not as far. Keys tell best. Transactions of the copy itself, such as those of its
 * autovacuum, make it look later than it is.
 */
export const measureSkew = (seen: readonly Progress[], copy: Reached, instant: string): Skew => {
  const zero = Date.parse(instant);
  const keys = Object.entries(copy.counts).map(([name, reached]) => ({
    looks: looksOf(seen, ({ counts }) => counts[name], zero),
    reached,
  }));
  const next = looksOf(seen, ({ transactions }) => transactions, zero);
  const byTransactions = place([{ looks: next, reached: copy.transactions ?? 0 }]);
  const byKeys = place(keys);
  if (byKeys === 'unclear') return { kind: 'unclear' };
  const transactionsMs = typeof byTransactions === 'string' ? null : byTransactions.aboutMs;
  const found = byKeys === 'idle' ? byTransactions : byKeys;
  if (typeof found === 'string') return { kind: found };
  // No backup reaches so far: it is what was lost, not the time.
  if (Math.abs(found.aboutMs) > longestMs) return { kind: 'unclear' };
  return {
    kind: 'measured',
    ...found,
    keys: keys.filter(({ looks }) => isGrowing(looks)).length,
    transactionsMs,
  };
};

/** The longest retention of backups, 35 days. */
const longestMs = 35 * 86_400_000;

type Look = { atMs: number; count: number };
/** What was seen of one number, and how far the copy is. */
type Series = { looks: Look[]; reached: number };

const looksOf = (
  seen: readonly Progress[],
  countOf: (progress: Progress) => number | undefined,
  zero: number,
): Look[] =>
  seen.flatMap((progress) => {
    const count = countOf(progress);
    return count === undefined ? [] : [{ atMs: progress.atMs - zero, count }];
  });

const place = (all: readonly Series[]): Place | 'idle' | 'unclear' => {
  const growing = all.filter(({ looks }) => isGrowing(looks));
  if (growing.length === 0) return 'idle';
  const bounds = growing.map(findBounds);
  const fromMs = most(
    bounds.map(({ fromMs }) => fromMs),
    Math.max,
  );
  const toMs = most(
    bounds.map(({ toMs }) => toMs),
    Math.min,
  );
  if (fromMs === null || toMs === null) return { fromMs, toMs, aboutMs: Math.round(extrapolate(growing)) };
  if (fromMs - toMs > visibleMs) return 'unclear';
  const aboutMs = Math.round((fromMs + toMs) / 2);
  return { fromMs: Math.min(fromMs, toMs), toMs: Math.max(fromMs, toMs), aboutMs };
};

/** A commit is seen only when its log is safe, so that two tables may disagree for so long on a busy server. */
const visibleMs = 250;

/** Does it grow, and only grow? When the greatest key is deleted, it shrinks and proves nothing. */
const isGrowing = (series: readonly Look[]): boolean => {
  const [first, last] = [series[0], series.at(-1)];
  if (first === undefined || last === undefined || first.count === last.count) return false;
  return series.every(({ count }, index) => count >= (series[index - 1]?.count ?? count));
};

const findBounds = ({ looks, reached }: Series): Pick<Place, 'fromMs' | 'toMs'> => ({
  fromMs: looks.findLast(({ count }) => count < reached)?.atMs ?? null,
  toMs: looks.find(({ count }) => count > reached)?.atMs ?? null,
});

const most = (bounds: readonly (number | null)[], choose: (...ms: number[]) => number): number | null => {
  const known = bounds.filter((ms) => ms !== null);
  return known.length === 0 ? null : choose(...known);
};

/** Beyond the looks, production is taken to have gone on as fast as on average. What grew most tells best. */
const extrapolate = (growing: readonly Series[]): number => {
  const found = growing.map(({ looks, reached }) => {
    const [first, last] = [looks[0] ?? { atMs: 0, count: 0 }, looks.at(-1) ?? { atMs: 0, count: 0 }];
    const grown = last.count - first.count;
    return { grown, atMs: first.atMs + ((reached - first.count) * (last.atMs - first.atMs)) / grown };
  });
  return found.reduce((best, one) => (one.grown > best.grown ? one : best)).atMs;
};

export const makeTimeCheck = (instant: string): BlankCheck => ({
  name: 'restored time',
  kind: 'time',
  table: null,
  expected: instant,
  actual: null,
  tolerance: null,
});

const isBeside = (ms: number, { beforeMs, afterMs }: Bracket): boolean => ms < -beforeMs || ms > afterMs;

/**
 * Is the copy from before the first reading, or from after the second? One table may have lost its newest rows, so there
 * have to be two witnesses: two tables, or one and the transactions. Transactions alone never prove that it is late.
 */
export const isOutside = (skew: Skew, bracket: Bracket): boolean => {
  if (skew.kind !== 'measured' || !isBeside(skew.aboutMs, bracket)) return false;
  const { fromMs, toMs, aboutMs, keys, transactionsMs } = skew;
  const isEarly = aboutMs < 0;
  if (isEarly ? toMs === null || toMs > 0 : fromMs === null || fromMs < 0) return false;
  if (transactionsMs === null) return keys > 1;
  return isEarly ? transactionsMs < -bracket.beforeMs : keys > 0 && transactionsMs > bracket.afterMs;
};

/** Do even its bounds say so? Where looks are far apart, the middle between two may lie outside. */
const isApart = ({ fromMs, toMs }: Measured, { beforeMs, afterMs }: Bracket): boolean =>
  (toMs !== null && toMs < -beforeMs) || (fromMs !== null && fromMs > afterMs);

/** What the copy's time proves by itself. Nothing when nothing was written meanwhile. */
export const tellTime = (skew: Skew, bracket: Bracket): CheckResult[] => {
  const { instant } = bracket;
  const check = makeTimeCheck(instant);
  if (skew.kind === 'idle') return [];
  if (skew.kind !== 'measured' || (skew.keys > 0 && isApart(skew, bracket))) {
    return [{ ...check, verdict: 'skipped', reason: unclear }];
  }
  const found = { ...check, actual: timeOf(skew, instant), verdict: 'passed' } as const;
  const reason = describeSkew(skew);
  const isByOwn = skew.keys === 0 && skew.aboutMs > bracket.afterMs;
  return [{ ...found, reason: isByOwn ? `${reason}, counting transactions of the copy itself` : reason }];
};

const unclear = 'what was written just then lies at different times in the copy, so its own time is unclear';

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
