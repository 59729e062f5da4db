import { describeDoubt, describeFailed, describeFailing } from './drill-failing.ts';
import { compareObjective, countChecks, countVerdicts, describeObjective } from './drill-figures.ts';
import type { Failure } from './failure.ts';
import { describeSeconds } from './instants.ts';
import type { Message } from './message.ts';
import type { DrillOutcome } from './result.ts';
import { countOf } from './words.ts';

/**
 * What people read when the outcome is known; the teardown follows it.
 * @param reportPlace where the report stands once the teardown is over
 */
export const describeOutcome = (result: DrillOutcome, reportPlace: string): Message => {
  const { verdict, failure, rto, rpo, checks, dryRun } = result;
  const count = countVerdicts(checks);
  return {
    kind: `drill-${verdict}`,
    title: failure === null ? describePass(result) : describeFailing(kindOf(result), nameOf(result), failure),
    happened: failure === null ? [describeProof(result)] : describeFailed(result, failure),
    toDo: failure === null ? [] : [failure.hint],
    facts: [
      ['RTO', describeObjective(rto)],
      ['RPO', describeObjective(rpo)],
      ['Restored to', describeRestored(result)],
      ...teardownFacts(result),
      ...drillFacts(result, reportPlace),
    ],
    // One key for each plan: the next drill that passes closes what one that failed has opened.
    dedupKey: `drill/${result.plan ?? result.drillId}`,
    clusters: clustersOf(result),
    at: result.endedAt,
    details: {
      ...detailsOf(result, reportPlace),
      dryRun,
      verdict,
      failure,
      restoreTo: result.restore.restoreTo,
      rto,
      rpo,
      checks: { passed: count('passed'), failed: count('failed'), skipped: count('skipped') },
    },
  };
};

const kindOf = ({ dryRun }: DrillOutcome) => (dryRun ? 'Dry run' : 'Restore drill');

const describePass = (result: DrillOutcome): string => {
  const { rto, checks, dryRun } = result;
  if (dryRun) return `Dry run passed: ${nameOf(result)}, nothing was restored and nothing is proven`;
  const skipped = countVerdicts(checks)('skipped');
  const figures = [
    `RTO ${compareObjective(rto)}`,
    countOf(checks.length - skipped, 'check'),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  return `Restore drill passed: ${[nameOf(result), ...figures].join(', ')}`;
};

const describeProof = (result: DrillOutcome): string => {
  const { dryRun, plan, source, restore, rto } = result;
  if (dryRun) return `The plan of ${source} is valid. Nothing was restored. ${describeDoubt(source, plan)}.`;
  const answered = rto.seconds === null ? '' : `, and answered after ${describeSeconds(rto.seconds)}`;
  const seen =
    restore.baseline === 'same-instant'
      ? `matches production at that instant${answered}`
      : `could be read${answered}; production at that time is not there to compare with`;
  return `The restored copy of ${source} ${seen}. ${countChecks(result)}.`;
};

/** The second message, for a cluster that would cost money unseen. @param teardown why it was not removed */
export const describeTeardownFailure = (
  result: DrillOutcome,
  teardown: Failure,
  reportPlace: string,
): Message => ({
  kind: 'teardown-failed',
  title: `Restore drill left a cluster behind: ${[nameOf(result), result.target].filter(Boolean).join(', ')}`,
  happened: [
    `${result.target}, restored from ${result.source}, is not known to be gone and costs money while it stands: ${teardown.error} in ${teardown.phase}: ${teardown.cause}`,
  ],
  toDo: [teardown.hint],
  facts: drillFacts(result, reportPlace),
  dedupKey: `teardown/${result.drillId}`,
  clusters: clustersOf(result),
  at: result.endedAt,
  details: { ...detailsOf(result, reportPlace), failure: teardown },
});

/** The copy was there once it answered a query; the time that was asked for proves nothing. */
const describeRestored = (result: DrillOutcome): string => {
  const { rto, restore } = result;
  if (rto.seconds !== null && restore.restoreTo !== null) return restore.restoreTo;
  const wanted = restore.restoreTo === null ? '' : ` (${restore.restoreTo} was asked for)`;
  return wasBegun(result) ? `not known to be reached${wanted}` : `nothing was restored${wanted}`;
};

const wasBegun = ({ rto, phases }: DrillOutcome): boolean =>
  rto.seconds !== null || phases.some(({ name }) => name === 'RestoreCluster');

const teardownFacts = (result: DrillOutcome): Message['facts'] => {
  if (result.target === null) return [];
  const next = `whatever was made as ${result.target} is removed next`;
  return [['Teardown', wasBegun(result) ? next : 'nothing was made']];
};

const drillFacts = (result: DrillOutcome, reportPlace: string): Message['facts'] => [
  ['Report', `${reportPlace}, where it stands once the teardown is over`],
  ['Drill', `${result.drillId}, begun ${result.startedAt}`],
];

const detailsOf = ({ drillId, plan, source, target }: DrillOutcome, report: string) => ({
  drillId,
  plan,
  source,
  target,
  report,
});

const clustersOf = ({ source, target }: DrillOutcome): string[] =>
  [source, target].filter((cluster) => cluster !== null);

const nameOf = (result: DrillOutcome): string => result.plan ?? `drill ${result.drillId}`;
