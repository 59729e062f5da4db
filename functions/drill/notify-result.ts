// Called by the state machine when the outcome is known: after the verification, or after what stopped the drill.
// Publishes one message to the notification topic, and files the report in S3, before the teardown: people need not wait
// for it, and a drill that is stopped in its teardown has a report.
// Running it twice sends the message twice, which is harmless, and files the same drill again in the same places.
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import prices from '../../config/prices.json' with { type: 'json' };
import { lambdaHandler, logWarning, type Warn } from '../../shared/aws/lambda.ts';
import { snsNotify } from '../../shared/aws/notify.ts';
import { readPackagedPlans } from '../../shared/aws/plans-file.ts';
import { placeInBucket } from '../../shared/aws/report-place.ts';
import { findVersion, read, replace, s3Reports, write } from '../../shared/aws/reports.ts';
import { withinSeconds } from '../../shared/aws/time-limit.ts';
import { systemClock } from '../../shared/clock.ts';
import { buildResult } from '../../shared/drill/document.ts';
import { defineStep } from '../../shared/drill/step.ts';
import { describeError } from '../../shared/errors.ts';
import { type FileResult, fileInHistory, maxPauseMs } from '../../shared/history/filing.ts';
import { untilAborted } from '../../shared/history/reports.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { describeOutcome } from '../../shared/messages/drill.ts';
import { toSubject } from '../../shared/messages/message.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import { findOnlyPlan } from '../../shared/plan/only-plan.ts';
import { type PlaceOf, planFolder } from '../../shared/report/place.ts';
import { type Prices, parsePrices } from '../../shared/result/prices.ts';

type Deps = {
  notify: Notify;
  placeOf: PlaceOf;
  file: FileResult;
  readPlans: () => Promise<string>;
  prices: () => Prices;
  now: Clock;
  warn: Warn;
};

export const notifyResult = defineStep('NotifyResult', [], async (state, deps: Deps) => {
  const { notify, placeOf, file, readPlans, prices, now, warn } = deps;
  const onlyPlan = state.PrepareDrill === undefined ? await findOnlyPlan(readPlans) : null;
  const result = buildResult(state, toIso(now()), prices(), { onlyPlan });
  const message = describeOutcome(result, placeOf(result));
  // Its posture comes with the teardown. At once: neither may keep the other from people.
  const [told, filed] = await Promise.allSettled([notify(message), file({ ...result, posture: null })]);
  // The last state files it again, and fails the drill if it cannot.
  if (filed.status === 'rejected') {
    warn('the report was not filed before the teardown', { cause: describeError(filed.reason) });
  }
  if (told.status === 'rejected') throw told.reason;
  return { subject: toSubject(message) };
});

const reports = s3Reports({ write, read, findVersion, replace });
const fileUntil = (signal: AbortSignal): FileResult =>
  fileInHistory(untilAborted(reports, signal), planFolder, { pause: () => sleep(randomInt(maxPauseMs)) });

/** Well within the function's time: when that runs out, the message would be sent again. */
const filingSeconds = 15;

export const handler = lambdaHandler(notifyResult, {
  notify: snsNotify(),
  placeOf: placeInBucket,
  file: (result) => withinSeconds(filingSeconds, 'filing the report', (signal) => fileUntil(signal)(result)),
  readPlans: readPackagedPlans,
  prices: () => parsePrices(prices),
  now: systemClock,
  warn: logWarning,
});
