// Called by the state machine in a loop, until the restored cluster's writer is available.
// Changes nothing in AWS: describes the cluster's instances.
// Running it twice looks twice.
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { listInstances, rdsAurora } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { defineCopyStep } from '../../shared/job/step.ts';
import { decideWriter } from '../../shared/job/waits.ts';

type Deps = { aurora: Pick<Aurora, 'listInstances'>; now: Clock };

export const checkWriter = defineCopyStep(
  'CheckWriter',
  ['AddWriter'],
  async (job, { AddWriter: added }, { aurora, now }: Deps) => {
    const instances = await aurora.listInstances(job.target.cluster);
    const writer = instances.find(({ identifier }) => identifier === job.target.writer);
    return decideWriter(writer, { since: added.startedAt, deadline: job.deadline, now: toIso(now()) });
  },
);

export const handler = lambdaHandler(checkWriter, { aurora: rdsAurora({ listInstances }), now: systemClock });
