import { secondsBetween } from '../instants.ts';
import type { CaughtError } from '../job/state.ts';

export type PhaseTime<Phase extends string> = {
  name: Phase;
  startedAt: string;
  endedAt: string;
  seconds: number;
};

type Stamped<Phase extends string> = {
  execution: { startedAt: string };
  failures?: Partial<Record<string, CaughtError>>;
} & { [P in Phase]?: { startedAt: string; endedAt: string } };

/**
 * The timeline without gaps: a phase lasts from the end of the one before it to its own end, waits included.
 * A phase that failed with an error has no end of its own, so it ends where the next one begins.
 */
export const listPhaseTimes = <Phase extends string>(
  state: Stamped<Phase>,
  phases: readonly Phase[],
  endedAt: string,
): PhaseTime<Phase>[] => {
  const reached = phases.filter((name) => state[name] !== undefined || state.failures?.[name] !== undefined);
  let previousEnd = state.execution.startedAt;
  return reached.map((name, index) => {
    const next = reached[index + 1];
    const ownEnd = state.failures?.[name] === undefined ? state[name]?.endedAt : undefined;
    const end = ownEnd ?? (next && state[next]?.startedAt) ?? endedAt;
    const phase = { name, startedAt: previousEnd, endedAt: end, seconds: secondsBetween(previousEnd, end) };
    previousEnd = end;
    return phase;
  });
};
