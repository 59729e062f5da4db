import type { DrillOutcome } from '../drill/document.ts';
import type { Failure } from '../drill/failure.ts';
import { compareObjective, describeObjective, describeReached } from '../drill/figures.ts';
import { describeRemains } from '../drill/teardown-words.ts';
import { explainVerdict } from '../drill/verdict-words.ts';
import { formatInstant } from '../result/format.ts';
import { countVerdicts } from '../truth/checks.ts';
import { countOf } from '../words.ts';
import { describeCause, describeFailed, describeFailing } from './failing.ts';
import { drillKey, teardownKey } from './keys.ts';
import type { Message } from './message.ts';

/**
 * The message about the outcome. It goes out before the teardown.
 * @param reportPlace where the report is filed
 */
export const describeOutcome = (result: DrillOutcome, reportPlace: string): Message => {
  const { verdict, failure, rto, rpo, checks, dryRun } = result;
  const words = explainVerdict(result);
  return {
    kind: `drill-${verdict}`,
    title: failure === null ? describePass(result) : describeFailing(kindOf(result), nameOf(result), failure),
    happened: failure === null ? [words.sentence, ...words.meaning] : describeFailed(result, failure, words),
    toDo: words.steps,
    facts: [
      ['RTO', describeObjective(rto)],
      ['RPO', describeObjective(rpo)],
      ['Restored to', describeReached(result)],
      ...teardownFacts(result),
      ['Report', `${reportPlace}, filed now, and again when the drill ends`],
      drillFact(result),
    ],
    dedupKey: drillKey(result.plan, result.drillId, dryRun),
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
      checks: countVerdicts(checks),
    },
  };
};

const kindOf = ({ dryRun }: DrillOutcome) => (dryRun ? 'Dry run' : 'Restore drill');

const describePass = (result: DrillOutcome): string => {
  const { rto, checks, dryRun } = result;
  if (dryRun) return `Dry run passed: ${nameOf(result)}, nothing was restored and nothing is proven`;
  const { passed, skipped } = countVerdicts(checks);
  const figures = [
    `RTO ${compareObjective(rto)}`,
    countOf(passed, 'check'),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  return `Restore drill passed: ${[nameOf(result), ...figures].join(', ')}`;
};

/** The second message: something may cost money unseen. @param teardown why it was not deleted */
export const describeTeardownFailure = (
  result: DrillOutcome,
  teardown: Failure,
  reportPlace: string,
): Message => ({
  kind: 'teardown-failed',
  title: `${describeRemains(result)?.isForeign ? 'Restore drill found its cluster name taken' : 'Restore drill could not delete what it restored'}: ${[nameOf(result), result.target].filter(Boolean).join(', ')}`,
  happened: [`${describeOpen(result)}. ${describeCause(teardown)}`],
  toDo: [teardown.hint],
  // The report is filed right after this message, even when something is left.
  facts: [['Report', reportPlace], drillFact(result)],
  dedupKey: teardownKey(result.drillId),
  clusters: clustersOf(result),
  at: result.endedAt,
  details: { ...detailsOf(result, reportPlace), failure: teardown },
});

const describeOpen = (result: DrillOutcome): string => {
  const clause = describeRemains(result)?.clause ?? 'the teardown failed';
  return `After a drill of ${result.source ?? 'an unknown cluster'}, ${clause}`;
};

/** What is said of a drill that is stopped from now on: its sweeper says the same. */
const teardownFacts = ({ target, teardown }: DrillOutcome): Message['facts'] => {
  if (target === null) return [];
  const isNeeded = teardown.status !== 'not-needed';
  return [
    [
      'Teardown',
      isNeeded
        ? `anything the drill created as ${target} is deleted next. If the drill is stopped before that, this verdict stands, and the sweeper deletes it`
        : 'nothing was created',
    ],
  ];
};

const drillFact = ({ drillId, startedAt }: DrillOutcome): Message['facts'][number] => [
  'Drill',
  `${drillId}, started ${formatInstant(startedAt)}`,
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
