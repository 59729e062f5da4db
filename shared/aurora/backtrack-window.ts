import { DrillError, isDrillError } from '../errors.ts';
import { describeSeconds, secondsBetween } from '../instants.ts';
import type { Cluster, Unreadable } from './port.ts';

/** A Backtrack window as it is now. `actualSeconds` is how far back the cluster can be rewound. */
export type BacktrackWindow = {
  cluster: string;
  targetSeconds: number;
  actualSeconds: number;
  /** ISO 8601; nothing before it can be reached by Backtrack. */
  earliestTime: string;
  at: string;
};

/**
 * off: no Backtrack. young: the cluster is younger than its target window. close: short of its target by no more than
 * two clocks may differ. full: the window reaches its target. shrunk: it does not.
 */
export type Assessment =
  | { verdict: 'off' | 'young' | 'close'; reason: string }
  | { verdict: 'full' | 'shrunk'; reason: string; window: BacktrackWindow };

/** Backtrack begins when the cluster is available, minutes after its creation, or later for a restored one. */
export const startupSeconds = 3600;
/** "Now" and the earliest time come from two clocks. */
const skewSeconds = 60;

/**
 * Judges the window of a cluster at an instant, from its description alone. The actual window is the time since
 * EarliestBacktrackTime. CloudWatch's BacktrackWindowActual is not used, because AWS describes it in two ways.
 * @throws DrillError UnreadableAnswer when a cluster that is old enough has no earliest time
 */
export const assessBacktrack = (cluster: Cluster, at: string): Assessment => {
  const { identifier, backtrack, createdAt } = cluster;
  if (backtrack === null) return { verdict: 'off', reason: `${identifier} has no Backtrack` };
  const { targetSeconds, earliestTime } = backtrack;
  const ageSeconds = createdAt === null ? null : secondsBetween(createdAt, at);
  if (ageSeconds !== null && ageSeconds < targetSeconds + startupSeconds) {
    const age = describeSeconds(Math.max(0, ageSeconds));
    return {
      verdict: 'young',
      reason: `${identifier} is ${age} old, its target is ${describeSeconds(targetSeconds)}`,
    };
  }
  if (earliestTime === null) {
    throw new DrillError('UnreadableAnswer', `RDS answered without EarliestBacktrackTime for ${identifier}`);
  }
  const actualSeconds = Math.max(0, secondsBetween(earliestTime, at));
  const window = { cluster: identifier, targetSeconds, actualSeconds, earliestTime, at };
  const reason = describeReach(window);
  if (actualSeconds >= targetSeconds) return { verdict: 'full', reason, window };
  if (actualSeconds + skewSeconds >= targetSeconds)
    return { verdict: 'close', reason: `${reason}: too close to call` };
  return { verdict: 'shrunk', reason, window };
};

/** "prod-mysql reaches back 9 h of 24 h". A full window is a little longer than its target until Aurora trims it. */
export const describeReach = ({ cluster, targetSeconds, actualSeconds }: BacktrackWindow): string => {
  const reach = describeSeconds(Math.min(actualSeconds, targetSeconds));
  return `${cluster} reaches back ${reach} of ${describeSeconds(targetSeconds)}`;
};

/**
 * Actual over target, between 0 and 1. It is 1 unless the window has shrunk, so that a young cluster sets off no alarm.
 * Null without Backtrack.
 */
export const toRatio = (assessment: Assessment): number | null => {
  switch (assessment.verdict) {
    case 'off':
      return null;
    case 'young':
    case 'close':
    case 'full':
      return 1;
    case 'shrunk':
      return assessment.window.actualSeconds / assessment.window.targetSeconds;
  }
};

/** The ratio of every cluster with Backtrack. A cluster whose window cannot be judged is listed in `failed`. */
export const measureRatios = (
  clusters: readonly Cluster[],
  at: string,
): { ratios: Record<string, number>; failed: Unreadable[] } => {
  const ratios: Record<string, number> = {};
  const failed: Unreadable[] = [];
  for (const cluster of clusters) {
    try {
      const ratio = toRatio(assessBacktrack(cluster, at));
      if (ratio !== null) ratios[cluster.identifier] = ratio;
    } catch (error) {
      if (!isDrillError(error)) throw error;
      failed.push({ cluster: cluster.identifier, reason: error.summary });
    }
  }
  return { ratios, failed };
};
