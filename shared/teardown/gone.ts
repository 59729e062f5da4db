import { hasVanished } from '../drill/failure.ts';
import type { DrillState } from '../drill/state.ts';

/** The teardown has come to its end, and nothing is left. */
export const isTornDown = (state: DrillState): boolean => {
  const last = state.CheckTeardown ?? state.TearDown;
  return last?.status === 'ready' && state.failures?.CheckTeardown === undefined && !hasVanished(state);
};

/**
 * When the teardown first saw that this was gone, ISO 8601; null when it did not. What it never found is gone at the
 * latest when nothing is left.
 */
export const findGoneAt = (state: DrillState, name: string): string | null => {
  const last = state.CheckTeardown ?? state.TearDown;
  if (last === undefined) return null;
  // Executions that began before an upgrade have no `gone`.
  return last.gone?.[name] ?? (isTornDown(state) ? last.endedAt : null);
};
