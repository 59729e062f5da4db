import { type Bearing, bearingOfError } from '../drill/failure-bearing.ts';
import { type ErrorName, errorCatalog, typingErrors } from '../errors.ts';
import { isExecutionOf } from '../job/executions.ts';
import { jobId } from '../job/names.ts';
import { triggerOf } from '../job/trigger.ts';
import type { ChangedExecution } from '../teardown/sweep-trigger.ts';
import { describeFailing } from './failing.ts';
import type { Message } from './message.ts';

/** How an execution can end badly. */
export type BadEnd = 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export type Telling =
  | { action: 'tell'; end: ChangedExecution & { status: BadEnd }; reason: string }
  | { action: 'ignore'; reason: string };

/** Decides whether the end of this execution is worth waking somebody. */
export const decideTelling = (execution: ChangedExecution, stateMachineArns: readonly string[]): Telling => {
  const { arn, name, status, input, error } = execution;
  if (!isExecutionOf(stateMachineArns, arn))
    return { action: 'ignore', reason: 'it belongs to another state machine' };
  if (status !== 'FAILED' && status !== 'TIMED_OUT' && status !== 'ABORTED') {
    return { action: 'ignore', reason: `${status} is not a bad end` };
  }
  if (isDryRun(input))
    return { action: 'ignore', reason: 'it was a dry run, which proves and makes nothing' };
  if (triggerOf(name, null).kind === 'manual' && typingErrors.includes(error ?? '')) {
    return { action: 'ignore', reason: `somebody started it by hand and sees ${error}` };
  }
  return { action: 'tell', end: { ...execution, status }, reason: `the execution ended as ${status}` };
};

const isDryRun = (input: string | null): boolean => {
  try {
    return JSON.parse(input ?? 'null')?.dryRun === true;
  } catch {
    return false;
  }
};

const ends = {
  TIMED_OUT: { title: 'timed out', happened: 'ran past the time limit of the state machine' },
  ABORTED: { title: 'was stopped', happened: 'was stopped by somebody' },
} satisfies Record<Exclude<BadEnd, 'FAILED'>, object>;

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
  return isVerified ? [errorCatalog[error as ErrorName].hint, readMore] : [readMore];
};

/**
 * The message about an execution that ended badly. One that was stopped or timed out sends none itself, because Catch
 * does not run then (Step Functions guide, "Error handling").
 * @param plan the plan it drilled; null when the event does not say
 * @param at ISO 8601
 */
export const describeBadEnd = (
  execution: ChangedExecution & { status: BadEnd },
  plan: string | null,
  at: string,
): Message => {
  const { arn, name, status, error, cause } = execution;
  const isFailed = status === 'FAILED';
  const id = jobId(arn);
  const drill = plan ?? `drill ${id}`;
  const bearing = bearingOfError(error ?? '');
  return {
    kind: isFailed ? 'drill-failed' : 'drill-aborted',
    title: isFailed
      ? describeFailing('Restore drill', drill, { error: error ?? unsaid, cause: cause ?? '' })
      : `Restore drill ${ends[status].title}: ${drill}, nothing is proven`,
    happened: isFailed
      ? [
          `${describeEnd(`restore drill${plan === null ? '' : ` of ${plan}`}`, bearing)}: ${[error ?? unsaid, cause].filter(Boolean).join(': ')}`,
        ]
      : [
          `The drill${plan === null ? '' : ` of plan ${plan}`} ${ends[status].happened} and wrote no report. Nothing proves that its cluster can be brought back.`,
          'The sweeper deletes what the drill restored, unless somebody has protected it against deletion.',
        ],
    toDo: isFailed
      ? listSteps(error, bearing)
      : [
          status === 'ABORTED'
            ? 'find out who stopped it and why: look for StopExecution in CloudTrail'
            : 'find the state where it hung: the Step Functions console has its history',
          'start the drill again, so that one can pass',
        ],
    facts: [
      ['Drill', id],
      ['Execution', name],
    ],
    // The key that the drill itself uses, so that both make one page.
    dedupKey: `drill/${plan ?? id}`,
    clusters: [],
    at,
    details: { drillId: id, plan, execution: arn, status, error, cause },
  };
};
