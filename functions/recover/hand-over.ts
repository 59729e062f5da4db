// Called by the state machine as soon as the recovered writer is usable, before its readers are made.
// Publishes one message to the notification topic, and files the document and its page in S3.
// Running it twice sends the message twice, which is harmless, and files the same recovery again in the same places.
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import prices from '../../config/prices.json' with { type: 'json' };
import { lambdaHandler, logWarning, type Warn } from '../../shared/aws/lambda.ts';
import { snsNotify } from '../../shared/aws/notify.ts';
import { placeRecoveryInBucket } from '../../shared/aws/report-place.ts';
import { findVersion, read, replace, s3Reports, write } from '../../shared/aws/reports.ts';
import { withinSeconds } from '../../shared/aws/time-limit.ts';
import { systemClock } from '../../shared/clock.ts';
import { describeError } from '../../shared/errors.ts';
import { type FileRecovery, fileRecovery, maxPauseMs } from '../../shared/history/filing.ts';
import { untilAborted } from '../../shared/history/reports.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { toSubject } from '../../shared/messages/message.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import { describeRecovery } from '../../shared/messages/recovery.ts';
import { documentRecovery } from '../../shared/recovering/outcome.ts';
import { defineRecoveryStep } from '../../shared/recovering/state.ts';
import { folderOfRecovery, type PlaceOfRecovery } from '../../shared/recovery/place.ts';
import { type Prices, parsePrices } from '../../shared/result/prices.ts';

type Deps = {
  notify: Notify;
  placeOf: PlaceOfRecovery;
  file: FileRecovery;
  prices: () => Prices;
  now: Clock;
  warn: Warn;
};

export const handOver = defineRecoveryStep('HandOver', [], async (state, deps: Deps) => {
  const { notify, placeOf, file, prices, now, warn } = deps;
  const recovery = documentRecovery(state, toIso(now()), prices());
  const message = describeRecovery(recovery, placeOf(recovery));
  // At once: neither may keep the other from people.
  const [told, filed] = await Promise.allSettled([notify(message), file(recovery)]);
  // The last state files it again.
  if (filed.status === 'rejected') {
    warn('the document was not filed at the hand-over', { cause: describeError(filed.reason) });
  }
  if (told.status === 'rejected') throw told.reason;
  return { subject: toSubject(message) };
});

const reports = s3Reports({ write, read, findVersion, replace });
const fileUntil = (signal: AbortSignal): FileRecovery =>
  fileRecovery(untilAborted(reports, signal), folderOfRecovery, {
    pause: () => sleep(randomInt(maxPauseMs)),
  });

/** Well within the function's time: when that runs out, the message would be sent again. */
const filingSeconds = 15;

export const handler = lambdaHandler(handOver, {
  notify: snsNotify(),
  placeOf: placeRecoveryInBucket,
  file: (recovery) =>
    withinSeconds(filingSeconds, 'filing the recovery', (signal) => fileUntil(signal)(recovery)),
  prices: () => parsePrices(prices),
  now: systemClock,
  warn: logWarning,
});
