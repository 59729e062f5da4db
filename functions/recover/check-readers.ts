// Called by the state machine in a loop, until every reader of the recovered cluster is available.
// Changes nothing in AWS: describes the cluster's instances.
// Running it twice looks twice.
import type { Aurora } from '../../shared/aurora/port.ts';
import { classifyInstanceStatus } from '../../shared/aurora/statuses.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { listInstances, rdsAurora } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { decideReaders } from '../../shared/job/waits.ts';
import { defineRecoveryStep } from '../../shared/recovering/state.ts';

type Deps = { aurora: Pick<Aurora, 'listInstances'>; now: Clock };

export const checkReaders = defineRecoveryStep(
  'CheckReaders',
  ['PrepareRecovery', 'AddReaders'],
  async ({ PrepareRecovery: job, AddReaders: added }, { aurora, now }: Deps) => {
    const instances = await aurora.listInstances(job.target.cluster);
    const readers = added.readers.map((identifier) => ({
      identifier,
      instance: instances.find((one) => one.identifier === identifier),
    }));
    const ready = readers.filter(
      ({ instance }) =>
        instance !== undefined && classifyInstanceStatus(instance.status).readiness === 'ready',
    );
    return {
      ...decideReaders(readers, { since: added.startedAt, deadline: job.deadline, now: toIso(now()) }),
      ready: ready.map(({ identifier }) => identifier),
    };
  },
);

export const handler = lambdaHandler(checkReaders, {
  aurora: rdsAurora({ listInstances }),
  now: systemClock,
});
