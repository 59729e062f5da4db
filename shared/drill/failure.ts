import { type ErrorName, errorCatalog, hintSeparator } from '../errors.ts';
import { describeSeconds, isAfter } from '../instants.ts';
import { unpack } from '../job/packing.ts';
import { measureRpo, measureRto } from '../result/objectives.ts';
import { type CaughtError, type DrillState, type Phase, phases, type Wait } from './state.ts';

/** Why a drill failed: the phase, the error's name, what was seen, and what to do. */
export type Failure = { phase: Phase | 'ConcludeDrill'; error: string; cause: string; hint: string };

/**
 * The first thing that went wrong, in the order of the phases, or null when nothing did.
 * A drill that says nothing about its own end has failed too.
 */
export const findFailure = (state: DrillState): Failure | null => listFailures(state)[0] ?? null;

/** Everything that went wrong, in the order of the phases. What one failure kept from being done is no other. */
export const listFailures = (state: DrillState): Failure[] => {
  const failures: Failure[] = [];
  for (const phase of phases) {
    const isKeptFrom = failures.length > 0 && phase === 'VerifyRestore' && !wasTried(state, phase);
    const failure = isKeptFrom ? null : findInPhase(state, phase);
    if (failure !== null) failures.push(failure);
  }
  return failures;
};

const wasTried = (state: DrillState, phase: Phase): boolean =>
  state[phase] !== undefined || state.failures?.[phase] !== undefined;

/** Why the teardown left something behind, whatever went wrong before it; null when it did not. */
export const findTeardownFailure = (state: DrillState): Failure | null =>
  findInPhase(state, 'TearDown') ?? findInPhase(state, 'CheckTeardown');

const findInPhase = (state: DrillState, phase: Phase): Failure | null => {
  const caught = state.failures?.[phase];
  if (caught !== undefined) return { phase, ...readCaughtError(caught) };
  switch (phase) {
    case 'CheckRestorePoint':
    case 'CheckCluster':
    case 'CheckWriter':
      return fromWait(phase, state[phase]);
    case 'CheckTeardown':
      return fromTeardown(state);
    case 'VerifyRestore':
      return fromVerification(state);
    case 'PrepareDrill':
    case 'CaptureBaseline':
    case 'RestoreCluster':
    case 'AddWriter':
    case 'NotifyResult':
    case 'TearDown':
      // These say how it went by an error, or go on.
      return null;
    default:
      return phase satisfies never;
  }
};

const named = (
  phase: Phase,
  error: ErrorName,
  cause: string,
  hint: string = errorCatalog[error].hint,
): Failure => ({ phase, error, cause, hint });

const fromWait = (phase: Phase, wait: Wait | undefined): Failure | null => {
  if (wait === undefined || wait.status === 'ready' || wait.status === 'pending') return null;
  return named(phase, wait.error ?? 'UnreadableAnswer', wait.reason);
};

/** A teardown that began has failed unless its last pass says that nothing is left. */
const fromTeardown = (state: DrillState): Failure | null => {
  const { TearDown: began, CheckTeardown: last, RestoreCluster: restore } = state;
  if (began === undefined) return null;
  if (last?.status !== 'ready') return named('CheckTeardown', 'TeardownFailed', (last ?? began).reason);
  if (!hasVanished(state)) return null;
  const cause = `${restore?.cluster} was available and no teardown found it: somebody has renamed or deleted it`;
  return named('CheckTeardown', 'TeardownFailed', cause);
};

/** The drill has seen its cluster available, and then nobody saw it go: it may stand under another name. */
export const hasVanished = ({ CheckCluster, RestoreCluster, ...state }: DrillState): boolean => {
  const { resources } = state.CheckTeardown ?? state.TearDown ?? {};
  const isMissed = resources !== undefined && !resources.includes(RestoreCluster?.cluster ?? '');
  return CheckCluster?.status === 'ready' && isMissed;
};

const fromVerification = (state: DrillState): Failure | null => {
  const { PrepareDrill: drill, RestoreCluster: restore, VerifyRestore: verification } = state;
  const phase = 'VerifyRestore';
  if (drill?.dryRun && state.CaptureBaseline !== undefined) return null;
  // What stopped the drill earlier has been found before this; silence here would let it end green.
  if (drill === undefined || restore === undefined || verification === undefined) {
    return named(phase, 'UnreadableAnswer', 'nothing was verified, and no phase says why');
  }
  const checks = unpack(verification.checks);
  const failed = checks.filter(({ verdict }) => verdict === 'failed');
  if (failed.length > 0) {
    const [first] = failed;
    const others = failed.length > 1 ? `, and ${failed.length - 1} more` : '';
    return named(phase, 'ChecksFailed', `${first?.name}: ${first?.reason}${others}`);
  }
  if (!checks.some(({ verdict }) => verdict === 'passed')) {
    return named(phase, 'NothingVerified', 'no check could be done');
  }
  if (!isAfter(drill.deadline, verification.endedAt)) {
    return named(
      phase,
      'DeadlineExceeded',
      `verified at ${verification.endedAt}, the deadline was ${drill.deadline}`,
      'raise timeoutMinutes in the plan, or have it check fewer tables or samples of them',
    );
  }
  for (const [name, measure] of [['RTO', measureRto(state)] as const, ['RPO', measureRpo(state)] as const]) {
    if (measure.met !== false) continue;
    const seen = describeSeconds(measure.seconds ?? Number.NaN);
    const objective = describeSeconds(measure.objectiveSeconds ?? Number.NaN);
    return named(phase, 'ObjectiveMissed', `${name} ${seen}, objective ${objective}`);
  }
  return null;
};

/** Errors that Step Functions and Lambda make themselves. Source: Step Functions guide, "Error names". */
const platformHints: Record<string, string> = {
  'States.Timeout':
    'the function did not answer in time: see its log, and for SQL whether it reaches the database',
  'States.DataLimitExceeded': 'name the tables that matter in checks.tables, or split the plan into several',
  'Lambda.Unknown': "the function ended without an answer (time-out, memory): see its log's last lines",
  'Sandbox.Timedout': 'the function ran into its time-out: see its log',
};

/**
 * Reads what Catch recorded. Lambda gives the Cause as JSON with errorMessage; the hint follows the message.
 * Source: Lambda developer guide, "Step Functions error handling".
 */
export const readCaughtError = (caught: CaughtError): Omit<Failure, 'phase'> => {
  const [cause = '', hint] = messageOf(caught.Cause ?? '').split(hintSeparator);
  return {
    error: caught.Error,
    cause: cause || `${caught.Error}, without further words`,
    hint:
      hint ??
      platformHints[caught.Error] ??
      "see the function's log; an error without a hint is a defect worth reporting",
  };
};

const messageOf = (cause: string): string => {
  try {
    const parsed: unknown = JSON.parse(cause);
    const message = (parsed as { errorMessage?: unknown } | null)?.errorMessage;
    return typeof message === 'string' ? message : cause;
  } catch {
    return cause;
  }
};
