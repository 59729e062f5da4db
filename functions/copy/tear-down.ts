// Called by a state machine on every path after it has made its copy, whatever happened before.
// Deletes the job's instances, its cluster and its snapshot in RDS: those that carry its prefix, its tags and its id, no others.
// Running it twice finds less to delete; what is gone is a success.
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { rdsAurora, teardownVerbs } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { addSeconds, type Clock, toIso } from '../../shared/instants.ts';
import { findJob, type Teardown } from '../../shared/job/state.ts';
import { defineTeardownStep } from '../../shared/job/step.ts';
import { settleMinutes } from '../../shared/job/waits.ts';
import type { RemovalVerbs } from '../../shared/teardown/decision.ts';
import {
  advanceTeardown,
  findMadeAt,
  listExpected,
  maxTeardownMinutes,
  removalOf,
} from '../../shared/teardown/pass.ts';

type Deps = { aurora: RemovalVerbs; teardownMinutes: number; now: Clock };

export const tearDown = defineTeardownStep(
  'TearDown',
  [],
  async (state, { aurora, teardownMinutes, now }: Deps): Promise<Teardown> => {
    const began = toIso(now());
    const deadline = addSeconds(began, teardownMinutes * 60);
    const job = findJob(state);
    if (job === undefined) {
      const reason = 'the job failed before it made anything';
      return { status: 'ready', reason, deadline, settledAt: null, resources: [], gone: {} };
    }
    const removal = removalOf(job);
    const expected = listExpected(state, removal);
    return advanceTeardown(aurora, removal, {
      earlier: [],
      expected,
      deadline,
      settledAt: expected.length > 0 ? addSeconds(began, settleMinutes * 60) : null,
      gone: {},
      madeAt: findMadeAt(state),
      since: began,
      now: began,
    });
  },
);

export const handler = lambdaHandler(tearDown, {
  aurora: rdsAurora(teardownVerbs),
  teardownMinutes: maxTeardownMinutes,
  now: systemClock,
});
