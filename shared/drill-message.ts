import type { Failure } from './failure.ts';
import { describeSeconds } from './instants.ts';
import type { Message } from './notify.ts';
import type { Objective } from './objectives.ts';
import type { DrillResult } from './result.ts';
import { countOf } from './words.ts';

/** SNS takes subjects of printable ASCII with fewer than 100 characters (SNS API, Publish). */
const maxSubjectLength = 99;

/** What people read when the outcome is known; the teardown follows it. */
export const describeOutcome = (result: DrillResult): Message => {
  const { verdict, failure, rto, rpo } = result;
  const lines =
    failure === null
      ? [`The restored copy of ${result.source} ${describeMatch(result)}. ${countChecks(result)}.`]
      : [`${failure.error} in ${failure.phase}: ${failure.cause}`, `What to do: ${failure.hint}.`];
  return {
    subject: subjectOf(`Restore drill ${verdict}: ${nameOf(result)}`),
    text: [
      ...lines,
      '',
      `RTO  ${describeObjective(rto)}`,
      `RPO  ${describeObjective(rpo)}`,
      `Restored to  ${result.restore.restoreTo ?? 'not reached'}`,
      `Drill  ${result.drillId}, begun ${result.startedAt}`,
      ...(result.target === null ? [] : [`Whatever was made as ${result.target} is torn down next.`]),
    ].join('\n'),
  };
};

const describeMatch = ({ restore }: DrillResult): string =>
  restore.baseline === 'same-instant'
    ? 'matches production at that instant'
    : 'could be restored and read; production at that time is not there to compare with';

/** The second message, for a cluster that would cost money unseen. @param teardown why it was not removed */
export const describeTeardownFailure = (result: DrillResult, teardown: Failure): Message => ({
  subject: subjectOf(`Restore drill left a cluster behind: ${nameOf(result)}`),
  text: [
    `${result.target} was not removed: ${teardown.error} in ${teardown.phase}: ${teardown.cause}`,
    `What to do: ${teardown.hint}.`,
    '',
    `Drill  ${result.drillId}, begun ${result.startedAt}`,
  ].join('\n'),
});

export const describeObjective = ({ seconds, objectiveSeconds, met }: Objective): string => {
  const measured = seconds === null ? 'not measured' : describeSeconds(seconds);
  if (objectiveSeconds === null) return `${measured} (no objective)`;
  const verdict = met === null ? '' : met ? ', met' : ', missed';
  return `${measured} (objective ${describeSeconds(objectiveSeconds)}${verdict})`;
};

/** "22 checks passed, 1 failed, 3 skipped": nothing that is zero but the passed ones. */
export const countChecks = ({ checks }: DrillResult): string => {
  const count = (verdict: string) => checks.filter((check) => check.verdict === verdict).length;
  const others = (['failed', 'skipped'] as const).filter((verdict) => count(verdict) > 0);
  return [
    `${countOf(count('passed'), 'check')} passed`,
    ...others.map((verdict) => `${count(verdict)} ${verdict}`),
  ].join(', ');
};

const nameOf = (result: DrillResult): string => result.plan ?? `drill ${result.drillId}`;

const subjectOf = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, maxSubjectLength);
