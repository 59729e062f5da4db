import { checkSafetySnapshot } from '../../functions/mark/check-safety-snapshot.ts';
import { concludeMark } from '../../functions/mark/conclude-mark.ts';
import { prepareMark } from '../../functions/mark/prepare-mark.ts';
import { readClock } from '../../functions/mark/read-clock.ts';
import { takeSafetySnapshot } from '../../functions/mark/take-safety-snapshot.ts';
import type { Step } from '../../shared/job/step.ts';
import type { MarkState } from '../../shared/rewinding/mark-state.ts';
import type { MarkDocument } from '../../shared/rewinding/marking.ts';
import {
  type ExecutionOptions as AnyOptions,
  type Machine,
  type RunningExecution,
  startMachine,
} from './execution.ts';
import type { RewindWorld } from './rewind.ts';

/** What the functions of a mark are given on this machine instead of AWS. */
export type MarkWorld = Pick<RewindWorld, 'aurora' | 'database' | 'readPlans' | 'watch' | 'now'>;

const steps: Record<string, Step<MarkWorld, unknown, MarkState>> = {
  PrepareMark: prepareMark,
  ReadClock: readClock,
  TakeSafetySnapshot: takeSafetySnapshot,
  CheckSafetySnapshot: checkSafetySnapshot,
  ConcludeMark: concludeMark,
};

/** A mark, as it is made on this machine. */
export const markMachine: Machine<MarkWorld, MarkState> = {
  definition: new URL('../../statemachines/mark.asl.yaml', import.meta.url),
  steps,
};

/** Runs a mark's state machine in this process. */
export const startMark = (
  options: AnyOptions<MarkWorld, MarkState>,
): Promise<RunningExecution<MarkDocument>> => startMachine(markMachine, options);
