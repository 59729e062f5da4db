import type { JobState } from '../job/state.ts';

/** The job has seen its cluster available, and then nobody saw it go: it may exist under another name. */
export const hasVanished = ({ CheckCluster, RestoreCluster, ...state }: JobState): boolean => {
  const { resources } = state.CheckTeardown ?? state.TearDown ?? {};
  const isMissed = resources !== undefined && !resources.includes(RestoreCluster?.cluster ?? '');
  return CheckCluster?.status === 'ready' && isMissed;
};

/** The teardown has ended, and nothing is left. */
export const isTornDown = (state: JobState): boolean => {
  const last = state.CheckTeardown ?? state.TearDown;
  return last?.status === 'ready' && state.failures?.CheckTeardown === undefined && !hasVanished(state);
};

/**
 * When the teardown first saw that this was gone, ISO 8601; null when it did not. What it never found counts as gone
 * when nothing is left.
 */
export const findGoneAt = (state: JobState, name: string): string | null => {
  const last = state.CheckTeardown ?? state.TearDown;
  if (last === undefined) return null;
  // Executions that began before an upgrade have no `gone`.
  return last.gone?.[name] ?? (isTornDown(state) ? last.endedAt : null);
};
