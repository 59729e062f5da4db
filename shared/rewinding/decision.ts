import type { Backtracking } from '../aurora/backtracks.ts';
import type { Cluster } from '../aurora/port.ts';
import { classifyBacktrackStatus } from '../aurora/statuses.ts';
import { addSeconds, isAfter } from '../instants.ts';
import type { Wait } from '../job/state.ts';
import { decideCluster, untilDeadline, type Waiting } from '../job/waits.ts';

/** What RDS lists of the rewind, and the cluster. `lost`: why the call had no answer. */
type SeenRewind = {
  backtrack: Backtracking | undefined;
  cluster: Cluster | undefined;
  lost: string | null;
  to: string;
};

/** Lists lag behind calls. What is not listed after that was never taken, unless the cluster is being rewound. */
const listedSeconds = 120;

/** A rewind is over when RDS calls it completed, and the cluster is available again. */
export const decideRewind = ({ backtrack, cluster, lost, to }: SeenRewind, waiting: Waiting): Wait => {
  if (backtrack === undefined) {
    const reason = `RDS lists no rewind to ${to}${lost === null ? '' : ` (${lost})`}`;
    return cluster?.status === 'backtracking' ||
      isAfter(addSeconds(waiting.since, listedSeconds), waiting.now)
      ? untilDeadline(reason, waiting)
      : { status: 'failed', error: 'RewindFailed', reason };
  }
  const { readiness, reason, trouble } = classifyBacktrackStatus(backtrack.status);
  switch (readiness) {
    case 'failed':
      return { status: 'failed', error: 'RewindFailed', reason };
    case 'pending':
      return untilDeadline(reason, waiting, trouble === 'unknown' ? 'StatusUnknown' : 'DeadlineExceeded');
    case 'ready':
      return decideCluster(cluster, waiting);
    default:
      return readiness satisfies never;
  }
};
