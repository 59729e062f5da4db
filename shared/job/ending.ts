import { type DrillError, describeError, isDrillError, isTransient } from '../errors.ts';
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

/** What the last state of a job does with its document. `what`: "the extract", in messages. `tell`: what is left to be told. */
type Ending<Document> = {
  what: string;
  tell: () => Promise<void>;
  file: (document: Document) => Promise<void>;
  failed?: Partial<Document>;
};

/** Tells people and files the document, as `attemptAtEnd` does. The filed document says what the execution says. */
export const endDocument = async <Document extends Ended<JobFailure>>(
  document: Document,
  phase: NonNullable<Document['failure']>['phase'],
  options: Attempting,
  { what, tell, file, failed }: Ending<Document>,
): Promise<Document> => {
  const told = await attemptAtEnd(document, phase, options, 'telling people', tell, failed);
  const filed = await attemptAtEnd(told, phase, options, `filing ${what}`, () => file(told), failed);
  // A failure here changes nothing more.
  return filed === told
    ? filed
    : attemptAtEnd(filed, phase, options, 'filing that', () => file(filed), failed);
};

/** Before the teardown, and both at once: neither may keep the other from people. What is not filed, the last state files. */
export const tellAndFile = async (
  tell: () => Promise<void>,
  file: () => Promise<void>,
  warn: Attempting['warn'],
): Promise<void> => {
  const [told, filed] = await Promise.allSettled([tell(), file()]);
  if (filed.status === 'rejected') {
    warn('the document was not filed before the teardown', { cause: describeError(filed.reason) });
  }
  if (told.status === 'rejected') throw told.reason;
};
