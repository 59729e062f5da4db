// Called by the state machine in a loop, until the restored cluster is available.
// Changes nothing in AWS: describes the cluster.
// Running it twice looks twice.
import type { Aurora } from '../../shared/aurora/port.ts';
import { findCluster, rdsAurora } from '../../shared/aurora/rds.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { defineStep } from '../../shared/job/step.ts';
import { decideCluster } from '../../shared/job/waits.ts';

type Deps = { aurora: Pick<Aurora, 'findCluster'>; now: Clock };

export const checkCluster = defineStep(
  'CheckCluster',
  ['PrepareDrill', 'RestoreCluster'],
  async ({ PrepareDrill: drill, RestoreCluster: restore }, { aurora, now }: Deps) => {
    const cluster = await aurora.findCluster(drill.target.cluster);
    return {
      ...decideCluster(cluster, restore.requestedAt, drill.deadline, toIso(now())),
      endpoint: cluster?.endpoint ?? null,
      port: cluster?.port ?? null,
    };
  },
);

export const handler = lambdaHandler(checkCluster, { aurora: rdsAurora({ findCluster }), now: systemClock });
