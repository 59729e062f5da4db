// Called by the state machine in a loop, until the clone's master user has its new password.
// Changes nothing in AWS: describes the clone.
// Running it twice looks twice.
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { findCluster, rdsAurora } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { decidePassword } from '../../shared/job/waits.ts';
import { defineRehearsalStep } from '../../shared/rehearsing/state.ts';

type Deps = { aurora: Pick<Aurora, 'findCluster'>; now: Clock };

export const checkPassword = defineRehearsalStep(
  'CheckPassword',
  ['PrepareRehearsal', 'SetPassword'],
  async ({ PrepareRehearsal: job, SetPassword: asked }, { aurora, now }: Deps) => {
    const clone = await aurora.findCluster(job.target.cluster);
    return decidePassword(clone, { since: asked.startedAt, deadline: job.deadline, now: toIso(now()) });
  },
);

export const handler = lambdaHandler(checkPassword, {
  aurora: rdsAurora({ findCluster }),
  now: systemClock,
});
