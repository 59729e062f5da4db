import { type ErrorName, errorCatalog } from '../errors.ts';
import { describeSeconds } from '../instants.ts';
import { type DrillOutcome, wasRestored } from './document.ts';
import type { Failure } from './failure.ts';
import type { Bearing } from './failure-bearing.ts';
import { describeRemains, shortenName } from './teardown-words.ts';

/** What a failure means for a recovery, one sentence each, and what its teardown left open. */
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
        : 'Reckon with a recovery that takes longer than this drill had time for: its end was not seen, so the data is not verified.';
    case 'left-behind':
      return 'What was verified stands: the trouble came after it.';
    case 'verified':
      return describeUntold(failure);
    case 'obstructed':
      return 'This says nothing about the backups, but a real recovery would have met the same obstacle.';
    case 'unknown':
      return wasRestored(result)
        ? 'The backup could be restored, but whether the data in it is right is not known.'
        : 'The drill did not get far enough to say anything about the backups, good or bad.';
    default:
      return bearing satisfies never;
  }
};

/** A drill has more to do than a recovery: only its RTO says whether that one is too slow. */
const describeSlowness = ({ rto, rpo }: DrillOutcome): string => {
  const slow = rto.met === false ? ['a recovery takes too long'] : [];
  const lossy = rpo.met === false ? ['more of what was written last would be lost than was agreed'] : [];
  const troubles = [...slow, ...lossy];
  if (troubles.length > 0) return `The data can be recovered, but ${troubles.join(', and ')}.`;
  const took = rto.seconds === null ? 'not measured' : describeSeconds(rto.seconds);
  return `What was verified stands. Time of the recovery itself: ${took}. What took too long was the drill with its checks.`;
};

const describeUntold = ({ phase, error }: Failure): string => {
  if (phase === 'NotifyResult' || error === 'NotificationFailed') {
    return 'What was verified stands: only the message about it was not sent.';
  }
  return error === 'MetricsFailed'
    ? 'What was verified stands, but the dashboard and the alarms know nothing of this drill.'
    : 'What was verified stands, but its evidence may not be where it belongs: the output of the state ConcludeDrill has the whole result, so keep it.';
};

/** What to do after a failure, in order. */
export const listSteps = (result: DrillOutcome, { hint }: Failure, bearing: Bearing): string[] => {
  const remains = describeRemains(result);
  const isVerified = bearing === 'verified' || bearing === 'left-behind';
  return [
    hint,
    ...(bearing === 'not-recoverable' ? ['tell whoever would rely on this backup'] : []),
    ...(remains === null || remains.isForeign
      ? []
      : [`look whether any of this still stands, and delete it: ${remains.names}`]),
    ...(isVerified ? [] : ['start the drill again: until one passes, nothing new is proven']),
  ];
};

/** A dry run that failed. What may pass by itself is not foretold for a drill. */
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
      meaning: [
        'Nothing was restored, so no recovery is proven; a drill would have to file its report as well.',
      ],
      steps,
    };
  }
  const isLasting = Object.hasOwn(errorCatalog, error) && !errorCatalog[error as ErrorName].isTransient;
  return {
    sentence: `${run} failed: nothing was restored${isLasting ? ', and a drill would fail in the same way' : ''}.`,
    meaning: [
      isLasting
        ? 'This says nothing about the backups: a dry run restores nothing.'
        : 'This says nothing about the backups, nor about the next drill: the trouble may pass by itself.',
    ],
    steps,
  };
};
