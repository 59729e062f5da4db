// Called by the state machine when the tables are verified, or something stopped the extract.
// Publishes one message to the notification topic, and files the document and its page in S3, before the teardown: people need
// not wait for it.
// Running it twice sends the message twice, which is harmless, and files the same extract again in the same places.
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import prices from '../../config/prices.json' with { type: 'json' };
import { lambdaHandler, logWarning, type Warn } from '../../shared/aws/lambda.ts';
import { snsNotify } from '../../shared/aws/notify.ts';
import { placeExtractInBucket } from '../../shared/aws/report-place.ts';
import { findVersion, read, replace, s3Reports, write } from '../../shared/aws/reports.ts';
import { withinSeconds } from '../../shared/aws/time-limit.ts';
import { systemClock } from '../../shared/clock.ts';
import { documentExtract } from '../../shared/extracting/outcome.ts';
import { defineExtractStep } from '../../shared/extracting/state.ts';
import { folderOfExtract, type PlaceOfExtract } from '../../shared/extraction/place.ts';
import { type FileExtract, fileExtract, maxPauseMs } from '../../shared/history/filing.ts';
import { untilAborted } from '../../shared/history/reports.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { tellAndFile } from '../../shared/job/ending.ts';
import { describeExtract } from '../../shared/messages/extract.ts';
import { toSubject } from '../../shared/messages/message.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import { type Prices, parsePrices } from '../../shared/result/prices.ts';

type Deps = {
  notify: Notify;
  placeOf: PlaceOfExtract;
  file: FileExtract;
  prices: () => Prices;
  now: Clock;
  warn: Warn;
};

export const notifyExtract = defineExtractStep('NotifyExtract', [], async (state, deps: Deps) => {
  const { notify, placeOf, file, prices, now, warn } = deps;
  const extract = documentExtract(state, toIso(now()), prices());
  const message = describeExtract(extract, placeOf(extract));
  await tellAndFile(
    () => notify(message),
    () => file(extract),
    warn,
  );
  return { subject: toSubject(message) };
});

const reports = s3Reports({ write, read, findVersion, replace });
const fileUntil = (signal: AbortSignal): FileExtract =>
  fileExtract(untilAborted(reports, signal), folderOfExtract, {
    pause: () => sleep(randomInt(maxPauseMs)),
  });

/** Well within the function's time: when that runs out, the message would be sent again. */
const filingSeconds = 15;

export const handler = lambdaHandler(notifyExtract, {
  notify: snsNotify(),
  placeOf: placeExtractInBucket,
  file: (extract) =>
    withinSeconds(filingSeconds, 'filing the extract', (signal) => fileUntil(signal)(extract)),
  prices: () => parsePrices(prices),
  now: systemClock,
  warn: logWarning,
});
