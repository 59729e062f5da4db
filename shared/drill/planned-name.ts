import { typingErrors } from '../errors.ts';
import { planNamePattern } from '../job/names.ts';
import type { Failure } from './failure.ts';
import type { DrillState } from './state.ts';

/**
 * The plan of a drill that failed before it fixed one: the plan that its start named, or the only one there is. Null when
 * what somebody typed was wrong: that is no plan's failure.
 */
export const findPlannedName = (
  state: DrillState,
  failure: Failure | null,
  onlyPlan: string | null,
): string | null => {
  if (failure !== null && typingErrors.includes(failure.error)) return null;
  const { plan } = readInput(state);
  if (plan === undefined) return onlyPlan;
  return typeof plan === 'string' && planNamePattern.test(plan) ? plan : null;
};

/** What was typed, unchecked. */
export const readInput = ({ execution }: DrillState): { plan?: unknown; dryRun?: unknown } =>
  typeof execution.input === 'object' && execution.input !== null ? execution.input : {};
