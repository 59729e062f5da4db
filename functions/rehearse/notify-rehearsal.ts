// Called by the state machine when it is known what the change does, or what stopped the rehearsal.
// Publishes one message to the notification topic, and files the document and its page in S3, before the teardown: people need
// not wait for it.
// Running it twice sends the message twice, which is harmless, and files the same rehearsal again in the same places.
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import prices from '../../config/prices.json' with { type: 'json' };
import { lambdaHandler, logWarning, type Warn } from '../../shared/aws/lambda.ts';
import { snsNotify } from '../../shared/aws/notify.ts';
import { placeRehearsalInBucket } from '../../shared/aws/report-place.ts';
import { findVersion, read, replace, s3Reports, write } from '../../shared/aws/reports.ts';
import { withinSeconds } from '../../shared/aws/time-limit.ts';
import { systemClock } from '../../shared/clock.ts';
import { type FileRehearsal, fileRehearsal, maxPauseMs } from '../../shared/history/filing.ts';
import { untilAborted } from '../../shared/history/reports.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { tellAndFile } from '../../shared/job/ending.ts';
import { toSubject } from '../../shared/messages/message.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import { describeRehearsal } from '../../shared/messages/rehearsal.ts';
import { folderOfRehearsal, type PlaceOfRehearsal } from '../../shared/rehearsal/place.ts';
import { documentRehearsal } from '../../shared/rehearsing/outcome.ts';
import { defineRehearsalStep } from '../../shared/rehearsing/state.ts';
import { type Prices, parsePrices } from '../../shared/result/prices.ts';

type Deps = {
  notify: Notify;
  placeOf: PlaceOfRehearsal;
  file: FileRehearsal;
  prices: () => Prices;
  now: Clock;
  warn: Warn;
};

export const notifyRehearsal = defineRehearsalStep('NotifyRehearsal', [], async (state, deps: Deps) => {
  const { notify, placeOf, file, prices, now, warn } = deps;
  const rehearsal = documentRehearsal(state, toIso(now()), prices());
  const message = describeRehearsal(rehearsal, placeOf(rehearsal));
  await tellAndFile(
    () => notify(message),
    () => file(rehearsal),
    warn,
  );
  return { subject: toSubject(message) };
});

const reports = s3Reports({ write, read, findVersion, replace });
const fileUntil = (signal: AbortSignal): FileRehearsal =>
  fileRehearsal(untilAborted(reports, signal), folderOfRehearsal, {
    pause: () => sleep(randomInt(maxPauseMs)),
  });

/** Well within the function's time: when that runs out, the message would be sent again. */
const filingSeconds = 15;

export const handler = lambdaHandler(notifyRehearsal, {
  notify: snsNotify(),
  placeOf: placeRehearsalInBucket,
  file: (rehearsal) =>
    withinSeconds(filingSeconds, 'filing the rehearsal', (signal) => fileUntil(signal)(rehearsal)),
  prices: () => parsePrices(prices),
  now: systemClock,
  warn: logWarning,
});
