import { addWriter } from '../../functions/copy/add-writer.ts';
import { checkCluster } from '../../functions/copy/check-cluster.ts';
import { checkWriter } from '../../functions/copy/check-writer.ts';
import { restoreCluster } from '../../functions/copy/restore-cluster.ts';
import { askServer } from '../../functions/rewind/ask-server.ts';
import { askServerAgain } from '../../functions/rewind/ask-server-again.ts';
import { checkReadiness } from '../../functions/rewind/check-readiness.ts';
import { checkRewind } from '../../functions/rewind/check-rewind.ts';
import { concludeRewind } from '../../functions/rewind/conclude-rewind.ts';
import { prepareRewind } from '../../functions/rewind/prepare-rewind.ts';
import { rewindCluster } from '../../functions/rewind/rewind-cluster.ts';
import { verifyRewind } from '../../functions/rewind/verify-rewind.ts';
import type { FileRewind } from '../../shared/history/filing.ts';
import type { Step } from '../../shared/job/step.ts';
import type { RewindDocument } from '../../shared/rewind/document.ts';
import type { PlaceOfRewind } from '../../shared/rewind/place.ts';
import type { Watch } from '../../shared/rewinding/server.ts';
import type { RewindState } from '../../shared/rewinding/state.ts';
import type { World } from './drill.ts';
import {
  type ExecutionOptions as AnyOptions,
  type Machine,
  type RunningExecution,
  startMachine,
} from './execution.ts';

/** What the functions of the rewind are given on this machine instead of AWS. */
export type RewindWorld = Pick<
  World,
  'aurora' | 'database' | 'notify' | 'readPlans' | 'prices' | 'onCheck' | 'now' | 'pause' | 'warn'
> & {
  placeOf: PlaceOfRewind;
  file: FileRewind;
  /** Waits while it is seen how much is written. */
  watch: Watch;
};

const steps: Record<string, Step<RewindWorld, unknown, RewindState>> = {
  PrepareRewind: prepareRewind,
  AskServer: askServer,
  CheckReadiness: checkReadiness,
  RestoreCluster: restoreCluster,
  CheckCluster: checkCluster,
  AddWriter: addWriter,
  CheckWriter: checkWriter,
  AskServerAgain: askServerAgain,
  RewindCluster: rewindCluster,
  CheckRewind: checkRewind,
  VerifyRewind: verifyRewind,
  ConcludeRewind: concludeRewind,
};

/** The rewind, as it runs on this machine. */
export const rewindMachine: Machine<RewindWorld, RewindState> = {
  definition: new URL('../../statemachines/rewind.asl.yaml', import.meta.url),
  steps,
};

export type RewindOptions = AnyOptions<RewindWorld, RewindState>;

/** Runs a rewind's state machine in this process. */
export const startRewind = (options: RewindOptions): Promise<RunningExecution<RewindDocument>> =>
  startMachine(rewindMachine, options);
