// Called by the state machine last: when the cluster is rewound, after a pre-flight, or after what stopped the rewind.
// Tells people, and files the document and its page in S3. Changes nothing in RDS.
// Running it twice files the same rewind again in the same places. At worst it repeats the message.
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import prices from '../../config/prices.json' with { type: 'json' };
import { lambdaHandler, logError, type Warn } from '../../shared/aws/lambda.ts';
import { quickSns, snsNotify } from '../../shared/aws/notify.ts';
import { placeRewindInBucket } from '../../shared/aws/report-place.ts';
import { findVersion, read, replace, s3Reports, write } from '../../shared/aws/reports.ts';
import { systemClock } from '../../shared/clock.ts';
import { type FileRewind, fileRewind, maxPauseMs } from '../../shared/history/filing.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { attemptAtEnd } from '../../shared/job/ending.ts';
import type { Step } from '../../shared/job/step.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import { describeRewind } from '../../shared/messages/rewind.ts';
import { type Prices, parsePrices } from '../../shared/result/prices.ts';
import type { RewindDocument } from '../../shared/rewind/document.ts';
import { folderOfRewind, type PlaceOfRewind } from '../../shared/rewind/place.ts';
import { fitRewind } from '../../shared/rewinding/fit.ts';
import { documentRewind } from '../../shared/rewinding/outcome.ts';
import type { RewindState } from '../../shared/rewinding/state.ts';

type Deps = {
  notify: Notify;
  placeOf: PlaceOfRewind;
  file: FileRewind;
  prices: () => Prices;
  now: Clock;
  /** Waits a few seconds. */
  pause: () => Promise<unknown>;
  warn: Warn;
};

export const concludeRewind: Step<Deps, RewindDocument, RewindState> = async (state, deps) => {
  const { notify, placeOf, file, prices, now } = deps;
  const document = documentRewind(state, toIso(now()), prices());
  const told = await attempt(document, deps, 'telling people', () =>
    notify(describeRewind(document, placeOf(document))),
  );
  const filed = await attempt(told, deps, 'filing the rewind', () => file(told));
  // The filed document must say what the execution says. A failure here changes nothing more.
  const last = filed === told ? filed : await attempt(filed, deps, 'filing that', () => file(filed));
  return fitRewind(last);
};

const attempt = (
  document: RewindDocument,
  deps: Deps,
  what: string,
  act: () => Promise<void>,
): Promise<RewindDocument> =>
  attemptAtEnd(document, 'ConcludeRewind', deps, what, act, { verdict: 'failed' });

export const handler = lambdaHandler(concludeRewind, {
  notify: snsNotify(quickSns()),
  placeOf: placeRewindInBucket,
  file: fileRewind(s3Reports({ write, read, findVersion, replace }), folderOfRewind, {
    pause: () => sleep(randomInt(maxPauseMs)),
  }),
  prices: () => parsePrices(prices),
  now: systemClock,
  pause: () => sleep(5000),
  warn: logError,
});
