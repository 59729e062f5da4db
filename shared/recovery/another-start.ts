import { addSeconds, toNextSecond, toWholeSecond } from '../instants.ts';
import type { Trigger } from '../job/state.ts';
import type { Wish } from './input.ts';
import type { Advice } from './way-back.ts';

/** How much earlier the next attempt is. Nobody knows when the accident began: the person who starts it may know better. */
const earlierSeconds = 600;

type Attempt = {
  plan: string | null;
  restore: { restoreTo: string | null; reached: string | null };
  trigger: Trigger;
  wish: Wish;
  advice: Advice | null;
};

/** What to do when a test says that the time was the wrong one, with the input for it. */
export const suggestEarlier = (attempt: Attempt): string => {
  const { reached } = attempt.restore;
  const stands = 'the recovered cluster stands, and another start makes another one';
  if (reached === null) return `try an earlier time; ${stands}`;
  const earlier = addSeconds(toWholeSecond(reached), -earlierSeconds);
  return `try an earlier time, such as ${showInput(attempt, earlier)}; ${stands}`;
};

/** The input that means the same again, its time fixed: with what stands, it is gone on with. */
export const showAgain = (attempt: Attempt, stands: boolean): string => {
  const { restore, advice } = attempt;
  const choice = advice?.choice;
  if (restore.restoreTo !== null)
    return isWhole(restore.restoreTo)
      ? showInput(attempt, restore.restoreTo)
      : showSnapshot(attempt, restore.restoreTo);
  if (choice === null || choice === undefined) return showInput(attempt, 'latest');
  switch (choice.mechanism) {
    case 'point-in-time':
      return showInput(attempt, choice.reaches);
    // A snapshot counts by its milliseconds, and an input has none.
    case 'snapshot':
      return showSnapshot(attempt, choice.reaches);
    // A clone is of the latest state: what was cloned is found by its name, which has its time.
    case 'clone':
      return showInput(attempt, stands ? choice.reaches : 'latest');
    default:
      return choice satisfies never;
  }
};

const isWhole = (instant: string): boolean => toWholeSecond(instant) === instant;

/** Only a snapshot has a time within a second, and an input has none: the next one finds it again. */
const showSnapshot = (attempt: Attempt, takenAt: string): string =>
  showInput({ ...attempt, wish: { ...attempt.wish, mechanism: 'snapshot' } }, toNextSecond(takenAt));

/** A clone of a past time is refused, so there the mechanism is left to the machine. */
const showInput = ({ plan, trigger, wish }: Attempt, restoreTo: string): string => {
  const { mechanism, ...others } = wish;
  const isKept = mechanism !== undefined && (mechanism !== 'clone' || restoreTo === 'latest');
  return JSON.stringify({
    ...(plan !== null && { plan }),
    restoreTo,
    ...(isKept && { mechanism }),
    ...others,
    ...(trigger.reason !== null && { reason: trigger.reason }),
  });
};
