import type { CheckResult } from './checks.ts';
import type { Failure } from './failure.ts';
import { describeSeconds } from './instants.ts';
import type { Message } from './message.ts';
import type { Objective } from './objectives.ts';
import type { DrillResult } from './result.ts';
import { countOf } from './words.ts';

/** What people read when the outcome is known; the teardown follows it. */
export const describeOutcome = (result: DrillResult): Message => {
  const { verdict, failure, rto, rpo, source, target, checks } = result;
  const count = countVerdicts(checks);
  return {
    kind: `drill-${verdict}`,
    title: `Restore drill ${verdict}: ${nameOf(result)}`,
    happened: [
      failure === null
        ? `The restored copy of ${source} ${describeMatch(result)}. ${countChecks(result)}.`
        : `${failure.error} in ${failure.phase}: ${failure.cause}`,
    ],
    toDo: failure === null ? [] : [failure.hint],
    facts: [
      ['RTO', describeObjective(rto)],
      ['RPO', describeObjective(rpo)],
      ['Restored to', result.restore.restoreTo ?? 'not reached'],
      ...teardownFacts(target),
      ...drillFacts(result),
    ],
    // One key for each plan: the next drill that passes closes what one that failed has opened.
    dedupKey: `drill/${result.plan ?? result.drillId}`,
    clusters: clustersOf(result),
    at: result.endedAt,
    details: {
      ...detailsOf(result),
      verdict,
      failure,
      restoreTo: result.restore.restoreTo,
      rto,
      rpo,
      checks: { passed: count('passed'), failed: count('failed'), skipped: count('skipped') },
    },
  };
};

const describeMatch = ({ restore }: DrillResult): string =>
  restore.baseline === 'same-instant'
    ? 'matches production at that instant'
    : 'could be restored and read; production at that time is not there to compare with';

/** The second message, for a cluster that would cost money unseen. @param teardown why it was not removed */
export const describeTeardownFailure = (result: DrillResult, teardown: Failure): Message => ({
  kind: 'teardown-failed',
  title: `Restore drill left a cluster behind: ${nameOf(result)}`,
  happened: [`${result.target} was not removed: ${teardown.error} in ${teardown.phase}: ${teardown.cause}`],
  toDo: [teardown.hint],
  facts: drillFacts(result),
  dedupKey: `teardown/${result.drillId}`,
  clusters: clustersOf(result),
  at: result.endedAt,
  details: { ...detailsOf(result), failure: teardown },
});

const teardownFacts = (target: string | null): Message['facts'] =>
  target === null ? [] : [['Teardown', `whatever was made as ${target} is removed next`]];

const drillFacts = (result: DrillResult): Message['facts'] => [
  ['Drill', `${result.drillId}, begun ${result.startedAt}`],
];

const detailsOf = ({ drillId, plan, source, target }: DrillResult) => ({ drillId, plan, source, target });

const clustersOf = ({ source, target }: DrillResult): string[] =>
  [source, target].filter((cluster) => cluster !== null);

/** "20 min 12 s (objective 60 min, met)", or what of it is known. */
export const describeObjective = ({ seconds, objectiveSeconds, met }: Objective): string => {
  const measured = seconds === null ? 'not measured' : describeSeconds(seconds);
  if (objectiveSeconds === null) return `${measured} (no objective)`;
  const verdict = met === null ? '' : met ? ', met' : ', missed';
  return `${measured} (objective ${describeSeconds(objectiveSeconds)}${verdict})`;
};

const countVerdicts =
  (checks: DrillResult['checks']) =>
  (verdict: CheckResult['verdict']): number =>
    checks.filter((check) => check.verdict === verdict).length;

/** "22 checks passed, 1 failed, 3 skipped": nothing that is zero but the passed ones. */
export const countChecks = ({ checks }: DrillResult): string => {
  const count = countVerdicts(checks);
  const others = (['failed', 'skipped'] as const).filter((verdict) => count(verdict) > 0);
  return [
    `${countOf(count('passed'), 'check')} passed`,
    ...others.map((verdict) => `${count(verdict)} ${verdict}`),
  ].join(', ');
};

const nameOf = (result: DrillResult): string => result.plan ?? `drill ${result.drillId}`;
