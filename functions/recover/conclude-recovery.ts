// Called by the state machine last: when the readers are available, or after what stopped the recovery.
// Describes what stands, tells people, files the document and its page in S3, and publishes its metric. Deletes nothing.
// Running it twice files and counts the same recovery again in the same places. At worst it repeats the message.
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import prices from '../../config/prices.json' with { type: 'json' };
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler, logError, type Warn } from '../../shared/aws/lambda.ts';
import { cloudWatchMetrics, publish, quickCloudWatch } from '../../shared/aws/metrics.ts';
import { quickSns, snsNotify } from '../../shared/aws/notify.ts';
import { findCluster, listInstances, rdsAurora } from '../../shared/aws/rds.ts';
import { placeRecoveryInBucket } from '../../shared/aws/report-place.ts';
import { findVersion, read, replace, s3Reports, write } from '../../shared/aws/reports.ts';
import { systemClock } from '../../shared/clock.ts';
import { isDrillError } from '../../shared/errors.ts';
import { type FileRecovery, fileRecovery, maxPauseMs } from '../../shared/history/filing.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { attemptAtEnd } from '../../shared/job/ending.ts';
import type { Step } from '../../shared/job/step.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import { describeRecovery } from '../../shared/messages/recovery.ts';
import type { Metrics } from '../../shared/monitors/metrics.ts';
import { metricsOfRecovery } from '../../shared/monitors/recovery-metrics.ts';
import { fitRecovery } from '../../shared/recovering/fit.ts';
import { documentRecovery, type Recovered } from '../../shared/recovering/outcome.ts';
import type { RecoveryState } from '../../shared/recovering/state.ts';
import type { RecoveryDocument } from '../../shared/recovery/document.ts';
import { folderOfRecovery, type PlaceOfRecovery } from '../../shared/recovery/place.ts';
import { type Prices, parsePrices } from '../../shared/result/prices.ts';

type Deps = {
  aurora: Pick<Aurora, 'findCluster' | 'listInstances'>;
  notify: Notify;
  placeOf: PlaceOfRecovery;
  file: FileRecovery;
  metrics: Pick<Metrics, 'publish'>;
  prices: () => Prices;
  now: Clock;
  /** Waits a few seconds. */
  pause: () => Promise<unknown>;
  warn: Warn;
};

export const concludeRecovery: Step<Deps, RecoveryDocument, RecoveryState> = async (state, deps) => {
  const { notify, placeOf, file, metrics, prices, now } = deps;
  const document = documentRecovery(state, toIso(now()), prices(), await describeRecovered(state, deps));
  const told = await attempt(document, deps, 'telling people', () =>
    notify(describeRecovery(document, placeOf(document))),
  );
  const filed = await attempt(told, deps, 'filing the recovery', () => file(told));
  const counted = await attempt(filed, deps, 'publishing its metric', () =>
    metrics.publish(metricsOfRecovery(filed)),
  );
  // The filed document must say what the execution says. A failure here changes nothing more.
  const last = counted === told ? counted : await attempt(counted, deps, 'filing that', () => file(counted));
  return fitRecovery(last);
};

/** For the table of settings, and for the readers that stand. A document without it says what was passed, and what may stand. */
const describeRecovered = async (
  { PrepareRecovery: job, RestoreCluster: restore }: RecoveryState,
  { aurora, warn }: Deps,
): Promise<Recovered | null> => {
  if (job === undefined || restore === undefined) return null;
  try {
    const cluster = await aurora.findCluster(restore.cluster);
    const instances = await aurora.listInstances(restore.cluster);
    const writer = instances.find(({ identifier }) => identifier === job.target.writer);
    return cluster === undefined ? null : { cluster, writer, instances };
  } catch (error) {
    if (!isDrillError(error)) throw error;
    warn('describing the recovered cluster failed', { error: error.name, cause: error.summary });
    return null;
  }
};

const attempt = (
  document: RecoveryDocument,
  deps: Deps,
  what: string,
  act: () => Promise<void>,
): Promise<RecoveryDocument> =>
  attemptAtEnd(document, 'ConcludeRecovery', deps, what, act, { verdict: 'failed' });

export const handler = lambdaHandler(concludeRecovery, {
  aurora: rdsAurora({ findCluster, listInstances }),
  notify: snsNotify(quickSns()),
  placeOf: placeRecoveryInBucket,
  file: fileRecovery(s3Reports({ write, read, findVersion, replace }), folderOfRecovery, {
    pause: () => sleep(randomInt(maxPauseMs)),
  }),
  metrics: cloudWatchMetrics({ publish }, quickCloudWatch()),
  prices: () => parsePrices(prices),
  now: systemClock,
  pause: () => sleep(5000),
  warn: logError,
});
