import { describeSeconds, isAfter } from '../instants.ts';
import { type JobFailure, nameFailure, readCaught } from '../job/failure.ts';
import { unpack } from '../job/packing.ts';
import { findCopyFailure } from '../teardown/failure.ts';
import { measureRpo, measureRto } from './objectives.ts';
import { type DrillState, type Phase, phases } from './state.ts';

export type Failure = JobFailure<Phase | 'ConcludeDrill'>;

/**
 * The first thing that went wrong, in the order of the phases; null when nothing did.
 * A drill without an outcome has failed too.
 */
export const findFailure = (state: DrillState): Failure | null => listFailures(state)[0] ?? null;

/** Everything that went wrong, in the order of the phases. A step that a failure prevented is not another failure. */
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

/** Why the teardown left something behind; null when it did not. */
export const findTeardownFailure = (state: DrillState): Failure | null =>
  findInPhase(state, 'TearDown') ?? findInPhase(state, 'CheckTeardown');

const findInPhase = (state: DrillState, phase: Phase): Failure | null => {
  const caught = readCaught(state, phase);
  if (caught !== null) return caught;
  switch (phase) {
    case 'CheckRestorePoint':
    case 'CheckSnapshot':
    case 'CheckCluster':
    case 'CheckWriter':
    case 'CheckTeardown':
      return findCopyFailure(state, phase);
    case 'VerifyRestore':
      return fromVerification(state);
    case 'PrepareDrill':
    case 'CaptureBaseline':
    case 'TakeSnapshot':
    case 'CompleteBaseline':
    case 'RestoreCluster':
    case 'AddWriter':
    case 'NotifyResult':
    case 'TearDown':
      // These either throw or succeed.
      return null;
    default:
      return phase satisfies never;
  }
};

const fromVerification = (state: DrillState): Failure | null => {
  const { PrepareDrill: drill, RestoreCluster: restore, VerifyRestore: verification } = state;
  const phase = 'VerifyRestore';
  if (drill?.dryRun && state.CaptureBaseline !== undefined) return null;
  // An earlier failure would have been found already. Without one, returning null here would let the drill end green.
  if (drill === undefined || restore === undefined || verification === undefined) {
    return nameFailure(phase, 'UnreadableAnswer', 'nothing was verified, and no phase says why');
  }
  const checks = unpack(verification.checks);
  const failed = checks.filter(({ verdict }) => verdict === 'failed');
  if (failed.length > 0) {
    const [first] = failed;
    const others = failed.length > 1 ? `, and ${failed.length - 1} more` : '';
    return nameFailure(phase, 'ChecksFailed', `${first?.name}: ${first?.reason}${others}`);
  }
  if (!checks.some(({ verdict }) => verdict === 'passed')) {
    return nameFailure(phase, 'NothingVerified', 'no check could be done');
  }
  if (!isAfter(drill.deadline, verification.endedAt)) {
    return nameFailure(
      phase,
      'DeadlineExceeded',
      `verified at ${verification.endedAt}, the deadline was ${drill.deadline}`,
      'raise timeoutMinutes in the plan, or check fewer tables or samples of them',
    );
  }
  for (const [name, measure] of [['RTO', measureRto(state)] as const, ['RPO', measureRpo(state)] as const]) {
    if (measure.met !== false) continue;
    const seen = describeSeconds(measure.seconds ?? Number.NaN);
    const objective = describeSeconds(measure.objectiveSeconds ?? Number.NaN);
    return nameFailure(phase, 'ObjectiveMissed', `${name} ${seen}, objective ${objective}`);
  }
  return null;
};
