import { DrillError, isDrillError } from '../errors.ts';

/**
 * Our own questions are right, and name tables that were there a moment ago; a query of a plan says what its author
 * wrote. @param isMistake is this, from the server, about the statement itself?
 */
export const blamePlan =
  (isMistake: (cause: { code?: string; errno?: number }) => boolean) =>
  (error: unknown): never => {
    if (!isDrillError(error) || !isMistake((error.cause ?? {}) as object)) throw error;
    throw new DrillError('InvalidPlan', error.summary, {
      hint: 'correct checks.queries in the plan',
      cause: error,
    });
  };
