import { addWriter } from '../../functions/copy/add-writer.ts';
import { checkCluster } from '../../functions/copy/check-cluster.ts';
import { checkRestorePoint } from '../../functions/copy/check-restore-point.ts';
import { checkWriter } from '../../functions/copy/check-writer.ts';
import { restoreCluster } from '../../functions/copy/restore-cluster.ts';
import { addReaders } from '../../functions/recover/add-readers.ts';
import { checkReaders } from '../../functions/recover/check-readers.ts';
import { checkSideEffects } from '../../functions/recover/check-side-effects.ts';
import { concludeRecovery } from '../../functions/recover/conclude-recovery.ts';
import { handOver } from '../../functions/recover/hand-over.ts';
import { prepareRecovery } from '../../functions/recover/prepare-recovery.ts';
import { verifyRecovery } from '../../functions/recover/verify-recovery.ts';
import type { FileRecovery } from '../../shared/history/filing.ts';
import type { Reports } from '../../shared/history/reports.ts';
import type { Step } from '../../shared/job/step.ts';
import type { RecoveryState } from '../../shared/recovering/state.ts';
import type { RecoveryDocument } from '../../shared/recovery/document.ts';
import type { PlaceOfRecovery } from '../../shared/recovery/place.ts';
import type { World } from './drill.ts';
import {
  type ExecutionOptions as AnyOptions,
  type Machine,
  type RunningExecution,
  startMachine,
} from './execution.ts';

/** What the functions of the recovery are given on this machine instead of AWS. */
export type RecoveryWorld = Pick<
  World,
  'aurora' | 'database' | 'notify' | 'readPlans' | 'metrics' | 'prices' | 'onCheck' | 'now' | 'pause' | 'warn'
> & {
  placeOf: PlaceOfRecovery;
  file: FileRecovery;
  /** Where the history is read for the minutes expected. */
  reports: Pick<Reports, 'read'>;
};

const steps: Record<string, Step<RecoveryWorld, unknown, RecoveryState>> = {
  PrepareRecovery: prepareRecovery,
  CheckSideEffects: checkSideEffects,
  CheckRestorePoint: checkRestorePoint,
  RestoreCluster: restoreCluster,
  CheckCluster: checkCluster,
  AddWriter: addWriter,
  CheckWriter: checkWriter,
  VerifyRecovery: verifyRecovery,
  HandOver: handOver,
  AddReaders: addReaders,
  CheckReaders: checkReaders,
  ConcludeRecovery: concludeRecovery,
};

/** The recovery, as it runs on this machine. */
export const recoverMachine: Machine<RecoveryWorld, RecoveryState> = {
  definition: new URL('../../statemachines/recover.asl.yaml', import.meta.url),
  steps,
};

export type RecoveryOptions = AnyOptions<RecoveryWorld, RecoveryState>;

/** Runs a recovery's state machine in this process. */
export const startRecovery = (options: RecoveryOptions): Promise<RunningExecution<RecoveryDocument>> =>
  startMachine(recoverMachine, options);
