// Called by the state machine last, when nothing is left or the teardown has given up.
// Files the document and its page in S3. Tells people again when the teardown failed.
// Running it twice files the same extract again in the same places. At worst it repeats that message.
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import prices from '../../config/prices.json' with { type: 'json' };
import { lambdaHandler, logError, type Warn } from '../../shared/aws/lambda.ts';
import { quickSns, snsNotify } from '../../shared/aws/notify.ts';
import { placeExtractInBucket } from '../../shared/aws/report-place.ts';
import { findVersion, read, replace, s3Reports, write } from '../../shared/aws/reports.ts';
import { systemClock } from '../../shared/clock.ts';
import { findTeardownFailure } from '../../shared/extracting/failures.ts';
import { fitExtract } from '../../shared/extracting/fit.ts';
import { documentExtract } from '../../shared/extracting/outcome.ts';
import type { ExtractState } from '../../shared/extracting/state.ts';
import type { ExtractDocument } from '../../shared/extraction/document.ts';
import { folderOfExtract, type PlaceOfExtract } from '../../shared/extraction/place.ts';
import { type FileExtract, fileExtract, maxPauseMs } from '../../shared/history/filing.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { endDocument } from '../../shared/job/ending.ts';
import type { Step } from '../../shared/job/step.ts';
import { describeExtractTeardown } from '../../shared/messages/extract.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import { type Prices, parsePrices } from '../../shared/result/prices.ts';

type Deps = {
  notify: Notify;
  placeOf: PlaceOfExtract;
  file: FileExtract;
  prices: () => Prices;
  now: Clock;
  /** Waits a few seconds. */
  pause: () => Promise<unknown>;
  warn: Warn;
};

export const concludeExtract: Step<Deps, ExtractDocument, ExtractState> = async (state, deps) => {
  const { notify, placeOf, file, prices, now } = deps;
  const extract = documentExtract(state, toIso(now()), prices());
  const teardown = extract.teardown.status === 'failed' ? findTeardownFailure(state) : null;
  const ended = await endDocument(extract, 'ConcludeExtract', deps, {
    what: 'the extract',
    tell: async () => {
      if (teardown !== null) await notify(describeExtractTeardown(extract, teardown, placeOf(extract)));
    },
    file,
    failed: { verdict: 'failed' },
  });
  return fitExtract(ended);
};

export const handler = lambdaHandler(concludeExtract, {
  notify: snsNotify(quickSns()),
  placeOf: placeExtractInBucket,
  file: fileExtract(s3Reports({ write, read, findVersion, replace }), folderOfExtract, {
    pause: () => sleep(randomInt(maxPauseMs)),
  }),
  prices: () => parsePrices(prices),
  now: systemClock,
  pause: () => sleep(5000),
  warn: logError,
});
