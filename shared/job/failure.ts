import { type ErrorName, errorCatalog, hintSeparator } from '../errors.ts';
import type { CaughtError, Wait } from './state.ts';

/** Why a job failed: the phase, the error's name, what was seen, and what to do. */
export type JobFailure<Phase extends string = string> = {
  phase: Phase;
  error: string;
  cause: string;
  hint: string;
};

export const nameFailure = <Phase extends string>(
  phase: Phase,
  error: ErrorName,
  cause: string,
  hint: string = errorCatalog[error].hint,
): JobFailure<Phase> => ({ phase, error, cause, hint });

/** What Catch recorded for a phase, or null. */
export const readCaught = <Phase extends string>(
  state: { failures?: Partial<Record<Phase, CaughtError>> },
  phase: Phase,
): JobFailure<Phase> | null => {
  const caught = state.failures?.[phase];
  return caught === undefined ? null : { phase, ...readCaughtError(caught) };
};

/** Why a wait ended badly, or null. */
export const findWaitFailure = <Phase extends string>(
  phase: Phase,
  wait: Wait | undefined,
): JobFailure<Phase> | null => {
  if (wait === undefined || wait.status === 'ready' || wait.status === 'pending') return null;
  return nameFailure(phase, wait.error ?? 'UnreadableAnswer', wait.reason);
};

/** Errors that Step Functions and Lambda raise themselves. Source: Step Functions guide, "Error names". */
const platformHints: Record<string, string> = {
  'States.Timeout':
    'the function did not answer in time: see its log, and for SQL whether it reaches the database',
  'States.DataLimitExceeded': 'name the tables that matter in checks.tables, or split the plan into several',
  'Lambda.Unknown': "the function ended without an answer (time-out, memory): see its log's last lines",
  'Sandbox.Timedout': 'the function ran into its time-out: see its log',
};

/**
 * Reads what Catch recorded. Lambda gives the Cause as JSON with errorMessage. The hint follows the message.
 * Source: Lambda developer guide, "Step Functions error handling".
 */
export const readCaughtError = (caught: CaughtError): Omit<JobFailure, 'phase'> => {
  const [cause = '', hint] = messageOf(caught.Cause ?? '').split(hintSeparator);
  return {
    error: caught.Error,
    cause: cause || `${caught.Error}, without further words`,
    hint:
      hint ??
      platformHints[caught.Error] ??
      "see the function's log; an error without a hint is a defect worth reporting",
  };
};

const messageOf = (cause: string): string => {
  try {
    const parsed: unknown = JSON.parse(cause);
    const message = (parsed as { errorMessage?: unknown } | null)?.errorMessage;
    return typeof message === 'string' ? message : cause;
  } catch {
    return cause;
  }
};
