import type { Counter, LateCounter, Reader } from '../database/port.ts';
import { describeError, isDrillError } from '../errors.ts';
import { countOf, ellipsize, listSome } from '../words.ts';
import type { BlankCheck, CheckResult } from './checks.ts';
import { maxCounters } from './room-in-state.ts';

/**
 * Finds sequences and AUTO_INCREMENT counters whose next value their column already has or has passed.
 * @param known the counters that are behind in production too, which the restore did not cause
 */
export const compareCounters = (known: readonly string[], late: readonly LateCounter[]): CheckResult[] => {
  const check = { kind: 'schema', tolerance: null } as const;
  const found = late.map(({ name, table, next, highest }): CheckResult => {
    const seen = `its next value is ${next}, but the column already has ${highest}`;
    const one = { ...check, name: nameLate(name), table, expected: `after ${highest}`, actual: next };
    return known.includes(name)
      ? { ...one, verdict: 'passed', reason: `${seen}, as in production` }
      : { ...one, verdict: 'failed', reason: `the sequence is behind its column: ${seen}` };
  });
  if (found.some(({ verdict }) => verdict === 'failed')) return found;
  const all: CheckResult = {
    ...check,
    name: 'sequences',
    table: null,
    expected: 'none behind its column',
    actual: late.length === 0 ? 'none' : countOf(late.length, 'sequence'),
    verdict: 'passed',
    reason: late.length === 0 ? 'none is behind its column' : 'those behind are behind in production too',
  };
  return [...found, all];
};

const nameLate = (counter: string): string => `sequence ${counter}`;

/**
 * How far counters were before T, by name. No transaction holds a counter back, so it was at least as far at T. Null: they
 * could not be read, or do not fit into the state data, and `unread` says why.
 */
export type CounterFigures = {
  each: { names: string[]; nexts: string[] } | null;
  /** Those that production set back, altered, made or dropped around T. */
  unsettled: string[];
  /** How many more there are than fit into the state data. */
  left: number;
  unread: string | null;
};

type Read = Counter[] | { unread: string };

/** Counters are one check among many, so an error here must not end a drill. */
export const readCounters = async (reader: Reader): Promise<Read> => {
  try {
    return await reader.listCounters();
  } catch (error) {
    if (!isDrillError(error) || error.name === 'DatabaseUnreachable') throw error;
    return { unread: describeError(error) };
  }
};

/**
 * @param early read before T
 * @param late read after it. A counter that went back in between may have been anywhere at T
 */
export const summarizeCounters = (early: Read, late: Read): CounterFigures => {
  if (!Array.isArray(early)) return withoutCounters(early.unread);
  if (!Array.isArray(late)) return withoutCounters(late.unread);
  const after = byName(late);
  const settled = early.filter((counter) => isSettled(counter, after.get(counter.name)));
  const known = new Set(settled.map(({ name }) => name));
  const names = [...new Set([...early, ...late].map(({ name }) => name))];
  const kept = settled.slice(0, maxCounters);
  return {
    each: { names: kept.map(({ name }) => name), nexts: kept.map(({ next }) => next) },
    unsettled: names.filter((name) => !known.has(name)),
    left: settled.length - kept.length,
    unread: null,
  };
};

/** Of counters that were left out of the first look, nothing is known, so they are no news in the second. */
export const settleCounters = (early: Read, leftOut: number, late: Read): CounterFigures => {
  const names = new Set(Array.isArray(early) ? early.map(({ name }) => name) : []);
  const known = Array.isArray(late) && leftOut > 0 ? late.filter(({ name }) => names.has(name)) : late;
  const figures = summarizeCounters(early, known);
  return { ...figures, left: figures.left + leftOut };
};

export const withoutCounters = (unread: string): CounterFigures => ({
  each: null,
  unsettled: [],
  left: 0,
  unread,
});

const byName = (counters: readonly Counter[]): Map<string, Counter> =>
  new Map(counters.map((counter) => [counter.name, counter]));

const isSettled = (early: Counter, late: Counter | undefined): boolean =>
  late !== undefined && late.version === early.version && !isBehind(late, early.next);

const isBehind = ({ next, isRising }: Counter, earlier: string): boolean =>
  isRising ? BigInt(next) < BigInt(earlier) : BigInt(next) > BigInt(earlier);

/** Undefined where production has no counters. */
export const makePositionsCheck = ({ each, unsettled }: CounterFigures): BlankCheck | undefined => {
  if (each !== null && each.names.length + unsettled.length === 0) return undefined;
  return {
    name: 'positions',
    kind: 'schema',
    table: null,
    expected: each === null ? null : countOf(each.names.length, 'counter'),
    actual: null,
    tolerance: null,
  };
};

/**
 * Checks that no sequence of the copy is less far than production's was before T. AUTO_INCREMENT values are told, and not
 * judged. A counter that is missing is a difference of definitions.
 * @param reported names of findings about counters behind their column, which are not found again
 */
export const comparePositions = (
  check: BlankCheck,
  { each, unsettled, left, unread }: CounterFigures,
  restored: readonly Counter[],
  reported: readonly string[] = [],
): CheckResult => {
  if (each === null) return { ...check, verdict: 'skipped', reason: unread ?? notCompared };
  const found = byName(restored);
  const compared = each.names.flatMap((name, index): Position[] => {
    const counter = found.get(name);
    const isKnown = counter === undefined || reported.includes(nameLate(name));
    return isKnown ? [] : [{ counter, before: each.nexts[index] ?? '' }];
  });
  const behind = compared.filter(({ counter, before }) => isBehind(counter, before));
  const failed = behind.filter(({ counter }) => counter.isRestored);
  const done = { ...check, actual: behind.length === 0 ? 'none behind' : `${behind.length} behind` };
  const because = (reason: string) => [reason, ...describeUnjudged(unsettled, left)].join('; ');
  if (failed.length > 0) {
    const reason = `less far than production was before the instant: ${listPositions(failed)}`;
    return { ...done, verdict: 'failed', reason: because(reason) };
  }
  if (compared.length === 0) return { ...check, verdict: 'skipped', reason: because(notCompared) };
  const reason = behind.length === 0 ? allAsFar : `${beginsAgain}: ${listPositions(behind)}`;
  return { ...done, verdict: 'passed', reason: because(reason) };
};

type Position = { counter: Counter; before: string };

const notCompared = 'no counter could be compared';
const allAsFar = 'all are at least as far as before the instant';
const beginsAgain =
  'not judged, since a restored Aurora MySQL begins again after the largest value of each column';

const listPositions = (positions: readonly Position[]): string =>
  listSome(
    positions.map(
      ({ counter: { name, next }, before }) => `${shorten(name)} (${next}, production ${before})`,
    ),
    5,
  );

const shorten = (name: string): string => ellipsize(name, 120);

const describeUnjudged = (unsettled: readonly string[], left: number): string[] => [
  ...(unsettled.length === 0
    ? []
    : [
        `production set back, altered, made or dropped ${listSome(unsettled.map(shorten), 5)} during the instant`,
      ]),
  ...(left === 0 ? [] : [`${left} more did not fit into the state data`]),
];
