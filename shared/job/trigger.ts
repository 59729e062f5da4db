import type { Trigger } from './state.ts';

/** Names of executions that a schedule or the local command starts begin with these. People choose their own. */
export const executionPrefixes = { schedule: 'schedule-', local: 'local-' } as const;

/** Who started an execution, by its name. */
export const triggerOf = (executionName: string, reason: string | null): Trigger => {
  if (executionName.startsWith(executionPrefixes.schedule)) return { kind: 'schedule', reason };
  if (executionName.startsWith(executionPrefixes.local)) return { kind: 'local', reason };
  return { kind: 'manual', reason };
};
