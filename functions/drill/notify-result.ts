// Called by the state machine when the outcome is known: after the verification, or after what stopped the drill.
// Publishes one message to the notification topic before the teardown, so that people need not wait for it.
// Running it twice sends the message twice, which is harmless.
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { snsNotify } from '../../shared/aws/notify.ts';
import { placeInBucket } from '../../shared/aws/report-place.ts';
import { systemClock } from '../../shared/clock.ts';
import { buildOutcome } from '../../shared/drill/document.ts';
import { defineStep } from '../../shared/drill/step.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { describeOutcome } from '../../shared/messages/drill.ts';
import { toSubject } from '../../shared/messages/message.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import type { PlaceOf } from '../../shared/report/place.ts';

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
