import { type Bearing, bearingOf, bearingOfError } from '../drill/failure-bearing.ts';
import { type ErrorName, errorCatalog, typingErrors } from '../errors.ts';
import { isExecutionOf, nameAskedJob } from '../job/executions.ts';
import { jobId } from '../job/names.ts';
import { triggerOf } from '../job/trigger.ts';
import type { ChangedExecution } from '../teardown/sweep-trigger.ts';
import { describeFailing } from './failing.ts';
import { drillKey, teardownKey } from './keys.ts';
import type { Message } from './message.ts';

/** How an execution can end badly. */
export type BadEnd = 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/**
 * What a drill filed of itself before its end. `report`: where it is. Only a drill that was stopped has a `teardown` that is
 * still pending.
 */
export type FiledVerdict = {
  plan: string | null;
  verdict: 'passed' | 'failed';
  failure: { phase: string; error: string } | null;
  teardown: string;
  report: string;
};

export type Telling =
  | { action: 'tell'; end: ChangedExecution & { status: BadEnd }; reason: string }
  | { action: 'ignore'; reason: string };

/** Decides whether the end of this execution is worth waking somebody. @param makesNothing tells a dry run by its input */
export const decideTelling = (
  execution: ChangedExecution,
  stateMachineArns: readonly string[],
  makesNothing: (input: unknown) => boolean = isDryRun,
): Telling => {
  const { arn, name, status, input, error } = execution;
  if (!isExecutionOf(stateMachineArns, arn))
    return { action: 'ignore', reason: 'it belongs to another state machine' };
  if (status !== 'FAILED' && status !== 'TIMED_OUT' && status !== 'ABORTED') {
    return { action: 'ignore', reason: `${status} is not a bad end` };
  }
  const askedJob = nameAskedJob(arn);
  if (askedJob !== null)
    return {
      action: 'ignore',
      reason: `it was ${askedJob}: its own states tell, or the alarm drill-aborted`,
    };
  if (makesNothing(parseInput(input)))
    return { action: 'ignore', reason: 'it was a dry run, which proves and makes nothing' };
  if (triggerOf(name, null).kind === 'manual' && typingErrors.includes(error ?? '')) {
    return { action: 'ignore', reason: `somebody started it by hand and sees ${error}` };
  }
  return { action: 'tell', end: { ...execution, status }, reason: `the execution ended as ${status}` };
};

const isDryRun = (input: unknown): boolean => (input as { dryRun?: unknown } | null)?.dryRun === true;

/** What somebody typed, as the event has it; null if that is no JSON, or missing. */
export const parseInput = (text: string | null): unknown => {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
};

/** How it ended, in words. */
export const ends = {
  FAILED: { title: 'failed', happened: 'failed' },
  TIMED_OUT: { title: 'timed out', happened: 'ran past the time limit of the state machine' },
  ABORTED: { title: 'was stopped', happened: 'was stopped by somebody' },
} satisfies Record<BadEnd, object>;

/** " by Error: cause", or nothing where the event does not say why. */
export const describeWhy = ({ error, cause }: Pick<ChangedExecution, 'error' | 'cause'>): string => {
  const why = [error, cause].filter(Boolean).join(': ');
  return why === '' ? '' : ` by ${why}`;
};

/** First, for an execution that could tell nothing itself. */
export const whatToSearch = {
  TIMED_OUT: 'find the state where it hung: the Step Functions console has its history',
  ABORTED: 'find out who stopped it and why: look for StopExecution in CloudTrail',
} satisfies Record<Exclude<BadEnd, 'FAILED'>, string>;

const unsaid = 'the event does not say why';

/** What the end of a drill means, by its error alone: the event does not name the phase. */
const describeEnd = (drill: string, bearing: Bearing): string => {
  switch (bearing) {
    case 'not-recoverable':
      return `The ${drill} did not pass, so do not count on a recovery until one does`;
    case 'too-slow':
      return `The ${drill} did not keep to the times of its plan, so do not count on them until one does`;
    case 'left-behind':
      return `What the ${drill} verified is still valid, but what it restored may still exist and cost money`;
    case 'verified':
      return `What the ${drill} verified is still valid, but not all of it was sent, filed and published`;
    case 'obstructed':
    case 'unknown':
      return `The ${drill} did not pass, so nothing new is proven until one does`;
    default:
      return bearing satisfies never;
  }
};

const readMore =
  'read the message of the drill itself, or its execution in the Step Functions console: they have the phase, the checks and a hint';

const listSteps = (error: string | null, bearing: Bearing): string[] => {
  if (bearing === 'not-recoverable') return [readMore, 'tell whoever would rely on this backup'];
  const isVerified = bearing === 'left-behind' || bearing === 'verified';
  const hint = error !== null && error in errorCatalog ? [errorCatalog[error as ErrorName].hint] : [];
  return isVerified ? [...hint, readMore] : [readMore];
};

/** It passed, and what comes after the teardown did not file it again. */
const hasOnlyToConclude = ({ failure, teardown }: FiledVerdict): boolean =>
  failure === null && teardown === 'pending';

/** A drill that was redriven may have filed something before: only what this run filed is its verdict. */
const findVerdict = (
  { status, error }: ChangedExecution,
  filed: FiledVerdict | null,
): FiledVerdict | null => {
  if (filed === null) return null;
  const isOfThisRun =
    status === 'FAILED'
      ? filed.failure?.error === error || hasOnlyToConclude(filed)
      : filed.teardown === 'pending' || filed.verdict === 'passed';
  return isOfThisRun ? filed : null;
};

/**
 * The message about an execution that ended badly. One that was stopped or timed out sends none itself, because Catch
 * does not run then (Step Functions guide, "Error handling").
 * @param plan the plan it drilled; null when the event does not say
 * @param at ISO 8601
 * @param filed what it has filed of itself; null when it filed nothing, or nobody can read it
 */
export const describeBadEnd = (
  execution: ChangedExecution & { status: BadEnd },
  plan: string | null,
  at: string,
  filed: FiledVerdict | null = null,
): Message => {
  const { arn, name, status, error, cause } = execution;
  const id = jobId(arn);
  // Nobody's plan is to blame for what somebody typed, as in the drill's own message.
  const known = typingErrors.includes(error ?? '') ? null : (plan ?? filed?.plan ?? null);
  const verdict = findVerdict(execution, filed);
  const end = { execution, plan: known, id, verdict };
  const words = status === 'FAILED' ? describeFailure(end) : describeStop(end, status);
  return {
    ...words,
    facts: [
      ['Drill', id],
      ['Execution', name],
      ...(verdict === null ? [] : ([['Report', verdict.report]] as Message['facts'])),
    ],
    clusters: [],
    at,
    details: {
      drillId: id,
      plan: known,
      execution: arn,
      status,
      error,
      cause,
      verdict: verdict?.verdict ?? null,
      report: verdict?.report ?? null,
    },
  };
};

type End = { execution: ChangedExecution; plan: string | null; id: string; verdict: FiledVerdict | null };
type EndWords = Pick<Message, 'kind' | 'title' | 'happened' | 'toDo' | 'dedupKey'>;

const bearingOfFiled = ({ failure }: FiledVerdict): Bearing =>
  failure === null ? 'verified' : bearingOf(failure);

/** An error in the teardown alone is the trouble that the drill's second message tells of. */
const describeFailure = ({ execution: { error, cause }, plan, id, verdict }: End): EndWords => {
  const bearing = verdict === null ? bearingOfError(error ?? '') : bearingOfFiled(verdict);
  const why = [error ?? unsaid, cause].filter(Boolean).join(': ');
  const drill = `restore drill${plan === null ? '' : ` of ${plan}`}`;
  return {
    kind: 'drill-failed',
    title: describeFailing('Restore drill', plan ?? `drill ${id}`, {
      error: error ?? unsaid,
      cause: cause ?? '',
    }),
    happened: [`${describeEnd(drill, bearing)}: ${why}`],
    toDo: listSteps(error, bearing),
    dedupKey: bearing === 'left-behind' ? teardownKey(id) : drillKey(plan, id, false),
  };
};

const swept =
  'The sweeper deletes what the drill restored, unless somebody has protected it against deletion.';

/** After a verdict that has passed, only the teardown is open. */
const describeStop = ({ plan, id, verdict }: End, status: 'TIMED_OUT' | 'ABORTED'): EndWords => {
  const { title, happened } = ends[status];
  const name = plan ?? `drill ${id}`;
  const drill = `The drill${plan === null ? '' : ` of plan ${plan}`}`;
  const search = whatToSearch[status];
  if (verdict === null) {
    return {
      kind: 'drill-aborted',
      title: `Restore drill ${title}: ${name}, nothing is proven`,
      happened: [
        `${drill} ${happened}, and no report of it was found. Unless a message of this drill says so, nothing proves that its cluster can be brought back.`,
        swept,
      ],
      toDo: [search, 'start the drill again, so that one can pass'],
      dedupKey: drillKey(plan, id, false),
    };
  }
  const hasPassed = verdict.verdict === 'passed';
  const outcome = describeVerdict(verdict);
  return {
    kind: 'drill-aborted',
    title: `Restore drill ${title} after its verdict: ${name}, ${outcome}`,
    happened: [
      `${drill} ${happened} after its verdict, ${outcome}. That verdict stands. Its report was filed before the teardown, and not again after it.`,
      swept,
    ],
    toDo: hasPassed ? [search] : [readMore, search],
    dedupKey: hasPassed ? teardownKey(id) : drillKey(plan, id, false),
  };
};

const describeVerdict = ({ failure }: FiledVerdict): string =>
  failure === null ? 'passed' : `failed by ${failure.error} in ${failure.phase}`;
