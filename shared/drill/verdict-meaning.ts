import { type ErrorName, errorCatalog } from '../errors.ts';
import { describeSeconds } from '../instants.ts';
import { type DrillOutcome, wasRestored } from './document.ts';
import type { Failure } from './failure.ts';
import type { Bearing } from './failure-bearing.ts';
import { describeRemains, shortenName } from './teardown-words.ts';

/** What a failure means for a recovery, one sentence each, and what the teardown left. */
export const listMeanings = (result: DrillOutcome, failure: Failure, bearing: Bearing): string[] => {
  const meaning = describeMeaning(result, failure, bearing);
  const remains = bearing === 'left-behind' ? null : describeRemains(result);
  return remains === null ? [meaning] : [meaning, `The teardown failed as well: ${remains.clause}.`];
};

const describeMeaning = (result: DrillOutcome, failure: Failure, bearing: Bearing): string => {
  switch (bearing) {
    case 'not-recoverable':
      return `Treat ${shortenName(result.source ?? 'the cluster')} as not recoverable until you know why.`;
    case 'too-slow':
      return failure.phase === 'VerifyRestore'
        ? describeSlowness(result)
        : 'A recovery may take longer than this drill had time for. The drill did not see it end, so the data is not verified.';
    case 'left-behind':
      return 'What was verified is still valid: the problem came later.';
    case 'verified':
      return describeUntold(failure);
    case 'obstructed':
      return 'This says nothing about the backups, but a real recovery would have met the same obstacle.';
    case 'unknown':
      return wasRestored(result)
        ? 'The backup could be restored, but nobody knows whether its data is right.'
        : 'The drill did not get far enough to say anything about the backups, good or bad.';
    default:
      return bearing satisfies never;
  }
};

/** A drill does more than a recovery: only its RTO says whether a recovery is too slow. */
const describeSlowness = ({ rto, rpo }: DrillOutcome): string => {
  const slow = rto.met === false ? ['a recovery takes too long'] : [];
  const lossy = rpo.met === false ? ['more of the newest data would be lost than agreed'] : [];
  const troubles = [...slow, ...lossy];
  if (troubles.length > 0) return `The data can be recovered, but ${troubles.join(', and ')}.`;
  const took = rto.seconds === null ? 'not measured' : describeSeconds(rto.seconds);
  return `What was verified is still valid. Time of the recovery itself: ${took}. The drill with its checks took too long.`;
};

const describeUntold = ({ phase, error }: Failure): string => {
  if (phase === 'NotifyResult' || error === 'NotificationFailed') {
    return 'What was verified is still valid: only the message about it was not sent.';
  }
  return error === 'MetricsFailed'
    ? 'What was verified is still valid, but the dashboard and the alarms know nothing about this drill.'
    : 'What was verified is still valid, but its report or history may be missing. Keep the output of the state ConcludeDrill: it has the whole result.';
};

export const listSteps = (result: DrillOutcome, { hint }: Failure, bearing: Bearing): string[] => {
  const remains = describeRemains(result);
  const isVerified = bearing === 'verified' || bearing === 'left-behind';
  return [
    hint,
    ...(bearing === 'not-recoverable' ? ['tell whoever would rely on this backup'] : []),
    ...(remains === null || remains.isForeign
      ? []
      : [`check whether any of this still exists, and delete it: ${remains.names}`]),
    ...(isVerified ? [] : ['start the drill again: until one passes, nothing new is proven']),
  ];
};

/** A dry run that failed. Only a lasting error lets us say that a drill would fail too. */
export const explainDryRun = (
  { source, plan }: DrillOutcome,
  { phase, error, hint }: Failure,
): { sentence: string; meaning: string[]; steps: string[] } => {
  const name = source ?? plan;
  const run = name === null ? 'The dry run' : `The dry run of ${shortenName(name)}`;
  const steps = [hint, 'start the dry run again'];
  if (phase === 'ConcludeDrill') {
    return {
      sentence: `${run} found the plan valid, but its report could not be filed in full.`,
      meaning: ['Nothing was restored, so no recovery is proven. A drill must file its report as well.'],
      steps,
    };
  }
  const isLasting = Object.hasOwn(errorCatalog, error) && !errorCatalog[error as ErrorName].isTransient;
  return {
    sentence: `${run} failed: nothing was restored${isLasting ? ', and a drill would fail in the same way' : ''}.`,
    meaning: [
      isLasting
        ? 'This says nothing about the backups: a dry run restores nothing.'
        : 'This says nothing about the backups or the next drill: the problem may go away by itself.',
    ],
    steps,
  };
};
