import { DrillError, isDrillError } from '../errors.ts';

/**
 * For a query of a plan, where a mistake in the statement is its author's. Our own questions name tables that were there
 * a moment ago. @param isMistake is this error of the server about the statement itself?
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
