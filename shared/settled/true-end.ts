import { describeSeconds, toIso } from '../instants.ts';
import type { Decision } from './decision.ts';
import { isTooNew } from './end.ts';
import type { Facts } from './facts.ts';
import { countCopyFrom } from './spans.ts';
import { instantOf } from './zones.ts';

/** Where the rows of all settled tables end, in milliseconds since 1970. `toMs` is null if production has no later row. */
export type TrueEnd = { fromMs: number; toMs: number | null; verdict: 'passed' | 'failed'; reason: string };

/**
 * Where the copy really ends, by all tables together: not before the last row that it has of any, and not after the first
 * one that it lacks. It is judged where the rows of a table are: being within the margin is no failure. Null if no table
 * tells.
 */
export const findTrueEnd = (
  judged: readonly { facts: Facts; decision: Decision }[],
  restoreToMs: number,
): TrueEnd | null => {
  const telling = judged.filter(({ facts }) => isTelling(facts));
  const ends = telling.flatMap(({ facts }) => toInstants(facts));
  if (ends.length === 0) return null;
  const from = Math.max(...ends.map(({ fromMs }) => fromMs));
  const to = Math.min(...ends.map(({ toMs }) => toMs));
  const [fromMs, toMs] = [Math.min(from, to), Number.isFinite(to) ? Math.max(from, to) : null];
  const marginMs = Math.max(...telling.map(({ facts }) => facts.rule.marginMs));
  const isAway = fromMs > restoreToMs + marginMs || (toMs ?? restoreToMs) < restoreToMs - marginMs;
  const isFailed = isAway && telling.some(({ decision }) => decision.verdict === 'failed');
  return {
    fromMs,
    toMs,
    verdict: isFailed ? 'failed' : 'passed',
    reason: describeEnd(fromMs, toMs, restoreToMs),
  };
};

/** Rows ahead of their time hide where a table ends, unless the copy is too new. So does a column that is not settled. */
const isTelling = ({ moved, spans, zones }: Facts): boolean => {
  const hasLate = countCopyFrom(spans, zones.afterStart) > 0;
  return moved.keys.length === 0 && (!hasLate || isTooNew(spans, zones));
};

const toInstants = ({ end, column, rule }: Facts): { fromMs: number; toMs: number }[] => {
  if (end === null || !Number.isFinite(end.fromMs)) return [];
  // A time that is rounded may have been a unit earlier, or later.
  const slackMs = column.unitMs < 1 ? 0 : column.unitMs;
  const toMs = end.toMs === null ? Number.POSITIVE_INFINITY : instantOf(end.toMs, column, rule) + slackMs;
  return [{ fromMs: instantOf(end.fromMs, column, rule) - slackMs, toMs }];
};

const describeEnd = (fromMs: number, toMs: number | null, askedMs: number): string => {
  const from = toIso(new Date(fromMs));
  if (toMs === null) return `rows end at ${from} or later, and production has none after that`;
  const place = `rows end between ${from} and ${toIso(new Date(toMs))}`;
  if (toMs < askedMs)
    return `${place}, ${describeSeconds((askedMs - toMs) / 1000)} before the time asked for`;
  if (fromMs > askedMs)
    return `${place}, ${describeSeconds((fromMs - askedMs) / 1000)} after the time asked for`;
  return `${place}, as asked for`;
};
