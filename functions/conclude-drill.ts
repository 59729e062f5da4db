// Called by the state machine last, when nothing is left or the teardown has given up.
// Files the result and its report in S3 and publishes its metrics; tells people again when the teardown failed.
// Running it twice files and counts the same drill once more in the same places, and repeats that message at worst.
import { setTimeout as sleep } from 'node:timers/promises';
import prices from '../config/prices.json' with { type: 'json' };
import { systemClock } from '../shared/clock.ts';
import { describeTeardownFailure } from '../shared/drill-message.ts';
import { metricsOf } from '../shared/drill-metrics.ts';
import type { DrillState } from '../shared/drill-state.ts';
import { type DrillError, isDrillError, isTransient } from '../shared/errors.ts';
import { type Failure, findTeardownFailure } from '../shared/failure.ts';
import { type FileResult, fileInHistory } from '../shared/filing.ts';
import { type Clock, toIso } from '../shared/instants.ts';
import { lambdaHandler } from '../shared/lambda.ts';
import type { Metrics } from '../shared/metrics.ts';
import { cloudWatchMetrics, publish } from '../shared/metrics-cloudwatch.ts';
import type { Notify } from '../shared/notify.ts';
import { snsNotify } from '../shared/notify-sns.ts';
import { type Prices, parsePrices } from '../shared/prices.ts';
import { type PlaceOf, placeInBucket, planFolder } from '../shared/report-place.ts';
import { findVersion, read, replace, s3Reports, write } from '../shared/reports-s3.ts';
import { buildResult, type DrillResult } from '../shared/result.ts';
import type { Step } from '../shared/step.ts';

type Deps = {
  notify: Notify;
  placeOf: PlaceOf;
  file: FileResult;
  metrics: Pick<Metrics, 'publish'>;
  prices: Prices;
  now: Clock;
  /** Waits a few seconds. */
  pause: () => Promise<unknown>;
};

export const concludeDrill: Step<Deps, DrillResult> = async (state: DrillState, deps) => {
  const { notify, placeOf, file, metrics, prices, now, pause } = deps;
  const result = buildResult(state, toIso(now()), prices);
  const teardown = result.teardown.status === 'failed' ? findTeardownFailure(state) : null;
  const told = await attempt(result, pause, 'telling people', async () => {
    if (teardown !== null) await notify(describeTeardownFailure(result, teardown, placeOf(result)));
  });
  const filed = await attempt(told, pause, 'filing the report', () => file(told));
  const counted = await attempt(filed, pause, 'publishing its metrics', () =>
    metrics.publish(metricsOf(filed)),
  );
  // What is filed has to tell what the execution tells. Another failure changes nothing any more.
  return counted === filed ? counted : attempt(counted, pause, 'filing that', () => file(counted));
};

const maxAttempts = 3;

/**
 * What goes wrong at the end fails the drill, and never loses its result: what may be cured by a retry is tried again
 * here, since a state that is retried in vain ends without an output.
 */
const attempt = async (
  result: DrillResult,
  pause: Deps['pause'],
  what: string,
  act: () => Promise<void>,
): Promise<DrillResult> => {
  for (let attempts = 1; ; attempts += 1) {
    try {
      await act();
      return result;
    } catch (error) {
      if (!isDrillError(error)) throw error;
      if (!isTransient(error) || attempts === maxAttempts) return failBy(result, what, error);
      await pause();
    }
  }
};

/** The first failure stands, and its cause tells what went wrong after it. */
const failBy = (result: DrillResult, what: string, error: DrillError): DrillResult => {
  const cause = `${what} failed: ${error.name}: ${error.summary}`;
  const failure: Failure =
    result.failure === null
      ? { phase: 'ConcludeDrill', error: error.name, cause, hint: error.hint }
      : { ...result.failure, cause: `${result.failure.cause}; ${cause}` };
  return { ...result, verdict: 'failed', failure };
};

export const handler = lambdaHandler(concludeDrill, {
  notify: snsNotify(),
  placeOf: placeInBucket,
  file: fileInHistory(s3Reports({ write, read, findVersion, replace }), planFolder),
  metrics: cloudWatchMetrics({ publish }),
  prices: parsePrices(prices),
  now: systemClock,
  pause: () => sleep(5000),
});
