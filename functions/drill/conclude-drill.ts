// Called by the state machine last, when nothing is left or the teardown has given up.
// Reads how much storage was read and the posture of the source, files the result and its report in S3, and publishes its metrics. Tells people again when the teardown failed.
// Running it twice files and counts the same drill again in the same places. At worst it repeats that message.
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import prices from '../../config/prices.json' with { type: 'json' };
import { lambdaHandler, logError, type Warn } from '../../shared/aws/lambda.ts';
import {
  cloudWatchMetrics,
  publish,
  quickCloudWatch,
  read as readMetrics,
} from '../../shared/aws/metrics.ts';
import { quickSns, snsNotify } from '../../shared/aws/notify.ts';
import { readPackagedPlans } from '../../shared/aws/plans-file.ts';
import { placeInBucket } from '../../shared/aws/report-place.ts';
import { findVersion, read, replace, s3Reports, write } from '../../shared/aws/reports.ts';
import { systemClock } from '../../shared/clock.ts';
import { buildResult } from '../../shared/drill/document.ts';
import { findTeardownFailure } from '../../shared/drill/failure.ts';
import type { DrillState } from '../../shared/drill/state.ts';
import { isDrillError } from '../../shared/errors.ts';
import { type FileResult, fileInHistory, maxPauseMs } from '../../shared/history/filing.ts';
import {
  addPosture,
  type FiledResult,
  type ReadPosture,
  readPostureIn,
} from '../../shared/history/source-posture.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { attemptAtEnd } from '../../shared/job/ending.ts';
import type { Step } from '../../shared/job/step.ts';
import { describeTeardownFailure } from '../../shared/messages/drill.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import { metricsOf } from '../../shared/monitors/drill-metrics.ts';
import type { Metrics } from '../../shared/monitors/metrics.ts';
import { readVolumeFigures } from '../../shared/monitors/volume-figures.ts';
import { findOnlyPlan } from '../../shared/plan/only-plan.ts';
import { type PlaceOf, planFolder } from '../../shared/report/place.ts';
import { type Prices, parsePrices } from '../../shared/result/prices.ts';
import { unknownVolume, type VolumeFigures } from '../../shared/result/volume.ts';

type Deps = {
  notify: Notify;
  placeOf: PlaceOf;
  file: FileResult;
  metrics: Pick<Metrics, 'publish' | 'read'>;
  readPlans: () => Promise<string>;
  readPosture: ReadPosture;
  prices: () => Prices;
  now: Clock;
  /** Waits a few seconds. */
  pause: () => Promise<unknown>;
  warn: Warn;
};

export const concludeDrill: Step<Deps, FiledResult, DrillState> = async (state: DrillState, deps) => {
  const { notify, placeOf, file, metrics, readPlans, readPosture, prices, now } = deps;
  const source = state.PrepareDrill?.source.identifier;
  const [volume, posture] = await Promise.all([
    readVolume(state, deps),
    source === undefined ? null : readPosture(source),
  ]);
  const onlyPlan = state.PrepareDrill === undefined ? await findOnlyPlan(readPlans) : null;
  const result = addPosture(buildResult(state, toIso(now()), prices(), { volume, onlyPlan }), posture);
  const teardown = result.teardown.status === 'failed' ? findTeardownFailure(state) : null;
  const told = await attempt(result, deps, 'telling people', async () => {
    if (teardown !== null) await notify(describeTeardownFailure(result, teardown, placeOf(result)));
  });
  const filed = await attempt(told, deps, 'filing the report', () => file(told));
  const counted = await attempt(filed, deps, 'publishing its metrics', () =>
    metrics.publish(metricsOf(filed)),
  );
  // The filed result must say what the execution says. A failure here changes nothing more.
  return counted === told ? counted : attempt(counted, deps, 'filing that', () => file(counted));
};

/** Figures for the estimate alone. A drill without them says so, and is as good. */
const readVolume = async (
  state: DrillState,
  { metrics, now, warn }: Pick<Deps, 'metrics' | 'now' | 'warn'>,
): Promise<VolumeFigures> => {
  try {
    return await readVolumeFigures(state, metrics, toIso(now()));
  } catch (error) {
    if (!isDrillError(error)) throw error;
    warn('reading the use of storage failed', { error: error.name, cause: error.summary });
    return unknownVolume;
  }
};

const attempt = (
  document: FiledResult,
  deps: Deps,
  what: string,
  act: () => Promise<void>,
): Promise<FiledResult> => attemptAtEnd(document, 'ConcludeDrill', deps, what, act, { verdict: 'failed' });

const reports = s3Reports({ write, read, findVersion, replace });

export const handler = lambdaHandler(concludeDrill, {
  notify: snsNotify(quickSns()),
  placeOf: placeInBucket,
  file: fileInHistory(reports, planFolder, {
    pause: () => sleep(randomInt(maxPauseMs)),
  }),
  metrics: cloudWatchMetrics({ publish, read: readMetrics }, quickCloudWatch()),
  readPlans: readPackagedPlans,
  readPosture: readPostureIn(reports, { unknown: 'no posture has been filed yet' }),
  prices: () => parsePrices(prices),
  now: systemClock,
  pause: () => sleep(5000),
  warn: logError,
});
