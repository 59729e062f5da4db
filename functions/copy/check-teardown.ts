// Called by the state machine in a loop after TearDown, until nothing of the job is left.
// Deletes what is left in RDS and can be deleted by now, under the same guard as TearDown.
// Running it twice is two passes of the same work.
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { rdsAurora, teardownVerbs } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { findJob, type Teardown } from '../../shared/job/state.ts';
import { defineTeardownStep } from '../../shared/job/step.ts';
import type { RemovalVerbs } from '../../shared/teardown/decision.ts';
import { advanceTeardown, findMadeAt, listExpected, removalOf } from '../../shared/teardown/pass.ts';

type Deps = { aurora: RemovalVerbs; now: Clock };

export const checkTeardown = defineTeardownStep(
  'CheckTeardown',
  ['TearDown'],
  async (state, { aurora, now }: Deps): Promise<Teardown> => {
    const last = state.CheckTeardown ?? state.TearDown;
    const job = findJob(state);
    if (job === undefined) return last;
    // Executions that began before an upgrade have no `gone`.
    const { resources: earlier, deadline, settledAt, gone = {} } = last;
    const removal = removalOf(job);
    return advanceTeardown(aurora, removal, {
      earlier,
      expected: listExpected(state, removal),
      deadline,
      settledAt,
      gone,
      madeAt: findMadeAt(state),
      since: state.TearDown.startedAt,
      now: toIso(now()),
    });
  },
);

export const handler = lambdaHandler(checkTeardown, {
  aurora: rdsAurora(teardownVerbs),
  now: systemClock,
});
