import { mostClones } from '../aurora/clones.ts';
import type { CopyKind } from '../aurora/port.ts';
import { describeSeconds, isAfter, secondsBetween } from '../instants.ts';
import { formatInstant } from '../result/format.ts';
import type { Judged } from './copies.ts';
import type { HourlyCost, RecoveryFacts } from './facts.ts';
import type { Way } from './way-back.ts';

/** Is the next clone a full copy? It takes as long as one, and costs as much. */
export const isFullCopy = ({ clones }: RecoveryFacts): boolean => clones !== null && clones >= mostClones;

const untouched = 'stays as it is, and goes on until somebody switches';

/** A way back by a copy, for people. */
export const describeCopy = (kind: CopyKind, { choice, why }: Judged, facts: RecoveryFacts): Way => ({
  name: kind,
  isPossible: choice !== null,
  why,
  loss: describeLoss(choice?.lossSeconds ?? null, facts),
  production: untouched,
  minutes: facts.measured[kind]?.minutes ?? null,
  costAnHour: sumHour(facts.hourly, kind !== 'clone' || isFullCopy(facts)),
});

const describeLoss = (seconds: number | null, { restoreTo }: RecoveryFacts): Way['loss'] => {
  if (seconds === null) return { seconds, words: 'not possible, so nothing can be said' };
  const asked = restoreTo === null ? 'now' : formatInstant(restoreTo);
  const after = restoreTo === null ? '' : `; what was written after ${asked} is in production alone`;
  return seconds === 0
    ? { seconds, words: `nothing from before ${asked}${after}` }
    : { seconds, words: `what was written in the ${describeSeconds(seconds)} before ${asked}${after}` };
};

/** @param hasStorage of its own */
export const sumHour = (hourly: HourlyCost | null, hasStorage: boolean): Way['costAnHour'] => {
  if (hourly === null || hourly.instances === null) return null;
  const { instances, currency } = hourly;
  const storage = hasStorage ? hourly.storage : 0;
  const round = (amount: number): number => Number(amount.toFixed(4));
  return { low: round(instances.low + storage), high: round(instances.high + storage), currency };
};

/** For people to decide: it rewinds production itself, so nothing here ever takes it. @param now ISO 8601 */
export const describeBacktrack = (facts: RecoveryFacts, now: string): Way => {
  const obstacle = findBacktrackObstacle(facts, now);
  const { restoreTo, hourly } = facts;
  const seconds = obstacle === null && restoreTo !== null ? secondsBetween(restoreTo, now) : null;
  return {
    name: 'backtrack',
    isPossible: obstacle === null,
    why:
      obstacle ?? `the cluster can go back to ${formatInstant(facts.backtrack?.earliestTime ?? '')} in place`,
    loss:
      seconds === null
        ? { seconds, words: 'not possible, so nothing can be said' }
        : {
            seconds,
            words: `everything that was written in the last ${describeSeconds(seconds)}, to all tables, for good`,
          },
    production: 'is itself rewound: it pauses, every connection closes, and its newer rows are gone',
    minutes: null,
    costAnHour: hourly === null ? null : { low: 0, high: 0, currency: hourly.currency },
  };
};

const findBacktrackObstacle = (
  { source, backtrack, restoreTo }: RecoveryFacts,
  now: string,
): string | null => {
  const { identifier, engine, status } = source;
  if (engine !== 'aurora-mysql') return 'only Aurora MySQL has Backtrack';
  if (status === null) return `${identifier} was deleted: there is nothing to rewind`;
  if (backtrack === null) return `Backtrack is off for ${identifier}`;
  if (status !== 'available') return `${identifier} is ${status}, and Backtrack needs it available`;
  if (restoreTo === null) return 'the latest time is what production has: there is nothing to rewind';
  if (isAfter(restoreTo, now)) return `${formatInstant(restoreTo)} lies in the future`;
  const { earliestTime } = backtrack;
  if (earliestTime === null) return `RDS does not say how far back ${identifier} can go`;
  return isAfter(earliestTime, restoreTo)
    ? `${identifier} can go back to ${formatInstant(earliestTime)} only, which is after ${formatInstant(restoreTo)}`
    : null;
};

/** Some tables alone, out of a copy. @param copy the one to take them from */
export const describeExtract = (copy: Way): Way => ({
  ...copy,
  name: 'extract',
  why: copy.isPossible
    ? `when few tables are damaged: take them out of a copy (${copy.name}), and leave the rest of production alone`
    : `it needs a copy, and ${copy.why}`,
  production: 'stays as it is, but for the tables that somebody puts back',
});
