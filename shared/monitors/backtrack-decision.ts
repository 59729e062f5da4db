import { assessBacktrack, type BacktrackWindow } from '../aurora/backtrack-window.ts';
import type { Cluster } from '../aurora/port.ts';
import { findSkipReason, type Scope } from './scope.ts';

export type MessageDecision =
  | { action: 'ignore'; reason: string }
  | { action: 'tell-shrunk' | 'tell-recovered'; reason: string; window: BacktrackWindow };

/**
 * What an event about a cluster leads to. The window as it is now decides, whatever the event says.
 * @param at ISO 8601
 * @throws DrillError UnreadableAnswer when a cluster that is old enough has no earliest time
 */
export const decideMessage = (cluster: Cluster, scope: Scope, at: string): MessageDecision => {
  const skipReason = findSkipReason(cluster, scope);
  if (skipReason !== null) return { action: 'ignore', reason: `${cluster.identifier}: ${skipReason}` };
  const assessment = assessBacktrack(cluster, at);
  switch (assessment.verdict) {
    case 'off':
    case 'young':
    case 'close':
      return { action: 'ignore', reason: assessment.reason };
    case 'full':
      return { action: 'tell-recovered', reason: assessment.reason, window: assessment.window };
    case 'shrunk':
      return { action: 'tell-shrunk', reason: assessment.reason, window: assessment.window };
  }
};
