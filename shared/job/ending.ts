import { type DrillError, isDrillError, isTransient } from '../errors.ts';
import { addSeconds, type Clock, isAfter, toIso } from '../instants.ts';
import type { JobFailure } from './failure.ts';

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

/** What every document has. */
type Ended<Failure> = { failure: Failure | null; otherFailures: Failure[] };

type Attempting = Omit<EndingOptions, 'onFailure'> & { warn: (message: string, details: object) => void };

/**
 * Does something for the document at the end. A failure there fails the job and never loses its document, and the first failure
 * stays first.
 * @param phase the last state
 * @param failed what the document says besides, once it is the first
 */
export const attemptAtEnd = async <Document extends Ended<JobFailure>>(
  document: Document,
  phase: NonNullable<Document['failure']>['phase'],
  { now, pause, warn }: Attempting,
  what: string,
  act: () => Promise<void>,
  failed: Partial<Document> = {},
): Promise<Document> => {
  const error = await retryAtEnd(act, {
    now,
    pause,
    onFailure: ({ name, summary }, attempts) =>
      warn(`${what} failed`, { attempts, error: name, cause: summary }),
  });
  if (error === null) return document;
  const cause = `${what} failed: ${error.summary}`;
  const failure: JobFailure = { phase, error: error.name, cause, hint: error.hint };
  return document.failure === null
    ? { ...document, ...failed, failure }
    : { ...document, otherFailures: [...document.otherFailures, failure] };
};
