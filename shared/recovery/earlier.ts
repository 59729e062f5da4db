import { addSeconds } from '../instants.ts';
import type { Trigger } from '../job/state.ts';

/** How much earlier the next attempt is. Nobody knows when the accident began: the person who starts it may know better. */
const earlierSeconds = 600;

type Attempt = {
  plan: string | null;
  restore: { reached: string | null };
  trigger: Trigger;
};

/** What to do when a test says that the time was the wrong one, with the input for it. */
export const suggestEarlier = (attempt: Attempt): string => {
  const input = inputForEarlier(attempt);
  const stands = 'the recovered cluster stands, and another start makes another one';
  return input === null
    ? `try an earlier time; ${stands}`
    : `try an earlier time, such as ${JSON.stringify(input)}; ${stands}`;
};

/** Null when the time reached is not known. */
const inputForEarlier = ({ plan, restore, trigger }: Attempt): object | null => {
  if (restore.reached === null) return null;
  const whole = `${restore.reached.slice(0, 19)}Z`;
  return {
    ...(plan !== null && { plan }),
    restoreTo: addSeconds(whole, -earlierSeconds),
    ...(trigger.reason !== null && { reason: trigger.reason }),
  };
};
