// Called by the state machine in a loop, until the safety snapshot is available.
// Changes nothing in AWS: describes the snapshot.
// Running it twice looks twice.
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { findSnapshot, rdsAurora } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import type { Wait } from '../../shared/job/state.ts';
import { decideSnapshot } from '../../shared/job/waits.ts';
import { defineMarkStep } from '../../shared/rewinding/mark-state.ts';

type Deps = { aurora: Pick<Aurora, 'findSnapshot'>; now: Clock };

export const checkSafetySnapshot = defineMarkStep(
  'CheckSafetySnapshot',
  ['PrepareMark', 'TakeSafetySnapshot'],
  async (state, { aurora, now }: Deps): Promise<Wait> => {
    const { PrepareMark: mark, TakeSafetySnapshot: taken } = state;
    if (taken.snapshot === null) return { status: 'ready', reason: 'no snapshot was wanted' };
    const found = await aurora.findSnapshot(taken.snapshot.identifier);
    const waiting = { since: taken.requestedAt, deadline: mark.deadline, now: toIso(now()) };
    return decideSnapshot(found, waiting);
  },
);

export const handler = lambdaHandler(checkSafetySnapshot, {
  aurora: rdsAurora({ findSnapshot }),
  now: systemClock,
});
