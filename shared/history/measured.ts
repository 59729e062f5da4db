import type { Measured } from '../recovery/facts.ts';
import type { History, HistoryEntry } from './document.ts';

/** Older drills were of another size of the database. */
const drillsCounted = 9;

/**
 * What a recovery of a plan may take: the middle of its last drills that passed and measured an RTO, by what they restored
 * from. A fresh snapshot is restored as any other; taking it is no part of the RTO.
 */
export const measureRestores = ({ drills }: History, plan: string): Measured => {
  const passed = drills.filter((drill) => drill.plan === plan && !drill.dryRun && drill.verdict === 'passed');
  const log = findMiddle(passed.filter(({ restoredFrom }) => restoredFrom === undefined));
  const snapshot = findMiddle(passed.filter(({ restoredFrom }) => restoredFrom !== undefined));
  return { ...(log && { 'point-in-time': log }), ...(snapshot && { snapshot }) };
};

const findMiddle = (drills: readonly HistoryEntry[]): { minutes: number; drills: number } | null => {
  const seconds = drills
    .flatMap(({ rto }) => rto.seconds ?? [])
    .slice(0, drillsCounted)
    .toSorted((one, other) => one - other);
  const middle = seconds[Math.floor(seconds.length / 2)];
  return middle === undefined ? null : { minutes: Math.round(middle / 6) / 10, drills: seconds.length };
};
