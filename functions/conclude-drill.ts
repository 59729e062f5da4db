// Called by the state machine last, when nothing is left or the teardown has given up.
// Changes nothing in AWS; tells people again when the teardown failed, since the first message could not know.
// Running it twice builds the same result, and repeats that message at worst.
import { systemClock } from '../shared/clock.ts';
import { describeTeardownFailure } from '../shared/drill-message.ts';
import type { DrillState } from '../shared/drill-state.ts';
import { isDrillError } from '../shared/errors.ts';
import { findTeardownFailure } from '../shared/failure.ts';
import { type Clock, toIso } from '../shared/instants.ts';
import { lambdaHandler } from '../shared/lambda.ts';
import type { Notify } from '../shared/notify.ts';
import { snsNotify } from '../shared/notify-sns.ts';
import { buildResult, type DrillResult } from '../shared/result.ts';
import type { Step } from '../shared/step.ts';

type Deps = { notify: Notify; now: Clock };

export const concludeDrill: Step<Deps, DrillResult> = async (state: DrillState, { notify, now }) => {
  const result = buildResult(state, toIso(now()));
  const teardown = findTeardownFailure(state);
  if (result.teardown.status !== 'failed' || teardown === null) return result;
  try {
    await notify(describeTeardownFailure(result, teardown));
  } catch (error) {
    // The verdict is failed already; losing the whole result over a second message would help nobody.
    if (result.failure === null || !isDrillError(error)) throw error;
    const cause = `${result.failure.cause}; telling people failed too: ${error.summary}`;
    return { ...result, failure: { ...result.failure, cause } };
  }
  return result;
};

export const handler = lambdaHandler(concludeDrill, { notify: snsNotify(), now: systemClock });
