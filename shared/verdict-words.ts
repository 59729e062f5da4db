import type { Failure } from './failure.ts';
import { type Bearing, bearingOf } from './failure-bearing.ts';
import { describeSeconds } from './instants.ts';
import { formatInstant, formatNumber, shorten } from './report-format.ts';
import type { DrillOutcome } from './result.ts';
import { countOf, listSome } from './words.ts';

export type VerdictWords = {
  /** One sentence that a team lead understands. */
  sentence: string;
  /** What it means for a recovery, one sentence each. */
  meaning: string[];
  /** What to do next, in order; empty when there is nothing to do. */
  steps: string[];
};

/** The verdict in words, what it means for a recovery, and what to do. Names in it are as hostile as they were. */
export const explainVerdict = (result: DrillOutcome): VerdictWords => {
  const { failure, dryRun, restore } = result;
  if (failure === null) {
    const isComparable = dryRun || restore.baseline === 'same-instant';
    return { sentence: describePass(result), meaning: isComparable ? [] : [uncompared], steps: [] };
  }
  const bearing = judgeFailure(result, failure);
  return {
    sentence: dryRun ? describeFailedDryRun(result) : `${describeFailure(result, failure, bearing)}.`,
    meaning: dryRun ? [] : listMeanings(result, failure, bearing),
    steps: listSteps(result, failure, dryRun ? 'unknown' : bearing),
  };
};

/** What presumes a restored copy is not said without one. */
const judgeFailure = (result: DrillOutcome, failure: Failure): Bearing => {
  const bearing = bearingOf(failure);
  const presumesCopy =
    bearing === 'verified' || bearing === 'left-behind' || failure.error === 'ChecksFailed';
  return presumesCopy && !wasRestored(result) ? 'unknown' : bearing;
};

const uncompared =
  'The start named its own time, at which production can no longer be read: only what does not need production of that instant was checked, and each skipped check says why.';

const describePass = (result: DrillOutcome): string =>
  result.dryRun
    ? `Nothing was restored in this dry run, so no recovery is proven: the plan is valid, and ${countOf(result.checks.length, 'check', formatNumber)} would be done.`
    : `${describeSuccess(result)}.`;

const describeFailedDryRun = (result: DrillOutcome): string =>
  `The dry run of ${nameOf(result)} failed: nothing was restored, and a drill would fail in the same way.`;

/** "prod can be brought back: restored to ... in 20 min, and every one of 23 checks matches production ..." */
const describeSuccess = (result: DrillOutcome): string =>
  `${nameOf(result)} can be brought back: ${describeRestore(result)}, and ${describeChecks(result)}`;

const describeRestore = ({ restore, rto }: DrillOutcome): string => {
  const to = restore.restoreTo === null ? 'restored' : `restored to ${formatInstant(restore.restoreTo)}`;
  return rto.seconds === null ? to : `${to} in ${describeSeconds(rto.seconds)}`;
};

const describeChecks = ({ checks, restore }: DrillOutcome): string => {
  const passed = checks.filter(({ verdict }) => verdict === 'passed').length;
  const isCompared = restore.baseline === 'same-instant';
  if (passed < checks.length) {
    const skipped = formatNumber(checks.length - passed);
    const outcome = isCompared ? 'match production at that instant' : 'passed';
    return `${formatNumber(passed)} of ${countOf(checks.length, 'check', formatNumber)} ${outcome}, with ${skipped} skipped`;
  }
  const all = passed === 1 ? 'its one check' : `every one of ${formatNumber(passed)} checks`;
  return isCompared ? `${all} matches production at that instant` : `${all} passed`;
};

const describeFailure = (result: DrillOutcome, { phase, error }: Failure, bearing: Bearing): string => {
  const source = nameOf(result);
  switch (bearing) {
    case 'not-recoverable':
      if (error === 'ChecksFailed')
        return `${source} was ${describeRestore(result)}, but ${countFailed(result)}`;
      return error === 'WriterUnusable'
        ? `${source} could not be brought back: its restored cluster never had a usable writer`
        : `${source} could not be brought back: the restored cluster never became usable`;
    case 'too-slow': {
      const missed = listMissed(result);
      if (phase !== 'VerifyRestore') return `${source} was not brought back before the deadline of its drill`;
      return error === 'DeadlineExceeded' || missed.length === 0
        ? `${source} can be brought back, but was verified only after the deadline of its drill`
        : `${source} can be brought back, but not within what was agreed: ${missed.join(', ')}`;
    }
    case 'left-behind':
      return `${describeSuccess(result)}; but the drill left ${describeLeft(result)} behind`;
    case 'verified':
      return phase === 'NotifyResult'
        ? `${describeSuccess(result)}; but nobody could be told`
        : `${describeSuccess(result)}; but the result could not be stored and told in full`;
    case 'obstructed':
    case 'unknown':
      return describeBreak(result);
    default:
      return bearing satisfies never;
  }
};

const describeBreak = (result: DrillOutcome): string => {
  if (wasRestored(result)) {
    return `${nameOf(result)} was ${describeRestore(result)}, but the drill broke off before the copy was compared`;
  }
  return wasAskedFor(result)
    ? `The drill of ${nameOf(result)} broke off while the copy was being restored, so nothing is proven`
    : `The drill of ${nameOf(result)} broke off before anything was restored, so nothing is proven`;
};

const countFailed = ({ checks }: DrillOutcome): string => {
  const failed = checks.filter(({ verdict }) => verdict === 'failed').length;
  if (failed === 0) return 'no check could be done, so nothing is proven';
  return `${formatNumber(failed)} of ${countOf(checks.length, 'check', formatNumber)} failed`;
};

/** "RTO 1 h 10 min instead of 60 min", one for each objective that was missed. */
const listMissed = ({ rto, rpo }: DrillOutcome): string[] =>
  (
    [
      ['RTO', rto],
      ['RPO', rpo],
    ] as const
  ).flatMap(([name, { seconds, objectiveSeconds, met }]) =>
    met === false && seconds !== null && objectiveSeconds !== null
      ? [`${name} ${describeSeconds(seconds)} instead of ${describeSeconds(objectiveSeconds)}`]
      : [],
  );

const listMeanings = (result: DrillOutcome, { phase, error }: Failure, bearing: Bearing): string[] => {
  const meanings = [describeMeaning(result, phase, error, bearing)];
  if (bearing !== 'left-behind' && result.teardown.status === 'failed') {
    meanings.push(`The teardown failed as well: ${describeLeft(result)} may still stand, and costs money.`);
  }
  return meanings;
};

const describeMeaning = (
  result: DrillOutcome,
  phase: Failure['phase'],
  error: string,
  bearing: Bearing,
): string => {
  switch (bearing) {
    case 'not-recoverable':
      return `Treat ${nameOf(result)} as not recoverable until you know why.`;
    case 'too-slow':
      if (phase !== 'VerifyRestore') {
        return 'Reckon with a recovery that takes longer than this drill had time for: its end was not seen, so the data is not verified.';
      }
      return error === 'ObjectiveMissed' && result.rto.met !== false
        ? 'The data can be recovered, but more of what was written last would be lost than was agreed.'
        : 'The data can be recovered, but a recovery takes too long.';
    case 'left-behind':
      return `What was verified stands. What was left behind costs money until it is deleted: ${describeLeft(result)}.`;
    case 'verified':
      return 'What was verified stands: the trouble came after it, and concerns only who hears of it.';
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

const listSteps = (result: DrillOutcome, { hint }: Failure, bearing: Bearing): string[] => {
  const again = 'start the drill again: until one passes, nothing new is proven';
  const isLeft = bearing === 'left-behind' || result.teardown.status === 'failed';
  return [
    hint,
    ...(bearing === 'not-recoverable' ? ['tell whoever would rely on this backup'] : []),
    ...(isLeft ? [`see that these are deleted: ${describeLeft(result)}`] : []),
    ...(bearing === 'verified' || bearing === 'left-behind' ? [] : [again]),
  ];
};

/** What nobody has seen go; when that is not known, the cluster that the drill would have made. */
const describeLeft = ({ resources, target }: DrillOutcome): string => {
  const left = resources.filter(({ deletedAt }) => deletedAt === null).map(({ name }) => shortenName(name));
  return left.length > 0 ? listSome(left, 3) : shortenName(target ?? 'what it had made');
};

/** The restored cluster was seen available: only then comes the writer. The time to restore to is known long before. */
export const wasRestored = ({ dryRun, phases }: DrillOutcome): boolean =>
  !dryRun && phases.some(({ name }) => name === 'AddWriter');

const wasAskedFor = ({ dryRun, phases }: DrillOutcome): boolean =>
  !dryRun && phases.some(({ name }) => name === 'CheckCluster');

/** Identifiers of RDS have 63 characters at most; a sentence is not to be drowned by what is none. */
const shortenName = (name: string): string => shorten(name, 63);

const nameOf = ({ source, plan }: DrillOutcome): string => shortenName(source ?? plan ?? 'the cluster');
