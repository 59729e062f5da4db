// Called by the state machine in a loop, until the job's own snapshot is available.
// Changes nothing in AWS: describes the snapshot.
// Running it twice looks twice.
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { findSnapshot, rdsAurora } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { toSourceSnapshot } from '../../shared/job/state.ts';
import { defineCopyStep } from '../../shared/job/step.ts';
import { decideSnapshot } from '../../shared/job/waits.ts';

type Deps = { aurora: Pick<Aurora, 'findSnapshot'>; now: Clock };

export const checkSnapshot = defineCopyStep(
  'CheckSnapshot',
  ['TakeSnapshot'],
  async (job, { TakeSnapshot: taken }, { aurora, now }: Deps) => {
    const found = await aurora.findSnapshot(taken.snapshot);
    const waiting = { since: taken.requestedAt, deadline: job.deadline, now: toIso(now()) };
    const wait = decideSnapshot(found, waiting);
    const createdAt = wait.status === 'ready' ? (found?.createdAt ?? null) : null;
    const isUsable = found !== undefined && createdAt !== null;
    return { ...wait, snapshot: isUsable ? toSourceSnapshot({ ...found, createdAt }) : null };
  },
);

export const handler = lambdaHandler(checkSnapshot, {
  aurora: rdsAurora({ findSnapshot }),
  now: systemClock,
});
