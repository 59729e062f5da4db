import { jobId } from '../job/names.ts';
import { showAgain } from '../recovery/another-start.ts';
import type { Typed } from '../recovery/input.ts';
import type { Standing } from '../recovery/standing.ts';
import { describeRemoval, describeStanding } from '../recovery/words.ts';
import type { ChangedExecution } from '../teardown/sweep-trigger.ts';
import { type BadEnd, describeWhy, ends, whatToSearch } from './bad-end.ts';
import { recoveryKey } from './keys.ts';
import type { Message } from './message.ts';

export type BadRecovery = {
  execution: ChangedExecution & { status: BadEnd };
  /** What somebody typed; its plan is the only one if none was typed. */
  typed: Typed;
  /** What is seen of it now: nothing yet is null. */
  seen: { standing: Standing | null } | { unread: string };
  /** Where its page is, if it has filed one. */
  report: string | null;
};

/**
 * The message about a recovery that was stopped, timed out or failed: the first two tell nobody themselves, and nor does one
 * whose last state fails. What it made stands, costs money, and is gone on with.
 * @param at ISO 8601
 */
export const describeBadRecovery = ({ execution, typed, seen, report }: BadRecovery, at: string): Message => {
  const { arn, name, status, error, cause } = execution;
  const id = jobId(arn);
  const standing = 'standing' in seen ? seen.standing : null;
  const what = `The recovery of ${typed.plan ?? 'a plan that its input does not tell'} ${ends[status].happened}`;
  return {
    kind: 'recovery-failed',
    title: `Recovery ${ends[status].title}: ${typed.plan ?? id}, ${standing === null ? 'no cluster of it is seen' : `${standing.cluster} stands`}`,
    happened: [
      `${what}${describeWhy(execution)}.`,
      'unread' in seen
        ? `What stands of it is not known: ${seen.unread}. Look for clusters whose names begin with recovered-.`
        : describeSeen(seen.standing),
      ...(report === null ? [] : ['It had filed a report before: that has what was known until then.']),
    ],
    toDo: [
      ...(status === 'FAILED' ? [] : [whatToSearch[status]]),
      `start it again, it goes on with what is there: ${showNext(typed, standing)}`,
      ...(standing === null ? [] : [`when nobody needs it: ${describeRemoval(standing.cluster)}`]),
    ],
    facts: [
      ...(standing === null ? [] : ([['Cluster', standing.cluster]] satisfies Message['facts'])),
      ['Recovery', `${id}${typed.reason === null ? '' : `: ${typed.reason}`}`],
      ['Execution', name],
      ...(report === null ? [] : ([['Report', report]] satisfies Message['facts'])),
    ],
    dedupKey: recoveryKey(id),
    clusters: standing === null ? [] : [standing.cluster],
    at,
    details: { recoveryId: id, plan: typed.plan, execution: arn, status, error, cause, standing, report },
  };
};

/** What a step has asked for just before the end may become visible later. */
const describeSeen = (standing: Standing | null): string =>
  standing === null
    ? 'No cluster of it is seen. A step that was at work goes on to its end, so look once more in some minutes.'
    : describeStanding([standing.cluster, ...standing.instances], standing.costAnHour);

/** What stands tells the time of one that was asked for the latest. */
const showNext = (typed: Typed, standing: Standing | null): string => {
  const { plan, reason, wish } = typed;
  const restoreTo = typed.restoreTo ?? standing?.restoreTo ?? null;
  return showAgain(
    {
      plan,
      restore: { restoreTo, reached: null },
      trigger: { kind: 'manual', reason },
      wish,
      advice: null,
    },
    standing !== null,
  );
};
