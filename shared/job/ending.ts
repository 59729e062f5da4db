import { type DrillError, isDrillError, isTransient } from '../errors.ts';
import { addSeconds, type Clock, isAfter, toIso } from '../instants.ts';

const maxAttempts = 3;
/** For one ending. All of them must fit into the function's time. */
export const retrySeconds = 30;

type EndingOptions = {
  now: Clock;
  /** Waits a few seconds. */
  pause: () => Promise<unknown>;
  onFailure: (error: DrillError, attempts: number) => void;
};

/**
 * What a last state does for its document's sake. Transient errors are retried here: a state whose own retries run out ends
 * without an output.
 * @returns the error that it came to in the end, or null
 */
export const retryAtEnd = async (
  act: () => Promise<void>,
  { now, pause, onFailure }: EndingOptions,
): Promise<DrillError | null> => {
  const end = addSeconds(toIso(now()), retrySeconds);
  for (let attempts = 1; ; attempts += 1) {
    try {
      await act();
      return null;
    } catch (error) {
      if (!isDrillError(error)) throw error;
      onFailure(error, attempts);
      const isLast = attempts === maxAttempts || isAfter(toIso(now()), end);
      if (!isTransient(error) || isLast) return error;
      await pause();
    }
  }
};
