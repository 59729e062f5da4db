// Called by the state machine once a fresh snapshot is available, inside the VPC.
// Changes nothing: says of which time the snapshot is, for what CaptureBaseline has read before it was taken.
// Running it twice gives the same.
import { iamDatabase } from '../../shared/aws/iam-database.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Database } from '../../shared/database/port.ts';
import { defineStep } from '../../shared/drill/step.ts';
import type { Clock } from '../../shared/instants.ts';
import { getSnapshot } from '../../shared/job/state.ts';

type Deps = { database: Database; now: Clock };

export const completeBaseline = defineStep(
  'CompleteBaseline',
  ['CaptureBaseline', 'CheckSnapshot'],
  async (state, _deps: Deps) => {
    const {
      startedAt: _,
      endedAt: __,
      passes: ___,
      functionSeconds: ____,
      ...baseline
    } = state.CaptureBaseline;
    return { ...baseline, restoreTo: getSnapshot(state).createdAt };
  },
);

export const handler = lambdaHandler(completeBaseline, { database: iamDatabase(), now: systemClock });
