import type { Measured } from '../recovery/facts.ts';
import type { History } from './document.ts';

/** Older drills were of another size of the database. */
const drillsCounted = 9;

/** What a recovery of a plan may take: the middle of its last drills that passed and measured an RTO. */
export const measureRestores = ({ drills }: History, plan: string): Measured => {
  const seconds = drills
    .filter((drill) => drill.plan === plan && !drill.dryRun && drill.verdict === 'passed')
    .flatMap(({ rto }) => rto.seconds ?? [])
    .slice(0, drillsCounted)
    .toSorted((one, other) => one - other);
  const middle = seconds[Math.floor(seconds.length / 2)];
  return middle === undefined
    ? {}
    : { 'point-in-time': { minutes: Math.round(middle / 6) / 10, drills: seconds.length } };
};
