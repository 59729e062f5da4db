import { describeSeconds } from '../instants.ts';
import { formatInstant, formatNumber } from '../result/format.ts';
import { countVerdicts } from '../truth/checks.ts';
import { countOf } from '../words.ts';
import { type DrillOutcome, wasAskedFor, wasRestored } from './document.ts';
import type { Failure } from './failure.ts';
import { type Bearing, bearingOf } from './failure-bearing.ts';
import { listMissed } from './figures.ts';
import { nameOrigin } from './origin-words.ts';
import { describeRemains, shortenName } from './teardown-words.ts';
import { explainDryRun, listMeanings, listSteps } from './verdict-meaning.ts';

export type VerdictWords = {
  /** One sentence that a team lead understands. */
  sentence: string;
  /** What it means for a recovery, one sentence each. */
  meaning: string[];
  /** What to do next, in order. */
  steps: string[];
};

/** The verdict in words, what it means for a recovery, and what to do. Names in it are still hostile input. */
export const explainVerdict = (result: DrillOutcome): VerdictWords => {
  const { failure, dryRun, restore } = result;
  if (failure === null) {
    const isComparable = dryRun || restore.baseline === 'same-instant';
    return {
      sentence: describePass(result),
      meaning: isComparable ? [] : [explainUncompared(result)],
      steps: [],
    };
  }
  if (dryRun) return explainDryRun(result, failure);
  const bearing = judgeFailure(result, failure);
  return {
    sentence: `${describeFailure(result, failure, bearing)}.`,
    meaning: listMeanings(result, failure, bearing),
    steps: listSteps(result, failure, bearing),
  };
};

/** A bearing that needs a request, a restored copy or a passed check is unknown without one. */
const judgeFailure = (result: DrillOutcome, failure: Failure): Bearing => {
  const bearing = bearingOf(failure);
  const presumesProof =
    bearing === 'verified' ||
    bearing === 'left-behind' ||
    (bearing === 'too-slow' && failure.phase === 'VerifyRestore');
  const isUnfounded =
    (presumesProof && countVerdicts(result.checks).passed === 0) ||
    (failure.error === 'ChecksFailed' && !wasRestored(result)) ||
    (bearing !== 'obstructed' && !wasAskedFor(result));
  return isUnfounded ? 'unknown' : bearing;
};

const explainUncompared = ({ restore }: DrillOutcome): string => {
  const why = restore.kind === 'log' ? 'The start named its own time' : 'A snapshot has its own time';
  return `${why}, and production can no longer be read at that time. Only checks that do not need production at that time were done. Each skipped check says why.`;
};

const describePass = (result: DrillOutcome): string =>
  result.dryRun
    ? `Nothing was restored in this dry run, so no recovery is proven: the plan is valid, and ${countOf(result.checks.length, 'check', formatNumber)} would be done.`
    : `${describeSuccess(result)}.`;

/** "prod can be brought back: restored to ... in 20 min, and all 23 checks match production ..." */
const describeSuccess = (result: DrillOutcome): string =>
  `${nameOf(result)} can be brought back: ${describeRestore(result)}, and ${describeChecks(result)}`;

const describeRestore = ({ restore, rto }: DrillOutcome): string => {
  const to = describeOrigin(restore);
  return rto.seconds === null ? to : `${to} in ${describeSeconds(rto.seconds)}`;
};

/** "restored to 2026-11-16 08:00:04 UTC", or "restored from its newest snapshot, of 2026-11-16 02:10:00 UTC," */
const describeOrigin = ({ kind, restoreTo }: DrillOutcome['restore']): string => {
  const at = restoreTo === null ? null : formatInstant(restoreTo);
  if (kind === 'log') return at === null ? 'restored' : `restored to ${at}`;
  const from = `restored from ${nameOrigin({ kind, snapshot: null })}`;
  return at === null ? from : `${from}, of ${at},`;
};

const describeChecks = ({ checks, restore }: DrillOutcome): string => {
  const { passed } = countVerdicts(checks);
  const isCompared = restore.baseline === 'same-instant';
  const agreeing = passed === 1 ? 'matches' : 'match';
  if (passed < checks.length) {
    const skipped = formatNumber(checks.length - passed);
    const outcome = isCompared ? `${agreeing} production at that instant` : 'passed';
    return `${formatNumber(passed)} of ${countOf(checks.length, 'check', formatNumber)} ${outcome}, with ${skipped} skipped`;
  }
  const all = passed === 1 ? 'its one check' : `all ${formatNumber(passed)} checks`;
  return isCompared ? `${all} ${agreeing} production at that instant` : `${all} passed`;
};

const tornDown = 'a step of its teardown failed, though nothing is left';

const describeFailure = (result: DrillOutcome, failure: Failure, bearing: Bearing): string => {
  const source = nameOf(result);
  const { phase, error } = failure;
  switch (bearing) {
    case 'not-recoverable':
      if (error === 'ChecksFailed')
        return `${source} was ${describeRestore(result)}, but ${countFailed(result)}`;
      return error === 'WriterUnusable'
        ? `${source} could not be brought back: its restored cluster never had a usable writer`
        : `${source} could not be brought back: the restored cluster never became usable`;
    case 'too-slow':
      return phase === 'VerifyRestore'
        ? describeLateness(result, failure)
        : `${source} was not brought back before the deadline of its drill`;
    case 'left-behind':
      return `${describeSuccess(result)}; but ${describeRemains(result)?.clause ?? tornDown}`;
    case 'verified':
      return `${describeSuccess(result)}; but ${describeUntold(failure)}`;
    case 'obstructed':
    case 'unknown':
      return describeBreak(result, failure);
    default:
      return bearing satisfies never;
  }
};

/** Verified, but an objective or the deadline was missed. */
const describeLateness = (result: DrillOutcome, { error }: Failure): string => {
  const missed = listMissed(result);
  const late = 'the drill, with its checks, took longer than timeoutMinutes';
  if (missed.length === 0) return `${describeSuccess(result)}; but ${late}`;
  const agreed = `${nameOf(result)} can be brought back, but not within its objectives: ${missed.join(', ')}`;
  return error === 'DeadlineExceeded' ? `${agreed}; and ${late}` : agreed;
};

const describeUntold = ({ phase, error }: Failure): string => {
  if (phase === 'NotifyResult' || error === 'NotificationFailed') return 'its message could not be sent';
  if (error === 'MetricsFailed') return 'its metrics could not be published';
  return error === 'ReportNotFiled'
    ? 'its report could not be filed in full'
    : 'its report and its metrics could not be filed and published in full';
};

const describeBreak = (result: DrillOutcome, { error }: Failure): string => {
  const { source, plan } = result;
  if (wasRestored(result)) {
    const why =
      error === 'NothingVerified'
        ? 'no check of the copy could be done, so nothing is proven'
        : 'the drill failed before the copy was verified';
    return `${nameOf(result)} was ${describeRestore(result)}, but ${why}`;
  }
  const drill = source === null && plan === null ? 'The drill' : `The drill of ${nameOf(result)}`;
  return wasAskedFor(result)
    ? `${drill} failed while the copy was being restored, so nothing is proven`
    : `${drill} failed before anything was restored, so nothing is proven`;
};

/** When more checks fail than a result can hold, none is listed. */
const countFailed = ({ checks }: DrillOutcome): string => {
  const { failed } = countVerdicts(checks);
  if (failed === 0) return 'checks of the copy failed';
  if (checks.length === 1) return 'its one check failed';
  return `${formatNumber(failed)} of ${formatNumber(checks.length)} checks failed`;
};

const nameOf = ({ source, plan }: DrillOutcome): string => shortenName(source ?? plan ?? 'the cluster');
