// Called by the state machine when the outcome is known: after the verification, or after whatever stopped the drill.
// Publishes one message to the notification topic, before the teardown, so that people need not wait for it.
// Running it twice sends the message twice, which is harmless.
import { systemClock } from '../shared/clock.ts';
import { describeOutcome } from '../shared/drill-message.ts';
import { type Clock, toIso } from '../shared/instants.ts';
import { lambdaHandler } from '../shared/lambda.ts';
import { toSubject } from '../shared/message.ts';
import type { Notify } from '../shared/notify.ts';
import { snsNotify } from '../shared/notify-sns.ts';
import { type PlaceOf, placeInBucket } from '../shared/report-place.ts';
import { buildOutcome } from '../shared/result.ts';
import { defineStep } from '../shared/step.ts';

type Deps = { notify: Notify; placeOf: PlaceOf; now: Clock };

export const notifyResult = defineStep('NotifyResult', [], async (state, { notify, placeOf, now }: Deps) => {
  const outcome = buildOutcome(state, toIso(now()));
  const message = describeOutcome(outcome, placeOf(outcome));
  await notify(message);
  return { subject: toSubject(message) };
});

export const handler = lambdaHandler(notifyResult, {
  notify: snsNotify(),
  placeOf: placeInBucket,
  now: systemClock,
});
