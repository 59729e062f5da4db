// Called by the state machine in a loop, until the restored cluster is available.
// Changes nothing in AWS: describes the cluster.
// Running it twice looks twice.
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { findCluster, rdsAurora } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { defineCopyStep } from '../../shared/job/step.ts';
import { decideCluster } from '../../shared/job/waits.ts';

type Deps = { aurora: Pick<Aurora, 'findCluster'>; now: Clock };

export const checkCluster = defineCopyStep(
  'CheckCluster',
  ['RestoreCluster'],
  async (job, { RestoreCluster: restore }, { aurora, now }: Deps) => {
    const cluster = await aurora.findCluster(job.target.cluster);
    return {
      ...decideCluster(cluster, { since: restore.requestedAt, deadline: job.deadline, now: toIso(now()) }),
      endpoint: cluster?.endpoint ?? null,
      readerEndpoint: cluster?.readerEndpoint ?? null,
      port: cluster?.port ?? null,
    };
  },
);

export const handler = lambdaHandler(checkCluster, { aurora: rdsAurora({ findCluster }), now: systemClock });
