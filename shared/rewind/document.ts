import type { Backtracking } from '../aurora/backtracks.ts';
import { addSeconds, isAfter, secondsBetween, toNextSecond, toWholeSecond } from '../instants.ts';
import { type JobFailure, nameFailure } from '../job/failure.ts';
import type { Trigger } from '../job/state.ts';
import type { Wish } from '../recovery/input.ts';
import type { Cost } from '../result/cost.ts';
import type { Changes } from '../rows/told-changes.ts';
import type { CheckResult } from '../truth/checks.ts';
import { type Asked, showRecoverInput, showRewindInput } from './input.ts';
import type { Readiness } from './readiness.ts';

/** The phases of a rewind, in order: all task states of the state machine except the last, which writes the document. */
export const rewindPhases = [
  'PrepareRewind',
  'AskServer',
  'CheckReadiness',
  'RestoreCluster',
  'CheckCluster',
  'AddWriter',
  'CheckWriter',
  'AskServerAgain',
  'RewindCluster',
  'CheckRewind',
  'VerifyRewind',
] as const;

export type RewindPhase = (typeof rewindPhases)[number];
export type RewindFailure = JobFailure<RewindPhase | 'ConcludeRewind'>;

/** Public: what one rewind did, the same in AWS and on this machine. Instants: ISO 8601, UTC. */
export type RewindDocument = {
  schema: 'aurora-drills/rewind/1';
  id: string;
  job: 'rewind';
  /** plan, source and engine are null if it failed before it knew them. */
  plan: string | null;
  source: string | null;
  engine: string | null;
  trigger: Trigger;
  /** The pre-flight alone: no code confirmed it, and nothing was made. */
  dryRun: boolean;
  wish: Pick<Wish, 'tests'>;
  outcome: RewindEnd;
  verdict: 'passed' | 'failed';
  failure: RewindFailure | null;
  /** What went wrong after the failure. */
  otherFailures: RewindFailure[];
  /** The last one; null before it. */
  preflight: Readiness | null;
  /** The code that confirms this pre-flight, and until when; null unless it is ready. */
  code: { value: string; until: string } | null;
  /** `restoreTo`: the time asked for. `reached`: the time that Aurora took; null before it was read back. */
  restore: { restoreTo: string | null; reached: string | null };
  /** The rewind as RDS tells it; null before it was asked for. */
  backtrack: Backtracking | null;
  /** What production was before the rewind. It is kept. */
  clone: SafetyClone | null;
  /** What the rewind took away: the clone against the cluster now. */
  changes: Changes | null;
  /** The plan's tests. */
  tests: CheckResult[];
  /** The inputs of what can be done next. */
  next: NextInputs;
  phases: { name: RewindPhase; startedAt: string; endedAt: string; seconds: number }[];
  /** Nothing of it is ever deleted by this job. */
  resources: { kind: 'cluster' | 'instance'; name: string; createdAt: string | null }[];
  cost: Cost;
  startedAt: string;
  endedAt: string;
};

/**
 * ready, blocked: of the pre-flight. rewound: the time reached is the one asked for, or before it. other-time: it is later, and
 * may lie after the damage. failed: all else.
 */
export type RewindEnd = 'ready' | 'blocked' | 'rewound' | 'other-time' | 'failed';

export type SafetyClone = {
  identifier: string;
  endpoint: string | null;
  port: number | null;
  isUsable: boolean;
};

/**
 * Each is an input of an execution as JSON, or null where it leads nowhere. `confirmed`: the rewind itself. `recover`: a cluster
 * of that time beside this one. `back`: to where we were. `forward`: a minute later. `earlier`: before the damage.
 */
export type NextInputs = {
  confirmed: string | null;
  recover: string | null;
  back: string | null;
  forward: string | null;
  earlier: string | null;
};

/** What a rewind's own states tell of it. The verdict and all words about it follow from that. */
export type RewindOutcome = Omit<
  RewindDocument,
  'schema' | 'job' | 'outcome' | 'verdict' | 'failure' | 'otherFailures' | 'next'
> & {
  /** What went wrong, in the order of the phases; tests that failed and another time left out. */
  failures: RewindFailure[];
};

/** The document as the states have it so far. */
export const buildRewind = (outcome: RewindOutcome): RewindDocument => {
  const { failures, startedAt, endedAt, ...rest } = outcome;
  const own = [findLater(outcome), findFailedTest(outcome)].filter((failure) => failure !== null);
  const [failure = null, ...otherFailures] = [...failures, ...own].toSorted(byPhase);
  const end = findEnd(outcome, failure);
  return {
    schema: 'aurora-drills/rewind/1',
    job: 'rewind',
    ...rest,
    outcome: end,
    verdict: failure === null ? 'passed' : 'failed',
    failure,
    otherFailures,
    next: listNext(outcome, end),
    startedAt,
    endedAt,
  };
};

const order: readonly string[] = [...rewindPhases, 'ConcludeRewind'];

const byPhase = (one: RewindFailure, other: RewindFailure): number =>
  order.indexOf(one.phase) - order.indexOf(other.phase);

/** Times are asked for in whole seconds, so within that second is as asked. */
const isLater = ({ restore: { restoreTo, reached } }: RewindOutcome): boolean =>
  restoreTo !== null && reached !== null && isAfter(toWholeSecond(reached), restoreTo);

const findEnd = (outcome: RewindOutcome, failure: RewindFailure | null): RewindEnd => {
  if (outcome.restore.reached !== null) return isLater(outcome) ? 'other-time' : 'rewound';
  if (failure === null) return 'ready';
  return failure.error === 'RewindBlocked' ? 'blocked' : 'failed';
};

const findLater = (outcome: RewindOutcome): RewindFailure | null => {
  const { restoreTo, reached } = outcome.restore;
  if (restoreTo === null || reached === null || !isLater(outcome)) return null;
  const cause = `asked for ${restoreTo}, reached ${reached}, which may lie after the damage`;
  return nameFailure('CheckRewind', 'RewoundLater', cause);
};

const findFailedTest = ({ tests }: RewindOutcome): RewindFailure | null => {
  const failed = tests.filter(({ verdict }) => verdict === 'failed');
  const [first] = failed;
  if (first === undefined) return null;
  const others = failed.length > 1 ? `, and ${failed.length - 1} more` : '';
  return nameFailure(
    'VerifyRewind',
    'TestsFailed',
    `${first.name}: ${first.reason}${others}`,
    'the cluster is rewound: look at it before anything writes, then go back to where it was, or to an earlier time',
  );
};

const listNext = (outcome: RewindOutcome, end: RewindEnd): NextInputs => {
  const { plan, restore, trigger, wish, code, backtrack } = outcome;
  const none: NextInputs = { confirmed: null, recover: null, back: null, forward: null, earlier: null };
  const { restoreTo, reached } = restore;
  if (restoreTo === null) return none;
  const asked: Asked = { plan, restoreTo, reason: trigger.reason, tests: wish.tests ?? 'all' };
  const recover = showRecoverInput(asked);
  if (reached === null)
    return { ...none, recover, confirmed: code === null ? null : showRewindInput(asked, code.value) };
  const from = backtrack?.from ?? null;
  const rewindTo = (instant: string): string =>
    showRewindInput({ ...asked, restoreTo: toWholeSecond(instant) });
  const minuteLater = addSeconds(reached, scrubSeconds);
  return {
    ...none,
    recover: end === 'rewound' ? null : recover,
    // The second before would lack what came last.
    back: from === null ? null : rewindTo(toNextSecond(from)),
    forward: from === null || !isAfter(from, minuteLater) ? null : rewindTo(minuteLater),
    earlier: end === 'other-time' ? rewindTo(findEarlier(restoreTo, reached)) : null,
  };
};

const scrubSeconds = 60;

/**
 * Aurora took the nearest consistent time, so the one before lies as far before the time asked for as the one reached lies
 * after it, or further. Asked for twice as far before, it is the nearest one, unless it lies over five times as far.
 */
const findEarlier = (restoreTo: string, reached: string): string =>
  addSeconds(restoreTo, -2 * Math.ceil(secondsBetween(restoreTo, reached)));
