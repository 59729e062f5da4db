// Called by the state machine last, when nothing is left or the teardown has given up.
// Files the document and its page in S3. Tells people again when the teardown failed.
// Running it twice files the same rehearsal again in the same places. At worst it repeats that message.
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import prices from '../../config/prices.json' with { type: 'json' };
import { lambdaHandler, logError, type Warn } from '../../shared/aws/lambda.ts';
import { quickSns, snsNotify } from '../../shared/aws/notify.ts';
import { placeRehearsalInBucket } from '../../shared/aws/report-place.ts';
import { findVersion, read, replace, s3Reports, write } from '../../shared/aws/reports.ts';
import { systemClock } from '../../shared/clock.ts';
import { type FileRehearsal, fileRehearsal, maxPauseMs } from '../../shared/history/filing.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { endDocument } from '../../shared/job/ending.ts';
import type { Step } from '../../shared/job/step.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import { describeRehearsalTeardown } from '../../shared/messages/rehearsal.ts';
import type { RehearsalDocument } from '../../shared/rehearsal/document.ts';
import { folderOfRehearsal, type PlaceOfRehearsal } from '../../shared/rehearsal/place.ts';
import { findTeardownFailure } from '../../shared/rehearsing/failures.ts';
import { fitDocument } from '../../shared/rehearsing/measured.ts';
import { documentRehearsal } from '../../shared/rehearsing/outcome.ts';
import type { RehearsalState } from '../../shared/rehearsing/state.ts';
import { type Prices, parsePrices } from '../../shared/result/prices.ts';

type Deps = {
  notify: Notify;
  placeOf: PlaceOfRehearsal;
  file: FileRehearsal;
  prices: () => Prices;
  now: Clock;
  /** Waits a few seconds. */
  pause: () => Promise<unknown>;
  warn: Warn;
};

export const concludeRehearsal: Step<Deps, RehearsalDocument, RehearsalState> = async (state, deps) => {
  const { notify, placeOf, file, prices, now } = deps;
  const rehearsal = documentRehearsal(state, toIso(now()), prices());
  const teardown = rehearsal.teardown.status === 'failed' ? findTeardownFailure(state) : null;
  const ended = await endDocument(rehearsal, 'ConcludeRehearsal', deps, {
    what: 'the rehearsal',
    tell: async () => {
      if (teardown !== null) await notify(describeRehearsalTeardown(rehearsal, teardown, placeOf(rehearsal)));
    },
    file,
  });
  return fitDocument(ended);
};

export const handler = lambdaHandler(concludeRehearsal, {
  notify: snsNotify(quickSns()),
  placeOf: placeRehearsalInBucket,
  file: fileRehearsal(s3Reports({ write, read, findVersion, replace }), folderOfRehearsal, {
    pause: () => sleep(randomInt(maxPauseMs)),
  }),
  prices: () => parsePrices(prices),
  now: systemClock,
  pause: () => sleep(5000),
  warn: logError,
});
