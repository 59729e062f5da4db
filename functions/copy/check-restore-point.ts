// Called by the state machine in a loop, until the source's backups reach the instant to restore to.
// Changes nothing in AWS: describes the source cluster.
// Running it twice looks twice.
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { findCluster, rdsAurora } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { getRestoreTo } from '../../shared/job/state.ts';
import { defineCopyStep } from '../../shared/job/step.ts';
import { decideRestorePoint } from '../../shared/job/waits.ts';

type Deps = { aurora: Pick<Aurora, 'findCluster'>; now: Clock };

export const checkRestorePoint = defineCopyStep(
  'CheckRestorePoint',
  [],
  async (job, state, { aurora, now }: Deps) => {
    const looked = toIso(now());
    // Executions that began before an upgrade have no `since`.
    const since = state.CheckRestorePoint?.since ?? looked;
    const source = await aurora.findCluster(job.source.identifier);
    return {
      ...decideRestorePoint(source, getRestoreTo(state), { since, deadline: job.deadline, now: looked }),
      since,
      latestRestorableTime: source?.latestRestorableTime ?? null,
    };
  },
);

export const handler = lambdaHandler(checkRestorePoint, {
  aurora: rdsAurora({ findCluster }),
  now: systemClock,
});
