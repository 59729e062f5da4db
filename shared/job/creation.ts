import { DrillError } from '../errors.ts';
import { isAfter } from '../instants.ts';
import type { Job } from './state.ts';

/** What every step does that makes something under a job's own name. */

/**
 * What can only fail must not be paid for: an execution may have been redriven days later.
 * @throws DrillError DeadlineExceeded
 */
export const assertInTime = ({ deadline }: Job, now: string, what: string): void => {
  if (isAfter(deadline, now)) return;
  throw new DrillError('DeadlineExceeded', `the deadline ${deadline} has passed, so nothing is ${what}`);
};

/**
 * The name is taken: by the first run of the step, or by somebody else.
 * @param found what has the name, as far as it can be seen
 * @returns it, when it is the job's own
 * @throws DrillError AwsUnavailable when it is not visible yet, TargetNameTaken when it is another's
 */
export const claimOwn = <Found>(
  found: Found | undefined,
  name: string,
  findRefusal: (found: Found) => string | null,
  taken: DrillError,
): Found => {
  if (found === undefined) {
    // Most likely the first run made it, and descriptions lag behind: look again in a moment.
    throw new DrillError('AwsUnavailable', `${name} exists and is not visible yet`, { cause: taken });
  }
  const refusal = findRefusal(found);
  if (refusal !== null) throw new DrillError('TargetNameTaken', refusal, { cause: taken });
  return found;
};

/** The first run's request is what people wait for, so everything counts from there. */
export const countFrom = (requestedAt: string, createdAt: string | null): string =>
  createdAt !== null && isAfter(requestedAt, createdAt) ? createdAt : requestedAt;
